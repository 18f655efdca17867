/** How fast a page may give commands, by a clock of the test. */
import { expect, it } from 'vitest';
import type { Clock } from '../../main/protocol/clock.ts';
import { openCommandRate, openRate } from '../../main/protocol/command-rate.ts';
import { manualClock } from '../fakes/manual-clock.ts';

/** How many of a thousand pass. */
const passed = (may: () => boolean): number => Array.from({ length: 1_000 }, may).filter(Boolean).length;

it('lets so many pass at once, and so many a second after that', () => {
  const clock = manualClock();
  const may = openRate(clock, { burst: 20, perSecond: 10 });
  expect(passed(may)).toBe(20);
  clock.advance(500);
  expect(passed(may)).toBe(5);
  clock.advance(60_000);
  expect(passed(may)).toBe(20);
});

it('does not gain from a clock that goes back', () => {
  let now = 10_000;
  const clock: Clock = { now: () => now, after: () => () => undefined };
  const may = openRate(clock, { burst: 1, perSecond: 10 });
  expect([may(), may()]).toEqual([true, false]);
  now -= 5_000;
  expect(may()).toBe(false);
});

it('has a measure of its own for terminals, in which neither takes from the other', () => {
  const may = openCommandRate(manualClock());
  expect(passed(() => may('snapshot.get'))).toBe(300);
  expect(passed(() => may('terminal.output'))).toBe(600);
  expect(may('terminal.input')).toBe(false);
});
