/** What terminals need: something that stands behind a pseudo-terminal, wherever it runs. Types only. */

/** How large the screen is, in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A shell behind a pseudo-terminal. */
export interface Pty {
  /** Has one listener, which hears nothing before it listens. */
  onData(heard: (bytes: Buffer) => void): void;
  /** Holds it back: it waits in its next writes. */
  pause(): void;
  resume(): void;
  /** Types into it. False when it has not read so much of what came before that this is dropped. */
  write(bytes: Buffer): boolean;
  /** Never rejects. */
  resize(size: Size): Promise<void>;
  /** Its exit code, null when nobody knows. Never rejects. */
  readonly exited: Promise<number | null>;
  /** Ends it with everything that was started in it. Idempotent, bounded; never rejects. */
  close(): Promise<void>;
}

/** How a terminal ended; `left` means that the page or the session it belonged to is gone. */
export type TerminalEnd = 'exited' | 'closed' | 'left' | 'idle' | 'forbidden';
