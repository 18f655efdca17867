/**
 * What the user decides about what is held: bound to the definition that he was shown, on disk before it counts, and told
 * to whoever keeps a record. No call of a client leads here.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { LIST_KINDS, type ListedItem, type ServerListing } from '../protocol/listing.ts';
import {
  type Approval,
  approve,
  block,
  type DecidedBy,
  revert,
  stale,
  unblock,
  undecided,
} from './approval.ts';
import type { Change } from './approvals.ts';
import { BASELINES } from './approvals-file.ts';
import { cleaned, type DefinedKind, definitionOf, fingerprintOf } from './definition.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import type { Act, Decision } from './history.ts';

/** One thing, and the definition that was shown of it. */
export interface Shown {
  readonly kind: DefinedKind;
  readonly key: string;
  readonly fingerprint: string;
}

/** One definition of a listing. */
export interface Defined extends Shown {
  readonly item: ListedItem;
}

/** What can be decided. Each rejects with `trust.stale`, `trust.write_failed` or `trust.closed`; then nothing has changed. */
export interface Decisions {
  /** Approves exactly these definitions, all or none of them. */
  approve(server: string, shown: readonly Shown[], by: DecidedBy): Promise<void>;
  /** Holds these whatever they say, approved ones too. */
  block(server: string, shown: readonly Shown[], by: DecidedBy): Promise<void>;
  unblock(server: string, kind: DefinedKind, key: string, by: DecidedBy): Promise<void>;
  /** Takes the last approval back. Rejects with `trust.nothing_to_revert`. */
  revert(server: string, kind: DefinedKind, key: string, by: DecidedBy): Promise<void>;
  /** Approves what an inspection has shown, except some; what the server lists otherwise when it runs is held. */
  adopt(server: string, shown: readonly Defined[], except: ReadonlySet<string>, by: DecidedBy): Promise<void>;
  /** Notes that the server as a whole was released or quarantined. */
  note(server: string, act: 'release' | 'quarantine', by: DecidedBy): Promise<void>;
  history(server: string): readonly Decision[];
}

export function createDecisions(
  gates: Gatekeeper,
  clock: Clock,
  onDecision: (decision: Decision) => void,
): Decisions {
  const make = async (server: string, decide: () => Change): Promise<void> => {
    const { history } = await gates.approvals(server).decide(decide);
    for (const decision of history) onDecision(decision);
    gates.decided(server);
  };
  const of = (server: string, kind: DefinedKind, key: string): Approval =>
    gates.approvals(server).of(kind, key) ?? undecided(kind, key);
  const entry = (
    server: string,
    act: Act,
    by: DecidedBy,
    before: Approval | null,
    item: Defined | null,
    after: string | null,
  ): Decision => ({
    server,
    act,
    by,
    at: clock.now(),
    kind: before?.kind ?? null,
    key: before?.key ?? '',
    fingerprint: item?.fingerprint ?? before?.approved?.fingerprint ?? null,
    before: before?.approved?.bytes.toString() ?? null,
    after: item?.item.bytes.toString() ?? after,
  });
  /** What stands there now, if it is what was shown. */
  const now = (server: string, shown: Shown): Defined => {
    const found = definedNow(gates, server, shown.kind, shown.key).find(
      ({ fingerprint }) => fingerprint === shown.fingerprint,
    );
    if (found === undefined) throw stale(shown.key);
    return found;
  };

  return {
    approve: (server, shown, by) =>
      make(server, () => {
        const approvals: Approval[] = [];
        const history: Decision[] = [];
        for (const one of shown) {
          const item = now(server, one);
          const before = of(server, one.kind, one.key);
          const { fingerprint } = item;
          const version = { fingerprint, bytes: item.item.bytes, at: clock.now(), by };
          approvals.push(approve(before, version, one.fingerprint));
          history.push(entry(server, 'approve', by, before, item, null));
        }
        return { approvals, history };
      }),
    block: (server, shown, by) =>
      make(server, () => {
        const approvals: Approval[] = [];
        const history: Decision[] = [];
        for (const one of shown) {
          const item = now(server, one);
          const before = of(server, one.kind, one.key);
          approvals.push(block(before));
          history.push(entry(server, 'block', by, before, item, null));
        }
        return { approvals, history };
      }),
    unblock: (server, kind, key, by) =>
      make(server, () => {
        const before = of(server, kind, key);
        if (!before.blocked) return { approvals: [], history: [] };
        return {
          approvals: [unblock(before)],
          history: [entry(server, 'unblock', by, before, null, null)],
        };
      }),
    revert: (server, kind, key, by) =>
      make(server, () => {
        const before = of(server, kind, key);
        const after = revert(before);
        const words = after.approved?.bytes.toString() ?? null;
        return { approvals: [after], history: [entry(server, 'revert', by, before, null, words)] };
      }),
    adopt: (server, shown, except, by) =>
      make(server, () => {
        const approvals: Approval[] = [];
        const history: Decision[] = [];
        for (const item of shown) {
          if (except.has(idOf(item))) continue;
          const before = of(server, item.kind, item.key);
          // Who has blocked something has not released it with the rest.
          if (before.blocked) continue;
          const { fingerprint } = item;
          const version = { fingerprint, bytes: item.item.bytes, at: clock.now(), by };
          approvals.push(approve(before, version, fingerprint));
          history.push(entry(server, 'approve', by, before, item, null));
        }
        return { approvals, history, baselines: BASELINES };
      }),
    note: (server, act, by) =>
      make(server, () => ({ approvals: [], history: [entry(server, act, by, null, null, null)] })),
    history: (server) => gates.approvals(server).history,
  };
}

