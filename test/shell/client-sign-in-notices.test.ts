/** Notices of clients that want to sign in: the window comes once, the button denies, a decision takes the notice away. */
import { expect, it } from 'vitest';
import { openClientSignInNotices } from '../../main/shell/client-sign-in-notices.ts';
import type { NoticeContent } from '../../main/shell/notice.ts';
import { englishWords } from '../../main/shell/words.ts';
import { fakeCore } from './fake-core.ts';

function bench() {
  const core = fakeCore({});
  core.answer = { ok: true, value: [] };
  const shown: (NoticeContent & { open: boolean })[] = [];
  const one = { core, shown, opened: 0, wait, close: () => notices.close(), open };
  const notices = openClientSignInNotices({
    ...{ core, words: englishWords },
    show(content) {
      const notice = { ...content, open: true };
      shown.push(notice);
      return {
        close() {
          notice.open = false;
        },
      };
    },
    open: () => {
      one.opened += 1;
    },
  });
  /** These wait from now on. */
  async function wait(...ids: string[]): Promise<void> {
    core.answer = { ok: true, value: ids.map((id) => ({ id, name: `Client <${id}>` })) };
    core.set({ clientsRevision: core.snapshot().clientsRevision + 1 });
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  }
  function open(): string[] {
    return shown.filter((notice) => notice.open).map(({ title }) => title);
  }
  return one;
}

it('brings the window for the first that waits, not for each', async () => {
  const one = bench();
  await one.wait('a');
  await one.wait('a', 'b');
  expect(one.opened).toBe(1);
  expect(one.open()).toEqual([
    englishWords.wantsToSignIn('Client a'),
    englishWords.wantsToSignIn('Client b'),
  ]);
  await one.wait('b');
  expect(one.open()).toEqual([englishWords.wantsToSignIn('Client b')]);
  await one.wait();
  await one.wait('c');
  expect(one.opened).toBe(2);
});

it('denies by its button, and can do nothing else', async () => {
  const one = bench();
  await one.wait('a');
  expect(one.shown[0]?.buttons.map(({ text }) => text)).toEqual(['Deny']);
  one.shown[0]?.buttons[0]?.run();
  expect(one.core.asked.at(-1)).toEqual({
    name: 'clientSignIn.decide',
    args: { id: 'a', decision: { allow: false } },
  });
  one.shown[0]?.onClick();
  expect(one.opened).toBe(2);
});

it('shows few at once, and nothing once it is closed', async () => {
  const one = bench();
  await one.wait('a', 'b', 'c', 'd', 'e');
  expect(one.open()).toHaveLength(3);
  one.close();
  one.close();
  expect(one.open()).toEqual([]);
  await one.wait('f');
  expect(one.shown).toHaveLength(3);
});
