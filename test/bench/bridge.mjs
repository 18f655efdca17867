/**
 * The bridge that clients without HTTP start: from nothing to its first answer with the app running, what a call through
 * it costs in time over the same call by HTTP, and the memory that is its own alone.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headless } from './gatehouse.mjs';
import { root, stdioServers, toolOf } from './places.mjs';
import { median } from './rounds.mjs';

const IDS = ['bridge-start', 'bridge-latency', 'bridge-memory'];
const STARTS = 5;
const CALLS = 400;

/** @param {import('./sections.mjs').Bench} bench */
export async function measureBridge(bench) {
  const own = await headless.start(stdioServers(1, 2));
  const kinds = [['gatehouse', process.execPath, [join(root, 'out/cli.js'), 'stdio']]];
  const electron = bench.homes.find(({ label }) => label === 'electron');
  if (electron !== undefined) kinds.push(['electron', electron.command, [...electron.args, '--stdio']]);
  for (const [label, command, args] of kinds) {
    await bench.attempt(IDS, label, async () => {
      for (let turn = 0; turn < STARTS; turn++) {
        const bridge = startBridge(command, [...args, '--data-dir', own.dataDir]);
        try {
          const began = performance.now();
          await bridge.ask('initialize', {
            protocolVersion: '2025-11-25',
            capabilities: {},
            clientInfo: { name: 'bench', version: '1' },
          });
          bench.note('bridge-start', label, performance.now() - began);
          bridge.tell('notifications/initialized');
          if (turn < STARTS - 1) continue;
          const lane = (await own.caller()).tool(toolOf(0)).lane();
          const [through, straight] = [[], []];
          for (let call = 0; call < CALLS; call++) {
            const params = { name: toolOf(0), arguments: { text: `call ${call}` } };
            through.push(await timed(() => bridge.ask('tools/call', params)));
            straight.push(await timed(() => lane.send(request(call, 'tools/call', params))));
          }
          bench.note('bridge-latency', label, (median(through) - median(straight)) * 1_000);
          lane.close();
          bench.note('bridge-memory', label, privateMiB(bridge.pid));
        } finally {
          await bridge.end();
        }
      }
    });
  }
  await own.stop();
}

function request(id, method, params) {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** A client on the other end of a bridge. */
function startBridge(command, args) {
  const { DISPLAY: _, ...env } = process.env;
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      waiting.get(message.id)?.(message);
    }
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let last = 0;
  return {
    pid: child.pid,
    tell: (method) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method })}\n`),
    ask(method, params) {
      const id = ++last;
      return Promise.race([
        ended.then(() => Promise.reject(new Error('the bridge has ended'))),
        new Promise((resolve, reject) => {
          waiting.set(id, ({ result, error }) => {
            waiting.delete(id);
            if (error === undefined) resolve(result);
            else reject(new Error(error.message));
          });
          child.stdin.write(`${request(id, method, params)}\n`);
        }),
      ]);
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

/** What would be free again without this process and what it has started, in MiB. */
function privateMiB(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  const own = [...readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').matchAll(/^Private_\w+:\s+(\d+) kB/gm)];
  const below = children.map((child) => privateMiB(Number(child)));
  return own.reduce((sum, [, kib]) => sum + Number(kib) / 1024, 0) + below.reduce((sum, mib) => sum + mib, 0);
}
