/**
 * What the kernel counts of one container, where the engine's containers run on this very system (Linux): processes that
 * were refused, processes that were ended for want of memory, and scratch directories that are full. Reads files of the
 * system that everybody may read; runs nothing inside, and believes nothing that the container says.
 */
import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The counts since the container began. */
export interface Counted {
  readonly refusedProcesses: number;
  readonly memoryKills: number;
  /** Those of the directories that have no room left now; empty also where that may not be known. */
  readonly full: readonly string[];
}

/** Gives the counts; null when the container has ended. Never rejects. */
export type ReadCounters = () => Promise<Counted | null>;

/** A container as its engine knows it. */
export interface CountedContainer {
  readonly id: string;
  /** The number of its first process, as its engine says. */
  readonly pid: number;
  /** Scratch directories, as paths inside. */
  readonly scratch: readonly string[];
}

const CGROUPS = '/sys/fs/cgroup';
/** Linux, `TMPFS_MAGIC`. */
const TMPFS = 0x01021994;

/** Null where the kernel's counts are not to be had: another system, another computer, a virtual machine. Never rejects. */
export async function openCounters({ id, pid, scratch }: CountedContainer): Promise<ReadCounters | null> {
  const groups = await groupsOf(id, pid);
  if (groups === null) return null;
  const read = async (): Promise<Counted | null> => {
    const [refused, kills, full] = await Promise.all([
      largest(groups.pids, 'pids.events', 'max'),
      groups.v2
        ? largest(groups.memory, 'memory.events', 'oom_kill')
        : largest(groups.memory, 'memory.oom_control', 'oom_kill'),
      fullOnes(pid, scratch),
    ]);
    return refused === null && kills === null
      ? null
      : { refusedProcesses: refused ?? 0, memoryKills: kills ?? 0, full };
  };
  return (await read()) === null ? null : read;
}

interface Groups {
  readonly v2: boolean;
  /** Directories, the innermost first. */
  readonly pids: readonly string[];
  readonly memory: readonly string[];
}

/** An engine elsewhere numbers its processes by itself: only a group that bears the container's name is the one that is meant. */
async function groupsOf(id: string, pid: number): Promise<Groups | null> {
  if (pid <= 0) return null;
  const text = await readFile(`/proc/${pid}/cgroup`, 'latin1').catch(() => '');
  const places = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (!path.includes(id) || path.split('/').includes('..')) continue;
    for (const controller of controllers.split(',')) {
      const root = controller === '' ? CGROUPS : join(CGROUPS, controllers);
      places.set(controller, upTo(id, join(root, path)));
    }
  }
  const [pids, memory, unified] = [places.get('pids'), places.get('memory'), places.get('')];
  if (pids !== undefined && memory !== undefined) return { v2: false, pids, memory };
  return unified === undefined ? null : { v2: true, pids: unified, memory: unified };
}

/** Some engines put a container's processes one group deeper than its limits. */
function upTo(id: string, path: string): readonly string[] {
  const found = [path];
  for (let above = dirname(path); above.includes(id); above = dirname(above)) found.push(above);
  return found;
}

async function largest(groups: readonly string[], file: string, key: string): Promise<number | null> {
  const counts = await Promise.all(
    groups.map(async (group) => {
      const text = await readFile(join(group, file), 'latin1').catch(() => '');
      const found = new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1];
      return found === undefined ? null : Number(found);
    }),
  );
  return counts.reduce((most, count) => (count === null ? most : Math.max(most ?? 0, count)), null);
}

/** Only sizes are asked for; where the system does not let us look, none is full. */
async function fullOnes(pid: number, scratch: readonly string[]): Promise<readonly string[]> {
  const looked = await Promise.all(
    scratch.map(async (path) => {
      const found = await statfs(`/proc/${pid}/root${path}`).catch(() => null);
      const full = found !== null && found.type === TMPFS && (found.bavail === 0 || found.ffree === 0);
      return full ? path : null;
    }),
  );
  return looked.filter((path) => path !== null);
}
