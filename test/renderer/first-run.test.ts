/** The first steps: what they find, what each act does and says, and that every one of them can be skipped. */
import { describe, expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { ImportableView, ImportView } from '../../preload/views/import.ts';
import type { EngineView } from '../../preload/views/isolation.ts';
import {
  clientsIn,
  type FirstRunState,
  firstState,
  mergedOf,
  openFirstRun,
} from '../../renderer/state/first-run.ts';
import { handTransport, problem, refused } from './fakes.ts';

const source = (client: string) => ({ source: client, label: client, file: `/${client}`, name: 'x' });
const importable = (name: string, ...clients: string[]): ImportableView => ({
  ...{ name, digest: `${name}!`, from: clients.map(source), kind: 'program', what: 'npx', keys: [] },
  enabled: true,
});
const found: ImportView = {
  servers: [importable('files', 'claude', 'cursor'), importable('web', 'cursor')],
  problems: [],
};
const engine: EngineView = { state: 'ready', version: 'Docker 27', endpoint: 'x', problem: null };
const absent: EngineView = { state: 'absent', version: null, endpoint: null, problem };

async function open(engineFound: EngineView | null = engine) {
  const transport = handTransport();
  let state: FirstRunState = firstState;
  const steps = openFirstRun(createApi(transport), (next) => {
    state = next;
  });
  void steps.begin();
  await transport.last('import.find').answer({ ok: true, value: found });
  if (engineFound !== null) await transport.last('engine.find').answer({ ok: true, value: engineFound });
  return { transport, steps, state: () => state };
}

describe('what is found', () => {
  test('is all chosen at first; containers are proposed where there is an engine', async () => {
    const { state } = await open();
    expect([...state().chosen]).toEqual(['files', 'web']);
    expect(state().place).toBe('container');
    expect((await open(absent)).state().place).toBe('host');
    expect([clientsIn(found), mergedOf(found)]).toEqual([2, ['files']]);
    expect(mergedOf(null)).toEqual([]);
  });

  test('nothing, when the files cannot be read: the reason is told, and the steps go on', async () => {
    const transport = handTransport();
    let state: FirstRunState = firstState;
    const steps = openFirstRun(createApi(transport), (next) => {
      state = next;
    });
    void steps.begin();
    await transport.last('import.find').answer(refused);
    await transport.last('engine.find').answer(refused);
    expect(state).toMatchObject({ found: { servers: [] }, problem, engine: { state: 'absent', problem } });
    steps.skip();
    expect(state).toMatchObject({ step: 'place', problem: null });
  });

  test('an engine that is found late does not take back what a person chose', async () => {
    const { transport, steps, state } = await open(null);
    steps.pick('host');
    await transport.last('engine.find').answer({ ok: true, value: engine });
    expect(state()).toMatchObject({ engine, place: 'host' });
  });
});

describe('bringing in', () => {
  test('takes what is chosen, bound to what was shown, with its keys into the secrets', async () => {
    const { transport, steps, state } = await open();
    steps.choose(['files'], false);
    void steps.bringIn();
    expect(state().busy).toBe('bring-in');
    expect(transport.last('import.apply').args).toEqual({
      ...{ files: [], servers: [{ name: 'web', digest: 'web!' }], keepKeys: false },
    });
    await transport.last('import.apply').answer({ ok: true, value: { imported: 1, replaceable: [] } });
    expect(state()).toMatchObject({ step: 'place', busy: null, done: { brought: 1 } });
  });

  test('shows what the files say now when they have changed meanwhile, and says so', async () => {
    const { transport, steps, state } = await open();
    const changed = { ...problem, code: 'clients.changed_meanwhile' };
    void steps.bringIn();
    await transport.last('import.apply').answer({ ok: false, error: changed });
    const now = { ...found, servers: [importable('web', 'cursor')] };
    await transport.last('import.find').answer({ ok: true, value: now });
    expect(state()).toMatchObject({ step: 'servers', found: now, problem: changed });
    expect([...state().chosen]).toEqual(['web']);
  });

  test('of the sample server goes on, and a second click is none', async () => {
    const { transport, steps, state } = await open();
    void steps.trySample();
    void steps.trySample();
    expect(transport.questions.filter(({ name }) => name === 'sample.add')).toHaveLength(1);
    await transport.last('sample.add').answer({ ok: true, value: { server: 'sample' } });
    expect(state()).toMatchObject({ step: 'place', done: { sample: 'sample', brought: null } });
  });
});

describe('the place', () => {
  test('is written, and then the next step comes', async () => {
    const { transport, steps, state } = await open();
    steps.go('place');
    void steps.keepPlace();
    expect(transport.last('settings.set').args).toEqual({
      change: { key: 'isolation.mode', to: 'container' },
    });
    await transport.last('settings.set').answer({ ok: true, value: null });
    expect(state()).toMatchObject({ step: 'client', done: { place: 'container' } });
  });

  test('that cannot be written says why, and can be skipped', async () => {
    const { transport, steps, state } = await open();
    steps.go('place');
    void steps.keepPlace();
    await transport.last('settings.set').answer(refused);
    expect(state()).toMatchObject({ step: 'place', problem, done: { place: null } });
    steps.skip();
    expect(state()).toMatchObject({ step: 'client', problem: null });
  });

  test('an engine that was started meanwhile is found by looking again', async () => {
    const { transport, steps, state } = await open(absent);
    void steps.lookForEngine();
    expect(state().busy).toBe('engine');
    await transport.last('engine.find').answer({ ok: true, value: engine });
    expect(state()).toMatchObject({ engine, place: 'container', busy: null });
  });
});

test('all of them can be skipped, with nothing done', async () => {
  const { transport, steps, state } = await open();
  for (let step = 0; step < 5; step += 1) steps.skip();
  expect(state().step).toBe('end');
  expect(state().done).toEqual(firstState.done);
  expect(transport.questions.map(({ name }) => name).sort()).toEqual(['engine.find', 'import.find']);
});

test('a client counts once, however often it is connected', async () => {
  const { steps, state } = await open();
  steps.connected('Cursor');
  steps.connected('Cursor');
  expect(state().done.clients).toEqual(['Cursor']);
});
