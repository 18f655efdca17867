/**
 * Secrets that are known by their value, found in a text in all their spellings by one walk over it, however many there
 * are: a table tells from any four characters whether a spelling may begin with them, and almost none does. Pure.
 */

/** Gives the text with every known secret replaced by what `hide` says, which is called once for each place. */
export type HideKnown = (text: string, hide: () => string) => string;

/** Shorter values are ignored; so many characters tell where to look closer. */
const SHORTEST = 4;
/** Slots of the table for each spelling: the more, the fewer places are looked at for nothing. */
const SLOTS = 16;
const FEWEST_SLOTS = 256;

/** Spellings that begin with the same four characters, by their length, the longest first. */
type Bucket = readonly { readonly length: number; readonly texts: ReadonlySet<string> }[];

/** Of spellings that overlap, all are hidden, as one place. */
export function hideKnown(values: Iterable<string>): HideKnown {
  const spellings = spellingsOf(values);
  if (spellings.size === 0) return (text) => text;
  const buckets = bucketsOf(spellings);
  const bits = 32 - Math.clz32(Math.max(FEWEST_SLOTS, spellings.size * SLOTS) - 1);
  const shift = 32 - bits;
  const table = new Uint8Array(2 ** bits);
  for (const start of buckets.keys()) table[slotOf(start, shift)] = 1;

  /** The end of the longest spelling that begins here; -1 when none does. */
  const endAt = (text: string, at: number, start: number): number => {
    for (const { length, texts } of buckets.get(start) ?? [])
      if (texts.has(text.slice(at, at + length))) return at + length;
    return -1;
  };
  return (text, hide) => {
    let out = '';
    let done = 0;
    /** The place that is to be hidden next. */
    let from = -1;
    let to = -1;
    let start = 0;
    for (let next = 0; next < text.length; next += 1) {
      start = (start << 8) | (text.charCodeAt(next) & 0xff);
      if (next < SHORTEST - 1 || table[slotOf(start, shift)] !== 1) continue;
      const at = next - SHORTEST + 1;
      const end = endAt(text, at, start);
      if (end === -1) continue;
      if (at < to) {
        to = Math.max(to, end);
        continue;
      }
      if (from !== -1) {
        out += text.slice(done, from) + hide();
        done = to;
      }
      from = at;
      to = end;
    }
    return from === -1 ? text : out + text.slice(done, from) + hide() + text.slice(to);
  };
}

/** Spreads four characters over the table (the golden ratio as a multiplier). */
function slotOf(start: number, shift: number): number {
  return Math.imul(start, 0x9e3779b1) >>> shift;
}

/** The low bytes of its first four characters. */
function startOf(text: string): number {
  let start = 0;
  for (let at = 0; at < SHORTEST; at += 1) start = (start << 8) | (text.charCodeAt(at) & 0xff);
  return start;
}

function bucketsOf(spellings: Iterable<string>): ReadonlyMap<number, Bucket> {
  const byStart = new Map<number, Map<number, Set<string>>>();
  for (const text of spellings) {
    const start = startOf(text);
    const byLength = byStart.get(start) ?? new Map<number, Set<string>>();
    byStart.set(start, byLength);
    byLength.set(text.length, (byLength.get(text.length) ?? new Set<string>()).add(text));
  }
  return new Map(
    [...byStart].map(([start, byLength]) => [
      start,
      [...byLength].map(([length, texts]) => ({ length, texts })).sort((a, b) => b.length - a.length),
    ]),
  );
}

/** As they are, and as they look inside JSON, an address, a form, base64 and hexadecimal. */
function spellingsOf(values: Iterable<string>): ReadonlySet<string> {
  const spellings = new Set<string>();
  for (const value of values) {
    if (value.length < SHORTEST) continue;
    const json = JSON.stringify(value).slice(1, -1);
    spellings.add(value).add(json).add(json.replaceAll('/', '\\/'));
    spellings.add(JSON.stringify(JSON.stringify(value)).slice(3, -3));
    for (const address of [
      encodeURIComponent(wellFormed(value)),
      new URLSearchParams({ '': value }).toString().slice(1),
    ])
      spellings.add(address).add(address.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()));
    if (value.length >= 8) for (const coded of encodings(Buffer.from(value))) spellings.add(coded);
  }
  return spellings;
}

/** In hexadecimal, and in base64 of either alphabet: alone, or behind other bytes, such as a user's name. */
function encodings(value: Buffer): readonly string[] {
  const hex = value.toString('hex');
  const found = [hex, hex.toUpperCase()];
  for (const before of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(before), value]);
    // What other bytes have a part in is left out; alone, all of it counts.
    const end = before === 0 ? undefined : Math.floor((whole.length * 4) / 3);
    for (const alphabet of ['base64', 'base64url'] as const)
      found.push(
        whole
          .toString(alphabet)
          .replace(/=+$/, '')
          .slice(Math.ceil((before * 4) / 3), end),
      );
    if (before === 0) found.push(value.toString('base64').slice(0, Math.floor((value.length * 4) / 3)));
  }
  return found;
}

/** `encodeURIComponent` throws on half a surrogate pair. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
