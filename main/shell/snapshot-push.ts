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
  const flush = (): void => {
    if (window.isVisible()) {
      window.send('snapshot', core.snapshot());
    }
  };
  const stops = [
    core.onSnapshot(flush),
    core.onActivity((appended) => {
      if (window.isVisible()) window.send('activity', appended);
    }),
  ];
  return {
    flush,
    close() {
      for (const stop of stops) stop();
    },
  };
}
