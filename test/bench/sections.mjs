/**
 * One whole run, section by section, into one record of figures. What cannot be measured leaves its reason there and
 * stops nothing else.
 */
import { join } from 'node:path';
import { measureBridge } from './bridge.mjs';
import { measureCalls, measureHttpUpstream } from './calls.mjs';
import { measureIdleSessions } from './idle-sessions.mjs';
import { startMcpHub, startMcpProxy, startSupergateway } from './peers.mjs';
import { newFolder } from './processes.mjs';
import { measureTen } from './ten.mjs';

/**
 * What every section works with.
 * @typedef {object} Bench
 * @property {readonly import('./gatehouse.mjs').Home[]} homes
 * @property {import('./rounds.mjs').Pace} pace
 * @property {{ repeats: number, count: number }} sessions
 * @property {string} log where programs without a place of their own write
 * @property {(servers: object) => Promise<import('./peers.mjs').Peer[]>} startPeers none when they were not asked for
 * @property {((servers: object) => Promise<import('./peers.mjs').Peer>) | null} startHub
 * @property {(id: string, result: { rounds: object[], failed: Record<string, string> }, key: string, factor?: number)
 *   => void} add takes one number of each point of interleaved rounds
 * @property {(id: string, label: string, value: number) => void} note takes one number; again for the next round
 * @property {(ids: readonly string[], label: string, work: () => Promise<unknown>) => Promise<void>} attempt keeps why
 *   something failed
 */

/** @typedef {Record<string, import('./verdict.mjs').Measured>} Results */

const PACES = {
  whole: { pace: { rounds: 7, ms: 800, warmMs: 1_500 }, sessions: { repeats: 3, count: 1_000 } },
  quick: { pace: { rounds: 2, ms: 300, warmMs: 600 }, sessions: { repeats: 1, count: 1_000 } },
};

const SECTIONS = [
  ['calls through one stdio server', measureCalls],
  ['calls through one HTTP server', measureHttpUpstream],
  ['ten servers', measureTen],
  ['idle sessions', measureIdleSessions],
  ['the bridge', measureBridge],
];

/**
 * @param {{ homes: readonly import('./gatehouse.mjs').Home[], quick: boolean, peers: boolean, say: (line: string) =>
 *   void }} options
 * @returns {Promise<{ results: Results, pace: import('./rounds.mjs').Pace }>}
 */
export async function runSections({ homes, quick, peers, say }) {
  /** @type {Results} */
  const results = {};
  const of = (id) => {
    results[id] ??= { rounds: [], failed: {} };
    return results[id];
  };
  const { pace, sessions } = quick ? PACES.quick : PACES.whole;
  /** @type {Bench} */
  const bench = {
    homes,
    pace,
    sessions,
    log: join(newFolder(), 'bench.log'),
    startHub: peers ? startMcpHub : null,
    startPeers: (servers) => (peers ? startAll(bench, servers) : Promise.resolve([])),
    add(id, { rounds, failed }, key, factor = 1) {
      const figure = of(id);
      Object.assign(figure.failed, failed);
      for (const round of rounds) {
        figure.rounds.push(
          Object.fromEntries(Object.entries(round).map(([label, point]) => [label, point[key] * factor])),
        );
      }
    },
    note(id, label, value) {
      const { rounds } = of(id);
      const free = rounds.find((round) => round[label] === undefined);
      if (free === undefined) rounds.push({ [label]: value });
      else free[label] = value;
    },
    async attempt(ids, label, work) {
      try {
        await work();
      } catch (error) {
        for (const id of ids) of(id).failed[label] ??= error.message;
      }
    },
  };
  for (const [name, section] of SECTIONS) {
    const began = performance.now();
    await section(bench);
    say(`  ${name}: ${Math.round((performance.now() - began) / 1000)} s`);
  }
  return { results, pace };
}

async function startAll(bench, servers) {
  const peers = [];
  const figures = ['rate', 'cpu', 'latency'];
  await bench.attempt(figures, 'mcp-proxy', async () => peers.push(...(await startMcpProxy())));
  await bench.attempt(figures, 'supergateway', async () => peers.push(await startSupergateway()));
  await bench.attempt(figures, 'mcp-hub', async () => peers.push(await startMcpHub(servers)));
  return peers;
}
