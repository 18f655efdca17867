/** Signs that what failed may work now; and how many servers start at once. */
import { describe, expect, it } from 'vitest';
import { createGate } from '../../main/upstreams/gate.ts';
import { watchWake } from '../../main/upstreams/wake.ts';
import { manualClock } from '../fakes/manual-clock.ts';

describe('watchWake', () => {
  const open = (): {
    clock: ReturnType<typeof manualClock>;
    told: string[];
    world: { leap: number; addresses: string; waiting: boolean; looked: number };
    close(): void;
  } => {
    const clock = manualClock();
    const told: string[] = [];
    const world = { leap: 0, addresses: '10.0.0.1', waiting: true, looked: 0 };
    const { close } = watchWake({
      clock: { now: () => clock.now() + world.leap, after: clock.after },
      waiting: () => world.waiting,
      changed: (why) => told.push(why),
      addresses() {
        world.looked++;
        return world.addresses;
      },
    });
    return { clock, told, world, close };
  };

  it('a leap of the clock is sleep; a slow computer is none', () => {
    const { clock, told, world, close } = open();
    clock.advance(60_000);
    world.leap = 10_000;
    clock.advance(5_000);
    expect(told).toEqual([]);
    world.leap += 60_000;
    clock.advance(5_000);
    expect(told).toEqual(['woken']);
    clock.advance(60_000);
    expect(told).toEqual(['woken']);
    close();
    world.leap += 60_000;
    clock.advance(60_000);
    expect(told).toEqual(['woken']);
  });

  it('another network is told once, and looked for only while somebody waits', () => {
    const { clock, told, world } = open();
    clock.advance(10_000);
    world.addresses = '192.168.0.7';
    clock.advance(5_000);
    expect(told).toEqual(['network']);
    clock.advance(60_000);
    expect(told).toEqual(['network']);
    world.waiting = false;
    clock.advance(5_000);
    const { looked } = world;
    world.addresses = '10.0.0.1';
    clock.advance(60_000);
    expect(world.looked).toBe(looked);
    // What changed while nobody waited is no news to whoever waits now: he has just tried.
    world.waiting = true;
    clock.advance(60_000);
    expect(told).toEqual(['network']);
  });
});

describe('createGate', () => {
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const never = new AbortController().signal;

  it('lets so many in, the next when one leaves, in order', async () => {
    const gate = createGate(2, manualClock());
    const inside: number[] = [];
    const leaves: (() => void)[] = [];
    for (const n of [1, 2, 3, 4]) {
      void gate.enter(never).then((leave) => {
        inside.push(n);
        leaves.push(leave);
      });
    }
    await settle();
    expect(inside).toEqual([1, 2]);
    leaves[0]?.();
    leaves[0]?.();
    await settle();
    expect(inside).toEqual([1, 2, 3]);
    leaves[2]?.();
    await settle();
    expect(inside).toEqual([1, 2, 3, 4]);
  });

  it('one that takes long gives its place away; one that is given up does not take one', async () => {
    const clock = manualClock();
    const gate = createGate(1, clock);
    await gate.enter(never);
    const given = new AbortController();
    const up = gate.enter(given.signal);
    let third = false;
    void gate.enter(never).then(() => {
      third = true;
    });
    given.abort();
    await up;
    await settle();
    expect(third).toBe(false);
    clock.advance(5_000);
    await settle();
    expect(third).toBe(true);
  });
});
