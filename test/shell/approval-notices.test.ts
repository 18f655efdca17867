/** Notices of what nobody has approved yet: few, shared, once. */
import { describe, expect, it } from 'vitest';
import { openApprovalNotices } from '../../main/shell/approval-notices.ts';
import { openBadge } from '../../main/shell/badge.ts';
import type { NoticeContent } from '../../main/shell/notice.ts';
import { englishWords } from '../../main/shell/words.ts';
import { fakeClock, fakeCore, serverView } from './fake-core.ts';

const MINUTES_5 = 5 * 60_000;

function bench(...servers: ReturnType<typeof serverView>[]) {
  const core = fakeCore({ servers });
  const clock = fakeClock();
  const shown: (NoticeContent & { open: boolean })[] = [];
  let reviewed = 0;
  const notices = openApprovalNotices({
    ...{ core, clock, words: englishWords },
    show(content) {
      const one = { ...content, open: true };
      shown.push(one);
      return {
        close() {
          one.open = false;
        },
      };
    },
    review: () => {
      reviewed += 1;
    },
  });
  const set = (...next: ReturnType<typeof serverView>[]): void => {
    core.set({ servers: next });
    clock.advance(2_000);
  };
  return { core, clock, shown, set, notices, reviewed: () => reviewed };
}

describe('notices of approvals', () => {
  it('say what waits, once, and lead to it', () => {
    const { shown, set, reviewed } = bench();
    set(serverView('a', { waiting: 2 }));
    expect(shown).toMatchObject([
      { title: 'a: 2 things wait for your approval', buttons: [{ text: 'Review' }] },
    ]);
    set(serverView('a', { waiting: 2 }));
    set(serverView('a', { waiting: 1 }));
    expect(shown).toHaveLength(1);
    shown[0]?.onClick();
    shown[0]?.buttons[0]?.run();
    expect(reviewed()).toBe(2);
  });

  it('come again when there is more, in place of the one before, and go when nothing waits', () => {
    const { shown, set, clock } = bench();
    set(serverView('a', { waiting: 1 }));
    clock.advance(MINUTES_5);
    set(serverView('a', { waiting: 3 }));
    expect(shown.map(({ open }) => open)).toEqual([false, true]);
    set(serverView('a'));
    expect(shown.map(({ open }) => open)).toEqual([false, false]);
  });

  it('of a server that lists something new all the time are few, and another one is told at once', () => {
    const { shown, set, clock } = bench();
    for (let i = 1; i <= 20; i += 1) {
      set(serverView('a', { waiting: i }));
      set(serverView('a'));
    }
    expect(shown).toHaveLength(1);
    set(serverView('a', { waiting: 30 }));
    set(serverView('a', { waiting: 30 }), serverView('b', { waiting: 1 }));
    expect(shown.map(({ title }) => title)).toEqual([
      'a: 1 thing waits for your approval',
      'b: 1 thing waits for your approval',
    ]);
    clock.advance(MINUTES_5);
    expect(shown.at(-1)?.title).toBe('a: 30 things wait for your approval');
    expect(shown).toHaveLength(3);
  });

  it('of several at once are one', () => {
    const { core, clock, shown } = bench();
    core.set({ servers: [serverView('a', { waiting: 1 })] });
    clock.advance(500);
    core.set({ servers: [serverView('a', { waiting: 1 }), serverView('b', { state: 'quarantined' })] });
    clock.advance(2_000);
    expect(shown.map(({ title }) => title)).toEqual(['2 servers wait for your approval']);
  });

  it('say names from outside as plain text', () => {
    const { shown, set } = bench();
    set(serverView('a\u202e<b>', { state: 'quarantined' }));
    expect(shown[0]?.title).toBe('a b is new');
  });

  it('are none of servers that are off, and none after the end', () => {
    const { core, clock, shown, set, notices } = bench();
    set(serverView('off', { enabled: false, state: 'disabled', waiting: 4 }));
    expect(shown).toEqual([]);
    core.set({ servers: [serverView('a', { waiting: 1 })] });
    notices.close();
    clock.advance(2_000);
    expect(shown).toEqual([]);
    expect(core.listeners).toBe(0);
  });
});

describe('the badge', () => {
  it('counts what waits, and is told only when that is another number', () => {
    const core = fakeCore({ servers: [serverView('a', { state: 'failed' })] });
    const told: number[] = [];
    const badge = openBadge({ core, show: (count) => void told.push(count) });
    core.set({ servers: [serverView('a', { state: 'failed' })] });
    core.set({ servers: [serverView('a', { state: 'failed' }), serverView('b', { waiting: 1 })] });
    core.set({ servers: [] });
    core.set({ servers: [serverView('a', { state: 'failed' })] });
    badge.close();
    expect(told).toEqual([1, 2, 0, 1, 0]);
  });
});
