/**
 * The built app under Playwright, each with a home, a data dir and a port of its own.
 *
 * It is started hidden and its window is called afterwards, through the app's own `activate`: about one time in thirty
 * Playwright's launcher hangs for good when it attaches while the first page is being made (the app itself runs on).
 * The one test that wants a plain start, with its window, uses `startPlain`, where the launcher is
 * given another try.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Desktop } from '../host/desktop.ts';
import { electronLaunch } from '../host/electron.ts';
import { waitFor } from './wait.ts';

/** The ready line of the launcher contract. */
export interface Ready {
  readonly event: 'ready';
  readonly endpoint: string;
  readonly pid: number;
  readonly version: string;
}

/** How to start. */
export interface AppSettings {
  /** `mcpServers` of its configuration. */
  readonly servers?: Readonly<Record<string, object>>;
  /** The whole text of its configuration instead; null for none, as on a first start. */
  readonly config?: string | null;
  /** False leaves the address to the configuration. */
  readonly listen?: boolean;
  readonly args?: readonly string[];
  /** Added to the desktop's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** False leaves the window unmade. */
  readonly window?: boolean;
  /** False does not wait for the ready line, for a core that cannot start yet. */
  readonly ready?: boolean;
}

/** A place where one app keeps its things, before and after it runs. */
export interface Home {
  readonly folder: string;
  readonly dataDir: string;
  readonly configFile: string;
  readonly env: Record<string, string>;
  /** The command line, as a user would give it. */
  readonly args: readonly string[];
  /** Executable with the arguments that this machine needs. */
  readonly executable: string;
  /** Where its standard output goes. */
  readonly outFile: string;
  readonly out: () => string;
}

/** A running app. */
export interface RunningApp extends Home {
  readonly app: ElectronApplication;
  /** The main window's page. */
  readonly page: Page;
  /** Waits for the ready line. */
  ready(): Promise<Ready>;
  /** Waits for the process to end; gives its exit code or the signal. */
  exited(timeoutMs?: number): Promise<number | string>;
  /** Quits it in good order and keeps its folder. */
  quit(): Promise<void>;
  /** Ends it, however, and removes its folder. */
  close(): Promise<void>;
}

/** Makes the folder, the configuration and the command line, and starts nothing. */
export function makeHome(desktop: Desktop, settings: AppSettings = {}): Home {
  const folder = mkdtempSync(join(desktop.env.TMPDIR ?? '/tmp', 'app-'));
  const dataDir = join(folder, 'data');
  const home = join(folder, 'home');
  mkdirSync(dataDir);
  mkdirSync(home);
  const configFile = join(dataDir, 'config.json');
  if (settings.config !== null) {
    writeFileSync(
      configFile,
      settings.config ?? JSON.stringify({ mcpServers: settings.servers ?? {} }, null, 2),
    );
  }
  const listen = settings.listen === false ? [] : ['--listen', '127.0.0.1:0'];
  const launch = electronLaunch();
  const outFile = join(folder, 'stdout');
  const executable = join(folder, 'start');
  // Standard output goes to a file, so that the ready line is there however late somebody asks.
  writeFileSync(executable, `#!/bin/sh\nexec '${launch.executablePath}' "$@" >>'${outFile}'\n`);
  chmodSync(executable, 0o755);
  const env = { ...desktop.env, HOME: home };
  for (const [name, value] of Object.entries(settings.env ?? {})) {
    if (value === undefined) {
      Reflect.deleteProperty(env, name);
    } else {
      Object.assign(env, { [name]: value });
    }
  }
  return {
    folder,
    dataDir,
    configFile,
    env,
    args: [...launch.args, '--data-dir', dataDir, ...listen, ...(settings.args ?? [])],
    executable,
    outFile,
    out: () => readText(outFile),
  };
}

/** Starts the app and, unless told otherwise, shows its window. */
export async function startApp(desktop: Desktop, settings: AppSettings = {}): Promise<RunningApp> {
  const home = makeHome(desktop, settings);
  const running = await attach(home, await launch(home, ['--hidden']));
  try {
    if (settings.ready ?? true) {
      await running.ready();
    }
    if (settings.window ?? true) {
      await openWindow(running.app);
    }
    return running;
  } catch (error) {
    await running.close();
    throw error;
  }
}

/** Starts the app once more in the home of one that has ended; hidden. */
export async function startAgain(before: Home): Promise<RunningApp> {
  writeFileSync(before.outFile, '');
  const { folder, dataDir, configFile, env, args, executable, outFile, out } = before;
  const home: Home = { folder, dataDir, configFile, env, args, executable, outFile, out };
  const running = attach(home, await launch(home, ['--hidden']));
  await running.ready();
  return running;
}

