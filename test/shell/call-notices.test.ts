import { describe, expect, it } from 'vitest';
import { type CallNoticeDeps, openCallNotices } from '../../main/shell/call-notices.ts';
import type { NoticeContent } from '../../main/shell/notice.ts';
import { englishWords } from '../../main/shell/words.ts';
import { germanWords } from '../../main/shell/words-de.ts';
import { japaneseWords } from '../../main/shell/words-ja.ts';
import { chineseWords } from '../../main/shell/words-zh.ts';
import type { Snapshot } from '../../preload/contract.ts';
import type { WaitingCall } from '../../preload/views/calls.ts';
import { loadCore } from '../../renderer/i18n/languages.ts';

const call = (id: string, more: Partial<WaitingCall> = {}): WaitingCall => ({
  id,
  client: 'token-4f1c09ab',
  clientName: 'Claude Code',
  server: 'postgres',
  tool: 'execute_sql',
  hash: `hash-${id}`,
  args: '{}',
  argsBytes: 2,
  complete: true,
  since: 0,
  until: 1,
  claim: null,
  findings: [],
  ...more,
});

function bench(shows = true, words = englishWords) {
  let waiting: readonly WaitingCall[] = [];
  let revision = 0;
  let listener: (snapshot: Snapshot) => void = () => undefined;
  const state = () => ({ callsWaiting: { count: waiting.length, revision } }) as Snapshot;
  const one = {
    shown: [] as (NoticeContent & { open: boolean })[],
    decided: [] as unknown[],
    reviewed: 0,
    asked: 0,
    async wait(...calls: WaitingCall[]) {
      waiting = calls;
      revision += 1;
      listener(state());
      await Promise.resolve();
      await Promise.resolve();
    },
    async snapshot() {
      listener(state());
      await Promise.resolve();
    },
    open: () => one.shown.filter(({ open }) => open).map(({ title }) => title),
    close: () => notices.close(),
  };
  const core = {
    snapshot: state,
    onSnapshot(heard: (snapshot: Snapshot) => void) {
      listener = heard;
      return () => {
        listener = () => undefined;
      };
    },
    async execute(name: string, args: unknown) {
      if (name === 'calls.waiting') {
        one.asked += 1;
        return { ok: true, value: waiting };
      }
      one.decided.push(args);
      return { ok: true, value: null };
    },
  } as unknown as CallNoticeDeps['core'];
  const notices = openCallNotices({
    core,
    words,
    show(content) {
      if (!shows) return null;
      const shown = { ...content, open: true };
      one.shown.push(shown);
      return {
        close() {
          shown.open = false;
        },
      };
    },
    review: () => {
      one.reviewed += 1;
    },
  });
  return one;
}

