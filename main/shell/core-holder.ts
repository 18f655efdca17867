/**
 * Holds the core and keeps trying: a configuration with a mistake or a port in use must not end the app, and mending
 * it must be enough. Until the core runs, a stand-in shows why it does not. `close()` closes whichever is there.
 */
import type { CorePort, Snapshot } from '../../preload/contract.ts';
import type { CancelTimer, Clock } from '../protocol/clock.ts';

/** A core that can be closed. */
export interface ClosableCore extends CorePort {
  close(): Promise<void>;
}

/** What the holder needs. */
export interface CoreHolderDeps {
  readonly clock: Clock;
  /** Opens the core; rejects when it cannot. */
  open(): Promise<ClosableCore>;
  /** The stand-in for a core that did not open. */
  standIn(error: unknown): CorePort;
  failed(error: unknown): void;
}

const firstRetryMs = 2000;
const longestRetryMs = 30_000;

/**
 * Opens the core once and resolves when it runs or has failed; after a failure it tries again, at first after 2 s, then
 * at growing distances up to 30 s. Never rejects. Whoever listens sees the change as one more snapshot.
 */
export async function openCoreHolder(deps: CoreHolderDeps): Promise<ClosableCore> {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const activityListeners = new Set<Parameters<CorePort['onActivity']>[0]>();
  let core: CorePort | null = null;
  let closeCore: (() => Promise<void>) | null = null;
  let opening: Promise<void> = Promise.resolve();
  let stop = (): void => {};
  let stopActivity = (): void => {};
  let cancelRetry: CancelTimer | null = null;
  let wait = firstRetryMs;
  let closed = false;
  // Each core counts from its own start, and screens ignore what is older: the next core goes on where the last ended.
  let offset = 0;
  const number = (snapshot: Snapshot): Snapshot => ({ ...snapshot, revision: snapshot.revision + offset });

  const become = (next: CorePort): CorePort => {
    offset = core === null ? 0 : offset + core.snapshot().revision;
    stop();
    core = next;
    const tell = (snapshot: Snapshot): void => {
      for (const listener of [...listeners]) {
        listener(number(snapshot));
      }
    };
    stop = next.onSnapshot(tell);
    listenToActivity();
    tell(next.snapshot());
    return next;
  };
  /** Only while somebody does: the core makes nothing of it otherwise. */
  const listenToActivity = (): void => {
    stopActivity();
    stopActivity =
      core === null || activityListeners.size === 0
        ? nothing
        : core.onActivity((appended) => {
            for (const listener of [...activityListeners]) listener(appended);
          });
  };
  const attempt = async (): Promise<CorePort> => {
    try {
      const opened = await deps.open();
      closeCore = opened.close;
      return become(opened);
    } catch (error) {
      deps.failed(error);
      if (!closed) {
        cancelRetry = deps.clock.after(wait, () => {
          opening = attempt().then(nothing);
        });
        wait = Math.min(wait * 2, longestRetryMs);
      }
      return become(deps.standIn(error));
    }
  };

  const first = attempt();
  opening = first.then(nothing);
  const current = (): CorePort => core ?? initial;
  const initial = await first;
  return {
    snapshot: () => number(current().snapshot()),
    onSnapshot(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onActivity(listener) {
      activityListeners.add(listener);
      if (activityListeners.size === 1) listenToActivity();
      return () => {
        if (activityListeners.delete(listener) && activityListeners.size === 0) listenToActivity();
      };
    },
    execute: async (name, args, by, within) => {
      const result = await current().execute(name, args, by, within);
      return name === 'snapshot.get' && result.ok
        ? { ...result, value: number(result.value as Snapshot) as typeof result.value }
        : result;
    },
    snippet: (format) => current().snippet(format),
    async close() {
      closed = true;
      cancelRetry?.();
      await opening;
      stop();
      stopActivity();
      const close = closeCore;
      closeCore = null;
      await close?.();
    },
  };
}

function nothing(): void {}
