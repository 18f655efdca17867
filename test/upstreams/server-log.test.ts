import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openServerLog, type ServerLog } from '../../main/upstreams/server-log.ts';

let dir: string;
let now = 1_000_000;
let log: ServerLog;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gh-log-'));
  log = openServerLog(join(dir, 'one.log'), { now: () => now, after: () => () => undefined });
});
afterEach(async () => {
  await log.close();
  rmSync(dir, { recursive: true, force: true });
});

it('keeps lines without the secrets that it was told, and without what looks like one', async () => {
  log.hide(['correct horse', 'abc']);
  log.write(Buffer.from('using correct horse\nabc stays, too short\nPASSWORD=hunter2 '));
  log.write(Buffer.from(`and ghp_${'a1B2c3D4'.repeat(5)}\n`));
  log.note('started');
  expect(log.tail(10)).toEqual([
    'using [hidden: configured secret]',
    'abc stays, too short',
    'PASSWORD=[hidden: by name] and [hidden: GitHub token]',
    '[gatehouse] started',
  ]);
  await log.close();
  expect(readFileSync(join(dir, 'one.log'), 'utf8')).not.toMatch(/correct horse|hunter2|ghp_/);
});

it('a server that floods its log takes little time from the others, and is told of', () => {
  const line = `${'0123456789abcdef'.repeat(500)}\n`;
  const begun = performance.now();
  // All of them would take half a minute.
  for (let count = 0; count < 3_000; count++) log.write(Buffer.from(line));
  expect(performance.now() - begun).toBeLessThan(3_000);
  // Whoever writes like us is no exception.
  log.write(Buffer.from('[gatehouse] not ours\n'));
  log.note('still ours');
  expect(log.tail(2)).toEqual([
    expect.stringMatching(/^\[gatehouse\] left out \d{4} lines/),
    '[gatehouse] still ours',
  ]);
  now += 10_000;
  log.write(Buffer.from('heard again\n'));
  expect(log.tail(1)).toEqual(['heard again']);
});

it('short lines without end are left out in few words, and the last of them tell why the server ended', () => {
  log.started();
  const chunk = Buffer.from('y\n'.repeat(32_768));
  const begun = performance.now();
  let left = 0;
  for (let count = 0; count < 500; count++) if (log.write(chunk)) left++;
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(left).toBeGreaterThan(490);
  log.write(Buffer.from('password=hunter2hunter2\nno data'));
  log.write(Buffer.from('base\n'));
  expect(log.tail(1_000).filter((line) => line.includes('left out'))).toEqual([]);
  expect(log.sinceStart().slice(-2)).toEqual([expect.not.stringContaining('hunter2'), 'no database']);
  // They are not taken for those of the next run.
  log.started();
  expect(log.sinceStart()).toEqual([]);
});
