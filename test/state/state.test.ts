import { describe, expect, it } from 'vitest';
import { createCallCounter } from '../../main/call-counter.ts';
import { watchIdle } from '../../main/idle.ts';
import { createReadiness } from '../../main/readiness.ts';
import { type AppEvent, type AppState, reduce, type ServerEntry } from '../../main/state/state.ts';
import { createStore } from '../../main/state/store.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const initial: AppState = {
  paused: false,
  endpoint: { state: 'starting', url: null, problem: null, tokenRequired: true, sessions: 0 },
  config: {
    file: 'f',
    state: 'ok',
    problem: null,
    line: null,
    column: null,
    dialect: null,
    notAsWritten: 0,
    needsRestart: [],
    plainKeys: 0,
  },
  activity: { state: 'opening', problem: null, rows: 0, bytes: 0 },
  secrets: { store: 'key-file', description: '', problem: null },
  servers: [],
  callsWaiting: { count: 0, revision: 0 },
  signInsWaiting: 0,
  configRevision: 0,
  clientsRevision: 0,
};
const entry = (name: string, enabled = true): ServerEntry => ({
  name,
  transport: 'stdio',
  source: 's',
  runsIn: 'host',
  containment: null,
  enabled,
});
const run = (...events: AppEvent[]): AppState => events.reduce(reduce, initial);

describe('reduce', () => {
  it('keeps what is known of a server when the configuration changes around it, in the order of the file', () => {
    const state = run(
      { kind: 'servers', servers: [entry('a'), entry('b')], at: 1 },
      {
        kind: 'server-status',
        name: 'a',
        state: 'ready',
        since: 5,
        problem: null,
        nextRetry: null,
        asleep: true,
      },
      { kind: 'server-tools', name: 'a', on: 2, total: 3, waiting: 0 },
      { kind: 'servers', servers: [entry('c'), entry('a', false)], at: 9 },
    );
    expect(state.servers.map((server) => server.name)).toEqual(['c', 'a']);
    expect(state.servers[1]).toMatchObject({
      state: 'ready',
      since: 5,
      toolsOn: 2,
      toolsTotal: 3,
      enabled: false,
    });
    expect(state.servers[0]).toMatchObject({ state: 'starting', since: 9, toolsRevision: 0 });
  });

  it('leaves other servers as they were, object by object, so that only one row is drawn again', () => {
    const before = run({ kind: 'servers', servers: [entry('a'), entry('b')], at: 1 });
    const after = reduce(before, { kind: 'server-tools', name: 'a', on: 1, total: 1, waiting: 0 });
    expect(after.servers[1]).toBe(before.servers[1]);
    expect(after.servers[0]?.toolsRevision).toBe(1);
  });

  it('counts each change of the clients, so that their page asks anew', () => {
    const state = run({ kind: 'clients-changed' }, { kind: 'clients-changed' });
    expect(state.clientsRevision).toBe(2);
  });

  it('ignores news of servers that are gone', () => {
    const state = run({ kind: 'servers', servers: [], at: 1 });
    expect(reduce(state, { kind: 'server-tools', name: 'x', on: 1, total: 1, waiting: 0 })).toBe(state);
  });
});

describe('createStore', () => {
  it('shows at most one snapshot in 50 ms, the newest, with growing revisions', () => {
    const clock = manualClock();
    const store = createStore(
      initial,
      { version: '1', mode: 'headless', platform: 'linux', dataDir: '/d' },
      clock,
    );
    const seen: number[] = [];
    store.onSnapshot((snapshot) => seen.push(snapshot.endpoint.sessions));
    for (let open = 1; open <= 100; open++) store.dispatch({ kind: 'sessions', open });
    expect(seen).toEqual([]);
    clock.advance(50);
    expect(seen).toEqual([100]);
    const { revision } = store.snapshot();
    store.dispatch({ kind: 'paused', paused: false });
    clock.advance(100);
    expect(seen).toEqual([100]);
    expect(store.snapshot().revision).toBe(revision);
    store.dispatch({ kind: 'paused', paused: true });
    store.close();
    clock.advance(100);
    expect(seen).toEqual([100]);
    expect(store.snapshot().revision).toBeGreaterThan(revision);
  });
});

describe('createReadiness', () => {
  const status = (state: string, settled: boolean) => ({ state, since: 0, settled, problem: null });

  it('waits for what is expected, and no longer than its patience', async () => {
    const clock = manualClock();
    const readiness = createReadiness(clock);
    readiness.expect(['a', 'b']);
    expect(readiness.report().ready).toBe(false);
    let done = false;
    const waiting = readiness.settled(null)?.then(() => {
      done = true;
    });
    readiness.update('a', status('ready', true));
    expect(readiness.settled('a')).toBeNull();
    expect(readiness.settled('b')).not.toBeNull();
    await Promise.resolve();
    expect(done).toBe(false);
    readiness.update('b', status('failed', true));
    await waiting;
    expect(readiness.report().ready).toBe(true);
    readiness.expect(['a', 'b', 'slow']);
    const slow = readiness.settled(null);
    clock.advance(8_000);
    await slow;
    expect(readiness.settled(null)).toBeNull();
    expect(readiness.report().ready).toBe(false);
  });
});

describe('createCallCounter', () => {
  it('tells twice a second, and begins anew at midnight', () => {
    const clock = manualClock();
    const events: AppEvent[] = [];
    const counter = createCallCounter(clock, (event) => events.push(event));
    for (let i = 0; i < 5; i++) counter.count('a', 'tools/call');
    counter.count('a', 'prompts/get');
    clock.advance(500);
    expect(events).toEqual([{ kind: 'calls', added: new Map([['a', 5]]) }]);
    clock.advance(24 * 60 * 60_000);
    expect(events.at(-1)).toEqual({ kind: 'calls-reset', counts: new Map() });
    counter.close();
  });
});

describe('watchIdle', () => {
  it('ends what nobody uses, and not what somebody does', () => {
    const clock = manualClock();
    let ended = 0;
    const idle = watchIdle(1_000, clock, () => {
      ended++;
    });
    clock.advance(900);
    idle.sessions(1);
    clock.advance(10_000);
    expect(ended).toBe(0);
    idle.sessions(0);
    clock.advance(1_000);
    expect(ended).toBe(1);
  });
});
