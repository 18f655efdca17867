/**
 * What the user lets through: one switch per tool, on unless switched off, and the trust in each server. Reads are
 * synchronous look-ups, since every call asks. Stops with `close()`, which waits for a write under way.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { type Decisions, readTrust, type ServerDecisions, writeTrust } from './file.ts';

/** Whether a server may run. */
export type ServerTrust = 'trusted' | 'quarantined';

/** Ends a subscription; calling it twice does nothing. */
export type Unsubscribe = () => void;

/** The user's decisions about servers and their tools. */
export interface TrustStore {
  /** Set when the file was damaged and its last good copy is in use. */
  readonly problem: GatehouseError | null;
  toolEnabled(server: string, tool: string): boolean;
  /** The tools of `server` that are switched off, also such as it does not have now. */
  disabledTools(server: string): ReadonlySet<string>;
  /**
   * Sets one switch; in force and on disk when the promise resolves.
   * @throws GatehouseError `trust.write_failed`, and then nothing has changed
   */
  setToolEnabled(server: string, tool: string, enabled: boolean): Promise<void>;
  /** `trusted` unless set otherwise. */
  serverTrust(server: string): ServerTrust;
  /** @throws GatehouseError `trust.write_failed`, and then nothing has changed */
  setServerTrust(server: string, trust: ServerTrust): Promise<void>;
  /** Calls `listener` after each change, with the server that it is about. */
  onChange(listener: (server: string) => void): Unsubscribe;
  /** Waits for a write under way, at most two seconds. Calling it twice does nothing. */
  close(): Promise<void>;
}

/** Where the decisions are kept. */
export interface TrustOptions {
  /** Absolute path; its directory exists. */
  readonly file: string;
  readonly clock: Clock;
}

/** Longest wait for a write under way when closing, in milliseconds. */
const CLOSE_MS = 2_000;

const undecided: ServerDecisions = { trust: null, disabledTools: new Set() };

/**
 * Reads the decisions.
 *
 * @throws GatehouseError `trust.unreadable` when the file and its copy are damaged: a tool that was switched off must
 *   not come back because of that
 */
export async function openTrust({ file, clock }: TrustOptions): Promise<TrustStore> {
  const read = await readTrust(file, clock);
  const listeners = new Set<(server: string) => void>();
  let decisions: Decisions = read.decisions;
  let queue: Promise<void> = Promise.resolve();
  let closed = false;

  const of = (server: string): ServerDecisions => decisions.get(server) ?? undecided;

  /** One after another: each change is made of the one before. */
  const change = (server: string, edit: (now: ServerDecisions) => ServerDecisions | null): Promise<void> => {
    const run = queue.then(async () => {
      if (closed) throw closedError();
      const edited = edit(of(server));
      if (edited === null) return;
      const next = new Map(decisions).set(server, edited);
      if (edited.trust === null && edited.disabledTools.size === 0) next.delete(server);
      await writeTrust(file, next);
      decisions = next;
      for (const listener of [...listeners]) listener(server);
    });
    queue = run.catch(() => undefined);
    return run;
  };

  return {
    problem: read.problem,
    toolEnabled: (server, tool) => !of(server).disabledTools.has(tool),
    disabledTools: (server) => of(server).disabledTools,
    setToolEnabled: (server, tool, enabled) =>
      change(server, (now) => {
        if (now.disabledTools.has(tool) !== enabled) return null;
        const disabledTools = new Set(now.disabledTools);
        if (enabled) disabledTools.delete(tool);
        else disabledTools.add(tool);
        return { ...now, disabledTools };
      }),
    serverTrust: (server) => of(server).trust ?? 'trusted',
    setServerTrust: (server, trust) =>
      change(server, (now) => (now.trust === trust ? null : { ...now, trust })),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      let cancel: (() => void) | undefined;
      const limit = new Promise<void>((resolve) => {
        cancel = clock.after(CLOSE_MS, resolve);
      });
      await Promise.race([queue, limit]);
      cancel?.();
      listeners.clear();
    },
  };
}

function closedError(): GatehouseError {
  return new GatehouseError({
    code: 'trust.closed',
    message: 'Gatehouse is closing, so the change was not made.',
    remedy: 'Make it again after the next start.',
  });
}