/** Starts the app as a user does, with its window; gives the time when the successful start began. */
export async function startPlain(desktop: Desktop, settings: AppSettings): Promise<[RunningApp, number]> {
  for (let left = 3; ; left -= 1) {
    const home = makeHome(desktop, settings);
    const begun = Date.now();
    try {
      return [await attach(home, await launch(home, [], 5000)), begun];
    } catch (error) {
      if (left === 0 || !String(error).includes('electron.launch: Timeout')) {
        throw error;
      }
    }
  }
}

// The theme is the app's own: Playwright would otherwise hold every page to the light one.
function launch(home: Home, args: readonly string[], timeout = 20_000): Promise<ElectronApplication> {
  const { executable: executablePath, env } = home;
  return _electron.launch({ executablePath, args: [...home.args, ...args], env, timeout, colorScheme: null });
}

function attach(home: Home, app: ElectronApplication): RunningApp {
  const child = app.process();
  let ended: number | string | null = null;
  child.once('exit', (code, signal) => {
    ended = signal ?? code;
  });
  return {
    ...home,
    app,
    get page() {
      const page = pageIn(app, 'index.html') ?? app.windows()[0];
      if (page === undefined) {
        throw new Error('this app has no window yet');
      }
      return page;
    },
    ready: () => waitFor('the ready line', () => readyLine(home.out()), 15_000),
    exited: (timeoutMs = 10_000) =>
      waitFor('the end of the app', () => (ended === null ? null : { ended }), timeoutMs).then(
        (each) => each.ended,
      ),
    quit: () => app.close(),
    async close() {
      if (ended === null) {
        await Promise.race([app.close(), new Promise((resolve) => setTimeout(resolve, 8000).unref())]);
        child.kill('SIGKILL');
      }
      rmSync(home.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

const pageIn = (app: ElectronApplication, file: string): Page | undefined =>
  app.windows().find((each) => each.url().includes(`/${file}`));

/**
 * The page of the app at that file, loaded. The window's is there a while after a start in the tray, wanted or not: so
 * whether it is wanted is told by whether it can be seen.
 */
export async function pageAt(app: ElectronApplication, file: 'index.html' | 'popover.html'): Promise<Page> {
  const page = await waitFor(`the page ${file}`, () => pageIn(app, file) ?? null);
  await page.waitForLoadState('load');
  return page;
}

/** Whether the page at that file is on screen. */
export function shows(app: ElectronApplication, file: 'index.html' | 'popover.html'): Promise<boolean> {
  return app.evaluate(
    ({ BrowserWindow }, end) =>
      BrowserWindow.getAllWindows().some(
        (each) => each.isVisible() && each.webContents.getURL().includes(end),
      ),
    `/${file}`,
  );
}

/** Calls the window as the Dock does; gives its page once that is shown. */
export async function openWindow(app: ElectronApplication): Promise<Page> {
  await app.evaluate(({ app: electronApp }) => {
    electronApp.emit('activate');
  });
  const page = await pageAt(app, 'index.html');
  await waitFor('the window', () => shows(app, 'index.html'));
  return page;
}

/** Whether the main window is on screen. */
export function windowVisible(app: ElectronApplication): Promise<boolean> {
  return shows(app, 'index.html');
}

/** Closes the main window as its frame's button does. */
export function closeWindow(app: ElectronApplication): Promise<void> {
  return app.evaluate(({ BrowserWindow }) => {
    for (const each of BrowserWindow.getAllWindows()) {
      each.close();
    }
  });
}

/** The first ready line in what was written, or null. */
export function readyLine(text: string): Ready | null {
  const line = text.split('\n').find((each) => each.includes('"event":"ready"'));
  return line === undefined ? null : (JSON.parse(line) as Ready);
}

/** All processes below `pid`, read from the system. */
export function descendants(pid: number): { readonly pid: number; readonly command: string }[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    // After the name in brackets, which may hold anything, come the state and the parent.
    const fields = /^\d+$/.test(name)
      ? readText(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ')
      : undefined;
    if (fields !== undefined && fields[0] !== 'Z') {
      parents.set(Number(name), Number(fields[1]));
    }
  }
  const below = [...parents.keys()].filter((each) => {
    for (let up = parents.get(each); up !== undefined && up > 1; up = parents.get(up)) {
      if (up === pid) {
        return true;
      }
    }
    return false;
  });
  return below.map((each) => ({
    pid: each,
    command: readText(`/proc/${each}/cmdline`).replaceAll('\0', ' ').trim(),
  }));
}

/** Whether a process runs; one that has ended and was not fetched yet does not. */
export function isAlive(pid: number): boolean {
  const fields = readText(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ');
  return fields !== undefined && fields.length > 1 && fields[0] !== 'Z';
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
