/**
 * Keeps a server that asks for thousands of hosts from flooding the gateway with reports: the same one is told once a second
 * at most, and all of one server a hundred times a second. Pure state.
 */
import type { Report } from './wire.ts';

const SAME_MS = 1_000;
const MOST_A_SECOND = 100;
const MOST_KEPT = 2_000;

/** Wraps `send`; reports other than of hosts pass. */
export function createReportFilter(
  now: () => number,
  send: (report: Report) => void,
): (report: Report) => void {
  const lastTold = new Map<string, number>();
  const budgets = new Map<string, { since: number; told: number }>();
  return (report) => {
    if (report.kind !== 'host') return send(report);
    const at = now();
    const key = `${report.server} ${report.host} ${report.port ?? ''} ${report.refused ?? ''}`;
    if (at - (lastTold.get(key) ?? -SAME_MS) < SAME_MS) return;
    const known = budgets.get(report.server);
    const budget = known !== undefined && at - known.since < 1_000 ? known : { since: at, told: 0 };
    budgets.set(report.server, budget);
    if (++budget.told > MOST_A_SECOND) return;
    if (lastTold.size >= MOST_KEPT) lastTold.clear();
    lastTold.set(key, at);
    send(report);
  };
}
