/**
 * Signals everything that was started in a terminal. A shell puts each job into a process group of its own, but all of them
 * stay in the session that the shell leads. Holds nothing open.
 */
import { readdir, readFile } from 'node:fs/promises';

/** Where Linux tells about its processes. */
const PROC = '/proc';

/**
 * Sends `signal` to all processes of the session that `leader` leads. Where the system does not tell who that is, the
 * leader's own group gets it; what else there is hears the end of the terminal.
 */
export async function signalSession(leader: number, signal: NodeJS.Signals): Promise<void> {
  for (const pid of await membersOf(leader)) send(pid, signal);
  send(-leader, signal);
}

/** The processes of a session; none where the system does not tell. */
export async function membersOf(leader: number): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  const names = await readdir(PROC).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const stat = await readFile(`${PROC}/${name}/stat`, 'utf8').catch(() => '');
        return sessionIn(stat) === leader ? Number(name) : null;
      }),
  );
  return found.filter((pid) => pid !== null);
}

/** The session in a line of `/proc/PID/stat`: the program's name in it may hold anything, parentheses too. */
export function sessionIn(stat: string): number | null {
  const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended already.
  return state === undefined || state === 'Z' || session === undefined ? null : Number(session);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it has ended meanwhile.
  }
}
