/**
 * The bridge's far side: one channel, one wrapper. A command runs only when our own page asks from its main frame, by a
 * name of the contract, and not faster than a person could ever need. `close()` takes the channel away.
 */
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import {
  type CommandName,
  type CoreCommandName,
  type CorePort,
  commandNames,
  type DesktopCommandName,
  type DesktopCommands,
  type Problem,
  type Result,
} from '../../preload/contract.ts';
import type { Clock } from '../protocol/clock.ts';
import { openCommandRate } from '../protocol/command-rate.ts';
import { problemOf } from '../protocol/error.ts';
import { isAppUrl } from './app-url.ts';

/** The channel that preload/index.ts uses; the two must be the same word. */
export const commandChannel = 'gatehouse:command';

/** One handler for each command that the shell answers itself; a missing one does not compile. */
export type DesktopHandlers = {
  readonly [N in DesktopCommandName]: (args: unknown) => Promise<DesktopCommands[N]['value']>;
};

/** What the bridge needs. */
export interface IpcDeps {
  readonly ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>;
  /** The core may still be starting: the first commands wait for it. */
  readonly core: Promise<CorePort>;
  readonly desktop: DesktopHandlers;
  readonly clock: Clock;
  /** True for the web contents of our own windows. */
  owns(contents: WebContents): boolean;
  /** What aborts when the page that they show now is gone. */
  page(contents: WebContents): AbortSignal;
  /** Tells the log about a refusal or a fault. */
  failed(what: string): void;
}

/** Runs commands; also for the tray, which needs no bridge. */
export interface Ipc {
  /** Runs a command without asking who wants it. Never rejects. */
  command(name: CommandName, args: unknown): Promise<Result<unknown>>;
  close(): void;
}

const refusals = {
  foreign: {
    code: 'ipc.foreign_sender',
    message: 'Only the windows of Gatehouse may give it commands.',
    remedy: 'Use the Gatehouse window.',
  },
  unknown: {
    code: 'ipc.unknown_command',
    message: 'There is no such command.',
    remedy: 'Restart Gatehouse, so that its window and its core are of the same version.',
  },
  tooMany: {
    code: 'ipc.too_many_commands',
    message: 'The window gave too many commands at once.',
    remedy: 'Wait a second and try again; if it stays, restart Gatehouse.',
  },
} as const satisfies Record<string, Problem>;

/** Opens the channel. */
export function openIpc(deps: IpcDeps): Ipc {
  const mayPass = openCommandRate(deps.clock);
  const command = async (
    name: CommandName,
    args: unknown,
    within: AbortSignal | null = null,
  ): Promise<Result<unknown>> => {
    try {
      return isDesktop(name, deps.desktop)
        ? { ok: true, value: await deps.desktop[name](args) }
        : await (await deps.core).execute(name, args, 'window', within);
    } catch (error) {
      const problem = problemOf(error);
      deps.failed(`${name}: ${problem.code}`);
      return { ok: false, error: problem };
    }
  };
  deps.ipcMain.handle(commandChannel, async (event, name: unknown, args: unknown) => {
    const problem = !isTrustedFrame(event, deps.owns)
      ? refusals.foreign
      : !isCommand(name)
        ? refusals.unknown
        : !mayPass(name)
          ? refusals.tooMany
          : null;
    if (problem !== null || !isCommand(name)) {
      const error = problem ?? refusals.unknown;
      deps.failed(`refused a command: ${error.code}`);
      return { ok: false, error };
    }
    return command(name, args, deps.page(event.sender));
  });
  return {
    command: (name, args) => command(name, args),
    close: () => deps.ipcMain.removeHandler(commandChannel),
  };
}

/** True when the event comes from the main frame of one of our windows, while that shows one of our pages. */
export function isTrustedFrame(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  owns: (contents: WebContents) => boolean,
): boolean {
  try {
    const frame = event.senderFrame;
    return frame !== null && frame.parent === null && isAppUrl(frame.url) && owns(event.sender);
  } catch {
    // A frame that is already gone throws on every property: nobody is there to be trusted.
    return false;
  }
}

function isCommand(name: unknown): name is CommandName {
  return typeof name === 'string' && (commandNames as readonly string[]).includes(name);
}

function isDesktop(name: CommandName, desktop: DesktopHandlers): name is DesktopCommandName {
  return Object.hasOwn(desktop, name);
}

/** Compile-time proof that whatever is not the shell's is the core's. */
type Rest = Exclude<CommandName, DesktopCommandName | CoreCommandName>;
type AssertNever<T extends never> = T;
export type EveryCommandHasAnOwner = AssertNever<Rest>;
