/** A server that lists so much that what was decided about it would be forgotten. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Approval, undecided } from '../../main/trust/approval.ts';
import { Approvals } from '../../main/trust/approvals.ts';
import { type Decision, remembered } from '../../main/trust/history.ts';
import { listing } from '../catalog/listings.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { openHouse, tool } from './house.ts';

const version = { fingerprint: 'f'.repeat(64), bytes: Buffer.from('{}'), at: 0, by: 'auto' } as const;
const passed = (key: string): Approval => ({ ...undecided('tools', key), approved: version });

it('flooded-block: what is blocked stays blocked, also after the next start', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-flood-'));
  const open = (expected: boolean): Approvals =>
    new Approvals({
      ...{ server: 's', dir, clock: manualClock(), expected },
      written: () => undefined,
      noted: () => undefined,
      problem: () => undefined,
    });
  try {
    const first = open(false);
    await first.decide(() => ({ approvals: [{ ...passed('bad'), blocked: true }], history: [] }));
    first.note({ approvals: Array.from({ length: 80_100 }, (_, at) => passed(`t${at}`)), history: [] });
    expect(first.size).toBe(80_001);
    expect(first.of('tools', 't0')).toBeUndefined();
    expect(first.of('tools', 'bad')?.blocked).toBe(true);
    await first.close();
    const second = open(true);
    expect(second.of('tools', 'bad')?.blocked).toBe(true);
    await second.close();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}, 30_000);

it('flooded-history: what people have decided is not pushed out by what passes by itself', () => {
  const decision = (by: Decision['by'], at: number, after = ''): Decision => ({
    ...{
      server: 's',
      act: 'approve',
      by,
      at,
      kind: 'tools',
      key: 't',
      fingerprint: null,
      before: null,
      after,
    },
  });
  let history: readonly Decision[] = [decision('window', 0)];
  for (let at = 1; at <= 2_000; at++)
    history = remembered(history, [decision('auto', at, 'x'.repeat(5_000))]);
  history = remembered(history, [decision('cli', 2_001)]);
  expect(history.filter(({ by }) => by !== 'auto').map(({ at }) => at)).toEqual([0, 2_001]);
  expect(history.length).toBeLessThanOrEqual(102);
  // The newest of both, in order.
  expect(history.at(-2)?.at).toBe(2_000);
  for (let at = 0; at < 600; at++) history = remembered(history, [decision('tray', 3_000 + at)]);
  expect(history.filter(({ by }) => by === 'tray')).toHaveLength(500);
});

it('what passes by itself is on record: the first list, and each change that "auto" lets pass', async () => {
  const house = await openHouse({ s: { trust: 'auto' } });
  try {
    const list = (description: string): void =>
      house.gatekeeping.gates.listing('s', null, listing({ tools: [tool('a', { description })] }));
    list('one');
    list('two');
    list('two');
    expect(house.noted.map(({ action, client, tool: key }) => [action, client, key])).toEqual([
      ['server.baseline', 'baseline', ''],
      ['server.baseline', 'baseline', ''],
      ['tools.approve', 'auto', 'a'],
    ]);
    expect(house.noted.at(-1)?.detail).toMatch(/one[\s\S]*two/);
  } finally {
    await house.close();
  }
});
