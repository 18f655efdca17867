/**
 * Short messages at the edge: at most two, each with at most one act. Those that tell of an error stay; the others go
 * after six seconds, unless someone looks at them. `close()` takes all timers away.
 */

/** One message on screen. */
export interface Toast {
  readonly id: number;
  readonly tone: 'ok' | 'bad';
  readonly text: string;
  readonly act: ToastAct | null;
  /** Called once it is no longer on screen. */
  readonly gone?: (() => void) | undefined;
}

/** The one thing to do about it. */
export interface ToastAct {
  readonly label: string;
  run(): void;
}

/** What is shown now. */
export interface Toasts {
  show(toast: Omit<Toast, 'id'>): void;
  dismiss(id: number): void;
  /** Someone points at them, or has the focus there: none goes away meanwhile. */
  hold(held: boolean): void;
  close(): void;
}

/** How long a message without an error stays, in milliseconds. */
export const toastTime = 6000;
const most = 2;

/** Runs a function once, later; the answer takes it back. */
export type After = (milliseconds: number, run: () => void) => () => void;

/** @param changed called with all that is on screen, newest last */
export function createToasts(changed: (toasts: readonly Toast[]) => void, after: After): Toasts {
  let toasts: readonly Toast[] = [];
  let lastId = 0;
  let held = false;
  const timers = new Map<number, () => void>();

  const stop = (id: number): void => {
    timers.get(id)?.();
    timers.delete(id);
  };
  const start = (toast: Toast): void => {
    if (toast.tone !== 'bad' && !held) {
      stop(toast.id);
      timers.set(
        toast.id,
        after(toastTime, () => dismiss(toast.id)),
      );
    }
  };
  const put = (next: readonly Toast[]): void => {
    const left = toasts.filter((toast) => !next.includes(toast));
    toasts = next;
    changed(toasts);
    for (const toast of left) {
      stop(toast.id);
      toast.gone?.();
    }
  };
  const dismiss = (id: number): void => put(toasts.filter((toast) => toast.id !== id));

  return {
    show(toast) {
      lastId += 1;
      const made = { ...toast, id: lastId };
      // Saying the same thing twice would only push another message out.
      const others = toasts.filter((shown) => shown.text !== made.text);
      put([...others, made].slice(-most));
      start(made);
    },
    dismiss,
    hold(now) {
      held = now;
      for (const toast of toasts) {
        if (held) {
          stop(toast.id);
        } else {
          start(toast);
        }
      }
    },
    close() {
      for (const id of [...timers.keys()]) {
        stop(id);
      }
    },
  };
}
