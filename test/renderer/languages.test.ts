/**
 * Every language is complete: the same keys, the same values in each sentence, the plural forms that the language has,
 * nothing left in English; which language a person gets; and that a window changes it while it is open.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import { type Language, languageFor, languages } from '../../preload/views/language.ts';
import { pseudo, pseudoCore } from '../../renderer/dev/pseudo.ts';
import { type World, worlds } from '../../renderer/dev/worlds.ts';
import { sayProblem } from '../../renderer/i18n/core-speech.ts';
import { type Catalog, en, type MessageKey } from '../../renderer/i18n/en.ts';
import { languageNames, loadCatalog, loadCore, loadTongue } from '../../renderer/i18n/languages.ts';
import type { Message, Translation } from '../../renderer/i18n/message.ts';
import type { Tongue } from '../../renderer/i18n/words.ts';
import { createSpeech } from '../../renderer/state/speech.svelte.ts';

const keys = Object.keys(en) as MessageKey[];
const formsOf = (message: Message): readonly (readonly [string, string])[] =>
  typeof message === 'string' ? [['other', message]] : Object.entries(message);
const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => String(found[1]));
const namesOf = (message: Message): string[] =>
  [...new Set(formsOf(message).flatMap(([, text]) => namesIn(text)))].toSorted();

/** What is wrong with a catalog, a line each. */
function faults(language: Language, catalog: Catalog): string[] {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const missing = keys.filter((key) => !(key in catalog)).map((key) => `${key} is missing`);
  const surplus = Object.keys(catalog).filter((key) => !(key in en));
  return [
    ...missing,
    ...surplus.map((key) => `${key} is not in English`),
    ...keys.flatMap((key) => {
      const source: Message = en[key];
      const message: Message | undefined = catalog[key];
      if (message === undefined) return [];
      const known = typeof source === 'string' ? namesIn(source) : ['count', ...namesOf(source)];
      const forms = formsOf(message);
      const needed = typeof source === 'string' ? ['other'] : pluralCategories;
      return [
        // Someone who cannot tell how many there are must not be told "one": only the general form must say it all.
        ...namesOf({ other: formsOf(source).at(-1)?.[1] ?? '' })
          .filter((name) => !namesIn(formsOf(message).at(-1)?.[1] ?? '').includes(name))
          .map((name) => `${key} does not say {${name}}`),
        ...forms.flatMap(([form, text]) => [
          ...namesIn(text)
            .filter((name) => !known.includes(name))
            .map((name) => `${key} says {${name}}, which nobody gives`),
          ...(/[{}]/.test(text.replace(/\{\w+\}/g, '')) ? [`${key} (${form}) has a broken brace`] : []),
          ...(text.trim() === text && text !== '' ? [] : [`${key} (${form}) has a space at its edge`]),
        ]),
        ...needed
          .filter((form) => !forms.some(([one]) => one === form))
          .map((form) => `${key} has no form for "${form}"`),
        ...forms
          .filter(([form]) => !needed.some((one) => one === form))
          .map(([form]) => `${key} has a form "${form}" that the language has not`),
      ];
    }),
  ];
}

/** Names and units that are the same everywhere, and words that German shares with English. */
const sameEverywhere =
  'ms s min b kb mb npx y modelcontextprotocol memory docker uvx node js sse http stdio gatehouse';
const sameInGerman =
  'live client clients server name version container image text header host in prompt bridge token tokens tool ' +
  'tools isolation engine download port updates terminal';

/** The words of a text that may not stay as they are in English. */
function wordsLeft(language: Language, text: string): string[] {
  const known = `${sameEverywhere} ${language === 'de' ? sameInGerman : 'server'}`.split(' ');
  return (text.replace(/\{\w+\}/g, '').match(/\p{L}+/gu) ?? []).filter(
    (word) => !known.includes(word.toLowerCase()),
  );
}

describe.each(languages.filter((language) => language !== 'en'))('%s', (language) => {
  test('is complete', async () => {
    expect(faults(language, await loadCatalog(language))).toEqual([]);
  });

  test('leaves nothing in English', async () => {
    const catalog = await loadCatalog(language);
    const left = keys.filter((key) => {
      const texts = formsOf(en[key]).map(([, text]) => text);
      return formsOf(catalog[key]).some(
        ([, text]) => texts.includes(text) && wordsLeft(language, text).length > 0,
      );
    });
    expect(left).toEqual([]);
  });
});

