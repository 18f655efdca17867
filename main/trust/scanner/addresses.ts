/** Concrete addresses in a text (URLs, e-mail, numbers of hosts) and links that carry data away. Linear; pure. */
import type { Mark } from './concealed.ts';
import { type EvidenceForm, inWords, quote } from './evidence.ts';

/** A span of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Longest address that is read. */
const LONGEST = 2_000;
const SCHEMES = ['https://', 'http://', 'wss://', 'ws://', 'ftp://', 's3://', 'gs://', 'mailto:'];
/** Hosts of services that take whatever anybody sends and show it to whoever asked. */
const CATCHERS = [
  'webhook.site',
  'requestbin',
  'pipedream.net',
  'ngrok',
  'burpcollaborator',
  'oastify',
  'interact.sh',
  'oast.',
  'hookbin',
  'beeceptor',
  'requestcatcher',
  'pastebin.com',
  'hastebin',
  'transfer.sh',
  'file.io',
  'discord.com/api/webhooks',
  'discordapp.com/api/webhooks',
  'api.telegram.org/bot',
  'trycloudflare.com',
  'serveo.net',
  'localtunnel',
  'loca.lt',
  'canarytokens',
  'dnslog',
  'ceye.io',
  'temp.sh',
  'anonfiles',
];
/** Signs in an address of places to be filled in. */
const SLOTS = ['{', '<', '[', '${', '$(', '='];

/** All addresses of a text, in order. */
export function addressesIn(text: string): Span[] {
  const spans: Span[] = [];
  const low = text.toLowerCase();
  for (const scheme of SCHEMES) {
    for (
      let at = low.indexOf(scheme);
      at >= 0 && spans.length < 500;
      at = low.indexOf(scheme, at + scheme.length)
    ) {
      spans.push({ start: at, end: endOfUrl(text, at + scheme.length) });
    }
  }
  for (let at = text.indexOf('@'); at >= 0 && spans.length < 1_000; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < 64 && isName(text.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < text.length && end - at < 255 && isName(text.charCodeAt(end))) end += 1;
    while (end > at + 1 && '.-_'.includes(text[end - 1] ?? '')) end -= 1;
    const host = text.slice(at + 1, end);
    if (start < at && host.includes('.', 1)) spans.push({ start, end });
  }
  return spans.sort((one, other) => one.start - other.start);
}

/** Marks for links that are dangerous by themselves. */
export function linksIn(text: string): Mark[] {
  const low = text.toLowerCase();
  const marks: Mark[] = [];
  const add = (severity: Mark['severity'], start: number, end: number, why: EvidenceForm): void => {
    marks.push({
      rule: 'data.link',
      severity,
      start,
      end,
      ...inWords(why, { quote: quote(text, start, end) }),
    });
  };
  for (const [opening, closing] of [
    ['](', ')'],
    ['<img', '>'],
    ['src=', '>'],
  ] as const) {
    for (
      let at = low.indexOf(opening), tried = 0;
      at >= 0 && tried < 200;
      at = low.indexOf(opening, at + 1), tried += 1
    ) {
      const until = low.indexOf(closing, at + opening.length);
      const end = until < 0 || until - at > LONGEST ? Math.min(text.length, at + 200) : until;
      const target = low.slice(at + opening.length, end);
      const query = target.indexOf('?');
      if (query < 0 || !target.includes('http')) continue;
      const rest = target.slice(query);
      if (
        !rest.includes('=') ||
        !(holdsSlot(rest) || isUpperSlot(text.slice(at + opening.length + query, end)))
      )
        continue;
      add('high', at, end, 'link_sends');
      break;
    }
  }
  for (const { start, end } of addressesIn(text)) {
    const url = low.slice(start, end);
    const host = hostOf(url);
    if (CATCHERS.some((catcher) => url.includes(catcher))) add('medium', start, end, 'link_collects');
    else if (isNumeric(host)) add('medium', start, end, 'link_number');
    else if (host.startsWith('xn--') || host.includes('.xn--')) add('medium', start, end, 'link_imitates');
    else if (url.includes('://') && hasUser(url)) add('medium', start, end, 'link_user');
    else if (url.includes('?') && holdsTemplate(url.slice(url.indexOf('?')))) {
      add('medium', start, end, 'link_template');
    }
  }
  for (const scheme of ['data:text/html', 'javascript:', 'vbscript:', 'data:application/x']) {
    const at = low.indexOf(scheme);
    const after = text[at + scheme.length] ?? ' ';
    if (at >= 0 && (at === 0 || !isName(low.charCodeAt(at - 1))) && !' \n\t`"./'.includes(after))
      add('medium', at, Math.min(text.length, at + 80), 'link_code');
  }
  return marks;
}

/** True for a host that data is sent to unasked: a number, or a catcher. Local ones are not. */
export function isOddTarget(address: string): boolean {
  const low = address.toLowerCase();
  return CATCHERS.some((catcher) => low.includes(catcher)) || isNumeric(hostOf(low));
}

function holdsSlot(query: string): boolean {
  return SLOTS.some((slot) => slot !== '=' && query.includes(slot));
}

/** `?q={conversation}` and `?q=<text>`; a template of one named word such as `{id}` alone does not tell. */
function holdsTemplate(query: string): boolean {
  for (const word of [
    'conversation',
    'history',
    'secret',
    'token',
    'chat',
    'data}',
    'context',
    'content',
    'base64',
    'password',
    'key}',
  ]) {
    if (query.includes(word) && holdsSlot(query)) return true;
  }
  return false;
}

/** `?u=USER_DATA`. */
function isUpperSlot(query: string): boolean {
  let run = 0;
  for (let at = 0; at < query.length; at += 1) {
    const code = query.charCodeAt(at);
    run = (code >= 0x41 && code <= 0x5a) || code === 0x5f ? run + 1 : 0;
    if (run >= 6 && query.slice(at - run + 1, at + 1).includes('_')) return true;
  }
  return false;
}

function hostOf(url: string): string {
  const from = url.indexOf('://');
  if (from < 0) return url.slice(url.indexOf('@') + 1);
  let end = from + 3;
  while (end < url.length && !'/?#'.includes(url[end] ?? '/')) end += 1;
  const authority = url.slice(from + 3, end);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return host.includes(':') ? host.slice(0, host.indexOf(':')) : host;
}

function hasUser(url: string): boolean {
  const rest = url.slice(url.indexOf('://') + 3);
  const slash = rest.indexOf('/');
  return (slash < 0 ? rest : rest.slice(0, slash)).includes('@');
}

/** Four numbers, but none of this computer's or this network's own. */
function isNumeric(host: string): boolean {
  const parts = host.split('.');
  if (parts.length !== 4) return false;
  const numbers = parts.map((part) => (part.length > 0 && part.length < 4 ? Number(part) : Number.NaN));
  if (numbers.some((number) => !(number >= 0 && number < 256))) return false;
  const [one = 0, two = 0] = numbers;
  return !(
    one === 127 ||
    one === 10 ||
    one === 0 ||
    (one === 192 && two === 168) ||
    (one === 172 && two >= 16 && two < 32)
  );
}

function endOfUrl(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < LONGEST) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x22 || code === 0x60 || (code >= 0x3000 && code <= 0x9fff)) break;
    at += 1;
  }
  while (at > from && '.,;:)]}\'"!?>'.includes(text[at - 1] ?? '')) at -= 1;
  return at;
}

function isName(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x5f ||
    code === 0x2b
  );
}
