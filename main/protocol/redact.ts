/**
 * The one place where secrets are taken out of texts that are kept or shown: the activity log, diffs, reports. Works on
 * raw text (JSON, also JSON within JSON strings, headers, command lines, addresses, YAML), cut off anywhere, so that
 * nothing has to be parsed first. What stays is for people to read, not for machines. Pure.
 */
import { hideKnown } from './known-values.ts';
import { NAME_HINT, secretNames } from './secret-patterns.ts';
import { charsOf, hideRuns } from './secret-runs.ts';

/** A text without its secrets. */
export interface Redacted {
  readonly text: string;
  /** How many places were hidden. */
  readonly hidden: number;
}

/** Hides secrets; see `createRedactor`. `cut` tells that the text was cut off at its end. */
export type Redact = (text: string, cut?: boolean) => Redacted;

/** What is known beyond the rules. */
export interface RedactOptions {
  /** Secrets by their value, such as what `${keyring:}` references became. Shorter than 4 characters are ignored. */
  readonly values?: Iterable<string>;
  /** Further names under which values are secret, such as `customer_number`. Case and punctuation do not count. */
  readonly names?: readonly string[];
}

/** The mark that takes a secret's place; safe inside a JSON string. */
function mark(kind: string): string {
  return `[hidden: ${kind}]`;
}

/**
 * Makes a redactor. In turn it hides: known values (also as they look inside JSON, an address, a form, base64 and
 * hexadecimal), private keys, values under telling names, credentials in headers and addresses, tokens known by their
 * shape, and runs too random to be anything else. Long runs of data become a note of their length. Some 15 microseconds a
 * kilobyte, however many values are known, so not for the way of a call. Never throws.
 */
export function createRedactor({ values = [], names = [] }: RedactOptions = {}): Redact {
  const isSecretName = secretNames(names);
  const hints = new RegExp([NAME_HINT, ...names.map(looseName)].join('|'), 'gi');
  const known = hideKnown(values);
  return (original, cut = false) => {
    let hidden = 0;
    const hide = (kind: string): string => {
      hidden += 1;
      return mark(kind);
    };
    let text = original;
    if (cut) text = text.replace(/[\w+/=.~:-]+$/, '…');
    if (text.includes('\\u')) text = text.replace(/\\u00([2-7][0-9a-fA-F])/g, unescaped);
    text = known(text, () => hide('configured secret'));
    if (text.includes('-----BEGIN')) text = text.replace(PRIVATE_KEY, () => hide('private key'));
    if (text.includes('PuTTY-User-Key')) text = text.replace(PUTTY_KEY, () => hide('private key'));
    text = hideNamed(text, hints, isSecretName, hide);
    if (text.includes('://'))
      text = text.replace(USER_INFO, (_whole, before: string) => `${before}${hide('password')}@`);
    text = text.replace(HEADER, (whole: string, scheme: string, value: string) =>
      isCredential(value) ? `${scheme} ${hide('credentials')}` : whole,
    );
    text = hideRuns(text, hide);
    return { text, hidden };
  };
}

