/**
 * Real servers whose processes do one thing wrong, behind one gateway: what is said of them, what callers get, that they
 * come back, that a healthy server beside them does not feel it, and that nothing of them is left.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readiness, until } from '../host/gateway.ts';
import {
  BOUND_MS,
  failedWith,
  type House,
  LONG,
  marked,
  openHouse,
  READY,
  RECOVERY_MS,
  SHORT,
  textOf,
  UNKNOWN_TOOL,
} from './faulty.ts';

const dir = mkdtempSync(join(tmpdir(), 'gh-faults-'));
let house: House;

beforeAll(async () => {
  house = await openHouse({
    'crash-at-start': SHORT,
    'crashes-thrice': { env: { STARTS: join(dir, 'starts') } },
    'hang-at-initialize': SHORT,
    'deep-initialize': SHORT,
    'cut-initialize': SHORT,
    'odd-initialize': SHORT,
    'crash-in-call': LONG,
    'last-words': LONG,
    'ignores-end': SHORT,
    'leaks-children': LONG,
    'closes-stdout': LONG,
    'closes-stdin': LONG,
    'flood-stderr': LONG,
  });
}, 60_000);
afterEach(() => house.unharmed());
afterAll(async () => {
  await house?.close();
  rmSync(dir, { recursive: true, force: true });
}, 40_000);

describe('a server that does not start', () => {
  it('crash-at-start: failed, with its last words; callers hear that there is no such tool', async () => {
    const { servers } = await readiness(house.gateway.base);
    expect(servers['crash-at-start']).toMatchObject({
      state: expect.stringMatching(/failed|starting/),
      problem: {
        code: 'upstream.exited',
        message: expect.stringContaining('no database at the usual place'),
      },
    });
    expect(await house.call('crash-at-start__ok')).toMatchObject(UNKNOWN_TOOL);
  });

  it('crashes-thrice: is started again and again until it runs', async () => {
    await house.recovery('crashes-thrice', RECOVERY_MS);
    expect(await house.standing('crashes-thrice')).toEqual(READY);
    expect(statSync(join(dir, 'starts')).size).toBe(4);
  });

  it('hang-at-initialize: starting; nobody waits for it longer than 8 s', async () => {
    expect(await house.standing('hang-at-initialize')).toEqual({ state: 'starting', code: null });
    expect(house.firstListMs).toBeLessThan(8_000 + BOUND_MS);
    const since = Date.now();
    expect(await house.call('hang-at-initialize__ok')).toMatchObject(UNKNOWN_TOOL);
    expect(await house.namesOf('good')).toHaveLength(4);
    expect(Date.now() - since).toBeLessThan(BOUND_MS);
  });

  it.each([
    ['deep-initialize', 'upstream.bad_answer'],
    ['cut-initialize', 'upstream.bad_answer'],
    ['odd-initialize', 'upstream.protocol_mismatch'],
  ])('%s: %s', async (name, code) => {
    // Looked at once: it is tried again and again.
    let standing = await house.standing(name);
    await until(async () => {
      standing = await house.standing(name);
      return standing.state === 'failed';
    }, `${name} has failed`);
    expect(standing).toEqual({ state: 'failed', code });
    expect(await house.call(`${name}__ok`)).toMatchObject(UNKNOWN_TOOL);
  });
});

describe('a process that misbehaves', () => {
  it('crash-in-call: the caller hears it at once; the server comes back', async () => {
    const answer = await house.call('crash-in-call__fault');
    expect(answer).toMatchObject(failedWith('upstream.exited'));
    expect(answer.error?.message).toContain('out of ideas');
    expect(await house.standing('crash-in-call')).toEqual({ state: 'retrying', code: 'upstream.exited' });
    expect(await house.call('crash-in-call__ok')).toMatchObject(failedWith('upstream.not_ready'));
    await house.recovery('crash-in-call', RECOVERY_MS);
  });

  it('last-words: an answer that is still in the pipe when its server is gone arrives whole', async () => {
    expect(textOf(await house.call('last-words__fault'))).toHaveLength(4 * 1024 * 1024);
    await house.recovery('last-words', RECOVERY_MS);
  });

  it('leaks-children: what it leaves in its group when it ends is ended', async () => {
    const leaked = (): number[] => marked(house.mark).filter((pid) => marked('leaked').includes(pid));
    const before = leaked();
    expect(before).toHaveLength(1);
    expect(await house.call('leaks-children__fault')).toMatchObject(failedWith('upstream.exited'));
    await until(() => !leaked().includes(before[0] ?? 0), 'its child is ended');
    await house.recovery('leaks-children', RECOVERY_MS);
  });

  it.each(['closes-stdout', 'closes-stdin'])(
    '%s and goes on: is noticed, ended and started again',
    async (name) => {
      const pid = Number(textOf(await house.call(`${name}__pid`)));
      const since = Date.now();
      const answer = house.call(`${name}__fault`);
      if (name === 'closes-stdin') {
        await until(() => house.logOf(name).includes('input closed'), 'its input is closed');
        // That is noticed with the next message.
        expect(await house.call(`${name}__ok`)).toMatchObject(failedWith('upstream.pipe_closed'));
      }
      expect(await answer).toMatchObject(failedWith('upstream.pipe_closed'));
      expect(Date.now() - since).toBeLessThan(BOUND_MS);
      expect((await house.standing(name)).code).toBe('upstream.pipe_closed');
      await house.recovery(name, RECOVERY_MS);
      expect(marked(house.mark)).not.toContain(pid);
    },
  );

  it('flood-stderr: 100 MB of it are taken, 10 MB at most are kept', async () => {
    expect(textOf(await house.beside(house.call('flood-stderr__fault'), BOUND_MS))).toBe('flooded');
    const [current, former] = ['flood-stderr.log', 'flood-stderr.log.1'].map((name) =>
      statSync(join(house.gateway.dataDir, 'logs', name), { throwIfNoEntry: false }),
    );
    // Where time is short, less than one file of it is worth keeping; the log says so.
    if (former === undefined) expect(house.logOf('flood-stderr')).toMatch(/left out \d+ lines/);
    const kept = [current, former].filter((file) => file !== undefined);
    expect(kept).not.toEqual([]);
    for (const { size, mode } of kept) {
      expect(size).toBeLessThanOrEqual(5 * 1024 * 1024);
      expect(mode & 0o777).toBe(0o600);
    }
    expect(await house.standing('flood-stderr')).toEqual(READY);
  });
});

describe('the end', () => {
  it('SIGTERM: exit 0 within the budget, though one ignores it, and no process is left', async () => {
    const running = marked(house.mark);
    expect(running.length).toBeGreaterThanOrEqual(8);
    const since = Date.now();
    expect(await house.standing('ignores-end')).toEqual(READY);
    await house.end();
    // 10 s for the end of input to be noticed, 9 s for SIGTERM, and what a busy computer needs.
    expect(Date.now() - since).toBeLessThan(25_000);
    expect(Date.now() - since).toBeGreaterThan(18_000);
  }, 40_000);
});
