/**
 * A million rows in the activity log, on its own thread as in the app: how fast they are taken, how long any page of any
 * filter takes, and what lies on the disk.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActivityLog, openActivity } from '../../main/activity/activity.ts';
import type { ActivityFilter, ActivityOutcome } from '../../main/activity/entry.ts';
import type { LogProblem } from '../../main/activity/messages.ts';
import { startLogThread } from '../../main/activity/thread.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { answer, call, request } from '../activity/entries.ts';
import { settings } from '../activity/ports.ts';
import { bundle } from '../fakes/bundle.ts';

const ROWS = 1_000_000;
const LEAST_PER_SECOND = 20_000;
const MOST_PAGE_MS = 50;
const BYTES = 640 * 1024 * 1024;
const DAY = 24 * 60 * 60 * 1_000;

const dir = mkdtempSync(join(tmpdir(), 'gatehouse-million-'));
const file = join(dir, 'activity.db');
const problems: LogProblem[] = [];
const started = Date.now();
/** Twenty days, evenly. */
const timeOf = (index: number): number => started - 20 * DAY + Math.floor((index / ROWS) * 20 * DAY);
const size = (): number =>
  ['', '-wal'].reduce(
    (sum, suffix) => sum + (statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
let log: ActivityLog;

beforeAll(async () => {
  const program = await bundle(join(import.meta.dirname, '../../main/activity-worker.ts'));
  log = openActivity({
    file,
    clock: systemClock,
    startThread: () => startLogThread(program),
    settings: settings({ days: 30, rows: 2 * ROWS, bytes: BYTES }),
    onProblem: (problem) => problems.push(problem),
    onState: () => undefined,
  });
  await log.opened;
});

afterAll(async () => {
  await log.close();
  rmSync(dir, { recursive: true, force: true });
});

const outcomes: readonly ActivityOutcome[] = [
  'ok',
  'ok',
  'ok',
  'ok',
  'ok',
  'ok',
  'ok',
  'tool-error',
  'refused',
  'error',
];

/** What happens in twenty days: 12 clients, 40 servers, 600 tools, and now and then something rare. */
function entryOf(index: number): Parameters<ActivityLog['record']> {
  const client = `client-${index % 12}`;
  const server = `server-${(index * 7) % 40}`;
  const tool = `tool_${(index * 13) % 600}`;
  const outcome = outcomes[(index * 3) % 10] ?? 'ok';
  const rare = index % 100_003 === 17;
  const read = index % 50 === 3;
  return [
    call({
      at: timeOf(index),
      client: rare ? 'rare-client' : client,
      server: index < ROWS / 2 && index % 1_000 === 7 ? 'old-server' : server,
      tool: read ? `file:///data/${index % 5_000}.txt` : tool,
      method: read ? 'resources/read' : 'tools/call',
      outcome,
      errorCode: outcome === 'error' ? 'upstream.timeout' : null,
      durationMs: (index * 31) % 2_000,
      session: `session-${index % 300}`,
    }),
    request({ path: `/home/ada/notes/${index % 997}.md`, query: `word${index % 5_003}` }, tool),
    answer(rare ? 'a needle in the haystack' : `read ${index} lines of notes about topic ${index % 101}`),
  ];
}

it('takes a million rows faster than any gateway makes them', { timeout: 300_000 }, async () => {
  let held = 0;
  const before = performance.now();
  const cpu = process.cpuUsage();
  for (let index = 0; index < ROWS; index += 1) {
    const from = performance.now();
    log.record(...entryOf(index));
    held += performance.now() - from;
    // A gateway goes back to its sockets now and then; here it waits for the log where that falls behind.
    if (index % 5_000 === 4_999) await log.stats({ filter: {}, since: 0, until: 1, buckets: 1 });
  }
  const [last] = await log.page({ filter: {}, limit: 1 });
  const seconds = (performance.now() - before) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${Math.round(ROWS / seconds)} rows a second; ${((user + system) / ROWS).toFixed(1)} µs of processor time a row, all threads and the making of rows; record held up its caller ${((held * 1_000) / ROWS).toFixed(2)} µs`,
  );
  expect(problems).toEqual([]);
  expect(last?.id).toBe(ROWS);
  expect(ROWS / seconds).toBeGreaterThan(LEAST_PER_SECOND);
  expect(size()).toBeLessThan(BYTES);
});

describe('any page of any filter', () => {
  const filters: Readonly<Record<string, ActivityFilter>> = {
    'no filter': {},
    client: { client: 'client-3' },
    'a rare client': { client: 'rare-client' },
    nobody: { client: 'nobody' },
    server: { server: 'server-21' },
    'a server that is gone for long': { server: 'old-server' },
    tool: { tool: 'tool_13' },
    'a resource': { tool: 'file:///data/53.txt' },
    'a resource of one client': { tool: 'file:///data/53.txt', client: 'client-5' },
    failed: { outcome: 'failed' },
    refused: { outcome: 'refused' },
    'what never happened': { outcome: 'cancelled' },
    'a kind without rows': { kind: 'config' },
    'client and server': { client: 'client-3', server: 'server-21' },
    'client and server that never met': { client: 'client-3', server: 'server-20' },
    'rare client, refused': { client: 'rare-client', outcome: 'refused' },
    'one hour': { since: timeOf(500_000), until: timeOf(500_000) + 3_600_000 },
    'one hour of a rare client': {
      since: timeOf(500_000),
      until: timeOf(500_000) + 3_600_000,
      client: 'rare-client',
    },
    'a word in every row': { text: 'notes' },
    'a word in one row of a thousand': { text: 'word17' },
    'a rare word': { text: 'needle haystack' },
    'a word that is nowhere': { text: 'unobtainium' },
    'words that never meet': { text: 'needle unobtainium' },
    'a frequent word of a rare client': { text: 'notes', client: 'rare-client' },
    'a frequent word with a choice that never holds': { text: 'notes', outcome: 'cancelled' },
    'a beginning of many words': { text: 'wor' },
    'an error by name': { text: 'timeout', server: 'server-21' },
    'a word of one tool': { text: 'lines', tool: 'tool_13' },
    'a word of a tool that has none': { text: 'unobtainium', tool: 'tool_13' },
    'everything at once': {
      text: 'notes topic',
      client: 'client-3',
      server: 'server-21',
      outcome: 'failed',
      kind: 'call',
      since: timeOf(100_000),
    },
  };
  for (const [name, filter] of Object.entries(filters)) {
    it(`comes within ${MOST_PAGE_MS} ms: ${name}`, async () => {
      const times: number[] = [];
      let before: number | undefined;
      let rows = 0;
      for (const start of [undefined, 900_000, 500_000, 100_000, 20_000, undefined]) {
        before = start;
        for (let page = 0; page < 3; page += 1) {
          const from = performance.now();
          const found = await log.page({ filter, limit: 100, before });
          times.push(performance.now() - from);
          rows += found.length;
          before = found.at(-1)?.id;
          if (found.length < 100) break;
        }
      }
      times.sort((a, b) => a - b);
      console.log(
        `${name}: ${rows} rows, median ${(times[times.length >> 1] ?? 0).toFixed(1)} ms, longest ${(times.at(-1) ?? 0).toFixed(1)} ms`,
      );
      // The longest but one: on a shared machine some other program takes a turn now and then.
      expect(times.at(-2)).toBeLessThan(MOST_PAGE_MS);
    });
  }

  it('figures over all of it come soon', async () => {
    const from = performance.now();
    const stats = await log.stats({ filter: {}, since: timeOf(0), until: started + DAY, buckets: 60 });
    console.log(`figures of ${stats.calls} calls: ${(performance.now() - from).toFixed(0)} ms`);
    expect(stats.calls).toBe(ROWS);
    expect(stats.tools).toHaveLength(200);
  });
});
