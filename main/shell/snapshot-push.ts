/**
 * Carries snapshots to the window: only while it is visible, and only the newest; and what has just been recorded, also
 * only while it is visible (a page that was hidden asks again). `close()` stops.
 */
import type { CorePort } from '../../preload/contract.ts';
import type { MainWindow } from './window.ts';

/** The running push. */
export interface SnapshotPush {
  /** Sends the newest snapshot when the window has not had it; call when the window becomes visible. */
  flush(): void;
  close(): void;
}

/** Begins to push. The core already limits the rate. */
export function openSnapshotPush(
  core: Pick<CorePort, 'snapshot' | 'onSnapshot' | 'onActivity'>,
  window: Pick<MainWindow, 'isVisible' | 'send'>,
): SnapshotPush {
  let stopActivity: (() => void) | null = null;
  /** What is recorded is asked for only while somebody looks: the log does without its thread where nobody does. */
  const listen = (): void => {
    stopActivity ??= core.onActivity((appended) => {
      if (window.isVisible()) window.send('activity', appended);
      else unlisten();
    });
  };
  const unlisten = (): void => {
    stopActivity?.();
    stopActivity = null;
  };
  const flush = (): void => {
    if (!window.isVisible()) return unlisten();
    window.send('snapshot', core.snapshot());
    listen();
  };
  const stop = core.onSnapshot(flush);
  return {
    flush,
    close() {
      stop();
      unlisten();
    },
  };
}
