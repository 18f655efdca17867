/** Trying a tool: what is sent, when, and what is shown meanwhile. */
import { expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import { draftOf } from '../../renderer/state/form/drafts.ts';
import { jsonProblem, noTrial, openTrial, type Trial, type TrialState } from '../../renderer/state/trial.ts';
import { type HandTransport, handTransport, ok, problem, refused } from './fakes.ts';

interface Opened {
  readonly transport: HandTransport;
  readonly trial: Trial;
  state(): TrialState;
}

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
  required: ['city'],
};
const view = {
  ...{ outcome: 'ok', parts: [], partsLeftOut: 0, structured: null, structuredChars: 0, error: null },
  ...{ bytes: 10, durationMs: 5 },
} as const;

async function open(given: unknown = schema): Promise<Opened> {
  const transport = handTransport();
  let state = noTrial;
  const trial = openTrial(createApi(transport), { server: 'srv', tool: 'weather' }, (next) => {
    state = next;
  });
  const value = given === null ? null : JSON.stringify(given);
  await transport.last('tool.schema').answer({ ok: true, value });
  return { transport, trial, state: () => state };
}

function fill({ trial, state }: Opened, value: object): void {
  const { field } = state();
  const draft = field === null ? null : draftOf(field, value as never);
  if (draft !== null) trial.change(draft);
}

test('sends nothing while something is missing, and then exactly what was filled in', async () => {
  const opened = await open();
  const { transport, trial, state } = opened;
  await trial.run();
  expect(transport.questions).toHaveLength(1);
  expect(state()).toMatchObject({ checked: true, faults: 1, run: { state: 'none' } });
  fill(opened, { city: 'Bern', days: 2 });
  expect(state().faults).toBe(0);
  const running = trial.run();
  expect(state().run.state).toBe('running');
  // A second press while it runs is none.
  await trial.run();
  expect(transport.questions).toHaveLength(2);
  const asked = transport.last('tool.try');
  expect(asked.args).toMatchObject({ server: 'srv', tool: 'weather', arguments: '{"city":"Bern","days":2}' });
  await asked.answer({ ok: true, value: view });
  await running;
  expect(state().run).toEqual({ state: 'done', view });
});

test('cancels the call that runs, by its name', async () => {
  const opened = await open();
  fill(opened, { city: 'Bern' });
  void opened.trial.run();
  const { trial } = opened.transport.last('tool.try').args as { trial: string };
  void opened.trial.cancel();
  expect(opened.transport.last('tool.cancelTry').args).toEqual({ trial });
});

test('says why no call was made', async () => {
  const opened = await open();
  fill(opened, { city: 'Bern' });
  const running = opened.trial.run();
  await opened.transport.last('tool.try').answer(refused);
  await running;
  expect(opened.state().run).toEqual({ state: 'failed', problem });
});

test('goes to JSON and back with what is filled in, and stays there with what no field can hold', async () => {
  const opened = await open();
  const { trial, state } = opened;
  fill(opened, { city: 'Bern' });
  trial.setMode('json');
  expect(state()).toMatchObject({ mode: 'json', json: '{\n  "city": "Bern"\n}' });
  trial.writeJson('{"city":"Chur","days":12}');
  trial.setMode('form');
  expect(state().mode).toBe('form');
  trial.setMode('json');
  expect(JSON.parse(state().json)).toEqual({ city: 'Chur', days: 12 });
  trial.writeJson('{"city":"Chur","days":"many"}');
  trial.setMode('form');
  expect(state()).toMatchObject({ mode: 'json', notInForm: true });
  void trial.run();
  expect(opened.transport.last('tool.try').args).toMatchObject({
    arguments: '{"city":"Chur","days":"many"}',
  });
});

test('a schema that no form can show is written as JSON', async () => {
  for (const given of [null, { type: 'array' }, { $ref: 'elsewhere' }, true]) {
    const opened = await open(given);
    expect(opened.state()).toMatchObject({ mode: 'json', hasForm: false });
    opened.trial.writeJson('{oops}');
    await opened.trial.run();
    expect(opened.transport.questions).toHaveLength(1);
    opened.trial.writeJson('{"a":1}');
    void opened.trial.run();
    expect(opened.transport.questions).toHaveLength(2);
  }
});

test('arguments in JSON are an object, or it says where it is wrong', () => {
  expect(jsonProblem('{"a": [1]}')).toBeNull();
  expect(jsonProblem('[1]')).toEqual({ kind: 'not-object' });
  expect(jsonProblem('{"a": 1,\n "b"}')).toEqual({ kind: 'place', place: { line: 2, column: 5 } });
});

test('what comes after it was closed changes nothing', async () => {
  const opened = await open();
  fill(opened, { city: 'Bern' });
  const running = opened.trial.run();
  opened.trial.close();
  await opened.transport.last('tool.try').answer({ ok: true, value: view });
  await running;
  expect(opened.state().run.state).toBe('running');
  expect(ok.ok).toBe(true);
});
