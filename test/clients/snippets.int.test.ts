/** The command line, read by a real shell: hostile values arrive whole and run nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippet } from '../../main/clients/snippets.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-snippet-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The words that `claude` would get. */
function words(shell: string, command: string): string[] {
  const script = `claude() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync(shell, ['-c', script], { cwd: dir, encoding: 'utf8' }).split('\0').slice(0, -1);
}

const hostile = [
  'plain',
  "it's",
  '"; touch pwned; "',
  "'; touch pwned; '",
  '$(touch pwned)',
  '`touch pwned`',
  ['$', '{HOME}'].join(''),
  '$HOME',
  'a b  c',
  'back\\slash\\',
  'line\ntouch pwned',
  '!history',
  '*',
  '~',
  '#comment',
  '&& touch pwned',
  'ünï\u202ecode',
  '',
];

describe.skipIf(process.platform === 'win32')('the claude-code snippet', () => {
  it.each(['sh', 'bash'])('is read by %s as it was meant', (shell) => {
    for (const value of hostile) {
      const url = `http://127.0.0.1:4180/${value}`;
      const read = words(shell, snippet('claude-code', { url, token: value }));
      expect(read).toEqual([
        'mcp',
        'add',
        '--transport',
        'http',
        'gatehouse',
        url,
        '--header',
        `Authorization: Bearer ${value}`,
      ]);
    }
    expect(existsSync(join(dir, 'pwned'))).toBe(false);
  });
});
