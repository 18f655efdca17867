/**
 * The page that a browser shows when it comes back from signing in: what happened, and that it may be closed. It holds
 * nothing secret, loads nothing, and runs one known line of script. Pure.
 */
import { createHash } from 'node:crypto';

/** What happened. */
export interface Outcome {
  readonly ok: boolean;
  readonly title: string;
  readonly text: string;
}

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
export function renderPage({ ok, title, text }: Outcome): string {
  const script = ok ? `<script>${SCRIPT}</script>` : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gatehouse</title><style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1><p>${escaped(text)}</p><small>Gatehouse. You can close this page.</small></main>${script}</body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
