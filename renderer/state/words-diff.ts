/**
 * What has changed between two texts, word by word, for people. The texts are of strangers, so the work is bounded: where
 * they differ too much to be compared, the old one is shown as removed and the new one as added. Pure.
 */
import { diffWordsWithSpace } from 'diff';

/** A stretch of text. */
export interface DiffRun {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** What is drawn: stretches, and notes of how many lines were left out. */
export type ShownRun = DiffRun | { readonly kind: 'left-out'; readonly lines: number };

/** Edits after which comparing stops; two descriptions have a few dozen. */
const MOST_EDITS = 2_000;
/** Milliseconds after which it stops whatever there is. */
const MOST_MS = 150;
/** Lines that are kept on each side of a change. */
const AROUND = 3;

/** The runs of both texts in order; equal texts are one run, or none when they are empty. */
export function diffRuns(before: string, after: string): readonly DiffRun[] {
  if (before === after) {
    return runsOf([['same', after]]);
  }
  const found = diffWordsWithSpace(before, after, { maxEditLength: MOST_EDITS, timeout: MOST_MS });
  return found === undefined
    ? runsOf([
        ['removed', before],
        ['added', after],
      ])
    : joined(
        runsOf(
          found.map(({ added, removed, value }) => [added ? 'added' : removed ? 'removed' : 'same', value]),
        ),
      );
}

/** A replaced phrase is one removal and one addition, even if both have a full stop in them. */
function joined(runs: readonly DiffRun[]): readonly DiffRun[] {
  const out: DiffRun[] = [];
  let open: DiffRun[] = [];
  const flush = (): void => {
    const last = open.at(-1);
    const tail = last?.kind === 'same' ? last : null;
    const group = tail === null ? open : open.slice(0, -1);
    const side = (kind: DiffRun['kind']): string =>
      group
        .filter((run) => run.kind === kind || run.kind === 'same')
        .map((run) => run.text)
        .join('');
    const both = group.some(({ kind }) => kind === 'added') && group.some(({ kind }) => kind === 'removed');
    if (both && group.some(({ kind }) => kind === 'same')) {
      out.push({ kind: 'removed', text: side('removed') }, { kind: 'added', text: side('added') });
    } else {
      out.push(...group);
    }
    if (tail !== null) {
      out.push(tail);
    }
    open = [];
  };
  for (const run of runs) {
    const between = run.kind === 'same' && open.length > 0 && isSlight(run.text);
    if (run.kind !== 'same' || between) {
      open.push(run);
    } else {
      flush();
      out.push(run);
    }
  }
  flush();
  return out;
}

/** No word: a full stop, a slash, a space. */
function isSlight(text: string): boolean {
  return text.length < 4 && !/[\p{L}\p{N}\n]/u.test(text);
}

/** The same with long stretches of equal lines left out, for texts such as a schema. */
export function folded(runs: readonly DiffRun[]): readonly ShownRun[] {
  return runs.flatMap((run, index): ShownRun[] => {
    const lines = run.text.split('\n');
    const head = index === 0 ? 0 : AROUND;
    const tail = index === runs.length - 1 ? 0 : AROUND;
    const leftOut = lines.length - head - tail;
    // To leave out a line or two saves nothing.
    if (run.kind !== 'same' || runs.length === 1 || leftOut < AROUND) {
      return [run];
    }
    const shown: ShownRun[] = [{ kind: 'left-out', lines: leftOut }];
    if (head > 0) {
      shown.unshift({ kind: 'same', text: `${lines.slice(0, head).join('\n')}\n` });
    }
    if (tail > 0) {
      shown.push({ kind: 'same', text: lines.slice(-tail).join('\n') });
    }
    return shown;
  });
}

function runsOf(pairs: readonly (readonly [DiffRun['kind'], string])[]): readonly DiffRun[] {
  return pairs.flatMap(([kind, text]) => (text === '' ? [] : [{ kind, text }]));
}
