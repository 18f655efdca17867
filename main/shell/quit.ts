/**
 * The one way out: every wish to quit (menu, signal, system) becomes one orderly shutdown with a deadline, then exit.
 */
import type { App, Event } from 'electron';
import type { Clock } from '../protocol/clock.ts';

/** What quitting needs. */
export interface QuitDeps {
  readonly app: Pick<App, 'on' | 'off' | 'exit'>;
  readonly process: Pick<NodeJS.Process, 'on' | 'off'>;
  readonly clock: Clock;
  /** Milliseconds after which the app leaves even if something does not close. */
  readonly budgetMs: number;
  /** Closes everything, in reverse order of opening. */
  shutdown(): Promise<void>;
  /** Tells the log why the exit code is not 0. */
  failed(reason: unknown): void;
}

/** The running app's exit. */
export interface Quit {
  /** True from the first wish on: windows may really close now. */
  readonly quitting: boolean;
  /** Starts the shutdown, with this exit code when all goes well; a second call changes nothing. */
  request(code?: number): void;
  /** Takes the listeners off without quitting. */
  close(): void;
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Listens for every wish to quit. Exit code 0 after an orderly shutdown, 1 when it failed or ran out of time. */
export function openQuit(deps: QuitDeps): Quit {
  let quitting = false;
  const request = (code = 0): void => {
    if (quitting) {
      return;
    }
    quitting = true;
    const cancel = deps.clock.after(deps.budgetMs, () => {
      deps.failed(new Error(`not closed within ${deps.budgetMs} ms`));
      deps.app.exit(1);
    });
    deps.shutdown().then(
      () => {
        cancel();
        deps.app.exit(code);
      },
      (reason: unknown) => {
        cancel();
        deps.failed(reason);
        deps.app.exit(1);
      },
    );
  };
  const onBeforeQuit = (event: Event): void => {
    event.preventDefault();
    request();
  };
  const onSignal = (): void => request();
  deps.app.on('before-quit', onBeforeQuit);
  for (const signal of signals) {
    deps.process.on(signal, onSignal);
  }
  return {
    get quitting() {
      return quitting;
    },
    request,
    close() {
      deps.app.off('before-quit', onBeforeQuit);
      for (const signal of signals) {
        deps.process.off(signal, onSignal);
      }
    },
  };
}
