/**
 * Starts the processes of a conformance run: servers under test and a Gatehouse in front of one. Each is stopped with
 * SIGTERM, and after some seconds with SIGKILL; a Gatehouse takes its own servers with it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../scripts/lib/places.mjs';
import { stopGroup } from '../../scripts/lib/run.mjs';
import { Trouble } from '../../scripts/lib/say.mjs';

const startMs = 30_000;
const lookMs = 50;
/** A Gatehouse may wait for its servers. */
const stopMs = 25_000;

/** @typedef {{ endpoint: string, log: () => string, stop: () => Promise<void> }} Running */

/**
 * @typedef {object} Program
 * @property {readonly string[]} args for this Node
 * @property {string} [portVariable] for one that says nothing: the environment variable that tells it its port
 */

/** @typedef {{ servers: Record<string, { problem: { code: string } | null }> }} Readiness what `/_readyz` says */

/**
 * Starts a server over HTTP.
 * @param {Program} program
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Running>} when it listens
 */
export async function startServer({ args, portVariable }, env) {
  if (portVariable === undefined) return startReady(args, env);
  const port = await freePort();
  const started = start(args, { ...env, [portVariable]: String(port) });
  const endpoint = `http://127.0.0.1:${port}/mcp`;
  await started.until(() => answers(endpoint), 'listens');
  return { endpoint, log: started.log, stop: started.stop };
}

/**
 * Starts a Gatehouse with one server behind it.
 * @param {string} name of the server
 * @param {object} entry of the configuration
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Running>} the endpoint is the server's own route
 */
export async function startGateway(name, entry, env) {
  const dir = mkdtempSync(join(env.TMPDIR ?? tmpdir(), 'ghc-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  // The suite has servers change their lists, and asks for what came of it; nobody is there to approve that.
  const trusted = { ...entry, trust: 'auto' };
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ mcpServers: { [name]: trusted } }));
  const args = [
    join(root, 'out', 'cli.js'),
    'serve',
    '--data-dir',
    dir,
    '--listen',
    '127.0.0.1:0',
    '--no-auth',
  ];
  try {
    const started = await startReady(args, { ...env, GATEHOUSE_KEYCHAIN: 'off' });
    const stop = () => started.stop().finally(remove);
    try {
      const ready = started.endpoint.replace(/\/mcp$/, '/_readyz');
      await started.until(async () => (await fetch(ready)).ok, `is ready (${ready})`);
      const { servers } = /** @type {Readiness} */ (await (await fetch(ready)).json());
      if (servers[name]?.problem) throw new Trouble(`Gatehouse: ${name}: ${servers[name].problem.code}`);
      return { endpoint: started.endpoint.replace(/mcp$/, `servers/${name}/mcp`), log: started.log, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Starts one whose first line on stdout says where it listens.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function startReady(args, env) {
  const started = start(args, env);
  await started.until(() => started.output().includes('\n'), 'listens');
  const { endpoint } = JSON.parse(started.output().split('\n')[0] ?? '');
  return { ...started, endpoint: String(endpoint) };
}

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function start(args, env) {
  const child = spawn(process.execPath, [...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let output = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    log += text;
  });
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (!ended()) {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await Promise.race([exit, pause(stopMs, undefined, { ref: false })]);
    }
    await stopGroup(child, 0);
  };
  return {
    output: () => output,
    log: () => log,
    stop,
    /**
     * Looks until it is true; stops the process and throws when that does not come.
     * @param {() => boolean | Promise<boolean>} check
     * @param {string} what
     */
    async until(check, what) {
      const deadline = Date.now() + startMs;
      while (!(await check())) {
        if (!ended() && Date.now() < deadline) {
          await pause(lookMs);
          continue;
        }
        await stop();
        throw new Trouble(
          `Not so within ${startMs / 1000} s: ${args.join(' ')} ${what}.\n${log.slice(-2000)}`,
        );
      }
    },
  };
}

/** @param {string} url */
async function answers(url) {
  try {
    await (await fetch(url)).body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
