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

it('terminal-injection: nothing that a server writes steers the terminal of who reads its log, or turns text around', async () => {
  log.write(
    Buffer.from(
      '\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[2J 50 %\r100 %\u009b2Jx\u202ereversed\tkept\r\n',
    ),
  );
  const [line] = log.tail(1);
  expect(line).toBe('red ␛]0;title␇␛[2J 50 %␍100 %\\u{9b}2Jx\\u{202e}reversed\tkept');
  await log.close();
  expect(readFileSync(join(dir, 'one.log'), 'utf8')).not.toMatch(/(?![\t\n])[\p{Cc}\u202e]/u);
});

it.each(['\u001b[0m', '\u001b[1;31m', '\u001b[38:5:1m', '\u001b[m'])(
  'split-secret: colors (%j) within a secret do not keep it from being hidden',
  (code) => {
    log.hide(['correct-horse']);
    log.write(Buffer.from(`using correct-${code}horse, ghp_${code}${'a1B2c3D4'.repeat(5)}\n`));
    expect(log.tail(1)).toEqual(['using [hidden: configured secret], [hidden: GitHub token]']);
  },
);

it.each(['[gatehouse] approved by you', '\u001b[1m[gatehouse] approved by you'])(
  'forged-note: %j is told apart from words of ours',
  (text) => {
    log.started();
    log.write(Buffer.from(`${text}\n`));
    expect(log.tail(1)).toEqual(['> [gatehouse] approved by you']);
    // And it is among its last words.
    expect(log.sinceStart()).toEqual(['> [gatehouse] approved by you']);
  },
);

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
