/**
 * A language that shows where a screen is too narrow: English whose words are each at least 40 % longer, with letters that
 * stand out. Development and tests only. Pure.
 */
import type { CoreCatalog } from '../i18n/core-speech.ts';
import type { Catalog, MessageKey } from '../i18n/en.ts';
import { loadCore } from '../i18n/languages.ts';
import type { Message } from '../i18n/message.ts';
import type { Tongue } from '../i18n/words.ts';

/** What makes a word longer; and what stands for its vowels. */
const stretch = 'áéíóúẃỹż';
const marked: Readonly<Record<string, string>> = { a: 'à', e: 'ë', i: 'ï', o: 'ø', u: 'û' };

/** The whole catalog, stretched; values keep their places. */
export function pseudo(catalog: Catalog): Catalog {
  const stretched = Object.entries<Message>(catalog).map(([key, message]) => [
    key,
    typeof message === 'string'
      ? longer(message)
      : Object.fromEntries(Object.entries(message).map(([form, text]) => [form, longer(text)])),
  ]);
  return Object.fromEntries(stretched) as Record<MessageKey, Message>;
}

/** A catalog of the core's sentences, stretched. English has none, so it is made of another language's. */
export function pseudoCore({ texts, problems, detailed }: CoreCatalog): CoreCatalog {
  const each = <Value, To>(of: Readonly<Record<string, Value>>, to: (value: Value) => To) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]));
  return {
    texts: each<string, string>(texts, longer) as CoreCatalog['texts'],
    problems: each<readonly [string, string], [string, string]>(problems, ([message, remedy]) => [
      longer(message),
      longer(remedy),
    ]) as unknown as CoreCatalog['problems'],
    detailed,
  };
}

/** Everything in the stretched language. Rejects when a file cannot be read. */
export async function pseudoTongue(catalog: Catalog): Promise<Tongue> {
  const core = await loadCore('de');
  return { messages: pseudo(catalog), core: core === null ? null : pseudoCore(core) };
}

function longer(text: string): string {
  return text
    .split(/(\{\w+\})/)
    .map((piece) => (piece.startsWith('{') ? piece : piece.replace(/\p{L}+/gu, longerWord)))
    .join('');
}

function longerWord(word: string): string {
  const more = Math.ceil(word.length * 0.4);
  return word.replace(/[aeiou]/g, (vowel) => marked[vowel] ?? vowel) + stretch.repeat(4).slice(0, more);
}
