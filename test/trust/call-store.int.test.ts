/** Decisions about calls, on a real disk. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import { openCallStore } from '../../main/trust/call-store.ts';

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-calls-'));
  file = join(dir, 'calls.json');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const entry = { client: 'c', hash: 'h'.repeat(64), server: 'files', tool: 'rm' };

describe('decisions about calls', () => {
  it('are there after the next start, and gone when they are taken back', async () => {
    const first = openCallStore(file, systemClock);
    await Promise.all([
      first.setChoice('files', 'rm', null, 'ask'),
      first.setChoice('files', 'rm', 'c', 'never'),
      first.allowAlways(entry),
    ]);
    await first.close();
    const second = openCallStore(file, systemClock);
    expect(second.choices()).toEqual([
      { server: 'files', tool: 'rm', client: null, rule: 'ask' },
      { server: 'files', tool: 'rm', client: 'c', rule: 'never' },
    ]);
    expect(second.isAlways('c', entry.hash)).toBe(true);
    expect(second.isAlways('d', entry.hash)).toBe(false);
    await second.forget('files', 'rm');
    await second.setChoice('files', 'rm', null, null);
    await second.close();
    const third = openCallStore(file, systemClock);
    expect(third.isAlways('c', entry.hash)).toBe(false);
    expect(third.choices()).toHaveLength(1);
    await third.close();
  });

  it('come from the copy when the file is damaged, and stop the start when both are', async () => {
    const first = openCallStore(file, systemClock);
    await first.setChoice('files', 'rm', null, 'ask');
    await first.close();
    await writeFile(file, '{"version":1,"choi');
    const second = openCallStore(file, systemClock);
    expect(second.problem?.code).toBe('trust.file_restored');
    expect(second.choices()).toHaveLength(1);
    await second.close();
    await writeFile(file, 'x');
    await writeFile(`${file}.backup`, 'x');
    expect(() => openCallStore(file, systemClock)).toThrow(
      expect.objectContaining({ code: 'call.rules_unreadable' }),
    );
    expect(await readFile(file, 'utf8')).toBe('x');
  });

  it('change nothing when they cannot be saved', async () => {
    const store = openCallStore(join(dir, 'not-a-folder', 'calls.json'), systemClock);
    await writeFile(join(dir, 'not-a-folder'), '');
    await expect(store.allowAlways(entry)).rejects.toMatchObject({ code: 'trust.write_failed' });
    expect(store.isAlways('c', entry.hash)).toBe(false);
    await store.close();
    await expect(store.allowAlways(entry)).rejects.toMatchObject({ code: 'trust.closed' });
  });
});
