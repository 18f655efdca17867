/** What commands about terminals carry. Types only. */

/** Where a terminal stands: inside the server's container, or on the computer that runs Gatehouse. */
export type TerminalPlace = 'container' | 'computer';

/** Where a server's terminal could be opened. */
export interface TerminalPlaces {
  /** Null for a server that does not run in a container. */
  readonly container: { readonly image: string; readonly running: boolean } | null;
  /** Null for remote servers. `allowed` is false until the configuration says otherwise. */
  readonly computer: {
    readonly allowed: boolean;
    readonly folder: string;
    readonly shell: string;
    readonly user: string;
  } | null;
}

/** More of what a terminal has written. */
export interface TerminalOutput {
  /** As it was written, with the escape sequences of terminals. */
  readonly text: string;
  /** Where to go on from; asking from there says that everything before has come. */
  readonly next: number;
  /** Null while it runs, and until all of its output was given. */
  readonly ended: {
    readonly how: 'exited' | 'closed' | 'left' | 'idle' | 'forbidden';
    readonly code: number | null;
  } | null;
}

/** A terminal belongs to the window, or to the session of the web admin, that opened it, and ends with it. */
export interface TerminalCommands {
  'terminal.places': { args: { server: string }; value: TerminalPlaces };
  /** Starts a shell; sizes are in characters. The answer names it. */
  'terminal.open': {
    args: { server: string; place: TerminalPlace; columns: number; rows: number };
    value: { readonly terminal: string };
  };
  /** Waits until there is more than `from`, or it has ended, or some seconds are over. */
  'terminal.output': { args: { terminal: string; from: number }; value: TerminalOutput };
  /** Types into it; at most 65,536 characters at once. */
  'terminal.input': { args: { terminal: string; text: string }; value: null };
  'terminal.resize': { args: { terminal: string; columns: number; rows: number }; value: null };
  'terminal.close': { args: { terminal: string }; value: null };
}
