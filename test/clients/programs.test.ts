/** Programs that must quit before their file is changed: real ones here, and the tools of the other systems by their words. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Clients } from '../../main/clients/clients.ts';
import { specOf } from '../../main/clients/clients.ts';
import { openPrograms, type RunTool } from '../../main/clients/programs.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { type Home, makeHome } from './home.ts';

const CLAUDE = '.config/Claude/claude_desktop_config.json';
const spec = specOf('claude-desktop');

let home: Home;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

/** A program of that name that runs until it is asked to quit; `quitting` is what it does then. */
async function run(quitting = 'process.exit(0)'): Promise<ChildProcess> {
  const program = join(home.dir, 'bin', 'claude-desktop');
  mkdirSync(join(home.dir, 'bin'), { recursive: true });
  const text = `#!${process.execPath}\nprocess.on('SIGTERM', () => { ${quitting} });\nrequire('fs').writeFileSync(${JSON.stringify(join(home.dir, 'started'))}, String(process.pid));\nsetInterval(() => {}, 1000);\n`;
  writeFileSync(program, text);
  chmodSync(program, 0o755);
  const child = spawn(program, [], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await vi.waitFor(() => expect(existsSync(join(home.dir, 'started'))).toBe(true), 5_000);
  return child;
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

describe.runIf(process.platform === 'linux')('a real program', () => {
  const opened: string[][] = [];
  const open = async (): Promise<Clients> => {
    opened.length = 0;
    return home.open({
      programs: openPrograms({
        system: home.system,
        clock: systemClock,
        start: async (file, args) => {
          opened.push([file, ...args]);
          return true;
        },
      }),
    });
  };
  const asked = { action: 'connect', client: 'claude-desktop' } as const;

  it('is closed first and opened again, and the entry is there', async () => {
    home.write(CLAUDE, '{}\n');
    const child = await run();
    const clients = await open();
    try {
      const preview = await clients.preview(asked);
      expect(preview.running).toBe(true);
      expect(await clients.apply(asked, preview.hash, true)).toBe(true);
      expect(ended(child)).toBe(true);
      expect(opened).toEqual([[join(home.dir, 'bin', 'claude-desktop')]]);
      expect(home.read(CLAUDE).toString()).toContain('gatehouse');
      expect((await clients.preview(asked)).running).toBe(false);
    } finally {
      await clients.close();
    }
  });

  it('that writes its file as it quits: nothing of that is lost, and the new difference has to be looked at', async () => {
    const file = home.write(CLAUDE, '{}\n');
    const theirs = '{ "theme": "dark" }\n';
    await run(
      `require('fs').writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(theirs)}); process.exit(0)`,
    );
    const clients = await open();
    try {
      const { hash } = await clients.preview(asked);
      await expect(clients.apply(asked, hash, true)).rejects.toMatchObject({
        code: 'clients.changed_meanwhile',
      });
      expect([readFileSync(file, 'utf8'), opened]).toEqual([theirs, []]);
      const again = await clients.preview(asked);
      expect(again.running).toBe(false);
      expect(await clients.apply(asked, again.hash, true)).toBe(true);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ theme: 'dark' });
      expect(opened).toHaveLength(1);
    } finally {
      await clients.close();
    }
  });

  it('is left alone when the file is not the one that was shown', async () => {
    home.write(CLAUDE, '{}\n');
    const child = await run();
    const clients = await open();
    try {
      await expect(clients.apply(asked, 'another', true)).rejects.toMatchObject({
        code: 'clients.changed_meanwhile',
      });
      expect(ended(child)).toBe(false);
    } finally {
      await clients.close();
    }
  });
});

