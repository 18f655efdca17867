/**
 * `npm run bench`: the gateway beside a bare Node HTTP server and a bare relay to a stdio server, interleaved in one
 * run, with every guard, admission and activity recording on. Prints one table and writes dist/bench.json.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load, openSession } from '../test/bench/load.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const echo = join(root, 'test/bench/echo-server.mjs');
const floors = join(root, 'test/bench/floors.mjs');
const cli = join(root, 'out/cli.js');
const REPEATS = 5;
const POINT_MS = 1_000;
const TOKEN = 'bench-token';

/** Starts a process and waits for its ready line. */
function start(args) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      const { endpoint } = JSON.parse(text.slice(0, text.indexOf('\n')));
      resolve({ child, pid: child.pid, url: endpoint, startMs: performance.now() - began });
    });
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
  });
}

function stop(process) {
  return new Promise((resolve) => {
    process.child.removeAllListeners('exit');
    process.child.once('exit', resolve);
    process.child.kill('SIGTERM');
  });
}

/** Processor seconds that the process itself has used. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function rssMiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

async function gateway(upstreams, toolsEach) {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const servers = Object.fromEntries(
    Array.from({ length: upstreams }, (_, i) => [
      `s${i}`,
      { command: process.execPath, args: [echo, String(toolsEach)] },
    ]),
  );
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ mcpServers: servers }));
  const args = [
    cli,
    'serve',
    '--data-dir',
    dir,
    '--listen',
    '127.0.0.1:0',
    '--token',
    TOKEN,
    '--log-level',
    'warn',
  ];
  const started = await start(args);
  const base = started.url.replace('/mcp', '');
  const from = performance.now();
  while (!(await fetch(`${base}/_readyz`)).ok) await new Promise((wake) => setTimeout(wake, 5));
  return { ...started, dir, readyMs: started.startMs + performance.now() - from };
}

async function close(peer) {
  await stop(peer);
  if (peer.dir !== undefined) rmSync(peer.dir, { recursive: true, force: true });
}

function callBody(name) {
  return (id) =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":{"text":"hello"}}}`;
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

async function measure(peer, targets, lanes, ms) {
  const before = cpuSeconds(peer.pid);
  const result = await load(targets, lanes, ms);
  return {
    perSecond: result.calls / result.seconds,
    cpuUs: ((cpuSeconds(peer.pid) - before) / result.calls) * 1e6,
    p50: median(result.latencies),
    lost: result.lost,
  };
}

/** Runs every peer in turn, several times over, and gives medians. */
async function interleaved(peers, lanes, ms) {
  const runs = new Map(peers.map((peer) => [peer.label, []]));
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (let i = 0; i < peers.length; i++) {
      const peer = peers[(i + repeat) % peers.length];
      runs.get(peer.label).push(await measure(peer, peer.targets, lanes, ms));
    }
  }
  return Object.fromEntries(
    [...runs].map(([label, list]) => [
      label,
      {
        perSecond: median(list.map((run) => run.perSecond)),
        cpuUs: median(list.map((run) => run.cpuUs)),
        p50: median(list.map((run) => run.p50)),
        lost: list.reduce((sum, run) => sum + run.lost, 0),
      },
    ]),
  );
}

