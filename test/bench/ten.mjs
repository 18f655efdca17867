/** Ten stdio servers of a hundred tools each: their lists, calls spread over them, memory and start. */
import { setTimeout as pause } from 'node:timers/promises';
import { HttpLane } from './http-lane.mjs';
import { programs, stdioServers, toolOf } from './places.mjs';
import { rssMiB, startReady, treeMiB } from './processes.mjs';
import { contestant, interleave } from './rounds.mjs';
import { callerWith } from './sessions.mjs';

const SERVERS = 10;
/** Once nothing happened for 10 seconds, what the start left behind is collected and the log rests: that is idle. Milliseconds. */
const SETTLE_MS = 18_000;

/** @param {import('./sections.mjs').Bench} bench */
export async function measureTen(bench) {
  const servers = stdioServers(SERVERS, 100);
  const started = [];
  for (const home of bench.homes) {
    await bench.attempt(['list', 'rate-ten'], home.label, async () => {
      const own = await home.start(servers);
      bench.note('start', own.label, own.startMs);
      bench.note('ready', own.label, own.readyMs);
      started.push(own);
    });
  }
  if (bench.startHub !== null) {
    await bench.attempt(['list', 'rate-ten'], 'mcp-hub', async () =>
      started.push(await bench.startHub(servers)),
    );
  }
  await pause(SETTLE_MS);
  for (const each of started) {
    bench.note('memory-idle', each.label, rssMiB(each.pid));
    if (each.label === 'electron') bench.note('memory-app', each.label, treeMiB(each.pid));
  }
  const callers = await Promise.all(started.map(async (each) => ({ ...each, open: await each.caller() })));
  const lists = callers.map((each) => contestant(each.label, each.pid, [each.open.list()], 1));
  bench.add('list', await interleave(lists, bench.pace), 'p50', 1e-3);
  const spread = callers.map((each) =>
    contestant(
      each.label,
      each.pid,
      Array.from({ length: SERVERS }, (_, i) => each.open.tool(toolOf(i))),
      16,
    ),
  );
  const floor = await startFloor(bench.log);
  const calls = await interleave([...spread, floor.contestant], bench.pace);
  await floor.stop();
  bench.add('rate-ten', calls, 'perSecond');
  bench.add('cpu-ten', calls, 'cpuUs');
  for (const each of started) await each.stop();
}

/** The bare relay to as many servers. */
async function startFloor(log) {
  const relay = await startReady(
    process.execPath,
    [programs.floors, 'hop', programs.echo, String(SERVERS), '100'],
    { log },
  );
  const targets = Array.from({ length: SERVERS }, (_, i) =>
    callerWith(() => new HttpLane(`${relay.url}/${i}`, {})).tool('echo'),
  );
  return { contestant: contestant('floor-hop', relay.pid, targets, 16), stop: relay.stop };
}
