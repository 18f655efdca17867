/**
 * What a server has started and that has left its process group (`setsid`, `detached`), so that a signal to the group does
 * not reach it. Found on Linux only, by who is whose child in /proc, while the server still runs: whoever has lost its
 * parent before (a daemon that forked twice) is not found. Processes are known by their id and the moment at which they
 * began, so that an id that has gone to another is left alone. Holds nothing open.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from '../protocol/clock.ts';
import { type ProcessStat, readStat } from './process-table.ts';

/** Milliseconds that they have after SIGTERM, and how often they are looked at meanwhile. */
const TERM_MS = 1_000;
const LOOK_MS = 50;
/** Of one server; one that makes more is stopped by its group alone. */
const MOST = 1_000;

/** One process. */
interface Process extends ProcessStat {
  readonly pid: number;
}

/** What one server has started, as it was each time it was looked at. */
export interface Descendants {
  /** Looks again, and remembers: some milliseconds of work. Does nothing where processes cannot be looked at. */
  look(): void;
  /** Ends those that are still there and outside of the group: SIGTERM, then SIGKILL. Never rejects. */
  end(): Promise<void>;
}

/** Those of the process `leader`, which leads a group of its own. */
export function watchDescendants(leader: number, clock: Clock): Descendants {
  if (process.platform !== 'linux') return { look: () => undefined, end: async () => undefined };
  const found = new Map<number, Process>();
  let home: string | null = null;

  const left = (): Process[] =>
    [...found.values()].filter(({ pid, began }) => {
      const now = readOne(pid);
      return now !== null && now.began === began && now.group !== leader;
    });
  const signal = (processes: readonly Process[], name: NodeJS.Signals): void => {
    for (const { pid } of processes) {
      try {
        process.kill(pid, name);
      } catch {
        // ESRCH: it is gone. EPERM: it has become another user's, and is not ours to end.
      }
    }
  };
  return {
    look() {
      home ??= controlGroup(leader);
      const children = new Map<number, Process[]>();
      for (const one of allProcesses()) {
        const siblings = children.get(one.parent);
        if (siblings === undefined) children.set(one.parent, [one]);
        else siblings.push(one);
      }
      const reached = [leader];
      for (let at = 0; at < reached.length && reached.length < MOST; at++) {
        for (const child of children.get(reached[at] ?? 0) ?? []) {
          reached.push(child.pid);
          found.set(child.pid, child);
        }
      }
    },
    async end() {
      // What the desktop has put into a unit of its own, such as the browser that a link was opened in, is the user's.
      for (const { pid } of left()) if (controlGroup(pid) !== home) found.delete(pid);
      const deadline = clock.now() + TERM_MS;
      let rest = left();
      signal(rest, 'SIGTERM');
      while (rest.length > 0 && clock.now() < deadline) {
        await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
        rest = left();
      }
      signal(rest, 'SIGKILL');
    },
  };
}

/** Read at once: /proc is memory, and a chain of parents that is read slowly may break meanwhile. */
function allProcesses(): Process[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readOne(Number(name)) ?? []) : []));
  } catch {
    return [];
  }
}

/** Null when it has ended. */
function readOne(pid: number): Process | null {
  try {
    const stat = readStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return stat === null ? null : { pid, ...stat };
  } catch {
    return null;
  }
}

/** The control group of a process; null where that cannot be read. */
function controlGroup(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'latin1');
  } catch {
    return null;
  }
}
