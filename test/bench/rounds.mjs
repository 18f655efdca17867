/**
 * One run: everything that is compared is measured in turn, several times over, each round beginning with another one.
 * What is reported is the median over the rounds, and of ratios the median of the ratios within each round.
 */
import { load } from './load.mjs';
import { cpuSeconds } from './processes.mjs';

/**
 * @typedef {{ perSecond: number, cpuUs: number, p50: number, lost: number }} Point processor time and latency in
 *   microseconds a call
 * @typedef {{ label: string, run: (ms: number) => Promise<Point> }} Contestant
 * @typedef {{ rounds: number, ms: number, warmMs: number }} Pace `warmMs`: what the engine needs to have compiled
 *   what is hot
 */

/** A contestant that is put under load. @returns {Contestant} */
export function contestant(label, pid, targets, lanes) {
  return { label, run: (ms) => measure(pid, targets, lanes, ms) };
}

/** Puts targets under load once. @returns {Promise<Point & { faults: string[] }>} */
export async function measure(pid, targets, lanes, ms) {
  const before = cpuSeconds(pid);
  const result = await load(targets, lanes, ms);
  if (result.calls === 0) throw new Error(result.faults[0] ?? 'no call was answered');
  return {
    perSecond: result.calls / result.seconds,
    cpuUs: ((cpuSeconds(pid) - before) / result.calls) * 1e6,
    p50: median(result.latencies),
    lost: result.lost,
    faults: result.faults.slice(0, 3),
  };
}

/**
 * Runs all in turn, after a short turn each that does not count. Whoever fails is left out from then on.
 * @param {readonly Contestant[]} contestants
 * @param {Pace} pace
 * @returns {Promise<{ rounds: Record<string, Point>[], failed: Record<string, string> }>}
 */
export async function interleave(contestants, { rounds, ms, warmMs }) {
  const failed = {};
  const turn = async (each, length) => {
    if (failed[each.label] !== undefined) return null;
    try {
      return await each.run(length);
    } catch (error) {
      failed[each.label] = error.message;
      return null;
    }
  };
  for (const each of contestants) await turn(each, warmMs);
  const results = [];
  for (let round = 0; round < rounds; round++) {
    const points = {};
    for (let i = 0; i < contestants.length; i++) {
      const each = contestants[(i + round) % contestants.length];
      const point = await turn(each, ms);
      if (point !== null) points[each.label] = point;
    }
    results.push(points);
  }
  return { rounds: results, failed };
}

/** The middle one; NaN of nothing. */
export function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}
