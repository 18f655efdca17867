/**
 * Turns a key and its values into a sentence: `{name}` is replaced, numbers are written the language's way, and a
 * message with plural forms is chosen by `count`. Pure; made once per window and handed down by context.
 */
import type { Problem, Said } from '../../preload/views/said.ts';
import { type CoreCatalog, type SaidProblem, sayProblem, sayText } from './core-speech.ts';
import type { Catalog, en, MessageKey } from './en.ts';
import type { NamesIn } from './message.ts';

type TextOf<Key extends MessageKey> = (typeof en)[Key] extends infer Message
  ? Message extends string
    ? Message
    : Message extends { readonly other: infer Other extends string }
      ? Other | '{count}'
      : never
  : never;

/** The values that a message needs, by name. */
export type ValuesOf<Key extends MessageKey> = Readonly<Record<NamesIn<TextOf<Key>>, string | number>>;
type ValuesArg<Key extends MessageKey> = [NamesIn<TextOf<Key>>] extends [never]
  ? []
  : [values: ValuesOf<Key>];

/** Keys of messages that need no value. */
export type PlainKey = { [Key in MessageKey]: ValuesArg<Key> extends [] ? Key : never }[MessageKey];

/** A stretch of a sentence; `value` is true for what was filled in, so that a screen can stress it. */
export interface Part {
  readonly text: string;
  readonly value: boolean;
}

/** All that is said in one language. */
export interface Tongue {
  readonly messages: Catalog;
  /** Null in English. */
  readonly core: CoreCatalog | null;
}

/** One language, ready to speak. */
export interface Words {
  readonly locale: string;
  /** The sentence of a key. */
  t<Key extends MessageKey>(key: Key, ...values: ValuesArg<Key>): string;
  /** The same sentence, cut at its values. */
  parts<Key extends MessageKey>(key: Key, ...values: ValuesArg<Key>): readonly Part[];
  /** What the core says went wrong, in this language. */
  said(problem: Problem): SaidProblem;
  /** Another sentence of the core in this language; `english` is what it said. */
  core(english: string, said: Said | undefined): string;
  number(value: number): string;
  /** Hours and minutes of an epoch time, on the 12 or 24 hours of the locale. */
  time(at: number): string;
  /** The same with seconds, always as wide. */
  clock(at: number): string;
  /** Day and time with seconds. */
  moment(at: number): string;
  /** Day and month of an epoch time, with the year when it is not `now`'s. */
  date(at: number, now: number): string;
}

/**
 * @param locale BCP 47 tag of the catalog's language, with a region where that is known: it decides plurals, numbers
 * and dates.
 * @param core the same language for the core's sentences; null in English
 */
export function createWords(locale: string, catalog: Catalog, core: CoreCatalog | null = null): Words {
  const plural = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const times = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const clocks = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const daysOfYears = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });

  const textOf = (key: MessageKey, values: Readonly<Record<string, string | number>>): string => {
    const message = catalog[key];
    if (typeof message === 'string') {
      return message;
    }
    const count = values.count;
    const form = typeof count === 'number' ? plural.select(count) : 'other';
    return message[form] ?? message.other;
  };
  const cut = (key: MessageKey, values: Readonly<Record<string, string | number>> = {}): Part[] =>
    textOf(key, values)
      .split(/\{(\w+)\}/)
      .map((piece, index) => {
        if (index % 2 === 0) {
          return { text: piece, value: false };
        }
        const value = values[piece] ?? '';
        return { text: typeof value === 'number' ? numbers.format(value) : value, value: true };
      })
      .filter((part) => part.text !== '');

  return {
    locale,
    t: (key, ...[values]) =>
      cut(key, values)
        .map((part) => part.text)
        .join(''),
    parts: (key, ...[values]) => cut(key, values),
    said: (problem) => sayProblem(core, problem),
    core: (english, said) => sayText(core, english, said),
    number: (value) => numbers.format(value),
    time: (at) => times.format(at),
    clock: (at) => clocks.format(at),
    moment: (at) => moments.format(at),
    date: (at, now) =>
      (new Date(at).getFullYear() === new Date(now).getFullYear() ? days : daysOfYears).format(at),
  };
}
