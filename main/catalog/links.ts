/**
 * Finding the URIs in what servers send (answers to calls, definitions of tools) in one pass over the bytes, without
 * building any value. Only the few places are looked at that the protocol gives a URI of the server's own; everything
 * else is skipped, large strings natively. The input was seen to be JSON by others; malformed input gives no URIs.
 */
import { skipSpace, stringAt } from '../protocol/json.ts';

/** A URI and the span of its JSON string. */
export interface UriSpan {
  readonly start: number;
  readonly end: number;
  readonly uri: string;
}

/** What the value at hand is. `uri` is a URI where it is a string; `kind` and `link` belong to a content item. */
type Place =
  | 'answer'
  | 'result'
  | 'message'
  | 'item'
  | 'resource'
  | 'meta'
  | 'ui'
  | 'tool'
  | 'uri'
  | 'kind'
  | 'link';

const IN_RESULT = { content: 'item', messages: 'message', contents: 'resource', _meta: 'meta' } as const;

/** Where in each place the next one lies. Arrays count as each of their elements. */
const PLACES: Readonly<Record<Place, Readonly<Record<string, Place>>>> = {
  answer: { result: 'result', ...IN_RESULT },
  result: IN_RESULT,
  message: { content: 'item', _meta: 'meta' },
  item: { type: 'kind', uri: 'link', resource: 'resource', _meta: 'meta' },
  resource: { uri: 'uri', _meta: 'meta' },
  // MCP Apps: the nested form, and the flat one of its drafts.
  meta: { ui: 'ui', 'ui/resourceUri': 'uri' },
  ui: { resourceUri: 'uri' },
  tool: { _meta: 'meta' },
  uri: {},
  kind: {},
  link: {},
};

/** `ui/resourceUri` with every character escaped. */
const LONGEST_KEY = 14 * 6;

/** The keys `uri` and `resourceUri` end so; a native search for it answers most questions at once. */
const KEY_END = Buffer.from('ri"');
const ESCAPE = Buffer.from('\\u00');

/** False when there is certainly no URI in it. */
export function mayHoldUris(bytes: Buffer): boolean {
  return bytes.indexOf(KEY_END) !== -1 || hasEscapedLetter(bytes);
}

/** True when a letter is spelled as `\u00XX`, as it might be in a key. Many servers write `<` and `&` so, no letters. */
function hasEscapedLetter(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(ESCAPE); at !== -1; at = bytes.indexOf(ESCAPE, at + 1)) {
    const digit = bytes[at + 4];
    if (digit === 0x35 || digit === 0x36 || digit === 0x37) return true;
  }
  return false;
}

/**
 * The URIs in one JSON value, duplicates of a key included: in the answer to a call (`content` of a tool,
 * `messages` of a prompt, `contents` of a resource; the whole message or only its result), or in a tool's definition.
 */
export function urisIn(bytes: Buffer, what: 'answer' | 'tool'): readonly UriSpan[] {
  const walk = new Walk(bytes);
  try {
    return walk.value(skipSpace(bytes, 0, bytes.length), what) < 0 ? [] : walk.found;
  } catch {
    // A string that is none, which only `stringAt` notices.
    return [];
  }
}

/** Each method takes the offset of a value and returns the offset past it, or -1 where it is malformed. */
class Walk {
  readonly found: UriSpan[] = [];
  private readonly bytes: Buffer;
  /** Of the content item at hand: spans of its `uri`, and whether its `type` makes it a link. */
  private links: number[] = [];
  private isLink = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  value(at: number, place: Place | undefined): number {
    const c = this.bytes[at];
    if (place === undefined) return skip(this.bytes, at);
    if (c === 0x22) return this.text(at, place);
    if (c === 0x7b) return place === 'item' ? this.item(at) : this.object(at, place);
    return c === 0x5b && takesArrays(place) ? this.array(at, place) : skip(this.bytes, at);
  }

