/**
 * The desktop entry: a table of contents. The only place where the core meets Electron.
 *
 * Order matters: data dir, lock, scheme and guards come before `ready`; the window before the core; everything closes
 * in reverse order, within `quitBudgetMs`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as electron from 'electron';
import { openApp } from './app.ts';
import { type LaunchOptions, parseLaunch } from './args.ts';
import { thisInstallation } from './bridge-command.ts';
import { loginCommand } from './login-command.ts';
import { systemClock } from './protocol/clock.ts';
import { createClosers } from './protocol/closers.ts';
import { problemOf } from './protocol/error.ts';
import { beCourier, COURIER_SWITCH } from './secrets/courier.ts';
import { keytarPath } from './secrets/helper.ts';
import { appSchemes } from './shell/app-protocol.ts';
import { readArgv } from './shell/argv.ts';
import { type ClosableCore, openCoreHolder } from './shell/core-holder.ts';
import { desktopCourier } from './shell/courier.ts';
import { useDataDir } from './shell/data-dir.ts';
import { failedCore } from './shell/failed-core.ts';
import { hasGraphicsCard } from './shell/gpu.ts';
import { openLinks } from './shell/links.ts';
import { openOutput } from './shell/output.ts';
import { openQuit } from './shell/quit.ts';
import { restart } from './shell/relaunch.ts';
import { safeStoragePort } from './shell/safe-storage.ts';
import { openShell } from './shell/shell.ts';
import { openSingleInstance } from './shell/single-instance.ts';
import { utilityStarter } from './shell/utility.ts';
import { openWebSecurity } from './shell/web-security.ts';

/** The core closes its servers within 19 s; then the app leaves whatever happens. */
const quitBudgetMs = 25_000;

const { app } = electron;
const output = openOutput(process);

function start(): void {
  const argv = readArgv(process.argv, process.defaultApp === true);
  const launch = parseLaunch(argv.core);
  app.setName('Gatehouse');
  useDataDir(app, launch.dataDir);
  const instance = openSingleInstance(app, argv);
  if (instance === null) {
    output.event({ event: 'already-running', dataDir: launch.dataDir });
    app.exit(0);
    return;
  }
  const closers = createClosers();
  closers.add(instance.close);
  const links = openLinks(app, process.platform, argv.links);
  closers.add(links.close);
  const quit = openQuit({
    app,
    process,
    clock: systemClock,
    budgetMs: quitBudgetMs,
    shutdown: closers.closeAll,
    failed: (reason) => output.log(`quit: ${String(reason)}`),
  });
  output.onFault(() => quit.request(1));
  if (launch.exitWithParent) {
    process.stdin.on('end', () => quit.request()).resume();
  }
  if (!app.commandLine.hasSwitch('no-sandbox')) {
    app.enableSandbox();
  }
  if (!hasGraphicsCard(process.platform)) {
    app.disableHardwareAcceleration();
    // A signal to the whole process group would end a GPU process first, and Chromium aborts without one.
    app.commandLine.appendSwitch('in-process-gpu');
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
    if (quit.quitting) {
      return;
    }
    const isNew = !launch.configGiven && !existsSync(launch.configFile);
    const core = openCore(launch, quit.request);
    closers.add(async () => (await core).close());
    const shell = openShell({
      electron,
      core,
      dataDir: launch.dataDir,
      hidden: argv.hidden || app.getLoginItemSettings().wasOpenedAtLogin === true,
      isNew,
      loginCommand: loginCommand(launch, thisInstallation(launch.dataDir)),
      clock: systemClock,
      quitting: () => quit.quitting,
      quit: () => quit.request(),
      restart: () =>
        restart({
          ...{ app, args: process.argv.slice(1), launched: launch.exitWithParent, event: output.event },
          appImage: process.env.APPIMAGE,
          quit: () => quit.request(),
        }),
      log: output.log,
    });
    closers.add(shell.close);
    links.open(shell.show);
    instance.onSecond((second) => {
      if (quit.quitting) {
        // It came while this one still waits for its servers to end: then the next one starts right after.
        app.relaunch();
      } else if (!links.follow(second.links) && !second.hidden) {
        shell.show();
      }
    });
  }, output.fault);
}

function openCore(launch: LaunchOptions, quit: () => void): Promise<ClosableCore> {
  const version = app.getVersion();
  const { fork } = electron.utilityProcess;
  const keychainProgram = join(app.getAppPath(), 'out', 'keychain.js');
  return openCoreHolder({
    clock: systemClock,
    open: () =>
      openApp({
        mode: 'desktop',
        version,
        ...launch,
        safeStorage: safeStoragePort(electron.safeStorage, process.platform),
        openBrowser: (url) => electron.shell.openExternal(url),
        startKeychainHelper: (events) => utilityStarter(fork, keychainProgram, [keytarPath()])(events),
        courier: desktopCourier(process, COURIER_SWITCH),
        onReady: (info) => output.event({ event: 'ready', ...info }),
        onIdle: quit,
      }),
    standIn: (error) => failedCore({ ...launch, version, platform: process.platform }, error),
    failed: (error) => output.log(`the core did not start: ${problemOf(error).code}`),
  });
}

try {
  if (process.argv.includes(COURIER_SWITCH)) beCourier(() => process.exit(0));
  start();
} catch (error) {
  const problem = problemOf(error);
  output.log(`${problem.message} ${problem.remedy}`);
  app.exit(2);
}
