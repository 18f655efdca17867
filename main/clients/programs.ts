/**
 * The programs of clients that write their settings file while they run, so that a change of ours would be lost: whether one
 * runs, asking it to quit, and opening it again. It is asked, never killed. Holds nothing open.
 */
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { ClientSpec } from './spec.ts';
import { findCommand, layoutOf, type System } from './system.ts';

/** How long one may take to end once it was asked. Milliseconds. */
const QUIT_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 100;
/** How long a tool of the system may take. Milliseconds. */
const TOOL_WITHIN_MS = 10_000;

/** See above. For a client whose program is not known, nothing runs and nothing is done. */
export interface Programs {
  /** Null where that cannot be told. */
  isRunning(spec: ClientSpec): Promise<boolean | null>;
  /** Asks it to quit, and waits for it. @throws GatehouseError `clients.still_running` */
  quit(spec: ClientSpec): Promise<void>;
  /** Opens it, in the background of ours. @throws GatehouseError `clients.not_opened` */
  open(spec: ClientSpec): Promise<void>;
}

/** Runs a tool of the system to its end; null when it cannot be run. */
export type RunTool = (
  file: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly out: string } | null>;

/** What it needs. */
export interface ProgramDeps {
  readonly system: System;
  readonly clock: Clock;
  readonly run?: RunTool;
  /** Starts a program that outlives us; false when it cannot be started. */
  readonly start?: (file: string, args: readonly string[]) => Promise<boolean>;
  /** Where Linux keeps its processes. */
  readonly proc?: string;
}

export function openPrograms(deps: ProgramDeps): Programs {
  const { system, clock, run = runTool, start = startProgram, proc = '/proc' } = deps;
  const layout = layoutOf(system);

  const isRunning = async (spec: ClientSpec): Promise<boolean | null> => {
    const name = spec.program?.[layout];
    if (name === undefined) return null;
    switch (layout) {
      case 'linux':
        return processesOf(name, proc).length > 0;
      case 'darwin':
        return codeIs(await run('/usr/bin/pgrep', ['-x', name]), 0);
      case 'win32': {
        const answer = await run('tasklist', ['/FI', `IMAGENAME eq ${name}`, '/FO', 'CSV', '/NH']);
        return answer === null ? null : answer.out.toLowerCase().includes(`"${name.toLowerCase()}"`);
      }
    }
  };
  const ask = async (name: string): Promise<void> => {
    switch (layout) {
      case 'linux':
        for (const pid of processesOf(name, proc)) signal(pid);
        return;
      case 'darwin':
        await run('/usr/bin/osascript', ['-e', `tell application ${JSON.stringify(name)} to quit`]);
        return;
      case 'win32':
        // Without /F it is a request to its windows.
        await run('taskkill', ['/IM', name]);
        return;
    }
  };
  return {
    isRunning,
    async quit(spec) {
      const name = spec.program?.[layout];
      if (name === undefined) return;
      const end = clock.now() + QUIT_WITHIN_MS;
      if ((await isRunning(spec)) !== true) return;
      await ask(name);
      // No system tells the end of a program that is not our child.
      while ((await isRunning(spec)) === true) {
        if (clock.now() > end) throw stillRunning(spec);
        await new Promise<void>((resolve) => void clock.after(LOOK_AGAIN_MS, resolve));
      }
    },
    async open(spec) {
      const name = spec.program?.[layout];
      if (name === undefined) return;
      const [file, args] = opener(spec, name, system);
      if (file === null || !(await start(file, args))) throw notOpened(spec);
    },
  };
}

function opener(
  spec: ClientSpec,
  name: string,
  system: System,
): readonly [file: string | null, args: readonly string[]] {
  switch (layoutOf(system)) {
    case 'linux': {
      const found = spec.commands.map((command) => findCommand(command, system)).find((one) => one !== null);
      return [found ?? null, []];
    }
    case 'darwin':
      return ['/usr/bin/open', ['-a', name]];
    case 'win32': {
      const local = system.env.LOCALAPPDATA ?? join(system.home, 'AppData', 'Local');
      const family = namesIn(join(local, 'Packages')).find((one) => one.startsWith('Claude_'));
      return family === undefined
        ? [join(local, 'AnthropicClaude', name), []]
        : ['explorer.exe', [`shell:AppsFolder\\${family}!Claude`]];
    }
  }
}

/** This user's processes of a program, without those that it has started for itself. */
function processesOf(name: string, proc: string): readonly number[] {
  const own = process.getuid?.();
  return namesIn(proc)
    .filter((one) => /^\d+$/.test(one))
    .filter((one) => {
      try {
        if (statSync(join(proc, one)).uid !== own) return false;
        const [first = '', second = '', ...rest] = readFileSync(join(proc, one, 'cmdline'), 'utf8').split(
          '\0',
        );
        // A script is the second word, after what runs it.
        const isIt = basename(first) === name || basename(second) === name;
        return isIt && ![second, ...rest].some((arg) => arg.startsWith('--type='));
      } catch {
        return false;
      }
    })
    .map(Number);
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function codeIs(answer: { readonly code: number } | null, code: number): boolean | null {
  return answer === null ? null : answer.code === code;
}

function runTool(
  file: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly out: string } | null> {
  return new Promise((resolve) => {
    execFile(file, [...args], { timeout: TOOL_WITHIN_MS, windowsHide: true }, (error, out) => {
      if (error === null) resolve({ code: 0, out });
      else resolve(typeof error.code === 'number' ? { code: error.code, out } : null);
    });
  });
}

function startProgram(file: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(file, [...args], { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function stillRunning({ label }: ClientSpec): GatehouseError {
  return new GatehouseError({
    code: 'clients.still_running',
    message: '{client} was asked to quit, but still runs; nothing was changed.',
    remedy: 'Quit {client} yourself, also where it sits in the tray, and connect again.',
    values: { client: label },
  });
}

function notOpened({ label }: ClientSpec): GatehouseError {
  return new GatehouseError({
    code: 'clients.not_opened',
    message: 'The change was made, but {client} could not be opened again.',
    remedy: 'Open {client} yourself.',
    values: { client: label },
  });
}
