/**
 * A server's process with everything it starts: its own process group, ended as a whole. Stops in three steps: its
 * input ends, then SIGTERM, then SIGKILL, each with its time. On Linux what has left the group is ended after that.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Clock } from '../protocol/clock.ts';
import { within } from '../protocol/within.ts';
import { findCommand } from './commands.ts';
import { watchDescendants } from './descendants.ts';
import { DRAIN_MS, endOf } from './draining.ts';
import type { ExitInfo, ProcessNotes, ProcessSpec, ServerProcess, StopBudget } from './ports.ts';
import { badArguments, commandNotFound, spawnError } from './spawn-errors.ts';
import { type SpawnCommand, windowsCommand } from './windows-command.ts';

/**
 * Gives servers time to save their work, and bounds quitting at 19 s in all, and a second more where something has left its
 * group.
 */
export const STOP_BUDGET: StopBudget = { graceMs: 10_000, termMs: 9_000 };

/**
 * Starts the process as leader of its own group (on Windows: with its own process tree), after what `notes` knows of the
 * last run has ended. Rejects with `upstream.command_not_found`, `upstream.runtime_missing`, `upstream.bad_directory`,
 * `upstream.not_executable` or `upstream.spawn_failed`.
 */
export async function startProcess(
  spec: ProcessSpec,
  clock: Clock,
  notes?: ProcessNotes,
): Promise<ServerProcess> {
  // What is left of the last run may hold the same file or port.
  await notes?.ended;
  const windows = process.platform === 'win32';
  const { file, args, verbatim } = windows
    ? onWindows(spec)
    : { ...spec, file: spec.command, verbatim: false };
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(file, [...args], {
      cwd: spec.cwd ?? undefined,
      env: spec.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: !windows,
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
  } catch (error) {
    // Some refusals of the system come at once.
    throw spawnError(spec, error as NodeJS.ErrnoException);
  }
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
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    stop: (budget = STOP_BUDGET) => {
      stopping ??= stopGroup(child, pid, exited, budget, clock).finally(() => notes?.remove(pid));
      return stopping;
    },
  };
}

function onWindows(spec: ProcessSpec): SpawnCommand {
  const path = findCommand(spec);
  if (path === null) throw commandNotFound(spec);
  const command = windowsCommand(path, spec.args, spec.env);
  if (command === null) throw badArguments(spec.command);
  return command;
}

async function stopGroup(
  child: ChildProcessWithoutNullStreams,
  pid: number,
  exited: Promise<ExitInfo>,
  budget: StopBudget,
  clock: Clock,
): Promise<void> {
  const started = watchDescendants(pid, clock);
  // Once it has ended, nothing tells any more what was its child, and its id may be another's.
  if (child.exitCode === null && child.signalCode === null) started.look();
  child.stdin.end();
  if (!(await within(exited, budget.graceMs, clock))) {
    started.look();
    signalGroup(pid, 'SIGTERM');
    if (!(await within(exited, budget.termMs, clock))) {
      started.look();
      signalGroup(pid, 'SIGKILL');
      await within(exited, 2_000, clock);
    }
  }
  // The leader is gone; whatever it left behind in its group goes too, and its last words are heard.
  signalGroup(pid, 'SIGKILL');
  await Promise.all([started.end(), within(endOf(child.stdout, child.stderr), DRAIN_MS, clock)]);
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