describe('notices of calls that wait', () => {
  it('say who wants what, and offer Review and Deny', async () => {
    const one = bench();
    await one.wait(call('1'));
    expect(one.shown[0]).toMatchObject({
      title: '“Claude Code” wants to run execute_sql',
      body: 'On postgres. It waits until you decide.\n{}',
      buttons: [{ text: 'Review' }, { text: 'Deny' }],
    });
    one.shown[0]?.onClick();
    one.shown[0]?.buttons[0]?.run();
    expect(one.reviewed).toBe(2);
    one.shown[0]?.buttons[1]?.run();
    expect(one.decided).toEqual([{ id: '1', hash: 'hash-1', decision: 'deny' }]);
  });

  it('show the arguments as far as there is room, without secrets, and what is serious about the tool', async () => {
    const one = bench();
    const finding = { rule: 'x', evidence: '', pointer: '', start: 0, end: 0 };
    await one.wait(
      call('1', {
        args: `{"sql":"drop\u202e table <b>", "password": "hunter22"}${' x'.repeat(500)}`,
        findings: [
          { ...finding, severity: 'medium', serious: false, sentence: 'It is odd.' },
          { ...finding, severity: 'high', serious: true, sentence: 'It gives orders to the model.' },
        ],
      }),
    );
    const [, warning, args] = one.shown[0]?.body.split('\n') ?? [];
    expect(warning).toBe('It gives orders to the model.');
    expect(args).toMatch(/^\{"sql":"drop table b", "password": "\[hidden[^"]*"\} x.*…$/);
    expect(args?.length).toBe(180);
  });

  it('come once for each call, go with it, and are never many', async () => {
    const one = bench();
    await one.wait(call('1'));
    await one.wait(call('1'), call('2'));
    expect(one.shown).toHaveLength(2);
    // Several at once share one, which takes the place of those that are there.
    await one.wait(call('2'), call('3'), call('4'), call('5'));
    expect(one.open()).toEqual(['4 calls wait for you']);
    expect(one.shown.at(-1)?.buttons.map(({ text }) => text)).toEqual(['Review']);
    await one.wait(call('5'));
    expect(one.open()).toHaveLength(1);
    await one.wait();
    expect(one.open()).toEqual([]);
  });

  it('ask for nothing while what waits stays the same', async () => {
    const one = bench();
    await one.wait(call('1'));
    const { asked } = one;
    await one.snapshot();
    expect(one.asked).toBe(asked);
  });

  it('show names from outside as plain text on one line', async () => {
    const one = bench();
    await one.wait(call('1', { clientName: 'A\u202e\n<b>B</b>', tool: 'x'.repeat(500) }));
    expect(one.shown[0]?.title).toBe(`“A bB/b” wants to run ${'x'.repeat(59)}…`);
  });

  it('go when they are closed, and none come afterwards', async () => {
    const one = bench();
    await one.wait(call('1'));
    one.close();
    one.close();
    expect(one.open()).toEqual([]);
    await one.wait(call('2'));
    expect(one.shown).toHaveLength(1);
  });

  it('are none where the desktop shows none', async () => {
    const one = bench(false);
    await one.wait(call('1'));
    expect(one.shown).toEqual([]);
    one.close();
  });
});

describe('what the scanner found, in a notice', () => {
  const finding = {
    rule: 'model.obey',
    severity: 'high',
    serious: true,
    sentence: 'It gives orders to the model.',
  } as const;
  const place = { evidence: '', pointer: '', start: 0, end: 0 };

  it.each([
    [germanWords, 'Es gibt dem Modell Befehle.'],
    [englishWords, 'It gives orders to the model.'],
  ])('is in the language of the notice', async (words, expected) => {
    const one = bench(true, words);
    await one.wait(call('1', { findings: [{ ...finding, ...place }] }));
    expect(one.shown[0]?.body.split('\n')[1]).toBe(expected);
  });

  it('has its names, which may hold anything; without them it stays English', async () => {
    const imitates = { ...finding, ...place, rule: 'peer.imitate', sentence: 'It imitates a of b.' };
    const one = bench(true, germanWords);
    await one.wait(call('1', { findings: [{ ...imitates, names: { tool: 'a\n{server}', server: 'b' } }] }));
    expect(one.shown[0]?.body.split('\n')[1]).toBe('Es ahmt a {server} von b nach.');
    const other = bench(true, germanWords);
    await other.wait(call('1', { findings: [imitates] }));
    expect(other.shown[0]?.body.split('\n')[1]).toBe('It imitates a of b.');
  });

  it.each(['de', 'ja', 'zh-Hans'] as const)('in %s reads as on the screens', async (language) => {
    const words = { de: germanWords, ja: japaneseWords, 'zh-Hans': chineseWords }[language];
    const screens = Object.entries((await loadCore(language))?.texts ?? {})
      .filter(([key]) => key.startsWith('finding.'))
      .map(([key, text]) => [key.slice('finding.'.length), text]);
    expect(screens.length).toBeGreaterThan(30);
    expect(words.findings).toEqual(Object.fromEntries(screens));
  });
});

it('a client that has a name here goes by that, whatever it calls itself', async () => {
  const one = bench();
  await one.wait(call('1', { client: 'cursor', clientName: 'Claude Code' }));
  expect(one.shown[0]?.title).toBe('cursor wants to run execute_sql');
});