test('faults would be found', async () => {
  const de = await loadCatalog('de');
  const broken = {
    ...de,
    'servers.no_match': 'Nichts passt auf „{frage}“',
    'servers.tools_on': { other: '{count} Tools sind an.' },
    'nav.label': { one: 'x', other: '' },
  } as Catalog;
  const { 'nav.servers': _gone, ...short } = broken;
  expect(faults('de', { ...short, 'nav.extra': 'x' } as unknown as Catalog)).toEqual([
    'nav.servers is missing',
    'nav.extra is not in English',
    'nav.label (other) has a space at its edge',
    'nav.label has a form "one" that the language has not',
    'servers.tools_on has no form for "one"',
    'servers.no_match does not say {query}',
    'servers.no_match says {frage}, which nobody gives',
  ]);
});

test('the compiler finds a missing key, a surplus one, a missing value and a missing form', () => {
  const source = {
    plain: 'Plain',
    valued: '{a} of {b}',
    counted: { one: '{count} {a}', other: '{count} {a}s' },
  } as const;
  type Two = Translation<typeof source, 'one' | 'other'>;
  type One = Translation<typeof source, 'other'>;
  const counted = { one: 'ein {a}', other: '{count} {a}' } as const;
  const good: Two = { plain: 'Glatt', valued: '{b}: {a}', counted };
  const short: One = { plain: '平', valued: '{b}: {a}', counted: '{count} {a}' };
  // @ts-expect-error a key is missing
  const missing: Two = { plain: 'Glatt', counted };
  // @ts-expect-error a key is too many
  const surplus: Two = { ...good, more: 'x', plain: 'Glatt' } satisfies Two;
  // @ts-expect-error {b} is missing
  const unsaid: Two = { ...good, valued: 'nur {a}' };
  // @ts-expect-error the form for one is missing
  const formless: Two = { ...good, counted: { other: '{count} {a}' } };
  // @ts-expect-error {count} is missing where there is one form only
  const countless: One = { ...short, counted: '{a}' };
  expect([missing, surplus, unsaid, formless, countless]).toHaveLength(5);
});

describe('the language that a person gets', () => {
  test.each<[readonly string[], Language, string]>([
    [['de-AT', 'en-US'], 'de', 'de-AT'],
    [['fr-FR', 'ja'], 'ja', 'ja'],
    [['ja-JP-u-ca-japanese'], 'ja', 'ja-JP-u-ca-japanese'],
    [['zh-CN'], 'zh-Hans', 'zh-CN'],
    [['zh'], 'zh-Hans', 'zh-Hans'],
    [['zh-Hans-HK'], 'zh-Hans', 'zh-Hans-HK'],
    [['zh-TW', 'en-GB'], 'en', 'en-GB'],
    [['zh-Hant', 'de'], 'de', 'de'],
    [['system', 'de-CH'], 'de', 'de-CH'],
    [['de', 'en-US', 'de-CH'], 'de', 'de-CH'],
    [['', 'not a tag', 'C'], 'en', 'en'],
    [[], 'en', 'en'],
  ])('%j is %s, as %s', (wanted, language, locale) => {
    expect(languageFor(wanted)).toEqual({ language, locale });
  });

  test('each has a name of its own', () => {
    expect(Object.keys(languageNames)).toEqual([...languages]);
  });
});

