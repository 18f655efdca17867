/**
 * How many things wait, on the app's icon: a number in the Dock and in Linux launchers that show one, a mark on the button
 * of the Windows task bar, a number beside the macOS menu bar icon. `close()` takes it away.
 */
import type { CorePort, Snapshot } from '../../preload/contract.ts';
import { trayModel } from './tray-model.ts';

/** What the badge needs. */
export interface BadgeDeps {
  readonly core: Pick<CorePort, 'onSnapshot' | 'snapshot'>;
  /** Told whenever it is another number; 0 is none. */
  show(count: number): void;
}

export function openBadge({ core, show }: BadgeDeps): { close(): void } {
  let shown = 0;
  const draw = (snapshot: Snapshot): void => {
    const { waiting } = trayModel(snapshot);
    if (waiting === shown) return;
    shown = waiting;
    show(waiting);
  };
  const stop = core.onSnapshot(draw);
  draw(core.snapshot());
  return {
    close() {
      stop();
      if (shown !== 0) show(0);
    },
  };
}
