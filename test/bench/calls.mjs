/**
 * Calls of one tool: through one stdio server, beside the bare relay and the peers; through one HTTP server, beside
 * calling it directly; results of 1 MB; and many sessions at once.
 */

import { HEADERS } from './gatehouse.mjs';
import { HttpLane } from './http-lane.mjs';
import { programs, stdioServers, toolOf } from './places.mjs';
import { rssMiB, startReady } from './processes.mjs';
import { contestant, interleave, measure } from './rounds.mjs';
import { callerWith, httpCaller, openHttpSessions, tryTool } from './sessions.mjs';

/** @typedef {import('./sections.mjs').Bench} Bench */

const MEGABYTE = 1_000_000;
const CROWD = 256;

/** The floor and the ceiling: a bare relay to a stdio server, and a bare HTTP server (the load client's own limit). */
async function startFloors(log) {
  const start = async (label, args) => {
    const floor = await startReady(process.execPath, [programs.floors, ...args], { log });
    return {
      label,
      ...floor,
      tool: 'echo',
      caller: async () => callerWith(() => new HttpLane(floor.url, {})),
    };
  };
  return [await start('floor-http', ['http']), await start('floor-hop', ['hop', programs.echo])];
}

/** @param {Bench} bench */
export async function measureCalls(bench) {
  const own = await Promise.all(bench.homes.map((home) => home.start(stdioServers(1, 2))));
  const floors = await startFloors(bench.log);
  const peers = await bench.startPeers(stdioServers(1, 2));
  const all = [...floors, ...own.map((each) => ({ ...each, tool: toolOf(0) })), ...peers];
  const entrants = [];
  for (const each of all) {
    await bench.attempt(['rate', 'cpu', 'latency'], each.label, async () => {
      const caller = await each.caller();
      if (each.label !== 'floor-http') await tryTool(caller, each.tool);
      entrants.push({ ...each, open: caller });
    });
  }
  const stateless = [];
  for (const each of own) {
    await bench.attempt(['rate-stateless', 'cpu-stateless', 'latency-stateless'], each.label, async () => {
      const caller = await each.stateless();
      await tryTool(caller, toolOf(0));
      stateless.push({ ...each, label: `${each.label} stateless`, tool: toolOf(0), open: caller });
    });
  }
  const racing = [...entrants, ...stateless];
  const race = (lanes) =>
    interleave(
      racing.map((each) => {
        const target = each.open.tool(each.tool);
        const check = each.label === 'floor-http' ? 'none' : 'echo';
        return contestant(each.label, each.pid, [{ ...target, check }], lanes);
      }),
      bench.pace,
    );
  const crowded = await race(64);
  bench.add('rate', crowded, 'perSecond');
  bench.add('cpu', crowded, 'cpuUs');
  const single = await race(1);
  bench.add('latency', single, 'p50');
  if (stateless.length > 0) {
    bench.add('rate-stateless', asStateless(crowded), 'perSecond');
    bench.add('cpu-stateless', asStateless(crowded), 'cpuUs');
    bench.add('latency-stateless', asStateless(single), 'p50');
  }
  for (const each of entrants) {
    if (each.label !== 'mcp-proxy sse') bench.note('memory-load', each.label, rssMiB(each.pid));
  }
  await measureBig(bench, entrants);
  await measureCrowd(bench, own, peers);
  for (const each of all) await each.stop();
}

/** The same rounds, with the stateless calls in the place of those with a session. */
function asStateless({ rounds, failed }) {
  const kept = (record) =>
    Object.fromEntries(
      Object.entries(record).flatMap(([label, value]) => {
        if (label.endsWith(' stateless')) return [[label.replace(' stateless', ''), value]];
        return label.startsWith('floor-') ? [[label, value]] : [];
      }),
    );
  return { rounds: rounds.map(kept), failed: kept(failed) };
}

async function measureBig(bench, entrants) {
  const able = entrants.filter((each) => each.label !== 'floor-http');
  const contestants = able.map((each) =>
    contestant(each.label, each.pid, [each.open.tool(each.tool.replace('echo', 'big'), MEGABYTE)], 4),
  );
  const result = await interleave(contestants, { ...bench.pace, rounds: Math.ceil(bench.pace.rounds / 2) });
  bench.add('big', result, 'cpuUs', 1e-3);
  for (const each of able) {
    if (each.label !== 'mcp-proxy sse') bench.note('memory-big', each.label, rssMiB(each.pid));
  }
}

/** Equal ids in every session, so that an answer that goes to the wrong one is noticed by its text. */
async function measureCrowd(bench, own, peers) {
  const many = [
    ...own.map((each) => ({ label: each.label, pid: each.pid, targets: () => ownCrowd(each) })),
    ...peers
      // A process for each session is no use 256 times over, and one session each is what the others open.
      .filter((each) => each.label !== 'supergateway')
      .map((each) => ({ label: each.label, pid: each.pid, targets: () => peerCrowd(each) })),
  ];
  for (const each of many) {
    await bench.attempt(['lost', 'rate-crowd'], each.label, async () => {
      const targets = await each.targets();
      const point = await measure(each.pid, targets, CROWD, bench.pace.ms * 2);
      bench.note('lost', each.label, point.lost);
      bench.note('rate-crowd', each.label, point.perSecond);
    });
  }
}

async function ownCrowd({ url }) {
  const sessions = await openHttpSessions(url, HEADERS, CROWD);
  return sessions.map((headers) => ({
    ...callerWith(() => new HttpLane(url, headers)).tool(toolOf(0)),
    ownIds: true,
  }));
}

async function peerCrowd(peer) {
  const targets = [];
  while (targets.length < CROWD) targets.push({ ...(await peer.caller()).tool(peer.tool), ownIds: true });
  return targets;
}

/** @param {Bench} bench */
export async function measureHttpUpstream(bench) {
  const upstream = await startReady(process.execPath, [programs.echoHttp], { log: bench.log });
  const servers = { s0: { type: 'streamable-http', url: upstream.url } };
  const direct = {
    label: 'direct-bare',
    pid: upstream.pid,
    tool: 'echo',
    caller: () => httpCaller(upstream.url),
  };
  const started = [];
  const begin = (label, start) =>
    bench.attempt(['latency-http'], label, async () => started.push({ tool: toolOf(0), ...(await start()) }));
  // What a second hop costs on this computer, whoever makes it.
  await begin('floor-pass', async () => {
    const relay = await startReady(process.execPath, [programs.floors, 'pass', upstream.url], {
      log: bench.log,
    });
    return { label: 'floor-pass', ...relay, tool: 'echo', caller: () => httpCaller(relay.url) };
  });
  for (const home of bench.homes)
    await begin(home.label, () => home.start({ s0: { type: 'http', url: upstream.url } }));
  if (bench.startHub !== null) await begin('mcp-hub', () => bench.startHub(servers));
  const contestants = [];
  for (const each of [direct, ...started]) {
    await bench.attempt(['latency-http'], each.label, async () => {
      const caller = await each.caller();
      await tryTool(caller, each.tool);
      contestants.push(contestant(each.label, each.pid, [caller.tool(each.tool)], 1));
    });
  }
  bench.add('latency-http', await interleave(contestants, bench.pace), 'p50');
  for (const each of started) await each.stop();
  await upstream.stop();
}
