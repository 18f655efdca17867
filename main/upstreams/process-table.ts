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

const linux: Pick<ProcessTable, 'boot' | 'leaderBegan'> = {
  boot: async () => (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim(),
  async leaderBegan(pid) {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
      // The name in parentheses may hold anything; fields from the third on come after it (proc(5)).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [state, , group] = fields;
      return state === 'Z' || state === 'X' || group !== String(pid) ? null : (fields[19] ?? null);
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
