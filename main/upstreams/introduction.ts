/**
 * Order where every message travels alone: what we send after `notifications/initialized` waits until the server has
 * taken note of it, for some refuse requests that come earlier (lifecycle section, "Initialization"). Ends by itself.
 */
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import type { RequestHead } from './link.ts';

/** Milliseconds after which a server that says nothing to the notification is taken to have noted it. */
const PATIENCE_MS = 10_000;
const INITIALIZED = '"notifications/initialized"';

/** Sends a message as `Link.send` does. */
export type Send = (message: Buffer, id: number, head: RequestHead | null) => void;

/** Passes everything on at once before `initialized` and after it; in between it keeps order. */
export class Introduction {
  private readonly clock: Clock;
  private readonly pass: Send;
  private readonly onDone: () => void;
  private state: 'before' | 'under way' | 'done' = 'before';
  private held: { message: Buffer; id: number; head: RequestHead | null }[] = [];
  private cancel: CancelTimer | null = null;

  /** When it is over, what was held back goes through `pass` in its order, and `onDone` is called. */
  constructor(clock: Clock, pass: Send, onDone: () => void = () => undefined) {
    this.clock = clock;
    this.pass = pass;
    this.onDone = onDone;
  }

  get over(): boolean {
    return this.state === 'done';
  }

  /** True when this message is the one to wait for; `done` must follow. */
  begins(message: Buffer, id: number): boolean {
    if (this.state !== 'before' || id !== -1 || !message.includes(INITIALIZED)) return false;
    this.state = 'under way';
    this.cancel = this.clock.after(PATIENCE_MS, () => this.done());
    return true;
  }

  /** Keeps the message for later when it has to wait. */
  holds(message: Buffer, id: number, head: RequestHead | null): boolean {
    if (this.state !== 'under way') return false;
    this.held.push({ message, id, head });
    return true;
  }

  /** Nobody waits for the answer to this request any more. */
  forget(id: number): void {
    if (this.held.length > 0) this.held = this.held.filter((one) => one.id !== id);
  }

  /** The server has taken note, or refused to. */
  done(): void {
    if (this.state !== 'under way') return;
    this.state = 'done';
    this.cancel?.();
    const { held } = this;
    this.held = [];
    for (const { message, id, head } of held) this.pass(message, id, head);
    this.onDone();
  }

  /** Nothing goes through any more. */
  close(): void {
    this.cancel?.();
    this.held = [];
  }
}
