/** Every language there is, by its own name, and its words: English is there at once, the others when they are wanted. */
import type { Language } from '../../preload/views/language.ts';
import type { CoreCatalog } from './core-speech.ts';
import { type Catalog, en } from './en.ts';
import type { Tongue } from './words.ts';

/** What each language calls itself, for a list to choose from. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  ja: '日本語',
  'zh-Hans': '简体中文',
};

/** Rejects when the catalog's file cannot be read. */
export async function loadCatalog(language: Language): Promise<Catalog> {
  switch (language) {
    case 'en':
      return en;
    case 'de':
      return (await import('./de.ts')).de;
    case 'ja':
      return (await import('./ja.ts')).ja;
    case 'zh-Hans':
      return (await import('./zh.ts')).zh;
  }
}

/** Everything in a language: the screens' own messages, and the core's sentences. Rejects when a file cannot be read. */
export async function loadTongue(language: Language): Promise<Tongue> {
  const [messages, core] = await Promise.all([loadCatalog(language), loadCore(language)]);
  return { messages, core };
}

/** Null for English, which the core speaks itself. Rejects when a file cannot be read. */
export async function loadCore(language: Language): Promise<CoreCatalog | null> {
  if (language === 'en') return null;
  const { detailed } = await import('./problems.ts');
  switch (language) {
    case 'de':
      return { ...(await import('./de-core.ts')).core, detailed };
    case 'ja':
      return { ...(await import('./ja-core.ts')).core, detailed };
    case 'zh-Hans':
      return { ...(await import('./zh-core.ts')).core, detailed };
  }
}
