/**
 * Stands in for a core that could not start, so that the window opens and says why instead of the app dying.
 */
import type { ConfigView, CorePort, Problem, Result, Snapshot } from '../../preload/contract.ts';
import { problemOf } from '../protocol/error.ts';

/** What is known without a core. */
export interface FailedCoreFacts {
  readonly version: string;
  readonly platform: string;
  readonly dataDir: string;
  readonly configFile: string;
}

/** A core whose one state is what `error` says, and whose every command is refused with it. */
export function failedCore(facts: FailedCoreFacts, error: unknown): CorePort {
  const problem = problemOf(error);
  const config = configView(facts.configFile, problem, error);
  const snapshot: Snapshot = {
    revision: 1,
    version: facts.version,
    mode: 'desktop',
    platform: facts.platform,
    dataDir: facts.dataDir,
    paused: false,
    endpoint: { state: 'failed', url: null, problem, tokenRequired: true, sessions: 0 },
    config,
    secrets: { store: 'key-file', description: 'not opened', problem: null },
    activity: { state: 'unavailable', problem: null, rows: 0, bytes: 0 },
    servers: [],
    callsWaiting: { count: 0, revision: 0 },
    configRevision: 0,
    clientsRevision: 0,
    waiting: { items: 0, servers: 0, signIns: 0, all: config.state === 'broken' ? 2 : 1 },
  };
  return {
    snapshot: () => snapshot,
    onSnapshot: () => () => {},
    onActivity: () => () => {},
    execute: async (name) =>
      // The one command that a screen needs to draw itself.
      (name === 'snapshot.get'
        ? { ok: true, value: snapshot }
        : { ok: false, error: problem }) as Result<never>,
    snippet: async () => ({ ok: false, error: problem }),
  };
}

/** A fault of the configuration is shown with its place. */
function configView(file: string, problem: Problem, error: unknown): ConfigView {
  const broken = problem.code.startsWith('config.');
  return {
    file,
    state: broken ? 'broken' : 'ok',
    problem: broken ? problem : null,
    line: broken ? numberIn(error, 'line') : null,
    column: broken ? numberIn(error, 'column') : null,
    dialect: null,
    notAsWritten: 0,
    needsRestart: [],
    plainKeys: 0,
  };
}

function numberIn(error: unknown, key: 'line' | 'column'): number | null {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, key) : null;
  return typeof value === 'number' ? value : null;
}
