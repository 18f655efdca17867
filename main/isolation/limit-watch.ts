/**
 * Notices when contained servers meet their limits: by the kernel's counts where they can be read, else by what the engine
 * tells (it says when memory ran out, and how many processes there are). `close` ends the looking.
 */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { LABELS } from './container-spec.ts';
import { type Counted, openCounters, type ReadCounters } from './counters.ts';
import type { LimitKind } from './limits-met.ts';

/** A container that is watched. */
export interface Watched {
  readonly id: string;
  /** Scratch directories, as paths inside. */
  readonly scratch: readonly string[];
  /** How many processes it may have. */
  readonly pids: number;
  /** Called when it has met a limit so many times more; `place` is the directory that is full. */
  met(kind: LimitKind, times: number, place: string | null): void;
}

/** See above. */
export interface LimitWatch {
  /** Gives what ends the watch of it, and is told the limit that has ended the container; twice does nothing. */
  watch(one: Watched): (limit: LimitKind | null) => void;
  close(): void;
}

/** Milliseconds between two looks, and how many looks pass between two questions to the engine. */
const LOOK_MS = 5_000;
const ENGINE_LOOKS = 3;
/** So shortly after an engine told of memory, the end of the container is the same matter. Milliseconds. */
const SAME_MS = 2_000;

interface Entry extends Watched {
  /** Undefined before it was looked for; null where there is none. */
  counters: ReadCounters | null | undefined;
  before: Counted;
  /** At its most processes at the last look. */
  crowded: boolean;
  /** When the engine told last that its memory ran out, epoch milliseconds. */
  toldAt: number;
}

const NOTHING: Counted = { refusedProcesses: 0, memoryKills: 0, full: [] };

/** Makes it; asks nothing before something is to be watched. `open` is another way to the kernel's counts, for tests. */
export function createLimitWatch(docker: Docker, clock: Clock, open = openCounters): LimitWatch {
  const watched = new Map<string, Entry>();
  let cancel: CancelTimer | null = null;
  let looks = 0;
  let events: Promise<Readable> | null = null;
  let closed = false;

  const look = async (entry: Entry, round: number): Promise<void> => {
    if (entry.counters === undefined) {
      const { State } = await docker.getContainer(entry.id).inspect();
      entry.counters = await open({ id: entry.id, pid: State.Pid, scratch: entry.scratch });
    }
    if (entry.counters === null) {
      listen();
      if (round % ENGINE_LOOKS === 0) await ask(entry);
      return;
    }
    const now = await entry.counters();
    if (now === null || !watched.has(entry.id)) return;
    const { before } = entry;
    entry.before = now;
    if (now.refusedProcesses > before.refusedProcesses)
      entry.met('processes', now.refusedProcesses - before.refusedProcesses, null);
    if (now.memoryKills > before.memoryKills) entry.met('memory', now.memoryKills - before.memoryKills, null);
    for (const place of now.full) if (!before.full.includes(place)) entry.met('scratch', 1, place);
  };
  /** One that ends meanwhile, and an engine that does not answer, are noticed by those whose containers run there. */
  const ask = async (entry: Entry): Promise<void> => {
    const stats = await docker.getContainer(entry.id).stats({ stream: false, 'one-shot': true });
    const crowded = (stats.pids_stats?.current ?? 0) >= entry.pids;
    if (crowded && !entry.crowded) entry.met('processes', 1, null);
    entry.crowded = crowded;
  };
  const listen = (): void => {
    if (events !== null || closed) return;
    const type: ['container'] = ['container'];
    const filters = { type, event: ['oom'], label: [`${LABELS.managed}=true`] };
    const opened = docker.getEvents({ filters }) as unknown as Promise<Readable>;
    events = opened;
    const over = (): void => {
      // The next look opens another.
      if (events === opened) events = null;
    };
    opened.then((stream) => {
      if (closed || watched.size === 0) return quiet();
      stream.on('error', over);
      stream.on('close', over);
      let rest = '';
      stream.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString('utf8')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const entry = watched.get(containerIn(line));
          // What the kernel counts is not told twice.
          if (entry?.counters !== null) continue;
          entry.toldAt = clock.now();
          entry.met('memory', 1, null);
        }
      });
    }, over);
  };
  const quiet = (): void => {
    events?.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
    events = null;
  };
  const plan = (): void => {
    if (closed || cancel !== null || watched.size === 0) return;
    cancel = clock.after(LOOK_MS, () => {
      const round = looks++;
      const all = [...watched.values()].map((entry) => look(entry, round).catch(() => undefined));
      void Promise.all(all).then(() => {
        cancel = null;
        plan();
      });
    });
  };
  return {
    watch(one) {
      const entry: Entry = { ...one, counters: undefined, before: NOTHING, crowded: false, toldAt: 0 };
      watched.set(one.id, entry);
      plan();
      return (limit) => {
        if (!watched.delete(one.id)) return;
        if (watched.size === 0) quiet();
        const same = limit === 'memory' && clock.now() - entry.toldAt < SAME_MS;
        if (limit !== null && !same) one.met(limit, 1, null);
      };
    },
    close() {
      closed = true;
      cancel?.();
      watched.clear();
      quiet();
    },
  };
}

/** Of which container an event tells; older engines say it in another place. */
function containerIn(line: string): string {
  try {
    const { Actor, id } = Object(JSON.parse(line)) as { Actor?: { ID?: unknown }; id?: unknown };
    return String(Actor?.ID ?? id ?? '');
  } catch {
    return '';
  }
}
