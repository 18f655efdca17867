/**
 * What waits for a person, sorted as the Approvals screen shows it: calls, changed things, new servers, new things of
 * servers, and what is blocked; and what was decided today. Pure.
 */
import type { ServerView, Snapshot } from '../../preload/contract.ts';
import type { WaitingCall } from '../../preload/views/calls.ts';
import type {
  ApprovalsView,
  DecidedView,
  DefinedKind,
  FindingCounts,
  HeldView,
  InspectedView,
  QuarantinedView,
} from '../../preload/views/trust.ts';
import type { PlainKey } from '../i18n/words.ts';

/** One line of the list. Its id stays the same as long as it is about the same thing. */
export type Entry =
  | { readonly kind: 'call'; readonly id: string; readonly call: WaitingCall }
  | { readonly kind: 'item'; readonly id: string; readonly item: HeldView }
  | { readonly kind: 'server'; readonly id: string; readonly server: QuarantinedView }
  | {
      readonly kind: 'new';
      readonly id: string;
      readonly server: string;
      readonly items: readonly HeldView[];
    };

/** A heading and its lines; never empty. */
export interface Section {
  readonly id: 'calls' | 'changed' | 'servers' | 'new' | 'blocked';
  readonly heading: PlainKey;
  readonly entries: readonly Entry[];
}

/** Everything that waits. */
export interface Waiting {
  readonly calls: readonly WaitingCall[];
  readonly held: ApprovalsView;
}

const headings: Readonly<Record<Section['id'], PlainKey>> = {
  calls: 'approvals.calls',
  changed: 'approvals.changed',
  servers: 'approvals.servers',
  new: 'approvals.new',
  blocked: 'approvals.blocked',
};

/** @param off names of servers that are switched off: nobody is asked about them */
export function sectionsOf({ calls, held }: Waiting, off: ReadonlySet<string>): readonly Section[] {
  const waiting = held.items.filter((item) => item.waits && item.state !== 'blocked');
  const fresh = new Map<string, HeldView[]>();
  for (const item of waiting) {
    if (item.state === 'pending') {
      fresh.set(item.server, [...(fresh.get(item.server) ?? []), item]);
    }
  }
  const all: Readonly<Record<Section['id'], readonly Entry[]>> = {
    calls: calls.map((call) => ({ kind: 'call', id: `call ${call.id}`, call })),
    changed: waiting.filter(({ state }) => state === 'changed').map(itemEntry),
    servers: held.servers
      .filter(({ server }) => !off.has(server))
      .map((server) => ({ kind: 'server', id: `server ${server.server}`, server })),
    new: [...fresh].map(([server, items]) => ({ kind: 'new', id: `new ${server}`, server, items })),
    blocked: held.items.filter(({ state }) => state === 'blocked').map(itemEntry),
  };
  return (['calls', 'changed', 'servers', 'new', 'blocked'] as const)
    .map((id) => ({ id, heading: headings[id], entries: all[id] }))
    .filter(({ entries }) => entries.length > 0);
}

/** How many things wait for a decision, as the sidebar counts them. */
export function countOf(sections: readonly Section[]): number {
  return sections
    .filter(({ id }) => id !== 'blocked')
    .flatMap(({ entries }) => entries)
    .reduce((sum, entry) => sum + (entry.kind === 'new' ? entry.items.length : 1), 0);
}

/** The line that is shown: the chosen one while it is there, else the one that took its place, else the first. */
export function shownEntry(
  sections: readonly Section[],
  chosen: string | null,
  before: readonly string[] = [],
): Entry | null {
  const entries = sections.flatMap((section) => section.entries);
  const found = entries.find(({ id }) => id === chosen);
  if (found !== undefined) {
    return found;
  }
  const there = new Map(entries.map((entry) => [entry.id, entry]));
  const at = chosen === null ? -1 : before.indexOf(chosen);
  const next = before.slice(at + 1).find((id) => there.has(id));
  return (at === -1 ? undefined : there.get(next ?? '')) ?? entries[0] ?? null;
}

/** The id of the line about one thing, for whoever leads here. */
export function entryIdOf(server: string, kind: DefinedKind, key: string): string {
  return `item ${JSON.stringify([server, kind, key])}`;
}

/** The id of the line to which a server's page leads. */
export function reviewIdOf({ name, state }: Pick<ServerView, 'name' | 'state'>): string {
  return state === 'quarantined' ? `server ${name}` : `new ${name}`;
}

/** Grows or changes whenever there is something new to ask for. */
export function waitingSign({ waiting, callsWaiting, servers }: Snapshot): string {
  const each = servers.map(({ name, state, enabled, toolsRevision, waiting: held }) => [
    ...[name, state, enabled, toolsRevision, held],
  ]);
  return JSON.stringify([waiting, callsWaiting.revision, each]);
}

/** All findings of several definitions. */
export function sumOf(counts: readonly FindingCounts[]): FindingCounts {
  return {
    serious: counts.reduce((sum, one) => sum + one.serious, 0),
    notable: counts.reduce((sum, one) => sum + one.notable, 0),
  };
}

/** The findings of one inspected definition, counted. */
export function countsOf({ findings }: Pick<InspectedView, 'findings'>): FindingCounts {
  return {
    serious: findings.filter(({ serious }) => serious).length,
    notable: findings.filter(({ severity }) => severity === 'medium').length,
  };
}

/** Decisions that were made in one go. */
export interface DecidedGroup {
  readonly id: string;
  readonly server: string;
  readonly act: DecidedView['act'];
  /** Epoch milliseconds of the newest. */
  readonly at: number;
  readonly decisions: readonly DecidedView[];
  /** Those that can be taken back. */
  readonly undoable: readonly DecidedView[];
}

/** Milliseconds between decisions of one go. */
const ONE_GO_MS = 1_000;

/** Newest first, as they come; one group for each go. */
export function decidedGroups(decided: readonly DecidedView[]): readonly DecidedGroup[] {
  const groups: DecidedView[][] = [];
  for (const decision of decided) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const together =
      last !== undefined &&
      last.server === decision.server &&
      last.act === decision.act &&
      last.by === decision.by &&
      last.at - decision.at < ONE_GO_MS;
    if (together) {
      group?.push(decision);
    } else {
      groups.push([decision]);
    }
  }
  return groups.flatMap((decisions) => {
    const [first] = decisions;
    if (first === undefined) {
      return [];
    }
    const { server, act, at } = first;
    const undoable = decisions.filter(({ undo }) => undo !== null);
    return [{ id: `${at} ${server} ${act} ${first.key}`, server, act, at, decisions, undoable }];
  });
}

/** Midnight before `now` in local time, epoch milliseconds. */
export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

function itemEntry(item: HeldView): Entry {
  return { kind: 'item', id: entryIdOf(item.server, item.kind, item.key), item };
}
