/**
 * How much each client has under way, over all of its sessions and stateless requests: a bounded number of calls runs,
 * a bounded number waits in line, the rest is refused. Holds no timers; a client's line lasts as long as its calls.
 */

/** Something that waits for its turn. */
export interface Waiter {
  /** Its turn has come; it holds a place now. Must not throw. */
  go(): void;
}

/** What became of asking for a place: it holds one, it waits in line, or there is no room. */
export type Place = 'go' | 'wait' | 'full';

/** The load of one client. */
export interface Load {
  enter(waiter: Waiter): Place;
  /** One that held a place is done; whoever waits longest goes next. */
  leave(): void;
  /** One that waited in line does not any more. */
  quit(waiter: Waiter): void;
}

/** The loads of all clients. */
export interface Loads {
  /** By `caller.id`. To be kept only while holding a place or waiting. */
  of(caller: string): Load;
}

/** Bounds of each client. */
export interface LoadLimits {
  readonly callsPerClient: number;
  readonly queuePerClient: number;
}

/** So many clients are remembered before those without calls are forgotten. */
const KEPT = 1_000;

/** Nobody has a call under way; a caller takes room only while he has. */
export function createLoads(limits: LoadLimits): Loads {
  const loads = new Map<string, Line>();
  return {
    of(caller) {
      let load = loads.get(caller);
      if (load === undefined) {
        if (loads.size >= KEPT) for (const [id, kept] of loads) if (kept.idle) loads.delete(id);
        load = new Line(limits);
        loads.set(caller, load);
      }
      return load;
    },
  };
}

class Line implements Load {
  private readonly limits: LoadLimits;
  private running = 0;
  /** Who waits, from `first` on; those who quit leave a gap. */
  private queue: (Waiter | null)[] = [];
  private first = 0;
  private waiting = 0;
  private serving = false;

  constructor(limits: LoadLimits) {
    this.limits = limits;
  }

  get idle(): boolean {
    return this.running === 0 && this.waiting === 0;
  }

  enter(waiter: Waiter): Place {
    if (this.waiting === 0 && this.running < this.limits.callsPerClient) {
      this.running++;
      return 'go';
    }
    if (this.waiting >= this.limits.queuePerClient) return 'full';
    // Gaps of those who quit must not pile up behind one that waits long.
    if (this.queue.length > 2 * this.limits.queuePerClient + 64 && !this.serving) this.close();
    this.queue.push(waiter);
    this.waiting++;
    return 'wait';
  }

  leave(): void {
    this.running--;
    // One that fails at once leaves at once: a loop, not a recursion as deep as the line is long.
    if (this.serving) return;
    this.serving = true;
    while (this.waiting > 0 && this.running < this.limits.callsPerClient) {
      const next = this.queue[this.first];
      this.queue[this.first++] = null;
      if (next === null || next === undefined) continue;
      this.waiting--;
      this.running++;
      next.go();
    }
    this.serving = false;
    if (this.waiting === 0 || this.first > 1_024) this.close();
  }

  quit(waiter: Waiter): void {
    const at = this.queue.indexOf(waiter, this.first);
    if (at === -1) return;
    this.queue[at] = null;
    this.waiting--;
    if (this.waiting === 0 && !this.serving) this.close();
  }

  /** Closes the ranks. */
  private close(): void {
    if (this.queue.length > 0) this.queue = this.queue.filter((waiter) => waiter !== null);
    this.first = 0;
  }
}
