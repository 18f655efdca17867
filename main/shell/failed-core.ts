/**
 * Stands in for a core that could not start, so that the window opens and says why instead of the app dying.
 */
import type { CorePort, Problem, Result, Snapshot } from '../../preload/contract.ts';

/** What is known without a core. */
export interface FailedCoreFacts {
  readonly version: string;
  readonly platform: string;
  readonly dataDir: string;
  readonly configFile: string;
  readonly problem: Problem;
}

/** A core whose one state is the problem, and whose every command is refused with it. */
export function failedCore(facts: FailedCoreFacts): CorePort {
  const snapshot: Snapshot = {
    revision: 1,
    version: facts.version,
    mode: 'desktop',
    platform: facts.platform,
    dataDir: facts.dataDir,
    paused: false,
    endpoint: { state: 'failed', url: null, problem: facts.problem, tokenRequired: true, sessions: 0 },
    config: { file: facts.configFile, state: 'ok', problem: null, line: null, column: null },
    secrets: { store: 'key-file', description: 'not opened', problem: null },
    servers: [],
  };
  return {
    snapshot: () => snapshot,
    onSnapshot: () => () => {},
    execute: async (name) =>
      // The one command that a screen needs to draw itself.
      (name === 'snapshot.get'
        ? { ok: true, value: snapshot }
        : { ok: false, error: facts.problem }) as Result<never>,
    snippet: async () => ({ ok: false, error: facts.problem }),
  };
}
