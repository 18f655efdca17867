/** Every language there is, by its own name, and its catalog: English is there at once, the others when they are wanted. */
import type { Language } from '../../preload/views/language.ts';
import { type Catalog, en } from './en.ts';

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
