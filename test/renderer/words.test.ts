/** The catalog: sentences come out right, no key is missing or unused, and no screen holds words of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AST, parse } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import { commandNames } from '../../preload/contract.ts';
import { type Catalog, en, type MessageKey } from '../../renderer/i18n/en.ts';
import { createWords } from '../../renderer/i18n/words.ts';
import { words } from './fakes.ts';

const renderer = join(import.meta.dirname, '../../renderer');
const sources = readdirSync(renderer, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !file.includes('/dev/') && !/\/i18n\/(en|de|ja|zh)(-\w+)?\.ts$/.test(file))
  .map((file) => ({ file: file.slice(renderer.length + 1), text: readFileSync(file, 'utf8') }));

describe('sentences', () => {
  test('take values, write numbers the language’s way, and choose the plural form', () => {
    expect(words.t('servers.tools_on', { count: 1 })).toBe('1 tool is on.');
    expect(words.t('servers.tools_on', { count: 14_300 })).toBe('14,300 tools are on.');
    expect(words.t('servers.tools_on', { count: 0 })).toBe('0 tools are on.');
    expect(words.t('servers.no_match', { query: '{name} <b>' })).toBe('Nothing matches “{name} <b>”');
  });

  test('are cut at their values', () => {
    expect(words.parts('servers.tools_of', { on: 1, total: 2 })).toEqual([
      { text: '1', value: true },
      { text: ' of ', value: false },
      { text: '2', value: true },
    ]);
  });

  test('follow the rules of another language', () => {
    const polish: Catalog = {
      ...en,
      'servers.tools_on': {
        one: '{count} narzędzie',
        few: '{count} narzędzia',
        many: '{count} narzędzi',
        other: '{count} narzędzia',
      },
    };
    const { t } = createWords('pl', polish);
    expect([1, 3, 5].map((count) => t('servers.tools_on', { count }))).toEqual([
      '1 narzędzie',
      '3 narzędzia',
      '5 narzędzi',
    ]);
  });
});

const keys = Object.keys(en);
const families = [...new Set(keys.map((key) => key.split('.')[0] ?? ''))];
const settingKeys = new Set(
  [...readFileSync(join(renderer, '../preload/views/settings.ts'), 'utf8').matchAll(/key: '([a-z.]+)'/g)].map(
    (found) => found[1],
  ),
);
/** Quoted texts that look like a key, and template texts that make one from a fixed beginning. */
const asked = (text: string): string[] =>
  [...text.matchAll(/['"`]([a-z_-]+\.[\w.-]+)['"`]/g)].map((found) => found[1] ?? '');
const composed = (text: string): string[] =>
  [...text.matchAll(/`([a-z_-]+\.(?:[\w-]+\.)*)\$\{/g)].map((found) => found[1] ?? '');

describe('keys', () => {
  test('none is asked for that is missing', () => {
    // The catalogs of the core's sentences have keys of their own; core-speech.test.ts holds them.
    const asking = sources.filter(({ file }) => !/(problems|core-texts)/.test(file));
    const missing = asking.flatMap(({ file, text }) =>
      asked(text)
        .filter((key) => families.includes(key.split('.')[0] ?? '') && !keys.includes(key))
        // Names of commands and keys of settings have the same shape.
        .filter((key) => !commandNames.some((name) => name === key) && !settingKeys.has(key))
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  test('none is there that nobody asks for', () => {
    const used = new Set(sources.flatMap(({ text }) => asked(text)));
    const beginnings = sources.flatMap(({ text }) => composed(text));
    const unused = keys.filter((key) => !used.has(key) && !beginnings.some((start) => key.startsWith(start)));
    expect(unused).toEqual([]);
  });

  test('English says every sentence without joining: braces are whole', () => {
    const texts = (key: MessageKey): string[] => {
      const message: unknown = en[key];
      return typeof message === 'string' ? [message] : Object.values(message as Record<string, string>);
    };
    const odd = (Object.keys(en) as MessageKey[]).filter((key) =>
      texts(key).some(
        (text) =>
          /[{}]/.test(text.replace(/\{\w+\}/g, '')) || text.trim() !== text || /!|oops|please/i.test(text),
      ),
    );
    expect(odd).toEqual([]);
  });
});

/** Attributes that people read or hear. */
const spoken = new Set([
  'aria-label',
  'title',
  'placeholder',
  'alt',
  'label',
  'data-tip',
  'heading',
  'word',
  'long',
  'tip',
]);
const hasLetters = (text: string): boolean => /\p{L}/u.test(text);

/** Words that a screen holds itself, with where they stand. */
function ownWords(text: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    if (typeof node !== 'object' || node === null) {
      return;
    }
    const { type } = node as { type?: string };
    if (type === 'Text') {
      const { data } = node as AST.Text;
      if (hasLetters(data)) {
        found.push(data.trim());
      }
      return;
    }
    if (type === 'Attribute') {
      const attribute = node as AST.Attribute;
      if (!spoken.has(attribute.name)) {
        // Of other attributes only what is computed can hold a sentence for people.
        return;
      }
    }
    for (const value of Object.values(node)) {
      visit(value);
    }
  };
  visit(parse(text, { modern: true }).fragment);
  return found;
}

describe('screens hold no words of their own', () => {
  test.each(
    sources.filter(({ file }) => file.endsWith('.svelte')).map(({ file, text }) => [file, text] as const),
  )('%s', (_file, text) => {
    expect(ownWords(text)).toEqual([]);
  });

  test('and one that did would be found', () => {
    expect(ownWords('<p>Hello {name}</p>')).toEqual(['Hello']);
    expect(ownWords('{#if a}<Button label="Save" class="wide">{t("x")}</Button>{/if}')).toEqual(['Save']);
    expect(ownWords('<p class="note">· {t("x")}</p>')).toEqual([]);
  });
});
