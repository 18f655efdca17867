/**
 * Where the gateway's processor time goes: `node test/bench/profile.mjs [calls|ten|big|http|stateless] [lines]` puts the built
 * gateway under one kind of load with V8's profiler on and prints its functions by their own time, in microseconds a
 * call. Build first (`npm run build`); without minification the names are those of the source.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headless } from './gatehouse.mjs';
import { programs, stdioServers, toolOf } from './places.mjs';
import { newFolder, startReady, stopAll } from './processes.mjs';
import { measure } from './rounds.mjs';

const WARM_MS = 2_000;
const LOAD_MS = 8_000;
const LONGEST = Number(process.argv[3] ?? 45);

const kinds = {
  calls: { servers: () => stdioServers(1, 2), lanes: 64, targets: (caller) => [caller.tool(toolOf(0))] },
  stateless: { servers: () => stdioServers(1, 2), lanes: 64, targets: (caller) => [caller.tool(toolOf(0))] },
  ten: {
    servers: () => stdioServers(10, 100),
    lanes: 16,
    targets: (caller) => Array.from({ length: 10 }, (_, i) => caller.tool(toolOf(i))),
  },
  big: {
    servers: () => stdioServers(1, 2),
    lanes: 4,
    targets: (caller) => [caller.tool(toolOf(0, 'big'), 1e6)],
  },
  http: { servers: httpServer, lanes: 16, targets: (caller) => [caller.tool(toolOf(0))] },
};

async function httpServer() {
  const { url } = await startReady(process.execPath, [programs.echoHttp], { log: join(newFolder(), 'log') });
  return { s0: { type: 'http', url } };
}

const name = process.argv[2] ?? 'calls';
const kind = kinds[name];
if (kind === undefined) throw new Error(`"${name}" is none of ${Object.keys(kinds).join(', ')}`);
try {
  await profile();
} finally {
  await stopAll();
}

async function profile() {
  const folder = newFolder();
  const own = await headless.start(await kind.servers(), ['--cpu-prof', '--cpu-prof-dir', folder]);
  const caller = await (name === 'stateless' ? own.stateless() : own.caller());
  const targets = kind.targets(caller);
  const warm = await measure(own.pid, targets, kind.lanes, WARM_MS);
  const point = await measure(own.pid, targets, kind.lanes, LOAD_MS);
  await own.stop();
  const calls = (warm.perSecond * WARM_MS + point.perSecond * LOAD_MS) / 1_000;
  const [file] = readdirSync(folder).filter((each) => each.endsWith('.cpuprofile'));
  const rows = ownTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  const all = rows.reduce((sum, [, us]) => sum + us, 0);
  process.stdout.write(
    `${name}: ${Math.round(point.perSecond)} calls/s, ${point.cpuUs.toFixed(1)} us of processor a call with the profiler on; ` +
      `${(all / calls).toFixed(1)} us a call on the main thread\n`,
  );
  const origins = new Map();
  for (const [where, us] of rows) {
    const origin = / (out\/|node:)/.exec(where)?.[1] ?? 'native';
    origins.set(origin, (origins.get(origin) ?? 0) + us);
  }
  const shares = [...origins].map(([origin, us]) => `${origin} ${(us / calls).toFixed(1)} us`);
  process.stdout.write(`${shares.join(', ')}\n`);
  for (const [where, us] of rows.slice(0, LONGEST)) {
    process.stdout.write(
      `${(us / calls).toFixed(2).padStart(8)} us  ${((us / all) * 100).toFixed(1).padStart(5)} %  ${where}\n`,
    );
  }
}

/** Microseconds by function, idling left out, most first. */
function ownTimes({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const sums = new Map();
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = byId.get(id);
    if (functionName === '(idle)') return;
    const place = url === '' ? '' : ` ${url.replace(/^.*\/(out\/)/, '$1')}:${lineNumber + 1}`;
    const where = `${functionName || '(anonymous)'}${place}`;
    sums.set(where, (sums.get(where) ?? 0) + timeDeltas[index]);
  });
  return [...sums].sort((a, b) => b[1] - a[1]);
}