describe('a window', () => {
  test('changes its language while it is open; the newest wish counts; English where a file cannot be read', async () => {
    const heard: string[] = [];
    let answer = (_tongue: Tongue): void => {};
    const late = new Promise<Tongue>((resolve) => {
      answer = resolve;
    });
    const speech = createSpeech(
      (language) => (language === 'ja' ? late : loadTongue(language)),
      (locale) => heard.push(locale),
    );
    const { t } = speech.words;
    expect(t('nav.approvals')).toBe('Approvals');
    const japanese = speech.speak(['ja']);
    await speech.speak(['de-DE']);
    expect([t('nav.approvals'), speech.words.locale]).toEqual(['Freigaben', 'de-DE']);
    expect(t('servers.tools_on', { count: 12_000 })).toBe('12.000 Tools sind an.');
    answer(await loadTongue('ja'));
    await japanese;
    expect(t('nav.approvals')).toBe('Freigaben');
    expect(heard).toEqual(['de-DE']);
    const unreadable = createSpeech(
      () => Promise.reject(new Error('no file')),
      (locale) => heard.push(locale),
    );
    await unreadable.speak(['de']);
    expect([unreadable.words.t('nav.approvals'), heard.at(-1)]).toEqual(['Approvals', 'en']);
  });

  test('the stretched language is at least 40 % longer, and keeps its values', () => {
    const stretched = pseudo(en);
    const letters = (text: string): number => text.replace(/\{\w+\}/g, '').match(/\p{L}/gu)?.length ?? 0;
    for (const key of keys) {
      const long = formsOf(stretched[key]);
      for (const [index, [, text]] of formsOf(en[key]).entries()) {
        expect(letters(long[index]?.[1] ?? '')).toBeGreaterThanOrEqual(letters(text) * 1.4);
      }
      expect(namesOf(stretched[key])).toEqual(namesOf(en[key]));
    }
  });

  test('and so are the core’s sentences, of which the made-up worlds have every value', async () => {
    const german = await loadCore('de');
    if (german === null) throw new Error('there is no German');
    const stretched = pseudoCore(german);
    for (const key of Object.keys(german.problems) as (keyof typeof german.problems)[]) {
      expect(stretched.problems[key].join('').length).toBeGreaterThan(german.problems[key].join('').length);
      expect(stretched.problems[key].join(' ').match(/\{\w+\}/g)).toEqual(
        german.problems[key].join(' ').match(/\{\w+\}/g),
      );
    }
    const problems = Object.values<World>(worlds).flatMap(({ snapshot, checks }) => [
      snapshot.endpoint.problem,
      snapshot.config.problem,
      ...snapshot.servers.flatMap(({ problem, signIn }) => [problem, signIn?.problem ?? null]),
      ...checks.map(({ problem }) => problem),
    ]);
    const shown = problems.filter((problem) => problem !== null);
    expect(new Set(shown.map(({ code }) => code)).size).toBeGreaterThan(5);
    for (const problem of shown) {
      const said = sayProblem(stretched, problem);
      expect(said.message, problem.code).not.toBe(problem.message);
      expect(said.remedy, problem.code).not.toBe(problem.remedy);
    }
  });
});

/** Words that a component reads once, when it is made: they would stay in the language of then. */
function heldWords(text: string): string[] {
  const { instance } = parse(text, { modern: true });
  return (instance?.content.body ?? []).flatMap((statement) => {
    if (statement.type !== 'VariableDeclaration') return [];
    return statement.declarations.flatMap(({ init, id }) => {
      if (init === null || init === undefined || /Function/.test(init.type)) return [];
      const { start, end } = init as unknown as { start: number; end: number };
      const source = text.slice(start, end);
      const { start: from, end: to } = id as unknown as { start: number; end: number };
      const taken = /\b(locale)\b/.test(text.slice(from, to)) && /words$/.test(source);
      const asks = /\b(t|parts|number)\(|words\.locale/.test(source) && !/^\$derived|=>/.test(source);
      return taken || asks ? [source.split('\n')[0] ?? ''] : [];
    });
  });
}

describe('no screen keeps words from before', () => {
  const renderer = join(import.meta.dirname, '../../renderer');
  const files = readdirSync(renderer, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.svelte'))
    .map((entry) => join(entry.parentPath, entry.name));

  test('in any component', () => {
    const held = files.flatMap((file) =>
      heldWords(readFileSync(file, 'utf8')).map((source) => `${file.slice(renderer.length + 1)}: ${source}`),
    );
    expect(files.length).toBeGreaterThan(60);
    expect(held).toEqual([]);
  });

  test('and one that did would be found', () => {
    const found = (line: string) => heldWords(`<script lang="ts">\n${line}\n</script>`);
    expect(found('const items = [{ label: t("x") }];')).toHaveLength(1);
    expect(found('const { t, locale } = app.words;')).toHaveLength(1);
    expect(found('const lists = new Intl.ListFormat(app.words.locale);')).toHaveLength(1);
    expect(found('const items = $derived([{ label: t("x") }]);')).toHaveLength(0);
    expect(found('const { t } = app.words;')).toHaveLength(0);
    expect(found('const say = (x: string) => t(x);')).toHaveLength(0);
  });
});
