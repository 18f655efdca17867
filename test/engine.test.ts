import { describe, expect, it } from 'vitest';
import { collectAtRest, thisProcess } from '../main/engine.ts';
import { manualClock } from './fakes/manual-clock.ts';

describe('collecting at rest', () => {
  /** Each number is the share of a core that the process needs for the next so many seconds. */
  function run(...spans: readonly (readonly [seconds: number, share: number])[]): number[] {
    const clock = manualClock();
    const began = clock.now();
    let cpu = 0;
    const collected: number[] = [];
    const stop = collectAtRest({
      clock,
      cpuUs: () => cpu,
      collect: () => collected.push((clock.now() - began) / 1_000),
    });
    for (const [seconds, share] of spans) {
      for (let second = 0; second < seconds; second += 1) {
        cpu += share * 1_000_000;
        clock.advance(1_000);
      }
    }
    stop();
    clock.advance(3_600_000);
    return collected;
  }

  it('happens once after the start, as soon as that is over', () => {
    expect(run([1, 0.9], [9, 0], [300, 0.01])).toEqual([10]);
  });

  it('waits while there is work', () => {
    expect(run([60, 0.2], [10, 0])).toEqual([65]);
  });

  it('happens again after every storm, and after none', () => {
    expect(run([10, 0], [60, 0.5], [40, 0], [300, 0.02])).toEqual([5, 75]);
  });

  it('does not happen between work and rest', () => {
    expect(run([60, 0.05])).toEqual([]);
  });
});

it('the process can be told to collect everything', () => {
  const held = new WeakRef(Object.fromEntries([['large', new Array(1_000).fill('x')]]));
  const { collect, cpuUs } = thisProcess(manualClock());
  const before = cpuUs();
  return new Promise<void>((resolve) => {
    // A weak reference is kept until the turn in which it was made is over.
    setTimeout(() => {
      collect();
      expect(held.deref()).toBeUndefined();
      expect(cpuUs()).toBeGreaterThan(before);
      expect('gc' in globalThis).toBe(false);
      resolve();
    }, 0);
  });
});