/** Every definition of a listing, each key once. */
export function definitionsIn(listing: ServerListing): readonly Defined[] {
  const found = new Map<string, Defined>();
  const add = (kind: DefinedKind, item: ListedItem): void => {
    const defined = { kind, key: item.key, fingerprint: fingerprintOf(kind, item), item };
    if (!found.has(idOf(defined))) found.set(idOf(defined), defined);
  };
  for (const kind of LIST_KINDS) for (const item of listing[kind]) add(kind, cleaned(kind, item));
  if (listing.instructions !== null) {
    add('instructions', definitionOf('', { instructions: listing.instructions }));
  }
  add('info', definitionOf('', listing.serverInfo));
  return [...found.values()];
}

/** One hash over all definitions: what a release is bound to. */
export function digestOf(shown: readonly Shown[]): string {
  const lines = shown.map(({ kind, key, fingerprint }) => JSON.stringify([kind, key, fingerprint])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** How a thing is told from others of its server. */
export function idOf({ kind, key }: Pick<Shown, 'kind' | 'key'>): string {
  return `${kind}\0${key}`;
}

/** The definitions that stand at this place now: of the shared session, and of clients' own. */
export function definedNow(gates: Gatekeeper, server: string, kind: DefinedKind, key: string): Defined[] {
  const found: Defined[] = [...gates.heldAt(server, kind, key)];
  const raw = gates.raw(server);
  const item = raw === null ? null : itemIn(raw, kind, key);
  if (item !== null) found.push({ kind, key, fingerprint: fingerprintOf(kind, item), item });
  return found;
}

function itemIn(listing: ServerListing, kind: DefinedKind, key: string): ListedItem | null {
  switch (kind) {
    case 'instructions':
      return listing.instructions === null ? null : definitionOf('', { instructions: listing.instructions });
    case 'info':
      return definitionOf('', listing.serverInfo);
    case 'tools':
    case 'prompts':
    case 'resources':
    case 'resourceTemplates': {
      const item = listing[kind].find((one) => one.key === key);
      return item === undefined ? null : cleaned(kind, item);
    }
  }
}

/** The server has no inspection, or another one than was shown. */
export function notInspected(server: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.stale',
    form: 'server',
    message: '"{server}" was not inspected, or offers other things than were shown, so it was not released.',
    remedy: 'Inspect it again and look at what it offers now.',
    values: { server },
  });
}
