/** What the popover shows of all that there is: what waits first, the busiest servers first, the last calls. Pure. */
import type { Problem, ServerView, Snapshot } from '../../preload/contract.ts';
import type { ActivityRow } from '../../preload/views/activity.ts';
import type { WaitingCall } from '../../preload/views/calls.ts';
import type { WaitingSignInView } from '../../preload/views/client-sign-in.ts';

/** One thing that waits for a person. */
export type PopoverItem =
  | { readonly kind: 'call'; readonly key: string; readonly call: WaitingCall }
  | { readonly kind: 'client'; readonly key: string; readonly request: WaitingSignInView }
  | { readonly kind: 'endpoint' | 'config'; readonly key: string; readonly problem: Problem | null }
  | {
      readonly kind: 'new-server' | 'definitions' | 'sign-in' | 'failed';
      readonly key: string;
      readonly server: ServerView;
    };

/** Things that wait that are shown at most. */
export const MOST_WAITING = 3;
/** Calls that are remembered; as many are shown as there is room for. */
export const MOST_CALLS = 4;

/** Everything that waits: what ends soonest, what keeps all from working, what has time. */
export function popoverItems(
  { servers, endpoint, config }: Pick<Snapshot, 'servers' | 'endpoint' | 'config'>,
  calls: readonly WaitingCall[],
  requests: readonly WaitingSignInView[],
): readonly PopoverItem[] {
  const items: PopoverItem[] = [];
  for (const call of [...calls].sort((a, b) => a.until - b.until))
    items.push({ kind: 'call', key: `call:${call.id}`, call });
  for (const request of requests) items.push({ kind: 'client', key: `client:${request.id}`, request });
  if (endpoint.state === 'failed')
    items.push({ kind: 'endpoint', key: 'endpoint', problem: endpoint.problem });
  if (config.state === 'broken') items.push({ kind: 'config', key: 'config', problem: config.problem });
  type Kind = Extract<PopoverItem, { server: ServerView }>['kind'];
  const of = (kind: Kind, holds: (server: ServerView) => boolean): void => {
    for (const server of servers)
      if (holds(server)) items.push({ kind, key: `${kind}:${server.name}`, server });
  };
  of('definitions', (server) => server.enabled && server.waiting > 0 && !has(server));
  of('new-server', (server) => server.state === 'quarantined');
  of('sign-in', (server) => server.state === 'signing-in');
  of('failed', (server) => server.state === 'failed');
  return items;
}

/** Those that are listed for their state. */
function has({ state }: ServerView): boolean {
  return state === 'quarantined' || state === 'signing-in' || state === 'failed';
}

/** Most used first; what is off comes last. */
export function byUse(servers: readonly ServerView[], locale: string): readonly ServerView[] {
  const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  return [...servers].sort(
    (a, b) => Number(b.enabled) - Number(a.enabled) || b.callsToday - a.callsToday || compare(a.name, b.name),
  );
}

/** Calls since midnight, of all servers. */
export function callsToday({ servers }: Pick<Snapshot, 'servers'>): number {
  return servers.reduce((sum, { callsToday: calls }) => sum + calls, 0);
}

/** The newest calls, newest first, with rows that have just come laid on top. */
export function lastCalls(
  known: readonly ActivityRow[],
  come: readonly ActivityRow[],
): readonly ActivityRow[] {
  const byId = new Map([...known, ...come].filter(({ kind }) => kind === 'call').map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, MOST_CALLS);
}

/** Columns of code type in the popover, and lines of arguments that are shown there. */
const COLUMNS = 40;
const MOST_LINES = 3;

/**
 * True when a call may be allowed in the popover: all of its arguments are shown, nothing was found in its tool, and nothing
 * in them hides or turns text.
 */
export function mayAllowHere({ args, complete, findings }: WaitingCall): boolean {
  if (
    !complete ||
    findings.length > 0 ||
    /[\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/u.test(args)
  ) {
    return false;
  }
  let lines = 0;
  for (const line of args.split('\n')) {
    let columns = 0;
    // Characters of East Asia and emoji take two.
    for (const character of line) columns += (character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
    lines += Math.max(1, Math.ceil(columns / COLUMNS));
    if (lines > MOST_LINES) return false;
  }
  return true;
}
