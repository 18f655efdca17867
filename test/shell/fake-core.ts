/**
 * A core for tests: holds one snapshot, remembers what it was asked, and answers as told.
 */
import { waitingIn } from '../../main/state/state.ts';
import type { CorePort, Result, ServerView, Snapshot } from '../../preload/contract.ts';

/** A server that is fine, with changes. */
export function serverView(name: string, change: Partial<ServerView> = {}): ServerView {
  return {
    name,
    transport: 'stdio',
    source: `${name} 1.0.0`,
    runsIn: 'host',
    containment: null,
    enabled: true,
    state: 'ready',
    since: 0,
    problem: null,
    nextRetry: null,
    asleep: false,
    toolsOn: 3,
    toolsTotal: 3,
    toolsRevision: 1,
    waiting: 0,
    callsToday: 0,
    signIn: null,
    ...change,
  };
}

/** A calm snapshot, with changes. */
export function snapshotOf(change: Partial<Snapshot> = {}): Snapshot {
  const plain: Omit<Snapshot, 'waiting'> = {
    revision: 1,
    version: '0.1.0',
    mode: 'desktop',
    platform: 'linux',
    dataDir: '/data',
    paused: false,
    endpoint: {
      state: 'listening',
      url: 'http://127.0.0.1:4180/mcp',
      problem: null,
      tokenRequired: true,
      sessions: 0,
    },
    config: {
      file: '/data/config.json',
      state: 'ok',
      problem: null,
      line: null,
      column: null,
      dialect: null,
      notAsWritten: 0,
      needsRestart: [],
      plainKeys: 0,
    },
    secrets: { store: 'keychain', description: 'the system keychain', problem: null },
    activity: { state: 'recording', problem: null, rows: 0, bytes: 0 },
    servers: [],
    callsWaiting: { count: 0, revision: 0 },
    configRevision: 0,
    clientsRevision: 0,
    ...change,
  };
  const signInsWaiting = change.waiting?.signIns ?? 0;
  // As the core counts it.
  return { ...plain, waiting: waitingIn({ ...plain, signInsWaiting }) };
}

/** Somebody has to sign in. */
export const signInNeeded: NonNullable<ServerView['signIn']> = {
  state: 'needed',
  provider: 'login.example',
  scopes: [],
  expiresAt: null,
  renews: false,
  problem: { code: 'signin.needed', message: 'The server wants you to sign in.', remedy: 'Sign in.' },
};

/** The fake and its levers. */
export interface FakeCore extends CorePort {
  readonly asked: { readonly name: string; readonly args: unknown }[];
  readonly listeners: number;
  set(change: Partial<Snapshot>): void;
  answer: Result<unknown>;
  text: Result<string>;
}

/** A core at rest. */
export function fakeCore(change: Partial<Snapshot> = {}): FakeCore {
  let current = snapshotOf(change);
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const asked: { name: string; args: unknown }[] = [];
  const core: FakeCore = {
    asked,
    get listeners() {
      return listeners.size;
    },
    answer: { ok: true, value: null },
    text: { ok: true, value: 'claude mcp add' },
    snapshot: () => current,
    onSnapshot(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onActivity: () => () => undefined,
    async execute(name, args) {
      asked.push({ name, args });
      return core.answer as Result<never>;
    },
    async snippet() {
      return core.text;
    },
    set(next) {
      current = snapshotOf({ ...current, ...next, revision: current.revision + 1 });
      for (const listener of listeners) {
        listener(current);
      }
    },
  };
  return core;
}

/** A clock whose hands the test turns. */
export function fakeClock() {
  let now = 1_000_000;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => now,
    after(ms: number, run: () => void) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    /** Goes forward and fires what is due, in order. */
    advance(ms: number) {
      now += ms;
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
        if (timer.at <= now && timers.delete(timer)) {
          timer.run();
        }
      }
    },
    get waiting() {
      return timers.size;
    },
  };
}
