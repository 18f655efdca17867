/** Which language the pages of a sign-in have: the best one that the browser asks for. Pure. */
import { englishPages, type PageWords } from './page-words.ts';
import { chinesePages, germanPages, japanesePages } from './page-words-others.ts';

/** UTF-16 units of the header that are read, and languages in it. */
const LONGEST = 1_000;
const MOST = 20;

/** @param header the browser's `Accept-Language` (RFC 9110 section 12.5.4) */
export function pageWordsFor(header: string | readonly string[] | undefined): PageWords {
  const wanted = String(header ?? '')
    .slice(0, LONGEST)
    .split(',')
    .slice(0, MOST)
    .map((part) => {
      const [tag = '', ...params] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const quality = params.find((param) => param.startsWith('q='))?.slice(2) ?? '1';
      return { tag, quality: Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality);
  for (const { tag } of wanted) {
    const words = wordsOf(tag);
    if (words !== null) return words;
  }
  return englishPages;
}

function wordsOf(tag: string): PageWords | null {
  const [language, ...parts] = tag.split('-');
  switch (language) {
    case 'en':
      return englishPages;
    case 'de':
      return germanPages;
    case 'ja':
      return japanesePages;
    case 'zh': {
      // Regions that write the traditional script have no words here.
      const other = parts.includes('hant') || parts.some((part) => ['tw', 'hk', 'mo'].includes(part));
      return other && !parts.includes('hans') ? null : chinesePages;
    }
    default:
      return null;
  }
}
