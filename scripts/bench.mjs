/**
 * `npm run bench`: the gateway beside a bare relay and a bare HTTP server, interleaved in one run, with every guard,
 * admission and the activity log on. Under three minutes. Prints one table and writes dist/bench.json.
 *
 * `--peers`    beside other MCP proxies too, which npm fetches (some minutes longer)
 * `--electron` the app in Electron too, on a desktop of its own (some minutes longer)
 * `--quick`    half a minute, to see that everything works; its figures say little
 * `--strict`   exit code 1 when a target is missed
 * `--markdown` measures nothing; prints the table of README.md from dist/bench.json
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { electronHome, headless } from '../test/bench/gatehouse.mjs';
import { installPeers, VERSIONS } from '../test/bench/peers.mjs';
import { resultsFile, root } from '../test/bench/places.mjs';
import { stopAll } from '../test/bench/processes.mjs';
import { markdownOf, missed, tableOf } from '../test/bench/report.mjs';
import { runSections } from '../test/bench/sections.mjs';
import { build } from './lib/build.mjs';
import { runMain, say, stopwatch } from './lib/say.mjs';

const flag = /** @type {const} */ ({ type: 'boolean', default: false });

runMain(async () => {
  const { values: asked } = parseArgs({
    options: { peers: flag, electron: flag, quick: flag, strict: flag, markdown: flag },
  });
  if (asked.markdown) {
    process.stdout.write(`${markdownOf(JSON.parse(readFileSync(resultsFile, 'utf8')))}\n`);
    return 0;
  }
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => stopAll().finally(() => process.exit(130)));
  try {
    return await bench(asked);
  } finally {
    await stopAll();
  }
});

async function bench({ peers, electron, quick, strict }) {
  await build();
  const took = stopwatch();
  const skipped = {};
  const homes = [headless];
  const desktop = electron ? await electronHome() : 'not asked for (--electron)';
  if (typeof desktop === 'string') skipped['inside Electron'] = desktop;
  else homes.push(desktop);
  if (!peers) skipped.peers = 'not asked for (--peers)';
  else await installPeers();
  say(
    quick
      ? 'A short run; its figures say little.'
      : `Measuring for ${peers || electron ? 'some' : 'about three'} minutes ...`,
  );
  const loadBefore = load();
  const { results, pace } = await runSections({ homes, quick, peers, say });
  const report = {
    at: new Date().toISOString(),
    host: {
      cores: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
      loadBefore,
      loadAfter: load(),
    },
    versions: {
      gatehouse: ownVersion(),
      ...(typeof desktop === 'string' ? {} : { electron: desktop.version }),
      ...(peers ? VERSIONS : {}),
    },
    pace,
    skipped,
    figures: results,
  };
  mkdirSync(dirname(resultsFile), { recursive: true });
  writeFileSync(resultsFile, JSON.stringify(report, null, 1));
  print(report, took());
  const misses = missed(report);
  return strict && misses.length > 0 ? 1 : 0;
}

function print(report, took) {
  const { host, pace } = report;
  process.stdout.write(
    `\n${report.at}  ${host.cores} x ${host.model}, ${host.memoryGiB} GiB, Node ${host.node}; load average ` +
      `${host.loadBefore} before, ${host.loadAfter} after\nmedians of ${pace.rounds} interleaved rounds of ${pace.ms} ms; ` +
      `${took} in all; figures are of the process itself, without its servers\n\n${tableOf(report)}\n`,
  );
  const misses = missed(report);
  process.stdout.write(
    misses.length === 0 ? 'no target missed\n' : `${misses.length} missed:\n  ${misses.join('\n  ')}\n`,
  );
}

function ownVersion() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  try {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return `${version} (${commit.toString().trim()})`;
  } catch {
    return version;
  }
}

function load() {
  return Number(loadavg()[0]?.toFixed(2));
}
