/**
 * What single characters are, for reading texts that want to deceive: which cannot be seen, which turn the direction of
 * text, which only look like Latin letters. Pure tables and functions.
 */

/** Why a character cannot be seen, or shows something other than it is. */
export type Concealment =
  | 'zero-width'
  | 'bidi'
  | 'tag'
  | 'selector'
  | 'filler'
  | 'control'
  | 'private'
  | 'soft-hyphen';

/** Short names for the chips in which such characters are shown. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00ad, 'SHY'],
  [0x034f, 'CGJ'],
  [0x061c, 'ALM'],
  [0x115f, 'HANGUL FILLER'],
  [0x1160, 'HANGUL FILLER'],
  [0x180e, 'MVS'],
  [0x200b, 'ZWSP'],
  [0x200c, 'ZWNJ'],
  [0x200d, 'ZWJ'],
  [0x200e, 'LRM'],
  [0x200f, 'RLM'],
  [0x202a, 'LRE'],
  [0x202b, 'RLE'],
  [0x202c, 'PDF'],
  [0x202d, 'LRO'],
  [0x202e, 'RLO'],
  [0x2060, 'WJ'],
  [0x2061, 'FA'],
  [0x2062, 'IT'],
  [0x2063, 'IS'],
  [0x2064, 'IP'],
  [0x2066, 'LRI'],
  [0x2067, 'RLI'],
  [0x2068, 'FSI'],
  [0x2069, 'PDI'],
  [0x2800, 'BLANK'],
  [0x3164, 'HANGUL FILLER'],
  [0xfeff, 'BOM'],
  [0xffa0, 'HANGUL FILLER'],
  [0x1b, 'ESC'],
  [0x08, 'BS'],
  [0x07, 'BEL'],
  [0x0d, 'CR'],
  [0x7f, 'DEL'],
  [0x9b, 'CSI'],
]);

/** What conceals `code`, or null for a character that shows what it is. Ordinary white space is not concealed. */
export function concealment(code: number): Concealment | null {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d ? null : 'control';
  if (code < 0x7f) return null;
  if (code <= 0x9f) return code === 0x85 ? null : 'control';
  if (code === 0xad) return 'soft-hyphen';
  if (code < 0x034f) return null;
  if (code === 0x034f || code === 0x180e || (code >= 0x180b && code <= 0x180d)) return 'zero-width';
  if (code === 0x061c || code === 0x200e || code === 0x200f) return 'bidi';
  if (code >= 0x200b && code <= 0x200d) return 'zero-width';
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return 'bidi';
  if ((code >= 0x2060 && code <= 0x2065) || (code >= 0x206a && code <= 0x206f) || code === 0xfeff) {
    return 'zero-width';
  }
  if (code === 0x115f || code === 0x1160 || code === 0x3164 || code === 0xffa0 || code === 0x2800) {
    return 'filler';
  }
  if (code >= 0xfff9 && code <= 0xfffb) return 'zero-width';
  if (code >= 0x1d173 && code <= 0x1d17a) return 'zero-width';
  if (code >= 0xfe00 && code <= 0xfe0f) return 'selector';
  if (code >= 0xe0100 && code <= 0xe01ef) return 'selector';
  if (code >= 0xe0000 && code <= 0xe007f) return 'tag';
  if ((code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000) return 'private';
  // Half of a pair alone: no character at all.
  if (code >= 0xd800 && code <= 0xdfff) return 'control';
  return null;
}

/** The name in the chip of a concealed character: `ZWSP`, `TAG`, `VS`, else its code point. */
export function chipName(code: number): string {
  const name = NAMES.get(code);
  if (name !== undefined) return name;
  if (code >= 0xe0000 && code <= 0xe007f) return 'TAG';
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return 'VS';
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Letters of other scripts that look like Latin ones (lower case), and the Latin ones that they look like. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  (
    'а:a в:b е:e ѕ:s і:i ї:i ј:j к:k м:m н:h о:o р:p с:c т:t у:y х:x ѵ:v ԁ:d ԛ:q ԝ:w ь:b һ:h ӏ:l ғ:f ѡ:w ʟ:l ' +
    'α:a β:b ε:e η:n ι:i κ:k ν:v ο:o ρ:p τ:t υ:u χ:x γ:y ω:w ϲ:c ϳ:j ' +
    'ı:i ɡ:g ɑ:a ʀ:r ɪ:i ո:n օ:o ս:u հ:h ց:g զ:q ա:w ե:t յ:j ꭰ:d ꭱ:r ꭲ:t ⲟ:o ⲣ:p ⲥ:c ⲁ:a ⲉ:e ո:n ᴀ:a ᴇ:e ᴏ:o ᴜ:u ᴍ:m ᴛ:t ꜱ:s'
  )
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
);

/** The Latin letter that `letter` (lower case, one character) looks like, or null. */
export function latinLookalike(letter: string): string | null {
  return LOOKALIKES.get(letter) ?? null;
}

/** Scripts told apart as far as reading needs it. */
export type Script = 'latin' | 'cyrillic' | 'greek' | 'ideograph' | 'digit' | 'other' | 'none';

const letter = /^\p{L}$/u;
const digit = /^\p{N}$/u;

/** The script of a code point; `none` for what is neither letter nor digit. */
export function scriptOf(code: number): Script {
  if (code < 0x80) {
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return 'latin';
    return code >= 0x30 && code <= 0x39 ? 'digit' : 'none';
  }
  // Each of these is a word, or near enough to one, and they are written without spaces.
  if (
    (code >= 0x3041 && code <= 0x30ff) ||
    (code >= 0x3400 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x20000 && code <= 0x3ffff)
  ) {
    return 'ideograph';
  }
  const text = String.fromCodePoint(code);
  if (!letter.test(text)) return digit.test(text) ? 'digit' : 'none';
  if (code <= 0x24f || (code >= 0x250 && code <= 0x2af) || (code >= 0x1e00 && code <= 0x1eff)) return 'latin';
  if ((code >= 0x370 && code <= 0x3ff) || (code >= 0x1f00 && code <= 0x1fff)) return 'greek';
  if (code >= 0x400 && code <= 0x52f) return 'cyrillic';
  return 'other';
}

/** Digits and signs that stand for letters, as in `1gn0r3`. */
const LEET: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
]);

/** `word` with digits read as letters; unchanged when a digit stands for none, or there are too few letters. */
export function unleet(word: string): string {
  let out = '';
  let letters = 0;
  let digits = 0;
  for (const char of word) {
    if (char < '0' || char > '9') {
      letters += 1;
      out += char;
      continue;
    }
    const as = LEET.get(char);
    if (as === undefined) return word;
    digits += 1;
    out += as;
  }
  return digits > 0 && letters >= 2 && letters >= digits ? out : word;
}
