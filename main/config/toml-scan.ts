/**
 * Where the tables and keys of a TOML text stand. Knows strings, arrays and inline tables only so far as not to be led
 * astray by them: the text has been read by the real parser before. Pure.
 */

/** `key = value` in a table. */
export interface TomlPair {
  readonly key: readonly string[];
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** One table with its header; the keys before the first header are a table with an empty path. */
export interface TomlTable {
  readonly path: readonly string[];
  /** `[[...]]` */
  readonly isList: boolean;
  readonly start: number;
  /** Past the closing bracket. */
  readonly headerEnd: number;
  /** Past the last value; comments behind it belong to what follows. */
  readonly end: number;
  readonly pairs: readonly TomlPair[];
}

/** All tables, in the order of the text. */
export function scanToml(text: string): readonly TomlTable[] {
  type Open = { -readonly [K in keyof TomlTable]: TomlTable[K] } & { pairs: TomlPair[] };
  let table: Open = { path: [], isList: false, start: 0, headerEnd: 0, end: 0, pairs: [] };
  const tables: Open[] = [table];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) at++;
    else if (char === '#') at = endOfLine(text, at);
    else if (char === '[') {
      const isList = text[at + 1] === '[';
      const { key, end } = readKey(text, at + (isList ? 2 : 1));
      const headerEnd = text.indexOf(']', end) + (isList ? 2 : 1);
      table = { path: key, isList, start: at, headerEnd, end: headerEnd, pairs: [] };
      tables.push(table);
      at = endOfLine(text, headerEnd);
    } else {
      const { key, end } = readKey(text, at);
      const valueStart = skipSpace(text, text.indexOf('=', end) + 1);
      const valueEnd = skipValue(text, valueStart);
      table.pairs.push({ key, start: at, valueStart, end: valueEnd });
      table.end = valueEnd;
      at = endOfLine(text, valueEnd);
    }
  }
  return tables;
}

/** Offset of the next line break. */
export function endOfLine(text: string, from: number): number {
  const found = /\r?\n/g;
  found.lastIndex = from;
  return found.exec(text)?.index ?? text.length;
}

/** A dotted key; `end` is past its last part and the space behind it. */
function readKey(text: string, from: number): { key: string[]; end: number } {
  const key: string[] = [];
  let at = from;
  for (;;) {
    at = skipSpace(text, at);
    const quote = text[at];
    const end = quote === '"' || quote === "'" ? skipString(text, at) : wordEnd(text, at);
    const part = text.slice(at, end);
    key.push(quote === '"' ? String(JSON.parse(part)) : quote === "'" ? part.slice(1, -1) : part);
    at = skipSpace(text, end);
    if (text[at] !== '.') return { key, end: at };
    at++;
  }
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[A-Za-z0-9_-]/.test(text[at] ?? '')) at++;
  if (at === from) throw new Error('no key where one must be');
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/** Past a value: to the end of a string, of matching brackets, or of a bare word. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  let end = from;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '"' || char === "'") at = skipString(text, at);
    else if (char === '#') {
      if (depth === 0) return end;
      at = endOfLine(text, at);
      continue;
    } else if (char === '\n' || char === '\r') {
      if (depth === 0) return end;
      at++;
      continue;
    } else {
      if (char === '[' || char === '{') depth++;
      if (char === ']' || char === '}') depth--;
      at++;
      if (char === ' ' || char === '\t') continue;
    }
    end = at;
  }
  return end;
}

/** Past a string of any of the four kinds. */
function skipString(text: string, from: number): number {
  const quote = text[from] ?? '';
  const triple = quote.repeat(3);
  if (text.startsWith(triple, from)) {
    let at = from + 3;
    while (at < text.length && !text.startsWith(triple, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1;
    at += 3;
    // Up to two more quotes may belong to the text.
    while (text[at] === quote) at++;
    return at;
  }
  let at = from + 1;
  while (at < text.length && text[at] !== quote) at += quote === '"' && text[at] === '\\' ? 2 : 1;
  return at + 1;
}
