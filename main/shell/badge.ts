/**
 * How many things wait, on the app's icon: a number in the Dock of macOS and in Linux launchers that show one. `close()`
 * takes it away.
 */
import type { CorePort, Snapshot } from '../../preload/contract.ts';

/** What the badge needs. */
export interface BadgeDeps {
  readonly core: Pick<CorePort, 'onSnapshot' | 'snapshot'>;
  /** Told whenever it is another number; 0 is none. */
  show(count: number): void;
}

export function openBadge({ core, show }: BadgeDeps): { close(): void } {
  let shown = 0;
  const draw = (snapshot: Snapshot): void => {
    const { all } = snapshot.waiting;
    if (all === shown) return;
    shown = all;
    show(all);
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
