/** Commands about terminals. Who gives one is known by the signal that aborts when he is gone. */
import { z } from 'zod';
import type {
  TerminalCommands,
  TerminalOutput,
  TerminalPlace,
  TerminalPlaces,
} from '../../preload/views/terminal.ts';
import type { Actor } from '../../preload/views/trust.ts';
import { type CommandSet, name } from './command.ts';

/** Who gives a command, and what aborts when he is gone. */
export interface TerminalUser {
  readonly by: Actor;
  readonly within: AbortSignal | null;
}

/** What they act on. */
export interface TerminalDeps {
  places(server: string): TerminalPlaces;
  open(user: TerminalUser, server: string, place: TerminalPlace, size: Size): Promise<string>;
  output(user: TerminalUser, terminal: string, from: number): Promise<TerminalOutput>;
  input(user: TerminalUser, terminal: string, text: string): void;
  resize(user: TerminalUser, terminal: string, size: Size): Promise<void>;
  end(user: TerminalUser, terminal: string): Promise<void>;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Longest text that is typed at once: a paste comes in parts. */
const MOST_TYPED = 65_536;

const terminal = z.uuid();
const columns = z.int().min(2).max(500);
const rows = z.int().min(1).max(300);

export function terminalCommands(deps: TerminalDeps): CommandSet<keyof TerminalCommands> {
  return {
    'terminal.places': {
      schema: z.strictObject({ server: name }),
      run: async ({ server }) => deps.places(server),
    },
    'terminal.open': {
      schema: z.strictObject({ server: name, place: z.enum(['container', 'computer']), columns, rows }),
      run: async ({ server, place, ...size }, by, within) => ({
        terminal: await deps.open({ by, within }, server, place, size),
      }),
    },
    'terminal.output': {
      schema: z.strictObject({ terminal, from: z.int().min(0) }),
      run: ({ terminal, from }, by, within) => deps.output({ by, within }, terminal, from),
    },
    'terminal.input': {
      schema: z.strictObject({ terminal, text: z.string().min(1).max(MOST_TYPED) }),
      async run({ terminal, text }, by, within) {
        deps.input({ by, within }, terminal, text);
        return null;
      },
    },
    'terminal.resize': {
      schema: z.strictObject({ terminal, columns, rows }),
      async run({ terminal, ...size }, by, within) {
        await deps.resize({ by, within }, terminal, size);
        return null;
      },
    },
    'terminal.close': {
      schema: z.strictObject({ terminal }),
      async run({ terminal }, by, within) {
        await deps.end({ by, within }, terminal);
        return null;
      },
    },
  };
}
