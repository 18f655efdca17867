/**
 * The language that a window speaks, which can change while it is open: `words` stays the same object, and what was drawn
 * from it is drawn anew. Holds nothing open.
 */
import { type Language, languageFor } from '../../preload/views/language.ts';
import { en } from '../i18n/en.ts';
import { createWords, type Tongue, type Words } from '../i18n/words.ts';

/** A window's language. */
export interface Speech {
  readonly words: Words;
  /** Speaks the first of these BCP 47 tags that there is a catalog for. Never rejects; the newest call counts. */
  speak(wanted: readonly string[]): Promise<void>;
}

/**
 * @param load gives all words of a language; English is spoken when it rejects
 * @param spoken called with each language as soon as it is spoken
 */
export function createSpeech(
  load: (language: Language, locale: string) => Promise<Tongue>,
  spoken: (locale: string) => void,
): Speech {
  let now = $state.raw(createWords('en', en));
  let asked = 0;
  return {
    words: {
      get locale() {
        return now.locale;
      },
      t: (key, ...values) => now.t(key, ...values),
      parts: (key, ...values) => now.parts(key, ...values),
      said: (problem) => now.said(problem),
      core: (english, said) => now.core(english, said),
      number: (value) => now.number(value),
      time: (at) => now.time(at),
      clock: (at) => now.clock(at),
      moment: (at) => now.moment(at),
      date: (at, today) => now.date(at, today),
    },
    async speak(wanted) {
      asked += 1;
      const mine = asked;
      const { language, locale } = languageFor(wanted);
      const made = await load(language, locale).then(
        ({ messages, core }) => createWords(locale, messages, core),
        () => createWords('en', en),
      );
      if (mine === asked) {
        now = made;
        spoken(made.locale);
      }
    },
  };
}