const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|$)/g;
const PUTTY_KEY = /PuTTY-User-Key-File-[\s\S]*?(?:Private-MAC: [0-9a-f]+|$)/g;
/** `scheme://user:password@`; the user may be empty. */
const USER_INFO = /([a-z][a-z0-9+.-]{1,30}:\/\/[^\s"'`<>/@:\\]*:)(?!\[hidden)[^\s"'`<>/@\\]+@/gi;
const HEADER = /\b(Bearer|Basic|Token|Digest|ApiKey|Negotiate)\s+([A-Za-z0-9._~+/=-]{6,})/gi;

/** Looks at each place that may be part of a telling name, and hides the value behind it. */
function hideNamed(
  text: string,
  hints: RegExp,
  isSecretName: (name: string) => boolean,
  hide: (kind: string) => string,
): string {
  let out = '';
  let done = 0;
  hints.lastIndex = 0;
  for (let found = hints.exec(text); found !== null; found = hints.exec(text)) {
    const span = nameAround(text, found.index, found.index + found[0].length);
    hints.lastIndex = Math.max(hints.lastIndex, span.end);
    const name = text.slice(span.start, span.end);
    if (span.start < done || !isSecretName(name)) continue;
    const value = valueAfter(text, span);
    if (value === null || value.end <= value.start) continue;
    hints.lastIndex = value.end;
    const old = text.slice(value.start, value.end);
    if (!isWorthHiding(name, old)) continue;
    out += text.slice(done, value.start) + replaced(old, hide);
    done = value.end;
  }
  return done === 0 ? text : out + text.slice(done);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

const LONGEST_NAME = 64;

/** The whole name around a part of it; a name in double quotes may hold spaces. */
function nameAround(text: string, from: number, to: number): Place {
  const [left, right] = [leftOf(text, from, from, false), rightOf(text, to, to, false)];
  // What is no quote and no space ends the search for either.
  const before = text.charCodeAt(left - 1);
  if (before === QUOTE || before === SPACE) {
    const wide = { start: leftOf(text, left, from, true), end: rightOf(text, right, to, true) };
    const closed = text[wide.end] === '"' || text[wide.end] === '\\';
    if (closed && text[wide.start - 1] === '"') return wide;
  }
  return bare(text, from, left, right);
}

const QUOTE = 0x22;
const SPACE = 0x20;

function isOfName(text: string, at: number, spaces: boolean): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && (NAME_CHARS[code] === 1 || (spaces && code === SPACE));
}

function leftOf(text: string, begin: number, from: number, spaces: boolean): number {
  let start = begin;
  while (start > 0 && from - start < LONGEST_NAME && isOfName(text, start - 1, spaces)) start -= 1;
  return start;
}

function rightOf(text: string, begin: number, to: number, spaces: boolean): number {
  let end = begin;
  while (end < text.length && end - to < LONGEST_NAME && isOfName(text, end, spaces)) end += 1;
  return end;
}

/** Without what belongs to the text around it. */
function bare(text: string, from: number, left: number, end: number): Place {
  let start = left;
  // In `\nname`, the n is none of it; in `--name` the hyphens are not.
  if (text[start - 1] === '\\' && /[nrt]/.test(text[start] ?? '') && start < from) start += 1;
  while (start < from && /[-.]/.test(text[start] ?? '')) start += 1;
  return { start, end };
}

/** Where the value of a name stands, by what stands around the name; null when it has none. */
function valueAfter(text: string, { start, end }: Place): Place | null {
  if (!mayHaveValue(text, start, end)) return null;
  JSON_COLON.lastIndex = end;
  const colon = JSON_COLON.exec(text);
  if (colon !== null) {
    const slashes = colon[1]?.length ?? 0;
    if (text.slice(Math.max(0, start - slashes - 1), start) !== `${colon[1] ?? ''}"`) return null;
    const from = JSON_COLON.lastIndex;
    return { start: from, end: jsonEnd(text, from, slashes) };
  }
  const before = text[start - 2] === '\\' && /[nrt]/.test(text[start - 1] ?? '') ? '\n' : text[start - 1];
  for (const { between, opens, value } of FORMS) {
    between.lastIndex = end;
    if (!opens.test(before ?? '\n') || !between.test(text)) continue;
    // A line's name stands at its beginning.
    if (value === LINE && !/(?:^|\n|\\n|["'])[ \t-]*$/.test(text.slice(Math.max(0, start - 40), start)))
      continue;
    if (value === ARGUMENT && text.slice(start - 2, start) !== '--') continue;
    const from = between.lastIndex;
    return { start: from, end: stickyEnd(text, from, value) };
  }
  return null;
}

/** In sentences these are words among others: one look at what follows spares trying every form. */
function mayHaveValue(text: string, start: number, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next === SPACE) return text[end + 1] === '=' || text[start - 1] === '-';
  return !(next < 128) || OPENS_VALUE[next] === 1;
}

/** What may stand between a name and its value. */
const OPENS_VALUE = charsOf(/[\s"'\\=:>]/);

/** `"name": `, within a JSON string at any depth. */
const JSON_COLON = /(\\{0,31})"\s{0,8}:\s{0,8}/y;
const ASSIGNED = /"[^"\\]*(?:"|$)|'[^'\\]*(?:'|$)|\\"[^"\\]*(?:\\"|$)|[^\s"'`&;,)}\]\\]+/y;
const ARGUMENT = /"[^"\\]*(?:"|$)|'[^']*(?:'|$)|[^\s"'`\\-][^\s"'`\\]*/y;
const LINE = /(?:(?!\\{1,32}[nr"])[^\n"])+/y;

/** How else names and values are written. */
const FORMS: readonly { readonly opens: RegExp; readonly between: RegExp; readonly value: RegExp }[] = [
  // Python and YAML with single quotes.
  { opens: /'/, between: /'\s{0,8}:\s{0,8}/y, value: /'(?:[^'\\]|\\[\s\S])*(?:'|$)/y },
  // TOML with quoted names.
  { opens: /["']/, between: /\\?["']\s{0,8}=\s{0,8}/y, value: ASSIGNED },
  // XML and HTML.
  { opens: /</, between: />/y, value: /[^<]+/y },
  // Environments, addresses, connection strings, command lines, program text.
  { opens: /[^\w]/, between: /\s?=\s?/y, value: ASSIGNED },
  { opens: /-/, between: /[ \t]{1,8}/y, value: ARGUMENT },
  // A line of YAML or of headers.
  { opens: /[^\w]/, between: /:[ \t]{1,8}/y, value: LINE },
];

function stickyEnd(text: string, start: number, value: RegExp): number {
  value.lastIndex = start;
  return value.test(text) ? value.lastIndex : start;
}

/**
 * The end of a JSON text, number or list of texts that begins at `start`, where a quote of this depth has `slashes`
 * backslashes before it (0, 1, 3, 7 ...); `start` itself for anything else.
 */
function jsonEnd(text: string, start: number, slashes: number): number {
  const opening = `${'\\'.repeat(slashes)}"`;
  if (text.startsWith(opening, start)) return quoteEnd(text, start + opening.length, slashes);
  if (text[start] === '[') {
    const first = /\s*/y;
    first.lastIndex = start + 1;
    first.test(text);
    if (!text.startsWith(opening, first.lastIndex)) return start;
    let at = first.lastIndex;
    while (text.startsWith(opening, at)) {
      at = quoteEnd(text, at + opening.length, slashes);
      while (/[\s,]/.test(text[at] ?? '')) at += 1;
    }
    return text[at] === ']' ? at + 1 : at;
  }
  NUMBER.lastIndex = start;
  return NUMBER.test(text) ? NUMBER.lastIndex : start;
}

const NUMBER = /-?\d[\d.eE+-]*/y;

/** Behind the quote that closes at this depth; the text's end when it was cut off before. */
function quoteEnd(text: string, from: number, slashes: number): number {
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let run = 0;
    while (quote - run - 1 >= at && text[quote - run - 1] === '\\') run += 1;
    // An escaped backslash within doubles with each depth.
    if (run % ((slashes + 1) * 2) === slashes) return quote + 1;
    at = quote + 1;
  }
}

function replaced(value: string, hide: (kind: string) => string): string {
  const quote = /^(?:\\*["'])/.exec(value)?.[0];
  if (quote !== undefined) return `${quote}${hide('by name')}${quote}`;
  return /^[-\d[]/.test(value) && !/[A-Za-z]/.test(value.replace(/[eE]/, ''))
    ? `"${hide('by name')}"`
    : hide('by name');
}

/** Empty values, references, placeholders and what is hidden already tell nothing; a number is a secret only as a password. */
function isWorthHiding(name: string, value: string): boolean {
  const bare = value.replace(/^[\\"'\s[]+|[\\"'\s\]]+$/g, '');
  if (bare === '' || bare.startsWith('[hidden') || bare.startsWith('hidden:')) return false;
  if (/^(?:null|none|true|false|undefined|string|\*+|<[\w -]+>|\$\{?[\w:.-]+\}?)$/i.test(bare)) return false;
  return !/^-?\d[\d.eE+-]*$/.test(value) || /pass|pwd|pin|otp|secret/i.test(name);
}

/** "Basic understanding" and "token number" are words. */
function isCredential(value: string): boolean {
  return /\d/.test(value) || /=$/.test(value) || (/[a-z][A-Z]/.test(value) && value.length >= 12);
}

const NAME_CHARS = charsOf(/[\w.$-]/);

function unescaped(whole: string, hex: string): string {
  const char = String.fromCharCode(Number.parseInt(hex, 16));
  // A quote or a backslash would end the string that it stands in.
  return char === '"' || char === '\\' || char === '\u007f' ? whole : char;
}

function looseName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+/g, '')
    .split('')
    .join('[^A-Za-z0-9]?');
}
