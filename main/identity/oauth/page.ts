/**
 * The page that a browser shows when it comes back from signing in: what happened, and that it may be closed. It holds
 * nothing secret, loads nothing, and runs one known line of script. Pure.
 */
import { createHash } from 'node:crypto';
import { filled } from '../../protocol/filled.ts';
import type { PageWords } from '../page-words.ts';

/** What happened. */
export type Outcome =
  | { readonly kind: 'done'; readonly server: string }
  /** `text` is what Gatehouse says of it, in English. */
  | { readonly kind: 'failed'; readonly text: string }
  /** Not the sign-in that was begun. */
  | { readonly kind: 'unknown' };

const SCRIPT = 'setTimeout(function(){window.close()},1500)';
const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:18vh auto 0;padding:0 1.5em;color:#1c1c1e;background:#fff}h1{font-size:1.35em;margin:0 0 .4em}p{margin:0 0 1em}small{color:#6b6b70}@media(prefers-color-scheme:dark){body{color:#f2f2f4;background:#1c1c1e}small{color:#a1a1a6}}';

/** The headers of the page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; script-src '${hash(SCRIPT)}'; style-src '${hash(STYLE)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** The page's text. A page that tells of a failure stays open. */
export function renderPage(outcome: Outcome, words: PageWords): string {
  const script = outcome.kind === 'done' ? `<script>${SCRIPT}</script>` : '';
  const { title, text } = said(outcome, words);
  return `<!doctype html><html lang="${words.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gatehouse</title><style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>${text}<small>${escaped(words.closePage)}</small></main>${script}</body></html>`;
}

/** `text` is escaped. */
function said(outcome: Outcome, words: PageWords): { readonly title: string; readonly text: string } {
  const one = (text: string): string => `<p>${escaped(text)}</p>`;
  switch (outcome.kind) {
    case 'done':
      return { title: words.signedIn, text: one(filled(words.canBeUsed, { server: outcome.server })) };
    case 'unknown':
      return { title: words.notKnown, text: one(words.notKnownHelp) };
    case 'failed':
      return {
        title: words.notSignedIn,
        text:
          words.seeGatehouse === null
            ? one(outcome.text)
            : `${one(words.seeGatehouse)}<p lang="en">${escaped(outcome.text)}</p>`,
      };
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
