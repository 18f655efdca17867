/**
 * A server's process with everything it starts: its own process group, ended as a whole. Stops in three steps: its
 * input ends, then SIGTERM, then SIGKILL, each with its time.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { ProcessNotes, ProcessSpec } from './ports.ts';

/** Milliseconds a server has to end by itself after its input ended, and then after SIGTERM. */
export interface StopBudget {
  readonly graceMs: number;
  readonly termMs: number;
}

/** Gives servers time to save their work, and bounds quitting at 19 s in all. */
export const STOP_BUDGET: StopBudget = { graceMs: 10_000, termMs: 9_000 };

/** How a process ended. */
export interface ExitInfo {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running server process. */
export interface ServerProcess {
  readonly pid: number;
  readonly child: ChildProcessWithoutNullStreams;
  /** Settles when the process itself has ended. Never rejects. */
  readonly exited: Promise<ExitInfo>;
  /** Ends the whole group within the budget. Idempotent; never rejects. */
  stop(budget?: StopBudget): Promise<void>;
}

/**
 * Starts the process as leader of its own group (on Windows: with its own process tree), after what `notes` knows of the
 * last run has ended. Rejects with `upstream.command_not_found`, `upstream.bad_directory`, `upstream.not_executable` or
 * `upstream.spawn_failed`.
 */
export async function startProcess(
  spec: ProcessSpec,
  clock: Clock,
  notes?: ProcessNotes,
): Promise<ServerProcess> {
  // What is left of the last run may hold the same file or port.
  await notes?.ended;
  const windows = process.platform === 'win32';
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd ?? undefined,
    env: spec.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: !windows,
    windowsHide: true,
    // npx, uvx and the like are .cmd files there, which only a shell can start.
    shell: windows && !/\.(exe|com)$/i.test(spec.command),
  });
  const exited = new Promise<ExitInfo>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: NodeJS.ErrnoException) => reject(spawnError(spec, cause)));
  });
  const pid = child.pid;
  if (pid === undefined) throw spawnError(spec, new Error('no process id'));
  // A server that ends early breaks its pipe; the exit tells it, the pipe error says nothing more.
  child.stdin.on('error', () => undefined);
  notes?.add(pid);
  let stopping: Promise<void> | null = null;
  return {
    pid,
    child,
    exited,
    stop: (budget = STOP_BUDGET) => {
      stopping ??= stopGroup(child, pid, exited, budget, clock).finally(() => notes?.remove(pid));
      return stopping;
    },
  };
}

async function stopGroup(
  child: ChildProcessWithoutNullStreams,
  pid: number,
  exited: Promise<ExitInfo>,
  budget: StopBudget,
  clock: Clock,
): Promise<void> {
  child.stdin.end();
  if (!(await within(exited, budget.graceMs, clock))) {
    signalGroup(pid, 'SIGTERM');
    if (!(await within(exited, budget.termMs, clock))) {
      signalGroup(pid, 'SIGKILL');
      await within(exited, 2_000, clock);
    }
  }
  // The leader is gone; whatever it left behind in its group goes too.
  signalGroup(pid, 'SIGKILL');
  child.stdout.destroy();
  child.stderr.destroy();
  child.stdin.destroy();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') {
      spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).unref();
    } else {
      process.kill(-pid, signal);
    }
  } catch {
    // ESRCH: nobody left in the group, which is what we want.
  }
}

function within(done: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false));
    void done.then(() => {
      cancel();
      resolve(true);
    });
  });
}

function spawnError(spec: ProcessSpec, cause: NodeJS.ErrnoException | Error): GatehouseError {
  const errno = 'code' in cause ? cause.code : undefined;
  // The system reports a missing directory as a missing command.
  if (errno === 'ENOENT' && spec.cwd !== null && !existsSync(spec.cwd)) {
    return badDirectory(spec.cwd, cause);
  }
  switch (errno) {
    case 'ENOENT':
      return new GatehouseError({
        code: 'upstream.command_not_found',
        message: `The command "${spec.command}" was not found.`,
        remedy: 'Install it, or give its full path; the app sees the PATH of your login session.',
        cause,
      });
    case 'EACCES':
      return new GatehouseError({
        code: 'upstream.not_executable',
        message: `The command "${spec.command}" may not be executed.`,
        remedy: 'Make the file executable, or name the program that runs it.',
        cause,
      });
    case 'ENOTDIR':
      return badDirectory(spec.cwd ?? '', cause);
    default:
      return new GatehouseError({
        code: 'upstream.spawn_failed',
        message: `The command "${spec.command}" could not be started (${errno ?? cause.message}).`,
        remedy: 'Try the same command in a terminal; its own error tells more.',
        cause,
      });
  }
}

function badDirectory(cwd: string, cause: Error): GatehouseError {
  return new GatehouseError({
    code: 'upstream.bad_directory',
    message: `The working directory "${cwd}" does not exist.`,
    remedy: 'Create it, or correct "cwd" in the configuration.',
    cause,
  });
}
