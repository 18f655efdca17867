import { expect, it } from 'vitest';
import type { NoticeContent } from '../../main/shell/notice.ts';
import { openSignInNotices } from '../../main/shell/sign-in-notices.ts';
import { englishWords } from '../../main/shell/words.ts';
import { fakeCore, serverView, signInNeeded } from './fake-core.ts';

const needing = (name: string) => serverView(name, { state: 'signing-in', signIn: signInNeeded });
const signedIn = (name: string) => serverView(name, { signIn: { ...signInNeeded, state: 'signed-in' } });

function bench(...names: string[]) {
  const core = fakeCore({ servers: names.map(needing) });
  const shown: (NoticeContent & { open: boolean })[] = [];
  const pages: string[] = [];
  const notices = openSignInNotices({
    core,
    words: englishWords,
    show(content) {
      const one = { ...content, open: true };
      shown.push(one);
      return {
        close() {
          one.open = false;
        },
      };
    },
    open: (server) => pages.push(server),
  });
  const open = (): string[] => shown.filter((one) => one.open).map(({ title }) => title);
  return { core, shown, pages, open, close: notices.close };
}

it('tells once of each server that wants a sign-in, and takes the notice away when that is over', () => {
  const one = bench('mail', 'crm');
  expect(one.open()).toEqual(['mail wants you to sign in', 'crm wants you to sign in']);
  one.core.set({ servers: [needing('mail'), signedIn('crm')] });
  expect(one.open()).toEqual(['mail wants you to sign in']);
  one.core.set({ servers: [needing('mail'), needing('crm')] });
  expect(one.shown).toHaveLength(3);
  one.close();
  expect(one.open()).toEqual([]);
  expect(one.core.listeners).toBe(0);
});

it('its button begins the sign-in; a click, and a button that fails, lead to the page', async () => {
  const one = bench('mail');
  one.shown[0]?.buttons[0]?.run();
  await Promise.resolve();
  expect(one.core.asked).toEqual([{ name: 'server.signIn', args: { server: 'mail' } }]);
  expect(one.pages).toEqual([]);
  one.shown[0]?.onClick();
  expect(one.pages).toEqual(['mail']);
  one.core.answer = { ok: false, error: { code: 'signin.x', message: 'No.', remedy: 'Wait.' } };
  one.shown[0]?.buttons[0]?.run();
  await Promise.resolve();
  await Promise.resolve();
  expect(one.pages).toEqual(['mail', 'mail']);
});

it('shows a few at once, hostile names as plain text, and nothing of servers that are off', () => {
  const one = bench('a<b>\u202ex', 'b', 'c', 'd');
  expect(one.open()).toHaveLength(3);
  expect(one.open()[0]).toBe('ab x wants you to sign in');
  expect(bench().open()).toEqual([]);
  const off = bench('mail');
  off.core.set({ servers: [{ ...needing('mail'), enabled: false, state: 'disabled' }] });
  expect(off.open()).toEqual([]);
});
