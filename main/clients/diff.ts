/**
 * What a change does to a text, line by line, for a person to decide on. Values that look like keys are hidden: what is
 * shown may end up in a screenshot. Pure.
 */
import { createRedactor } from '../protocol/redact.ts';

/** One line of the difference, or how many lines are left out. */
export type DiffLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly line: number; readonly text: string }
  | { readonly kind: 'skipped'; readonly count: number };

/** Lines around a change that are shown. */
const AROUND = 3;
/** Longer middles are shown as removed and added without looking for what they share. */
const LARGEST = 400;
/** Longer lines are cut. */
const WIDEST = 2_000;

/** The difference; `line` counts in the new text, for removed lines in the old one. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const all: DiffLine[] = b.slice(0, head).map((text, index) => shown('same', index, text));
  all.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head));
  for (let index = b.length - tail; index < b.length; index++) all.push(shown('same', index, b[index] ?? ''));
  const redact = createRedactor();
  // Only now, as it takes longer than all the rest.
  return folded(all).map((one) => (one.kind === 'skipped' ? one : { ...one, text: redact(one.text).text }));
}

function middle(a: readonly string[], b: readonly string[], offset: number): DiffLine[] {
  if (a.length > LARGEST || b.length > LARGEST) {
    return [
      ...a.map((text, index) => shown('removed', offset + index, text)),
      ...b.map((text, index) => shown('added', offset + index, text)),
    ];
  }
  const longest = common(a, b);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push(shown('same', offset + j, left));
      i++;
      j++;
    } else if (
      left !== undefined &&
      (right === undefined || at(longest, i + 1, j) >= at(longest, i, j + 1))
    ) {
      lines.push(shown('removed', offset + i++, left));
    } else if (right !== undefined) lines.push(shown('added', offset + j++, right));
  }
  return lines;
}

/** Longest common subsequence of what remains from each pair of places. */
function common(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = table[i];
    if (row === undefined) continue;
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] =
        a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

function at(table: readonly Uint32Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

/** Leaves out what is far from any change. */
function folded(all: readonly DiffLine[]): DiffLine[] {
  const near = new Set<number>();
  for (const [index, line] of all.entries()) {
    if (line.kind === 'same') continue;
    for (let other = index - AROUND; other <= index + AROUND; other++) near.add(other);
  }
  const lines: DiffLine[] = [];
  let skipped = 0;
  for (const [index, line] of all.entries()) {
    if (near.has(index)) {
      if (skipped > 0) lines.push({ kind: 'skipped', count: skipped });
      skipped = 0;
      lines.push(line);
    } else skipped++;
  }
  if (skipped > 0) lines.push({ kind: 'skipped', count: skipped });
  return lines;
}

function shown(kind: 'same' | 'added' | 'removed', index: number, text: string): DiffLine {
  return { kind, line: index + 1, text: text.slice(0, WIDEST) };
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
