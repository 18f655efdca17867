/**
 * Starting Gatehouse for the benchmark: the built command line under Node, or the built app in Electron on a desktop of
 * its own. Token, guards, admission and activity log are on, as a user has them.
 */
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './places.mjs';
import { lastLine, newFolder, start, startReady, until } from './processes.mjs';
import { httpCaller, statelessCaller } from './sessions.mjs';

const TOKEN = 'bench-token';
/** What every request of a client carries. */
export const HEADERS = { Authorization: `Bearer ${TOKEN}` };

/**
 * One way in which Gatehouse runs.
 * @typedef {object} Home
 * @property {'gatehouse' | 'electron'} label
 * @property {string} [command] Electron's own, with the `args` that this machine needs
 * @property {readonly string[]} [args]
 * @property {(servers: object, nodeArgs?: readonly string[]) => Promise<Gatehouse>} start `nodeArgs` under Node only
 */

/**
 * A running Gatehouse whose servers have connected.
 * @typedef {object} Gatehouse
 * @property {'gatehouse' | 'electron'} label
 * @property {number} pid of the process that holds the core
 * @property {string} url
 * @property {string} dataDir
 * @property {number} startMs from nothing to listening
 * @property {number} readyMs from nothing to all servers connected
 * @property {() => Promise<import('./sessions.mjs').Caller>} caller with a session
 * @property {() => Promise<import('./sessions.mjs').Caller>} stateless
 * @property {() => Promise<void>} stop
 */

/** @type {Home} */
export const headless = {
  label: 'gatehouse',
  start: (servers, nodeArgs = []) =>
    startApp(
      'gatehouse',
      servers,
      process.execPath,
      [...nodeArgs, join(root, 'out/cli.js'), 'serve'],
      process.env,
    ),
};

/**
 * Gatehouse in Electron, when there is one and a desktop can be had; else why not.
 * @returns {Promise<Home | string>}
 */
export async function electronHome() {
  const facts = join(root, 'node_modules/.cache/gatehouse/electron.json');
  if (!existsSync(facts)) return 'no Electron here; "npm test -- setup" fetches it';
  if (process.platform !== 'linux') return 'measured on Linux only';
  const { executable, args, sandbox, version } = JSON.parse(readFileSync(facts, 'utf8'));
  const linked = join(dirname(executable), 'resources', 'app');
  // Checkouts that share their packages share the runtime too, and it starts the app of one of them.
  if (args.length === 0 && realpathSync(linked) !== realpathSync(root)) {
    return `the runtime starts ${realpathSync(linked)}; "npm test -- setup" makes it this checkout's`;
  }
  let env;
  try {
    env = await desktopEnvironment();
  } catch (error) {
    return `no desktop: ${error.message}`;
  }
  const first = [...(sandbox === 'works' ? [] : ['--no-sandbox']), ...args];
  return {
    label: 'electron',
    version,
    command: executable,
    args: first,
    start: (servers) => startApp('electron', servers, executable, [...first, '--hidden'], env),
  };
}

/** The desktop of the end-to-end tests, held by a process of its own. */
async function desktopEnvironment() {
  const { bundleDesktop } = await import(pathToFileURL(join(root, 'test/bench/desktop.mjs')).href);
  let env = null;
  const log = join(newFolder(), 'desktop.log');
  const holder = start(process.execPath, [await bundleDesktop()], {
    log,
    onLine: (line) => {
      env ??= JSON.parse(line);
    },
  });
  await until(() => env !== null || holder.ended(), 20_000, 'the desktop');
  if (env === null) throw new Error(lastLine(log));
  return env;
}

async function startApp(label, servers, command, args, env) {
  const dir = newFolder();
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ mcpServers: servers }));
  const began = performance.now();
  const options = ['--data-dir', dir, '--listen', '127.0.0.1:0', '--token', TOKEN, '--log-level', 'warn'];
  const running = await startReady(command, [...args, ...options], { log: join(dir, 'bench.log'), env });
  const ready = running.url.replace(/\/mcp$/, '/_readyz');
  await until(async () => (await fetch(ready)).ok, 30_000, 'all servers to be ready');
  return {
    label,
    pid: running.pid,
    url: running.url,
    dataDir: dir,
    startMs: running.startMs,
    readyMs: performance.now() - began,
    caller: () => httpCaller(running.url, HEADERS),
    stateless: () => statelessCaller(running.url, HEADERS),
    stop: running.stop,
  };
}
