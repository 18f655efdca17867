/**
 * Starting anew: what the next start is to be given, and who starts it. A launcher that this app ends with (as `npm start`)
 * is told, since it takes everything down that the app leaves behind; else Electron does it. Pure but for `restart`.
 */
import type { App } from 'electron';

/** What it needs. */
export interface RelaunchDeps {
  readonly app: Pick<App, 'relaunch'>;
  /** Without the program. */
  readonly args: readonly string[];
  /** The file of an AppImage, whose mount ends with this process. */
  readonly appImage: string | undefined;
  /** True when whoever started this app starts the next one. */
  readonly launched: boolean;
  /** Tells the launcher. */
  event(event: Readonly<Record<string, unknown>>): void;
  quit(): void;
}

/** Debuggers of this start; the next one would wait for them, or not get their port. */
const DEBUGGERS = /^--(inspect(-brk|-port)?|remote-debugging-(port|pipe|address))(=.*)?$/;

/** The arguments of the next start: the same, but with its window, and without links that were followed already. */
export function nextArguments(args: readonly string[]): readonly string[] {
  return args.filter((arg) => arg !== '--hidden' && !arg.startsWith('gatehouse://') && !DEBUGGERS.test(arg));
}

/** Ends the app in good order; it comes again as soon as it has gone. */
export function restart({ app, args, appImage, launched, event, quit }: RelaunchDeps): void {
  if (launched) event({ event: 'restart' });
  else
    app.relaunch({
      args: [...nextArguments(args)],
      ...(appImage === undefined ? {} : { execPath: appImage }),
    });
  quit();
}
