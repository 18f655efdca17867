/**
 * What the system knows of processes: which boot this is, when the leader of a group began, and signals to groups. Reads
 * /proc on Linux and asks `ps` elsewhere; Windows has no groups.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** See above. */
export interface ProcessTable {
  /** A name of this boot of the system; null where groups cannot be told apart. */
  boot(): Promise<string | null>;
  /** When this process began, as an opaque text; null when it has ended or leads no group. Never rejects. */
  leaderBegan(pid: number): Promise<string | null>;
  /** Signals the whole group; nothing happens when it is gone or another user's. */
  signal(pid: number, signal: NodeJS.Signals): void;
}

/** What Linux says of one process. */
export interface ProcessStat {
  readonly parent: number;
  readonly group: number;
  /** When it began, in clock ticks since the boot. */
  readonly began: string;
}

/** Reads the text of /proc/PID/stat (proc(5)); null for a process that has ended. */
export function readStat(text: string): ProcessStat | null {
  // The name in parentheses may hold anything; fields from the third on come after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  if (state === 'Z' || state === 'X') return null;
  return { parent: Number(parent), group: Number(group), began: fields[19] ?? '' };
}

const linux: Pick<ProcessTable, 'boot' | 'leaderBegan'> = {
  boot: async () => (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim(),
  async leaderBegan(pid) {
    try {
      const stat = readStat(await readFile(`/proc/${pid}/stat`, 'latin1'));
      return stat?.group === pid ? stat.began : null;
    } catch {
      return null;
    }
  },
};

const otherUnix: Pick<ProcessTable, 'boot' | 'leaderBegan'> = {
  boot: async () => (await output('sysctl', ['-n', 'kern.boottime'])) ?? 'unknown',
  async leaderBegan(pid) {
    const line = await output('ps', ['-o', 'pgid=,stat=,lstart=', '-p', String(pid)]);
    const [group, state, ...began] = (line ?? '').split(/\s+/);
    return group !== String(pid) || state === undefined || state.startsWith('Z') ? null : began.join(' ');
  },
};

const windows: Pick<ProcessTable, 'boot' | 'leaderBegan'> = {
  boot: async () => null,
  leaderBegan: async () => null,
};

/** The table of this system. */
export const systemProcesses: ProcessTable = {
  ...(process.platform === 'linux' ? linux : process.platform === 'win32' ? windows : otherUnix),
  signal(pid, signal) {
    try {
      process.kill(-pid, signal);
    } catch {
      // ESRCH: it is gone. EPERM: it is nobody of ours.
    }
  },
};

function output(command: string, args: readonly string[]): Promise<string | null> {
  const env = { PATH: '/bin:/usr/bin:/sbin:/usr/sbin', LC_ALL: 'C' };
  return new Promise((resolve) => {
    execFile(command, [...args], { env, timeout: 5_000 }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : null),
    );
  });
}
