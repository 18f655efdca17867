/**
 * Other programs that stand between MCP clients and servers, in pinned versions, with their defaults, their words in a
 * file. `npm run bench -- --peers` installs them below node_modules/.cache and starts them beside Gatehouse.
 *
 * To know when reading figures: mcp-hub takes clients by the old HTTP+SSE only; supergateway starts a process of the
 * server for each session (without `--stateful`, for each request); mcp-proxy speaks both transports at once.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs, root, toolOf } from './places.mjs';
import { freePort, newFolder, start, until } from './processes.mjs';
import { httpCaller, sseCaller, tryTool } from './sessions.mjs';

/** Package names and their exact versions. */
export const VERSIONS = { 'mcp-proxy': '6.7.19', supergateway: '4.0.0', 'mcp-hub': '4.2.1' };

const READY_MS = 20_000;
const cache = join(root, 'node_modules', '.cache', 'bench-peers');

/**
 * A running peer.
 * @typedef {object} Peer
 * @property {string} label
 * @property {number} pid
 * @property {string} tool what it calls the echo tool of the (first) server
 * @property {() => Promise<import('./sessions.mjs').Caller>} caller with a new session
 * @property {() => Promise<void>} stop
 */

/** Installs what is not there yet, by npm, in exactly these versions; no install script of theirs runs. */
export async function installPeers() {
  mkdirSync(cache, { recursive: true });
  const missing = Object.entries(VERSIONS).filter(([name, version]) => installed(name) !== version);
  if (missing.length === 0) return;
  if (!existsSync(join(cache, 'package.json')))
    writeFileSync(join(cache, 'package.json'), '{"private":true}');
  const wanted = missing.map(([name, version]) => `${name}@${version}`);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', ...options, ...wanted], { cwd: cache, timeout: 300_000 });
}

function installed(name) {
  try {
    return JSON.parse(readFileSync(join(cache, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}

function program(name, path) {
  return join(cache, 'node_modules', name, path);
}

/** mcp-proxy over streamable HTTP and, in the same process, over HTTP+SSE. */
export async function startMcpProxy() {
  const port = await freePort();
  const running = launch(
    'mcp-proxy',
    [program('mcp-proxy', 'dist/bin/mcp-proxy.mjs'), '--host', '127.0.0.1', '--port', String(port)],
    ['--', process.execPath, programs.echo],
  );
  const base = `http://127.0.0.1:${port}`;
  const peer = { ...running, tool: 'echo' };
  const streamable = { ...peer, label: 'mcp-proxy', caller: () => httpCaller(`${base}/mcp`) };
  const sse = { ...peer, label: 'mcp-proxy sse', caller: () => sseCaller(`${base}/sse`) };
  await ready(streamable);
  return [streamable, sse];
}

/** supergateway with a session per client. */
export async function startSupergateway() {
  const port = await freePort();
  const command = `${process.execPath} ${programs.echo}`;
  const running = launch('supergateway', [
    program('supergateway', 'dist/index.js'),
    ...['--stdio', command, '--outputTransport', 'streamableHttp', '--stateful', '--port', String(port)],
  ]);
  const caller = () => httpCaller(`http://127.0.0.1:${port}/mcp`);
  const peer = { ...running, label: 'supergateway', tool: 'echo', caller };
  await ready(peer);
  return peer;
}

/** @param {object} servers as in the configuration of any client */
export async function startMcpHub(servers) {
  const port = await freePort();
  const dir = newFolder();
  const config = join(dir, 'servers.json');
  writeFileSync(config, JSON.stringify({ mcpServers: servers }));
  const running = launch('mcp-hub', [
    program('mcp-hub', 'dist/cli.js'),
    ...['--port', String(port), '--config', config],
  ]);
  const caller = () => sseCaller(`http://127.0.0.1:${port}/mcp`);
  const peer = { ...running, label: 'mcp-hub', tool: toolOf(0), caller };
  await ready(
    peer,
    Object.keys(servers).map((_, i) => toolOf(i)),
  );
  return peer;
}

function launch(label, args, rest = []) {
  const dir = newFolder();
  // A home of its own: some keep state and caches there.
  const env = { ...process.env, HOME: dir, XDG_STATE_HOME: dir, XDG_CONFIG_HOME: dir, XDG_DATA_HOME: dir };
  return start(process.execPath, [...args, ...rest], { log: join(dir, `${label}.log`), env, cwd: dir });
}

/** Waits until every tool answers; in one session, since some keep what is left of a session that has ended. */
async function ready(peer, tools = [peer.tool]) {
  let caller = null;
  let last = null;
  const answers = async () => {
    if (peer.ended()) throw new Error(`${peer.label} has ended`);
    try {
      caller ??= await peer.caller();
      for (const tool of tools) await tryTool(caller, tool);
      return true;
    } catch (error) {
      last = error;
      return false;
    }
  };
  await until(answers, READY_MS, peer.label).catch((error) => {
    throw new Error(`${error.message}; last: ${last?.message}`);
  });
}
