/**
 * What a terminal would show of a program's output, as lines of stretches with a color: colors and bold are kept, a
 * carriage return writes over the line, every other sequence is dropped. Pure.
 */

/** One of the eight colors of terminals. */
export type AnsiColor = 'black' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white';

/** A stretch of a line. */
export interface AnsiRun {
  readonly text: string;
  readonly color: AnsiColor | null;
  readonly bold: boolean;
}

const COLORS: readonly AnsiColor[] = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
/** Sequences of terminals: those that set colors, all others of that form, titles and links, and what is short. */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]/g;

/** The lines, the last `most` of them. */
export function ansiLines(text: string, most: number): readonly (readonly AnsiRun[])[] {
  let color: AnsiColor | null = null;
  let bold = false;
  const lines: AnsiRun[][] = [];
  for (const line of text.split(/\r?\n/)) {
    const runs: AnsiRun[] = [];
    const add = (piece: string): void => {
      const last = piece.lastIndexOf('\r');
      if (last >= 0) runs.length = 0;
      const shown = piece.slice(last + 1);
      if (shown !== '') runs.push({ text: shown, color, bold });
    };
    let from = 0;
    for (const found of line.matchAll(SEQUENCE)) {
      add(line.slice(from, found.index));
      from = found.index + found[0].length;
      if (found[1] !== undefined) [color, bold] = styleOf(found[1], color, bold);
    }
    add(line.slice(from));
    lines.push(runs);
  }
  return lines.slice(-most);
}

function styleOf(codes: string, before: AnsiColor | null, wasBold: boolean): [AnsiColor | null, boolean] {
  let color = before;
  let bold = wasBold;
  const numbers = codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    if (code === 0) [color, bold] = [null, false];
    else if (code === 1) bold = true;
    else if (code === 22) bold = false;
    else if (code === 39) color = null;
    else if (code >= 30 && code <= 37) color = COLORS[code - 30] ?? null;
    else if (code >= 90 && code <= 97) color = COLORS[code - 90] ?? null;
    // Colors of the large palettes carry numbers of their own, which mean nothing by themselves.
    else if (code === 38 || code === 48) at += numbers[at + 1] === 5 ? 2 : 4;
  }
  return [color, bold];
}
