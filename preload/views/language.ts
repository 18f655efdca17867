/** The languages of the screens, the tray and the notices, and which of them a person gets. Pure; imports nothing. */

/** As BCP 47 writes them; English is the source. */
export const languages = ['en', 'de', 'ja', 'zh-Hans'] as const;
export type Language = (typeof languages)[number];

/** A language, and the tag that decides its plurals, numbers and dates. */
export interface Spoken {
  readonly language: Language;
  /** With a region where the wish has one: `de-AT`. */
  readonly locale: string;
}

/**
 * The first of these BCP 47 tags that there is a catalog for, else English. What is no tag, such as `system`, and what
 * has no catalog is passed over: someone who reads Traditional Chinese and English gets English.
 * @param wanted the best first; a language without region takes the region of a later tag of the same language
 */
export function languageFor(wanted: readonly string[]): Spoken {
  const language = wanted.map(languageOf).find((one) => one !== null) ?? 'en';
  const locale = wanted.find((tag) => languageOf(tag) === language && localeOf(tag)?.region !== undefined);
  return { language, locale: locale ?? language };
}

function languageOf(tag: string): Language | null {
  const locale = localeOf(tag);
  if (locale?.language === 'zh') {
    // zh-TW and zh-HK say their script only by their region.
    return locale.maximize().script === 'Hans' ? 'zh-Hans' : null;
  }
  return languages.find((one) => one === locale?.language) ?? null;
}

function localeOf(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag);
  } catch {
    return null;
  }
}
