/**
 * The process groups of running servers, noted in a file, so that what a kill of Gatehouse left behind is ended at its
 * next start: by the group's id, the moment at which its leader began, and the boot of the system, never by a name.
 * Where processes have no groups (Windows), nothing is noted. Holds nothing open.
 */
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import type { Clock } from '../protocol/clock.ts';
import { problemOf } from '../protocol/error.ts';
import type { ProcessNotes } from './ports.ts';
import { type ProcessTable, systemProcesses } from './process-table.ts';

/** Milliseconds that what was left behind has after SIGTERM, and how often it is looked at. */
const TERM_MS = 2_000;
const LOOK_MS = 50;
/** A file of ours is far smaller; a larger one is not read. */
const MAX_GROUPS = 10_000;

/** One noted group. */
interface Group {
  /** The id of the group and of its leader. */
  readonly pid: number;
  /** When the leader began, as the system says it. */
  readonly began: string;
}

/** What notes the groups. */
export interface Orphans extends ProcessNotes {
  /** Waits for a write under way. Idempotent; never rejects. */
  close(): Promise<void>;
}

/** What it needs. */
export interface OrphansOptions {
  /** Absolute path; its directory exists and belongs to this run alone. */
  readonly file: string;
  readonly clock: Clock;
  readonly log: { warn(fields: object, text: string): void };
  readonly processes?: ProcessTable;
}

/** Begins to end what the file names, and notes from now on. A file that cannot be read or written is only logged. */
export function openOrphans({ file, clock, log, processes = systemProcesses }: OrphansOptions): Orphans {
  const groups = new Map<number, Group>();
  const running = new Set<number>();
  let boot: string | null = null;
  let writing: Promise<void> = Promise.resolve();
  let dirty = false;

  const write = (): void => {
    if (dirty || boot === null) return;
    dirty = true;
    // What changes while a write is under way goes into the next one.
    writing = writing.then(async () => {
      dirty = false;
      try {
        const text = `${JSON.stringify({ boot, groups: [...groups.values()] })}\n`;
        await writeFileAtomic(file, text, { mode: 0o600, fsync: false });
      } catch (error) {
        log.warn({ code: problemOf(error).code }, 'running servers not noted');
      }
    });
  };
  const sameAsNoted = async ({ pid, began }: Group): Promise<boolean> =>
    (await processes.leaderBegan(pid)) === began;
  const end = async (group: Group): Promise<void> => {
    if (await sameAsNoted(group)) {
      log.warn({ pid: group.pid }, 'a server of the last run is still there and is ended');
      processes.signal(group.pid, 'SIGTERM');
      const deadline = clock.now() + TERM_MS;
      while (clock.now() < deadline && (await sameAsNoted(group))) await pause(LOOK_MS, clock);
      // Whoever of the group does not hear SIGTERM; after the leader has gone, its id is the group's for as long as one is left.
      processes.signal(group.pid, 'SIGKILL');
    }
    groups.delete(group.pid);
  };
  const endAll = async (): Promise<void> => {
    boot = await processes.boot();
    if (boot === null) return;
    const noted = readNotes(await readFile(file, 'utf8').catch(() => ''), boot);
    for (const group of noted) groups.set(group.pid, group);
    await Promise.all(noted.map(end));
    if (noted.length > 0) write();
  };
  const ended = endAll().catch((error: unknown) => {
    log.warn({ code: problemOf(error).code }, 'what the last run left behind could not be looked at');
  });

  return {
    ended,
    add(pid) {
      running.add(pid);
      void processes.leaderBegan(pid).then((began) => {
        if (began === null || !running.has(pid)) return;
        groups.set(pid, { pid, began });
        write();
      });
    },
    remove(pid) {
      running.delete(pid);
      if (groups.delete(pid)) write();
    },
    async close() {
      await ended;
      await writing;
    },
  };
}

/** What the file says of this boot; a damaged file says nothing. */
function readNotes(text: string, boot: string): Group[] {
  let notes: { boot?: unknown; groups?: unknown };
  try {
    notes = Object(JSON.parse(text)) as typeof notes;
  } catch {
    return [];
  }
  if (notes.boot !== boot || !Array.isArray(notes.groups)) return [];
  return notes.groups.filter(isGroup).slice(0, MAX_GROUPS);
}

/** Ids below 2 mean other things to the system than a group of ours. */
function isGroup(value: unknown): value is Group {
  const { pid, began } = Object(value) as { pid?: unknown; began?: unknown };
  return Number.isSafeInteger(pid) && Number(pid) > 1 && typeof began === 'string' && began !== '';
}

function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
