/**
 * The desktop entry: a table of contents. The only place where the core meets Electron.
 *
 * Order matters: data dir, lock, scheme and guards come before `ready`; the window before the core; everything closes
 * in reverse order, within `quitBudgetMs`.
 */
import * as electron from 'electron';
import type { CorePort } from '../preload/contract.ts';
import { type App, openApp } from './app.ts';
import { parseLaunch } from './args.ts';
import { systemClock } from './protocol/clock.ts';
import { problemOf } from './protocol/error.ts';
import { appSchemes } from './shell/app-protocol.ts';
import { readArgv } from './shell/argv.ts';
import { createClosers } from './shell/closers.ts';
import { useDataDir } from './shell/data-dir.ts';
import { failedCore } from './shell/failed-core.ts';
import { openOutput } from './shell/output.ts';
import { openQuit } from './shell/quit.ts';
import { safeStoragePort } from './shell/safe-storage.ts';
import { openShell, type Shell } from './shell/shell.ts';
import { openSingleInstance } from './shell/single-instance.ts';
import { openWebSecurity } from './shell/web-security.ts';
import { englishWords } from './shell/words.ts';

/** The core closes its servers within 19 s; then the app leaves whatever happens. */
const quitBudgetMs = 25_000;

const { app } = electron;
const output = openOutput(process);

function start(): void {
  const argv = readArgv(process.argv, process.defaultApp === true);
  const launch = parseLaunch(argv.core);
  app.setName('Gatehouse');
  useDataDir(app, launch.dataDir);
  const instance = openSingleInstance(app, process.argv.slice(process.defaultApp === true ? 2 : 1));
  if (instance === null) {
    output.event({ event: 'already-running', dataDir: launch.dataDir });
    app.exit(0);
    return;
  }
  const closers = createClosers();
  closers.add(instance.close);
  const quit = openQuit({
    app,
    process,
    clock: systemClock,
    budgetMs: quitBudgetMs,
    shutdown: closers.closeAll,
    failed: (reason) => output.log(`quit: ${String(reason)}`),
  });
  output.onFault(() => quit.request(1));
  if (!app.commandLine.hasSwitch('no-sandbox')) {
    app.enableSandbox();
  }
  electron.protocol.registerSchemesAsPrivileged(appSchemes);
  openWebSecurity({
    app,
    openExternal: (url) => electron.shell.openExternal(url),
    refused: (what, where) => output.log(`refused ${what} ${where}`),
  });
  // Closing the last window is not quitting: the app lives in the tray.
  app.on('window-all-closed', () => {});

  app.whenReady().then(() => {
    const core = openCore(launch);
    closers.add(async () => {
      const opened = await core;
      if ('close' in opened) {
        await opened.close();
      }
    });
    const shell: Shell = openShell({
      electron,
      core,
      dataDir: launch.dataDir,
      hidden: argv.hidden,
      clock: systemClock,
      words: englishWords,
      quitting: () => quit.quitting,
      quit: () => quit.request(),
      log: output.log,
    });
    closers.add(shell.close);
    instance.onSecond((second) => {
      if (!second.hidden) {
        shell.show();
      }
    });
  }, output.fault);
}

/** The core, or what the window shows in its place. Never rejects. */
async function openCore(launch: ReturnType<typeof parseLaunch>): Promise<App | CorePort> {
  const version = app.getVersion();
  try {
    return await openApp({
      mode: 'desktop',
      version,
      ...launch,
      safeStorage: safeStoragePort(electron.safeStorage, process.platform),
      onReady: (info) => output.event({ event: 'ready', ...info }),
    });
  } catch (error) {
    const problem = problemOf(error);
    output.log(`the core did not start: ${problem.code}: ${problem.message}`);
    return failedCore({ ...launch, version, platform: process.platform, problem });
  }
}

try {
  start();
} catch (error) {
  const problem = problemOf(error);
  output.log(`${problem.message} ${problem.remedy}`);
  app.exit(2);
}
