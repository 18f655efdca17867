import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredEntry } from '../../main/activity/entry.ts';
import { EntryQueue, type Target } from '../../main/activity/queue.ts';
import type { GatehouseError } from '../../main/protocol/error.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { stored } from './entries.ts';

/** A database that does what the test says. */
interface FakeTarget extends Target {
  readonly batches: (readonly StoredEntry[])[];
  cleanings: number;
  /** Thrown by the next writes, one each. */
  readonly failures: Error[];
  /** While set, writes wait for it. */
  gate: Promise<void> | null;
  stepsPerCleaning: number;
  /** How often room was asked for, and how often there is some to be made. */
  rooms: number;
  roomFor: number;
  cleared: number;
  last: number;
}

function fakeTarget(): FakeTarget {
  let stepsLeft = 0;
  const target: FakeTarget = {
    batches: [],
    cleanings: 0,
    failures: [],
    gate: null,
    stepsPerCleaning: 1,
    rooms: 0,
    roomFor: 0,
    cleared: 0,
    last: 0,
    async write(batch) {
      await target.gate;
      const failure = target.failures.shift();
      if (failure !== undefined) throw failure;
      target.batches.push(batch);
    },
    async clean() {
      if (stepsLeft === 0) stepsLeft = target.stepsPerCleaning;
      target.cleanings += 1;
      stepsLeft -= 1;
      return stepsLeft > 0;
    },
    async makeRoom() {
      target.rooms += 1;
      return target.rooms <= target.roomFor;
    },
    limit: async () => undefined,
    async clear() {
      target.cleared += 1;
    },
    lastId: () => target.last,
  };
  return target;
}

