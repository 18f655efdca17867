/**
 * What the browser shows while somebody decides in Gatehouse: where to go, and nothing that could be pressed to let anybody
 * in. Texts of clients are escaped, their hidden characters written out. It loads nothing, and runs one known script. Pure.
 */
import { createHash } from 'node:crypto';
import { filled } from '../../protocol/filled.ts';
import type { PageWords } from '../page-words.ts';
import type { WebAnswer } from './ports.ts';

const SCRIPT =
  "(async()=>{const d=document.body.dataset;for(;;){try{const r=await fetch(d.wait,{cache:'no-store'});if(r.status===200){location.replace(d.done);return}if(r.status!==204)await new Promise(f=>setTimeout(f,3000))}catch{await new Promise(f=>setTimeout(f,3000))}}})()";
const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:16vh auto 0;padding:0 1.5em;color:#1b1d20;background:#fafaf8}h1{font-size:1.35em;line-height:1.3;margin:0 0 .5em;overflow-wrap:anywhere}p{margin:0 0 1em;overflow-wrap:anywhere}code{font:600 1.25em ui-monospace,monospace;letter-spacing:.12em}small{color:#65696f}a{color:#1a558c}@media(prefers-color-scheme:dark){body{color:#ecedee;background:#1f2022}small{color:#a0a4ab}a{color:#8dbdec}}';

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; script-src '${hash(SCRIPT)}'; style-src '${hash(STYLE)}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** A page that waits. `wait` and `done` are paths of ours. */
export function waitingPage(
  words: PageWords,
  shown: {
    readonly name: string | null;
    readonly code: string;
    readonly wait: string;
    readonly done: string;
  },
): WebAnswer {
  const who =
    shown.name === null
      ? escaped(words.noName)
      : filled(escaped(words.calledSo), { name: visible(shown.name) });
  const wants = filled(escaped(words.wants), { who });
  return page(
    200,
    words.lang,
    words.goToGatehouse,
    `<h1>${wants}</h1><p>${escaped(words.decideThere)}</p><p>${escaped(words.sameCode)} <code>${escaped(shown.code)}</code></p><p><small>${escaped(words.noWindow)} <span lang="en">gatehouse client sign-ins</span></small></p><script>${SCRIPT}</script>`,
    // For browsers that run no scripts.
    `<noscript><meta http-equiv="refresh" content="3;url=${escaped(shown.done)}"></noscript>`,
    ` data-wait="${escaped(shown.wait)}" data-done="${escaped(shown.done)}"`,
  );
}

/** A page that says what happened, and may lead to a program of this computer. `more` is said in English, small. */
export function endPage(
  status: number,
  { lang }: PageWords,
  title: string,
  text: string,
  more: string | null = null,
  link: { readonly address: string; readonly text: string; readonly goes: boolean } | null = null,
): WebAnswer {
  const at = link === null ? '' : `<p><a href="${escaped(link.address)}">${escaped(link.text)}</a></p>`;
  const go =
    link?.goes !== true ? '' : `<meta http-equiv="refresh" content="0;url=${escaped(link.address)}">`;
  const detail = more === null ? '' : `<p><small lang="en">${visible(more)}</small></p>`;
  return page(status, lang, title, `<h1>${escaped(title)}</h1><p>${visible(text)}</p>${detail}${at}`, go, '');
}

/** On to a program that listens on this computer. */
export function sendOn(address: string): WebAnswer {
  const { 'Content-Security-Policy': _policy, 'Content-Type': _type, ...headers } = HEADERS;
  return { status: 303, headers: { ...headers, Location: address }, body: '' };
}

function page(
  status: number,
  lang: string,
  title: string,
  body: string,
  head: string,
  data: string,
): WebAnswer {
  return {
    status,
    headers: HEADERS,
    body: `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style>${head}</head><body${data}><main>${body}</main></body></html>`,
  };
}

/** Escaped, with what cannot be seen, or turns text around, written out. */
function visible(text: string): string {
  const shown = [...text].map((c) =>
    /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u.test(c) || (/\p{Z}/u.test(c) && c !== ' ')
      ? `[U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
      : c,
  );
  return escaped(shown.join(''));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
