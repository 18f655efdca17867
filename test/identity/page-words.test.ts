/** Which language the pages of a sign-in have, and that each says everything. */
import { describe, expect, it } from 'vitest';
import { endPage, waitingPage } from '../../main/identity/local/pages.ts';
import { renderPage } from '../../main/identity/oauth/page.ts';
import { pageWordsFor } from '../../main/identity/page-language.ts';
import { englishPages, type PageWords } from '../../main/identity/page-words.ts';
import { chinesePages, germanPages, japanesePages } from '../../main/identity/page-words-others.ts';

const others = [germanPages, japanesePages, chinesePages];
const valuesIn = (text: string | null): string[] => [...(text ?? '').matchAll(/\{\w+\}/g)].map(String);

describe('the language of a page', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en-US,en;q=0.9,de;q=0.8', 'en'],
    ['en;q=0.5, de ; q=0.9', 'de'],
    ['fr-FR,fr;q=0.9,ja;q=0.2', 'ja'],
    ['de;q=0,en', 'en'],
    ['de;q=x', 'en'],
    ['zh-CN', 'zh-Hans'],
    ['zh', 'zh-Hans'],
    ['zh-TW,zh;q=0.9', 'zh-Hans'],
    ['zh-TW,en;q=0.9', 'en'],
    ['zh-Hans-HK', 'zh-Hans'],
    ['*', 'en'],
    [`${'x,'.repeat(50_000)}de`, 'en'],
  ])('for %j is %s', (header, lang) => {
    expect(pageWordsFor(header).lang).toBe(lang);
  });

  it.each(others)('$lang has every sentence, none of it in English, with its values', (words) => {
    for (const key of Object.keys(englishPages) as (keyof PageWords)[]) {
      if (key === 'seeGatehouse') continue;
      // Quotation marks may be the same.
      if (key !== 'calledSo') expect(words[key], key).not.toBe(englishPages[key]);
      expect(words[key], key).not.toBe('');
      expect(valuesIn(words[key]), key).toEqual(valuesIn(englishPages[key]));
    }
  });
});

describe('a page', () => {
  it('says everything in its language, and is marked as that', () => {
    const { body } = waitingPage(germanPages, { name: 'Zed', code: 'AB-12', wait: '/w', done: '/d' });
    expect(body).toContain('<html lang="de">');
    expect(body).toContain('<h1>„Zed“ will Gatehouse verwenden</h1>');
    for (const text of [englishPages.decideThere, englishPages.sameCode, englishPages.noWindow]) {
      expect(body).not.toContain(text);
    }
  });

  it('takes a name for words, not for markup or for a value of its own', () => {
    const { body } = waitingPage(germanPages, { name: '<b>{who}\u202e', code: 'x', wait: '/w', done: '/d' });
    expect(body).toContain('„&#60;b&#62;{who}[U+202E]“ will');
    const unsaid = waitingPage(japanesePages, { name: null, code: 'x', wait: '/w', done: '/d' });
    expect(unsaid.body).toContain(japanesePages.noName);
  });

  it('keeps what is English only small, and marked as that', () => {
    const { body } = endPage(
      400,
      germanPages,
      germanPages.cannotBegin,
      germanPages.badlyAsked,
      'x <y> is missing.',
    );
    expect(body).toContain('<small lang="en">x &#60;y&#62; is missing.</small>');
    const failed = renderPage({ kind: 'failed', text: 'It <was> refused.' }, germanPages);
    expect(failed).toContain(`<p>${germanPages.seeGatehouse}</p><p lang="en">It &#60;was&#62; refused.</p>`);
    expect(renderPage({ kind: 'failed', text: 'It was refused.' }, englishPages)).toContain(
      '<p>It was refused.</p>',
    );
  });

  it('closes by itself only when all went well', () => {
    expect(renderPage({ kind: 'done', server: '<a>' }, germanPages)).toMatch(/„&#60;a&#62;“ kann.*<script>/);
    expect(renderPage({ kind: 'unknown' }, germanPages)).not.toContain('<script>');
  });
});
