/**
 * Finds what the eye cannot see in a text: characters without width, of direction, of control, and "tag" letters. A
 * screen shows each as a chip, so that no text can say more than it shows. Pure.
 */

/** A stretch of a text, or what hides at that place. */
export type TextRun =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'hidden';
      /** Short sign, for example `ZWSP` or `TAG ×33`. */
      readonly label: string;
      /** Code point of the first, for example `U+200B`. */
      readonly code: string;
    };

const names: Readonly<Record<number, string>> = {
  173: 'SHY',
  847: 'CGJ',
  1564: 'ALM',
  6158: 'MVS',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  65279: 'BOM',
  27: 'ESC',
  127: 'DEL',
};
/** Format and control characters, and what is drawn as nothing though it counts as a letter or a mark. */
const maySuspect = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/u;
/** Joiners have honest work inside emoji and in scripts that join their letters. */
const joined = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|(?!\p{Script=Latin})\p{L}/u;

/** Cuts a text into what is seen and what hides. A text without anything hidden is one run. */
export function textRuns(text: string): readonly TextRun[] {
  if (!maySuspect.test(text)) {
    return [{ kind: 'text', text }];
  }
  const characters = [...text];
  const runs: TextRun[] = [];
  let seen = '';
  let at = 0;
  while (at < characters.length) {
    const character = characters[at] ?? '';
    if (!hides(characters, at)) {
      seen += character;
      at += 1;
      continue;
    }
    if (seen !== '') {
      runs.push({ kind: 'text', text: seen });
      seen = '';
    }
    const label = nameOf(character);
    let end = at + 1;
    while (end < characters.length && nameOf(characters[end] ?? '') === label && hides(characters, end)) {
      end += 1;
    }
    const count = end - at;
    runs.push({ kind: 'hidden', label: count > 1 ? `${label} ×${count}` : label, code: codeOf(character) });
    at = end;
  }
  if (seen !== '') {
    runs.push({ kind: 'text', text: seen });
  }
  return runs;
}

/** The same as one text, for places that only take text: `[RLO]` stands where it hides. */
export function shownText(text: string): string {
  return textRuns(text)
    .map((run) => (run.kind === 'text' ? run.text : `[${run.label}]`))
    .join('');
}

function hides(characters: readonly string[], at: number): boolean {
  const character = characters[at] ?? '';
  if (!maySuspect.test(character) || character === '\t' || character === '\n' || isEmojiStyle(character)) {
    return false;
  }
  // A carriage return before a line break is only how some systems end a line.
  if (character === '\r' && characters[at + 1] === '\n') {
    return false;
  }
  const joiner = character === '\u200c' || character === '\u200d';
  return !(joiner && joined.test(characters[at - 1] ?? '') && joined.test(characters[at + 1] ?? ''));
}

/** The selectors that make a sign colourful or plain; they carry nothing else. */
function isEmojiStyle(character: string): boolean {
  return character === '\ufe0e' || character === '\ufe0f';
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xe0000 && code <= 0xe007f) {
    return 'TAG';
  }
  if (code >= 0xe0100 && code <= 0xe01ef) {
    return 'VS';
  }
  return names[code] ?? codeOf(character);
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