/** Lets everything that waits for nothing but promises go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const sqliteError = (rawCode: number): Error => Object.assign(new Error('from SQLite'), { rawCode });

let clock: ManualClock;
let target: FakeTarget;
let second: FakeTarget;
let problems: GatehouseError[];
let replaced: number;
let queue: EntryQueue;

const push = (count: number): void => {
  for (let index = 0; index < count; index += 1) queue.push(stored());
};
const codes = (): string[] => problems.map((problem) => problem.code);
const sizes = (): number[] => target.batches.map((batch) => batch.length);

beforeEach(async () => {
  clock = manualClock();
  target = fakeTarget();
  second = fakeTarget();
  problems = [];
  replaced = 0;
  queue = new EntryQueue({
    target,
    lastId: 41,
    clock,
    onError: (problem) => problems.push(problem),
    replace: async () => {
      replaced += 1;
      return second;
    },
    onWritten: () => undefined,
  });
  await settle();
});

afterEach(() => queue.close());

describe('batches', () => {
  it('go after 250 ms, numbered on from the file', async () => {
    push(3);
    clock.advance(249);
    await settle();
    expect(target.batches).toEqual([]);
    clock.advance(1);
    await settle();
    expect(target.batches.map((batch) => batch.map(({ id }) => id))).toEqual([[42, 43, 44]]);
    expect(queue.unwritten).toEqual([]);
  });

  it('go at once when 500 calls wait, and the rest with the next one', async () => {
    push(501);
    await settle();
    expect(sizes()).toEqual([500]);
    expect(queue.unwritten).toHaveLength(1);
    clock.advance(250);
    await settle();
    expect(sizes()).toEqual([500, 1]);
  });

  it('stay visible until they are known to be in the file', async () => {
    let open = (): void => undefined;
    target.gate = new Promise((resolve) => {
      open = resolve;
    });
    push(2);
    clock.advance(250);
    await settle();
    push(1);
    expect(queue.unwritten).toHaveLength(3);
    open();
    await settle();
    expect(queue.unwritten.map(({ id }) => id)).toEqual([44]);
  });
});

describe('cleaning', () => {
  it('is done at the start, every hour, and after 5,000 calls', async () => {
    expect(target.cleanings).toBe(1);
    clock.advance(60 * 60 * 1_000);
    await settle();
    expect(target.cleanings).toBe(2);
    for (let batch = 0; batch < 10; batch += 1) {
      expect(target.cleanings).toBe(2);
      push(500);
      await settle();
    }
    expect(target.cleanings).toBe(3);
  });

  it('lets full batches go first, between its steps', async () => {
    target.stepsPerCleaning = 3;
    const order: string[] = [];
    const { write, clean } = target;
    Object.assign(target, {
      write: (batch: readonly StoredEntry[]) => {
        order.push('write');
        return write(batch);
      },
      clean: () => {
        order.push('clean');
        if (order.length === 1) push(500);
        return clean();
      },
    });
    clock.advance(60 * 60 * 1_000);
    await settle();
    expect(order).toEqual(['clean', 'write', 'clean', 'clean']);
  });
});

describe('a failed write', () => {
  it('is tried again, later and later, and reported once', async () => {
    target.failures.push(sqliteError(13), sqliteError(13), sqliteError(5));
    push(2);
    clock.advance(250);
    await settle();
    expect(codes()).toEqual(['activity.write_failed']);
    for (const ms of [1_000, 2_000]) {
      clock.advance(ms - 1);
      await settle();
      const before = target.failures.length;
      clock.advance(1);
      await settle();
      expect(target.failures.length).toBe(before - 1);
    }
    expect(target.batches).toEqual([]);
    clock.advance(4_000);
    await settle();
    expect(sizes()).toEqual([2]);
    expect(codes()).toEqual(['activity.write_failed']);
  });

  it('is reported again when it comes back', async () => {
    for (let round = 0; round < 2; round += 1) {
      target.failures.push(sqliteError(13));
      push(1);
      clock.advance(250);
      await settle();
      clock.advance(1_000);
      await settle();
    }
    expect(codes()).toEqual(['activity.write_failed', 'activity.write_failed']);
    expect(sizes()).toEqual([1, 1]);
  });

  it('makes room where the file may not grow any more, and goes on at once', async () => {
    target.failures.push(sqliteError(13), sqliteError(13));
    target.roomFor = 2;
    push(2);
    clock.advance(250);
    await settle();
    expect(sizes()).toEqual([2]);
    expect(problems).toEqual([]);
  });

  it('numbers anew behind the rows of another program', async () => {
    target.failures.push(sqliteError(1_555));
    target.last = 100;
    push(2);
    clock.advance(250);
    await settle();
    expect(target.batches.map((batch) => batch.map(({ id }) => id))).toEqual([[101, 102]]);
    expect(problems).toEqual([]);
  });

  it('moves on to a new file when the old one is damaged, with every call', async () => {
    target.failures.push(sqliteError(11));
    push(2);
    clock.advance(250);
    await settle();
    expect(replaced).toBe(1);
    expect(second.batches.map((batch) => batch.length)).toEqual([2]);
    expect(queue.unwritten).toEqual([]);
  });

  it('does not make new files without end on a broken disk', async () => {
    target.failures.push(sqliteError(11));
    second.failures.push(sqliteError(11), sqliteError(11));
    push(2);
    clock.advance(250);
    await settle();
    expect(replaced).toBe(1);
    expect(codes()).toEqual(['activity.write_failed']);
    clock.advance(1_000);
    await settle();
    expect(replaced).toBe(2);
    clock.advance(2_000);
    await settle();
    expect(second.batches.map((batch) => batch.length)).toEqual([2]);
  });

  it('is not needed to replace a file that a read has found damaged', async () => {
    queue.reportDamage(sqliteError(11));
    await settle();
    expect(replaced).toBe(1);
  });
});

describe('arguments and results', () => {
  it('end a batch early when they are long', async () => {
    const details = {
      request: 'x'.repeat(100_000),
      response: null,
      hidden: 0,
      requestCut: false,
      responseCut: false,
    };
    for (let index = 0; index < 5; index += 1) queue.push(stored({ details }));
    await settle();
    expect(sizes()).toEqual([2, 2]);
    await queue.close();
    expect(sizes()).toEqual([2, 2, 1]);
  });

  it('are left out where too much waits, the row is not', async () => {
    target.gate = new Promise(() => undefined);
    const details = {
      request: 'x'.repeat(1024 * 1024),
      response: null,
      hidden: 0,
      requestCut: false,
      responseCut: false,
    };
    for (let index = 0; index < 40; index += 1) queue.push(stored({ details }));
    expect(queue.unwritten).toHaveLength(40);
    expect(queue.unwritten.filter((entry) => entry.skipped && entry.details === null)).toHaveLength(8);
    const closed = queue.close();
    await settle();
    clock.advance(2_000);
    await closed;
  });
});

describe('clearing', () => {
  it('takes what waits too', async () => {
    push(3);
    await queue.clear();
    expect(target.cleared).toBe(1);
    expect(queue.unwritten).toEqual([]);
    expect(target.batches).toEqual([]);
  });
});

describe('overflow', () => {
  it('is counted and reported, at most every 5 s', async () => {
    target.gate = new Promise(() => undefined);
    push(20_003);
    expect(queue.unwritten).toHaveLength(20_000);
    expect(problems).toEqual([]);
    clock.advance(5_000);
    expect(codes()).toEqual(['activity.calls_lost']);
    expect(problems[0]?.message).toContain('3 calls');
    push(1);
    clock.advance(4_999);
    expect(problems).toHaveLength(1);
    clock.advance(1);
    expect(problems[1]?.message).toContain('1 call was');
    const closed = queue.close();
    await settle();
    clock.advance(2_000);
    await closed;
  });
});

describe('closing', () => {
  it('writes what waits, and takes nothing more', async () => {
    push(1_200);
    await queue.close();
    push(1);
    expect(sizes()).toEqual([500, 500, 200]);
    expect(clock.pending()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('gives up after 2 s and tells how many calls are lost', async () => {
    target.gate = new Promise(() => undefined);
    push(7);
    const closed = queue.close();
    expect(queue.close()).toBe(closed);
    await settle();
    clock.advance(2_000);
    await closed;
    expect(codes()).toEqual(['activity.calls_lost']);
    expect(problems[0]?.message).toContain('7 calls');
  });

  it('tries once more where a write has failed before', async () => {
    target.failures.push(sqliteError(13));
    push(1);
    clock.advance(250);
    await settle();
    await queue.close();
    expect(sizes()).toEqual([1]);
  });
});
