/**
 * A desktop of its own for a test: an X server without a screen, a session bus and an unlocked keyring, all on private
 * paths, so that runs side by side never meet and nothing of the developer's own desktop is touched.
 *
 * The three servers stay in this process group, so whoever ends the test run ends them too. `close()` stops them in
 * reverse order and removes the folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { nameAppears } from './bus.ts';

/** A running desktop. */
export interface Desktop {
  /** The whole environment for programs that shall live there: DISPLAY, DBUS_SESSION_BUS_ADDRESS, HOME, XDG_*, PATH. */
  readonly env: Record<string, string>;
  /** Ends it within about three seconds; calling it twice does nothing more. */
  close(): Promise<void>;
}

const startMs = 15_000;
const stopMs = 1_000;

/**
 * Starts Xvfb on a free display, a session bus without activatable services, and gnome-keyring with an unlocked login
 * keyring.
 * @throws Error naming the program that did not start.
 */
export async function startDesktop(): Promise<Desktop> {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-desktop-'));
  const env = environment(dir);
  const servers: ChildProcess[] = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeAll(servers, dir);
    return closing;
  };
  try {
    const display = start(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'],
      env,
    );
    servers.push(display);
    env.DISPLAY = `:${await firstLine(display, 'Xvfb', pipe(display, 3))}`;
    const bus = start(
      'dbus-daemon',
      [`--config-file=${busConfig(dir)}`, '--nofork', '--print-address=3'],
      env,
    );
    servers.push(bus);
    const address = await firstLine(bus, 'dbus-daemon', pipe(bus, 3));
    env.DBUS_SESSION_BUS_ADDRESS = address;
    const keyring = start('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], env);
    servers.push(keyring);
    await keyringReady(keyring, address);
    return { env, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function environment(dir: string): Record<string, string> {
  const under = (name: string): string => {
    const path = join(dir, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: under('home'),
    TMPDIR: under('tmp'),
    XDG_RUNTIME_DIR: under('run'),
    XDG_CONFIG_HOME: under('home/.config'),
    XDG_DATA_HOME: under('home/.local/share'),
    XDG_CACHE_HOME: under('home/.cache'),
    XDG_STATE_HOME: under('home/.local/state'),
    // What Chromium's libraries would start by themselves through the bus does not exist here.
    NO_AT_BRIDGE: '1',
    GTK_A11Y: 'none',
    GSETTINGS_BACKEND: 'memory',
  };
}

/** A bus that starts nothing by itself, so all that runs on it is what the test started. */
function busConfig(dir: string): string {
  const file = join(dir, 'bus.conf');
  writeFileSync(
    file,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${join(dir, 'run', 'bus')}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
  return file;
}

/** With a password on stdin it makes and unlocks the login keyring, then takes its name on the bus. */
async function keyringReady(keyring: ChildProcess, address: string): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    keyring.once('error', (error) => reject(new Error(`${error.message}; is it installed?`)));
    keyring.once('exit', (code, signal) =>
      reject(new Error(`gnome-keyring-daemon ended with ${code ?? signal}`)),
    );
  });
  failed.catch(() => undefined);
  keyring.stdin?.end('the keyring of a test\n');
  await Promise.race([nameAppears(address, 'org.freedesktop.secrets', startMs), failed]);
}

/** Where it can be had, the kernel ends them with this process, even when this one is killed. */
const tether = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : [];

function start(command: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  const [program = command, ...rest] = [...tether, command, ...args];
  return spawn(program, rest, { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
}

function pipe(child: ChildProcess, fd: number): Readable | undefined {
  return (child.stdio[fd] ?? undefined) as Readable | undefined;
}

/** The first line that a server writes to say that it is ready. */
function firstLine(child: ChildProcess, name: string, from: Readable | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    let complained = '';
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new Error(`${name} ${what}${complained === '' ? '' : `: ${complained.trim()}`}`));
    };
    const timer = setTimeout(() => fail(`was not ready after ${startMs / 1000} s`), startMs);
    child.once('error', (error) => fail(`did not start (${error.message}); is it installed?`));
    child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complained = (complained + text).slice(-2000);
    });
    from?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const end = said.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(said.slice(0, end).trim());
    });
  });
}

async function closeAll(servers: readonly ChildProcess[], dir: string): Promise<void> {
  for (const server of [...servers].reverse()) await stop(server);
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Asks, then insists. */
function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