async function main() {
  const rows = [];
  const add = (figure, value, unit, against) => rows.push({ figure, value, unit, against });
  const http = { label: 'floor-http', ...(await start([floors, 'http'])) };
  const hop = { label: 'floor-hop', ...(await start([floors, 'hop', echo])) };
  const own = { label: 'gatehouse', ...(await gateway(1, 2)) };
  http.targets = [{ url: http.url, headers: {}, body: callBody('echo'), check: false }];
  hop.targets = [{ url: hop.url, headers: {}, body: callBody('echo') }];
  const session = await openSession(own.url, TOKEN);
  own.targets = [{ url: own.url, headers: session, body: callBody('s0__echo') }];
  const peers = [http, hop, own];
  for (const peer of peers) await load(peer.targets, 16, 500);

  for (const lanes of [1, 16, 64]) {
    const result = await interleaved(peers, lanes, POINT_MS);
    const { gatehouse, 'floor-hop': relay, 'floor-http': bare } = result;
    add(`calls/s, ${lanes} in flight`, gatehouse.perSecond, '/s', {
      'of floor-hop': gatehouse.perSecond / relay.perSecond,
      'of floor-http': gatehouse.perSecond / bare.perSecond,
    });
    add(`processor per call, ${lanes} in flight`, gatehouse.cpuUs, 'us', {
      'of floor-hop': gatehouse.cpuUs / relay.cpuUs,
      'floor-hop us': relay.cpuUs,
    });
    if (lanes === 1)
      add('median latency, one at a time', gatehouse.p50, 'us', {
        'added to floor-hop us': gatehouse.p50 - relay.p50,
      });
    add(`lost or crossed, ${lanes} in flight`, gatehouse.lost, '', {});
  }
  const big = {
    url: own.url,
    headers: session,
    body: (id) =>
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"s0__big","arguments":{"bytes":1000000}}}`,
  };
  await load([big], 4, 300);
  const large = await measure(own, [big], 4, POINT_MS);
  add('1 MB result, processor', large.cpuUs / 1_000, 'ms', { 'per second': large.perSecond });
  add('memory after load', rssMiB(own.pid), 'MiB', {});

  const sessions = await Promise.all(Array.from({ length: 256 }, () => openSession(own.url, TOKEN)));
  const many = sessions.map((headers) => ({ url: own.url, headers, body: callBody('s0__echo') }));
  const crowd = await measure(own, many, 256, POINT_MS);
  add('calls/s, 256 sessions at once', crowd.perSecond, '/s', { 'lost or crossed': crowd.lost });
  for (const peer of peers) await close(peer);

  const ten = await gateway(10, 100);
  add('start to listening', ten.startMs, 'ms', { 'to ten servers ready ms': ten.readyMs });
  add('memory idle, 10 upstreams', rssMiB(ten.pid), 'MiB', {});
  const tenSession = await openSession(ten.url, TOKEN);
  const list = {
    url: ten.url,
    headers: tenSession,
    body: (id) => `{"jsonrpc":"2.0","id":${id},"method":"tools/list"}`,
  };
  await load([list], 4, 300);
  const lists = await measure(ten, [list], 1, POINT_MS);
  add('tools/list of 1,000 tools, median', lists.p50 / 1_000, 'ms', { 'processor ms': lists.cpuUs / 1_000 });
  const spread = Array.from({ length: 10 }, (_, i) => ({
    url: ten.url,
    headers: tenSession,
    body: callBody(`s${i}__echo`),
  }));
  await load(spread, 16, 300);
  const over = await measure(ten, spread, 16, POINT_MS);
  add('calls/s over 10 upstreams, 16 in flight', over.perSecond, '/s', {
    'processor us': over.cpuUs,
    lost: over.lost,
  });
  await close(ten);
  print(rows);
}

function print(rows) {
  const host = `${cpus().length} x ${cpus()[0]?.model ?? 'cpu'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const number = (n) => (Math.abs(n) >= 100 ? Math.round(n).toLocaleString('en-US') : n.toFixed(2));
  process.stdout.write(
    `\n${new Date().toISOString()}  ${host}\nmedians of ${REPEATS} interleaved rounds of ${POINT_MS} ms\n\n`,
  );
  for (const { figure, value, unit, against } of rows) {
    const rest = Object.entries(against)
      .map(([label, n]) => `${number(n)} ${label}`)
      .join(', ');
    process.stdout.write(`${figure.padEnd(42)}${`${number(value)} ${unit}`.padStart(14)}   ${rest}\n`);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(
    join(root, 'dist/bench.json'),
    JSON.stringify({ at: new Date().toISOString(), host, rows }, null, 2),
  );
}

await main();