describe('the tools of other systems', () => {
  const clock = systemClock;
  const calls: string[][] = [];
  const tools =
    (answers: (line: string) => { code: number; out: string } | null): RunTool =>
    async (file, args) => {
      calls.push([file, ...args]);
      return answers([file, ...args].join(' '));
    };
  beforeEach(() => {
    calls.length = 0;
  });

  it('macOS: asks the app itself to quit, and opens it by its name', async () => {
    let runs = true;
    const run = tools((line) => {
      if (line.includes('osascript')) runs = false;
      return { code: line.includes('pgrep') && !runs ? 1 : 0, out: '' };
    });
    const started: string[][] = [];
    const programs = openPrograms({
      system: { platform: 'darwin', home: '/Users/a', env: {} },
      clock,
      run,
      start: async (file, args) => void started.push([file, ...args]) === undefined,
    });
    expect(await programs.isRunning(spec)).toBe(true);
    await programs.quit(spec);
    await programs.open(spec);
    expect(calls.at(-2)).toEqual(['/usr/bin/osascript', '-e', 'tell application "Claude" to quit']);
    expect(started).toEqual([['/usr/bin/open', '-a', 'Claude']]);
  });

  it('Windows: asks without force, tells its own from others, and opens the packaged app by its family', async () => {
    let runs = true;
    const run = tools((line) => {
      if (line.startsWith('taskkill')) runs = false;
      return { code: 0, out: runs ? '"Claude.exe","42","Console","1","10 K"' : 'INFO: No tasks are running' };
    });
    const local = join(home.dir, 'local');
    mkdirSync(join(local, 'Packages', 'Claude_abc123'), { recursive: true });
    const started: string[][] = [];
    const programs = openPrograms({
      system: { platform: 'win32', home: home.dir, env: { LOCALAPPDATA: local } },
      clock,
      run,
      start: async (file, args) => void started.push([file, ...args]) === undefined,
    });
    await programs.quit(spec);
    await programs.open(spec);
    expect(calls).toContainEqual(['taskkill', '/IM', 'claude.exe']);
    expect(calls.flat()).not.toContain('/F');
    expect(started).toEqual([['explorer.exe', 'shell:AppsFolder\\Claude_abc123!Claude']]);
  });

  it('one that does not quit is not killed, and nothing is written', async () => {
    let now = 0;
    const programs = openPrograms({
      system: { platform: 'darwin', home: '/Users/a', env: {} },
      clock: {
        now: () => now,
        after: (ms, then) => {
          now += ms;
          queueMicrotask(then);
          return () => undefined;
        },
      },
      run: tools(() => ({ code: 0, out: '' })),
    });
    await expect(programs.quit(spec)).rejects.toMatchObject({ code: 'clients.still_running' });
    expect(now).toBeGreaterThanOrEqual(15_000);
  });

  it('where a tool cannot be run, or the client needs none of it, nothing is known', async () => {
    const system = { platform: 'win32', home: 'C:\\', env: {} } as const;
    const programs = openPrograms({ system, clock, run: async () => null });
    expect([await programs.isRunning(spec), await programs.isRunning(specOf('cursor'))]).toEqual([
      null,
      null,
    ]);
  });
});

describe('an entry that goes', () => {
  it('is told at once, is never put back by itself, and how often it was repaired is known', async () => {
    const file = home.write(CLAUDE, '{}\n');
    let told = 0;
    const clients = await home.open({ changed: () => void told++ });
    const asked = { action: 'connect', client: 'claude-desktop' } as const;
    const of = async () => (await clients.list(true)).find(({ id }) => id === 'claude-desktop');
    try {
      await clients.apply(asked, (await clients.preview(asked)).hash);
      expect(await of()).toMatchObject({ state: 'waiting', present: true, repaired: 0 });
      const before = told;
      writeFileSync(file, '{}\n');
      await vi.waitFor(() => expect(told).toBeGreaterThan(before), 5_000);
      expect(await of()).toMatchObject({ state: 'gone', present: false });
      expect(readFileSync(file, 'utf8')).toBe('{}\n');
      await clients.apply(asked, (await clients.preview(asked)).hash);
      expect(await of()).toMatchObject({ state: 'waiting', repaired: 1 });
      // Connecting what is there is no repair.
      await clients.apply(asked, (await clients.preview(asked)).hash);
      expect(await of()).toMatchObject({ repaired: 1 });
    } finally {
      await clients.close();
    }
  });
});
