/** The shell's language: the wish before the system, a change while it runs, and every sentence in every language. */
import { describe, expect, it, vi } from 'vitest';
import { defaultPreferences, openPreferences } from '../../main/shell/preferences.ts';
import { openSpeech, systemLanguages } from '../../main/shell/speech.ts';
import { englishWords, type ShellWords } from '../../main/shell/words.ts';
import { germanWords } from '../../main/shell/words-de.ts';
import { japaneseWords } from '../../main/shell/words-ja.ts';
import { chineseWords } from '../../main/shell/words-zh.ts';

function setup(system: readonly string[], kept: Record<string, unknown> = {}) {
  const preferences = openPreferences({
    get: (key) => kept[key],
    set: (values) => void Object.assign(kept, values),
  });
  const speech = openSpeech(preferences, system);
  const heard: string[] = [];
  speech.onChange((locale) => heard.push(locale));
  return { preferences, speech, heard };
}

describe('the language of the shell', () => {
  it('is the system’s, until the user says otherwise, and then at once', async () => {
    const { preferences, speech, heard } = setup(['fr-FR', 'de-AT', 'en-US']);
    await vi.waitFor(() => expect(heard).toEqual(['de-AT']));
    expect(speech.words.quit).toBe('Gatehouse beenden');
    preferences.set({ language: 'ja' });
    await vi.waitFor(() => expect(heard).toEqual(['de-AT', 'ja']));
    expect(speech.words.status.running(3)).toBe('稼働中、3 台のサーバーが準備完了');
    preferences.set({ theme: 'dark' });
    preferences.set({ language: 'system' });
    await vi.waitFor(() => expect(heard).toEqual(['de-AT', 'ja', 'de-AT']));
  });

  it('begins with the wish that was kept', () => {
    expect(setup(['en-GB'], { ...defaultPreferences, language: 'zh-Hans' }).speech.locale()).toBe('zh-Hans');
    expect(setup(['en-GB']).speech.locale()).toBe('en-GB');
    expect(setup([]).speech.locale()).toBe('en');
  });

  it('is silent when it is closed', async () => {
    const { preferences, speech, heard } = setup(['en']);
    speech.close();
    preferences.set({ language: 'de' });
    await import('../../main/shell/words-de.ts');
    await Promise.resolve();
    expect(heard).toEqual([]);
    expect(speech.words.quit).toBe(englishWords.quit);
  });

  it('takes a wish of the command line first', () => {
    const app = {
      commandLine: { getSwitchValue: (name: string) => (name === 'lang' ? 'de' : '') },
      getPreferredSystemLanguages: () => ['en-US'],
      getLocale: () => 'en-US',
    };
    expect(systemLanguages(app)).toEqual(['de', 'en-US', 'en-US']);
  });
});

/** Every sentence by its name; functions are asked with values that stand out, for one and for several. */
function sentences(words: object, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] => {
    const name = `${prefix}${key}`;
    // English has none of its own; `call-notices.test.ts` holds them to those of the screens.
    if (name === 'findings') return [];
    if (typeof value === 'string') return [[name, value]];
    if (typeof value !== 'function') return sentences(value as object, `${name}.`);
    const speak = value as (...values: unknown[]) => string;
    const isCount = ['status.running', 'status.waiting', 'attention', 'moreServers', 'callsWaiting'].includes(
      name,
    );
    if (!isCount) return [[name, speak('#a', '#b').toLowerCase()]];
    return [1, 17].map((count) => [`${name}(${count})`, speak(count)]);
  });
}

describe.each<[string, ShellWords]>([
  ['German', germanWords],
  ['Japanese', japaneseWords],
  ['Chinese', chineseWords],
])('%s', (_name, words) => {
  const english = new Map(sentences(englishWords));

  it('says every sentence, with every value in it', () => {
    const said = sentences(words);
    expect(said.map(([name]) => name)).toEqual([...english.keys()]);
    const values = (text: string | undefined) => (text?.match(/#[ab]|17/g) ?? []).toSorted();
    for (const [name, text] of said) {
      expect(values(text), name).toEqual(values(english.get(name)));
    }
  });

  it('says none in English', () => {
    const same = sentences(words).filter(([name, text]) => text === english.get(name));
    expect(
      same.map(([name]) => name).filter((name) => !['tooltip', 'serverLine', 'calledSo'].includes(name)),
    ).toEqual([]);
  });
});