  private array(at: number, place: Place): number {
    const { bytes } = this;
    const { length } = bytes;
    at = skipSpace(bytes, at + 1, length);
    if (bytes[at] === 0x5d) return at + 1;
    while (at < length) {
      // No array in an array: the protocol has none here, and depth stays bounded.
      at = bytes[at] === 0x5b ? skip(bytes, at) : this.value(at, place);
      if (at < 0) return -1;
      at = skipSpace(bytes, at, length);
      if (bytes[at] === 0x5d) return at + 1;
      if (bytes[at] !== 0x2c) return -1;
      at = skipSpace(bytes, at + 1, length);
    }
    return -1;
  }

  private object(at: number, place: Place): number {
    const { bytes } = this;
    const { length } = bytes;
    const places = PLACES[place];
    at = skipSpace(bytes, at + 1, length);
    if (bytes[at] === 0x7d) return at + 1;
    while (at < length) {
      const keyEnd = skipText(bytes, at);
      if (keyEnd < 0) return -1;
      const key = keyEnd - at - 2 > LONGEST_KEY ? '' : stringAt(bytes, at, keyEnd);
      at = skipSpace(bytes, keyEnd, length);
      if (bytes[at] !== 0x3a) return -1;
      at = this.value(skipSpace(bytes, at + 1, length), Object.hasOwn(places, key) ? places[key] : undefined);
      if (at < 0) return -1;
      at = skipSpace(bytes, at, length);
      if (bytes[at] === 0x7d) return at + 1;
      if (bytes[at] !== 0x2c) return -1;
      at = skipSpace(bytes, at + 1, length);
    }
    return -1;
  }

  /** A content item: its `uri` counts when its type says that it is a link, which may come later. */
  private item(at: number): number {
    this.links = [];
    this.isLink = false;
    const end = this.object(at, 'item');
    if (this.isLink) {
      for (let i = 0; i < this.links.length; i += 2) this.add(this.links[i] ?? 0, this.links[i + 1] ?? 0);
    }
    return end;
  }

  private text(at: number, place: Place): number {
    const end = skipText(this.bytes, at);
    if (end < 0) return -1;
    if (place === 'uri') this.add(at, end);
    else if (place === 'link') this.links.push(at, end);
    else if (place === 'kind') this.isLink ||= stringAt(this.bytes, at, end) === 'resource_link';
    return end;
  }

  private add(start: number, end: number): void {
    this.found.push({ start, end, uri: stringAt(this.bytes, start, end) });
  }
}

function takesArrays(place: Place): boolean {
  return place === 'item' || place === 'message' || place === 'resource';
}

/** Skips one value that is known to be JSON. */
export function skip(bytes: Buffer, at: number): number {
  const { length } = bytes;
  const first = bytes[at];
  if (first === 0x22) return skipText(bytes, at);
  if (first !== 0x7b && first !== 0x5b) {
    while (at < length && !endsToken(bytes[at])) at++;
    return at;
  }
  let depth = 0;
  while (at < length) {
    const c = bytes[at];
    if (c === 0x22) {
      at = skipText(bytes, at);
      if (at < 0) return -1;
      continue;
    }
    if (c === 0x7b || c === 0x5b) depth++;
    else if ((c === 0x7d || c === 0x5d) && --depth === 0) return at + 1;
    at++;
  }
  return -1;
}

function endsToken(c: number | undefined): boolean {
  return c === 0x2c || c === 0x7d || c === 0x5d || c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}

/** Bytes of a string that are looked at one by one before a native search is worth its call. */
const NEAR = 48;

/** Skips the string whose opening quote is at `at`. */
function skipText(bytes: Buffer, at: number): number {
  if (bytes[at] !== 0x22) return -1;
  let i = at + 1;
  const near = Math.min(bytes.length, i + NEAR);
  while (i < near) {
    const c = bytes[i++];
    if (c === 0x22) return i;
    if (c === 0x5c) i++;
  }
  for (;;) {
    const quote = bytes.indexOf(0x22, i);
    if (quote === -1) return -1;
    let back = quote;
    while (back > i && bytes[back - 1] === 0x5c) back--;
    if ((quote - back) % 2 === 0) return quote + 1;
    i = quote + 1;
  }
}
