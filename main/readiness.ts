/**
 * Knows which servers have connected or failed once, for `_readyz` and for clients that ask before anything is there.
 */
import type { Clock } from './protocol/clock.ts';

/** A list that is asked for while its servers still start waits this long at most. Milliseconds. */
const PATIENCE_MS = 8_000;

/** The part of a server's status that counts here. */
interface Status {
  readonly state: string;
  readonly since: number;
  readonly settled: boolean;
  readonly problem: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

/** Readiness of all expected servers. */
export interface Readiness {
  /** Sets which servers are to run; names that were expected before keep what is known of them. */
  expect(names: readonly string[]): void;
  update(name: string, status: Status): void;
  /** Null when nothing is to be waited for; else settles when the server (or, for null, all) has, or in 8 s. */
  settled(server: string | null): Promise<void> | null;
  report(): { ready: boolean; servers: Record<string, object> };
}

/** Settles when both have; null when neither is to be waited for. */
export function both(a: Promise<void> | null, b: Promise<void> | null): Promise<void> | null {
  if (a === null || b === null) return a ?? b;
  return Promise.all([a, b]).then(() => undefined);
}

/** Knows of no server until some are expected. */
export function createReadiness(clock: Clock): Readiness {
  const statuses = new Map<string, Status>();
  /** Expected and not settled yet, with the time since when it is. */
  const waiting = new Map<string, number>();
  const listeners = new Set<() => void>();

  const patient = (server: string | null): boolean => {
    const from = clock.now() - PATIENCE_MS;
    for (const [name, since] of waiting)
      if ((server === null || server === name) && since > from) return true;
    return false;
  };
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  return {
    expect(names) {
      const wanted = new Set(names);
      for (const name of [...waiting.keys()]) if (!wanted.has(name)) waiting.delete(name);
      for (const name of wanted) {
        if (waiting.has(name) || statuses.get(name)?.settled === true) continue;
        waiting.set(name, clock.now());
      }
      tell();
    },
    update(name, status) {
      statuses.set(name, status);
      if (!status.settled || !waiting.delete(name)) return;
      tell();
    },
    settled(server) {
      if (waiting.size === 0 || !patient(server)) return null;
      return new Promise((resolve) => {
        const finish = (): void => {
          cancel();
          listeners.delete(check);
          resolve();
        };
        const check = (): void => {
          if (!patient(server)) finish();
        };
        const cancel = clock.after(PATIENCE_MS, finish);
        listeners.add(check);
      });
    },
    report() {
      const servers: Record<string, object> = {};
      for (const [name, { state, since, problem }] of statuses) {
        servers[name] = {
          state,
          since: new Date(since).toISOString(),
          ...(problem === null ? {} : { problem }),
        };
      }
      for (const name of waiting.keys()) servers[name] ??= { state: 'starting' };
      return { ready: waiting.size === 0, servers };
    },
  };
}
