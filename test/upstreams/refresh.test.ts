import { describe, expect, it } from 'vitest';
import type { ListKind } from '../../main/protocol/listing.ts';
import { createRefresh, type Refresh } from '../../main/upstreams/refresh.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';

interface Host {
  readonly clock: ManualClock;
  readonly refresh: Refresh;
  /** What was read, in order. */
  readonly read: (readonly ListKind[])[];
  /** Ends the reading that is under way. */
  done(good?: boolean): Promise<void>;
}

function host(): Host {
  const clock = manualClock();
  const read: (readonly ListKind[])[] = [];
  let done: (good: boolean) => void = () => undefined;
  const refresh = createRefresh(clock, (kinds) => {
    read.push(kinds);
    return new Promise((resolve) => {
      done = resolve;
    });
  });
  return {
    ...{ clock, refresh, read },
    async done(good = true) {
      done(good);
      await new Promise(setImmediate);
    },
  };
}

describe('lists that changed', () => {
  it('are read once for a burst of signs, all that were named', () => {
    const { clock, refresh, read } = host();
    refresh.changed(['tools']);
    clock.advance(60);
    refresh.changed(['prompts', 'tools']);
    clock.advance(60);
    expect(read).toEqual([]);
    clock.advance(60);
    expect(read).toEqual([['tools', 'prompts']]);
  });

  it('are read every second when the signs never cease', async () => {
    const { clock, refresh, read, done } = host();
    for (let ms = 0; ms < 5_000; ms += 50) {
      refresh.changed(['tools']);
      clock.advance(50);
      await done();
    }
    expect(read).toHaveLength(5);
  });

  it('are never read twice at once; what is said meanwhile is followed afterwards', async () => {
    const { clock, refresh, read, done } = host();
    refresh.changed(['tools']);
    clock.advance(100);
    refresh.changed(['prompts']);
    clock.advance(10_000);
    expect(read).toEqual([['tools']]);
    await done();
    clock.advance(100);
    expect(read).toEqual([['tools'], ['prompts']]);
    await done();
    clock.advance(10_000);
    expect(read).toHaveLength(2);
  });

  it('are not read after the end', async () => {
    const { clock, refresh, read, done } = host();
    refresh.changed(['tools']);
    clock.advance(100);
    refresh.changed(['tools']);
    refresh.close();
    await done();
    refresh.changed(['prompts']);
    clock.advance(10_000);
    expect(read).toHaveLength(1);
  });
});

describe('a call that needs the list', () => {
  it('finds it in doubt from the sign until it was read with success', async () => {
    const { clock, refresh, done } = host();
    expect(refresh.doubts('tools')).toBe(false);
    refresh.changed(['tools']);
    expect(refresh.doubts('tools')).toBe(true);
    expect(refresh.doubts('prompts')).toBe(false);
    clock.advance(100);
    await done(false);
    expect(refresh.doubts('tools')).toBe(true);
    const again = refresh.catchUp('tools');
    await done();
    expect(await again).toBe(true);
    expect(refresh.doubts('tools')).toBe(false);
  });

  it('has it read at once, and together with others', async () => {
    const { refresh, read, done } = host();
    refresh.changed(['tools']);
    const both = [refresh.catchUp('tools'), refresh.catchUp('tools')];
    expect(read).toEqual([['tools']]);
    await done();
    expect(await Promise.all(both)).toEqual([true, true]);
    expect(read).toHaveLength(1);
  });

  it('does not take a list for new that was asked for before the last sign', async () => {
    const { clock, refresh, read, done } = host();
    refresh.changed(['tools']);
    clock.advance(100);
    refresh.changed(['tools']);
    let known = false;
    void refresh.catchUp('tools').then(() => {
      known = true;
    });
    await done();
    expect(known).toBe(false);
    expect(read).toHaveLength(2);
    await done();
    expect(known).toBe(true);
  });

  it('waits no longer when the session is over', async () => {
    const { refresh } = host();
    refresh.changed(['tools']);
    refresh.close();
    expect(await refresh.catchUp('tools')).toBe(false);
  });
});
