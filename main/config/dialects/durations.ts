/**
 * Times as other programs write them, in milliseconds. Pure.
 */
/** One day: the longest wait that our configuration takes. */
const LONGEST_MS = 86_400_000;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** A duration as Go writes it (`1m30s`, `250ms`), in milliseconds; null when it is none. */
export function goDuration(text: string): number | null {
  if (text === '0') return 0;
  const sign = text.startsWith('-') ? -1 : 1;
  const rest = text.replace(/^[+-]/, '');
  if (!/^(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*$/.test(rest)) {
    return null;
  }
  let total = 0;
  for (const [, amount = '', unit = ''] of rest.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * (UNITS[unit] ?? 0);
  }
  return sign * total;
}

/** A wait for a call's answer that our configuration takes: whole milliseconds within its bounds. */
export function callTimeout(ms: number): number {
  return Math.min(LONGEST_MS, Math.max(1, Math.round(ms)));
}
