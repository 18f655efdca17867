/**
 * Two states of Gatehouse side by side: `node test/bench/compare.mjs [kind] CHECKOUT...` puts the built gateways of this
 * checkout and of the others under the same load in turns, beside the bare relay, and prints medians and the ratios within
 * each round. Kinds as in profile.mjs: calls (default), ten, http, stateless. Each checkout is built first.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HttpLane } from './http-lane.mjs';
import { programs, root, stdioServers, toolOf } from './places.mjs';
import { newFolder, startReady, stopAll } from './processes.mjs';
import { contestant, interleave, median } from './rounds.mjs';
import { callerWith } from './sessions.mjs';

const PACE = { rounds: 9, ms: 1_500, warmMs: 3_000 };
const KINDS = {
  calls: { servers: () => stdioServers(1, 2), lanes: 64, tools: 1 },
  one: { servers: () => stdioServers(1, 2), lanes: 1, tools: 1 },
  stateless: { servers: () => stdioServers(1, 2), lanes: 64, tools: 1 },
  ten: { servers: () => stdioServers(10, 100), lanes: 16, tools: 10 },
  http: { servers: httpServer, lanes: 16, tools: 1 },
};

/** Each checkout counts its processes itself. */
const opened = [];

async function httpServer() {
  const { url } = await startReady(process.execPath, [programs.echoHttp], { log: join(newFolder(), 'log') });
  return { s0: { type: 'http', url } };
}

const [first = 'calls', ...others] = process.argv.slice(2);
const kind = KINDS[first];
if (kind === undefined) throw new Error(`"${first}" is none of ${Object.keys(KINDS).join(', ')}`);
try {
  await compare([root, ...others.map((each) => resolve(each))]);
} finally {
  await Promise.all(opened.map((each) => each.stop()));
  await stopAll();
}

async function compare(checkouts) {
  const log = join(newFolder(), 'log');
  const relay = await startReady(process.execPath, [programs.floors, 'hop', programs.echo], { log });
  const racing = [
    contestant(
      'relay',
      relay.pid,
      [{ ...callerWith(() => new HttpLane(relay.url, {})).tool('echo'), check: 'echo' }],
      kind.lanes,
    ),
  ];
  for (const checkout of checkouts) {
    const { headless } = await import(pathToFileURL(join(checkout, 'test/bench/gatehouse.mjs')).href);
    const own = await headless.start(await kind.servers());
    opened.push(own);
    const caller = await (first === 'stateless' ? own.stateless() : own.caller());
    const targets = Array.from({ length: kind.tools }, (_, i) => ({
      ...caller.tool(toolOf(i)),
      check: 'echo',
    }));
    racing.push(contestant(checkout, own.pid, targets, kind.lanes));
  }
  const { rounds, failed } = await interleave(racing, PACE);
  for (const { label } of racing) {
    const of = (figure) => median(rounds.map((points) => points[label]?.[figure] ?? Number.NaN));
    const ratio = (figure) =>
      median(rounds.map((points) => points[label]?.[figure] / points.relay?.[figure])).toFixed(3);
    process.stdout.write(
      `${label.padEnd(24)} ${of('cpuUs').toFixed(1).padStart(7)} us (${ratio('cpuUs')} x)  ${Math.round(of('perSecond'))}/s ` +
        `(${ratio('perSecond')} x)  ${of('p50').toFixed(0)} us at the median${failed[label] === undefined ? '' : `  ${failed[label]}`}\n`,
    );
  }
}
