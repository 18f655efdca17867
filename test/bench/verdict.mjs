/**
 * From measured rounds to verdicts: medians per contestant, and whether each target is met.
 */
import { median } from './rounds.mjs';

/**
 * What was measured of one figure: per round a number for each contestant, and why some have none.
 * @typedef {{ rounds: Record<string, number>[], failed: Record<string, string> }} Measured
 * @typedef {{ target: string, value: number | null, met: boolean | null, short: string }} Verdict
 *   `met` is null when there is nothing to compare with, or nothing is demanded
 */

/** Medians over the rounds by label. */
export function medians({ rounds }) {
  const labels = new Set(rounds.flatMap((round) => Object.keys(round)));
  return Object.fromEntries(
    [...labels].map((label) => [label, median(rounds.map((round) => round[label]).filter(Number.isFinite))]),
  );
}

/**
 * One verdict for each target of a figure.
 * @param {import('./figures.mjs').Figure} figure
 * @param {Measured} measured
 * @returns {Verdict[]}
 */
export function judge(figure, measured) {
  return figure.targets.map((target) => {
    const value = comparison(figure, target, measured.rounds);
    const met =
      value === null || target.limit === null
        ? null
        : target.bound === 'most'
          ? value <= target.limit
          : value >= target.limit;
    return {
      target: wordsOf(figure, target),
      value,
      met,
      short: value === null ? '' : compared(figure, target, value),
    };
  });
}

function comparison(figure, target, rounds) {
  const values = rounds.flatMap((round) => {
    const own = round.gatehouse;
    if (!Number.isFinite(own)) return [];
    if (target.kind === 'value') return [own];
    const others = target.against.map((label) => round[label]).filter(Number.isFinite);
    if (others.length === 0) return [];
    const best = figure.better === 'less' ? Math.min(...others) : Math.max(...others);
    return [target.kind === 'ratio' ? own / best : own - best];
  });
  return values.length === 0 ? null : median(values);
}

function wordsOf(figure, { kind, bound, limit, against }) {
  const sign = bound === 'most' ? '<=' : '>=';
  const whom = against?.length === 1 ? against[0] : 'any bridge';
  if (limit === null) return `beside: ${kind === 'added' ? 'over' : 'x'} ${whom}`;
  if (kind === 'value') return `${sign} ${limit} ${figure.unit}`.trim();
  if (kind === 'added') return `${sign} ${limit} ${figure.unit} over ${whom}`;
  return `${sign} ${limit} x ${whom}`;
}

function compared(figure, target, value) {
  if (target.kind === 'value') return '';
  if (target.kind === 'added') return `+${Math.round(value)} ${figure.unit}`;
  return `${value.toFixed(2)} x`;
}
