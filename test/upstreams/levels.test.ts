/** How much a server is to log, and when it is told (logging section). */
import { expect, it } from 'vitest';
import type { LogLevel } from '../../main/protocol/peer.ts';
import { createLevels, type Levels } from '../../main/upstreams/levels.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';

function levels(fails = false): { levels: Levels; told: LogLevel[]; clock: ManualClock } {
  const told: LogLevel[] = [];
  const clock = manualClock();
  const made = createLevels(async (level) => {
    told.push(level);
    if (fails) throw new Error('refused');
  }, clock);
  return { levels: made, told, clock };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

it('the most verbose of all is told, once, and nobody is not told', async () => {
  const { levels: all, told } = levels();
  all.want(null);
  all.want('error');
  all.want('error');
  await settled();
  await all.enter('info');
  expect(all.enter('warning')).toBeNull();
  all.want('debug');
  all.want(null);
  await settled();
  expect(told).toEqual(['error', 'info', 'debug', 'info']);
});

it('a call waits until the server was told, and its level stays for a while after it', async () => {
  const { levels: all, told, clock } = levels();
  all.want('error');
  await settled();
  const waits = all.enter('info');
  expect(waits).not.toBeNull();
  await waits;
  all.leave('info');
  clock.advance(20_000);
  expect(all.enter('info')).toBeNull();
  all.leave('info');
  clock.advance(29_999);
  await settled();
  expect(told).toEqual(['error', 'info']);
  clock.advance(1);
  await settled();
  expect(told).toEqual(['error', 'info', 'error']);
});

it('a server that refuses is not asked again for the same, and no call waits for ever', async () => {
  const { levels: all, told } = levels(true);
  await all.enter('info');
  expect(all.enter('info')).toBeNull();
  expect(told).toEqual(['info']);
});

it('closing leaves no timer', () => {
  const { levels: all, clock } = levels();
  void all.enter('info');
  all.leave('info');
  all.close();
  expect(clock.pending()).toEqual([]);
});
