/**
 * The approval of one definition as a state machine: what was approved, what is held, and what a decision makes of it.
 * Pure; the one rule of it is that nothing but an approval of this very fingerprint makes a definition approved.
 */
import { GatehouseError } from '../protocol/error.ts';
import type { DefinedKind } from './definition.ts';

/** Where a decision came from. `baseline` is the first list of a trusted server, `auto` is `"trust": "auto"`. */
export type DecidedBy = 'window' | 'tray' | 'web' | 'cli' | 'baseline' | 'auto';

/** One definition that was approved once. */
export interface Version {
  readonly fingerprint: string;
  /** Its JSON: what clients are sent, byte for byte. */
  readonly bytes: Buffer;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly by: DecidedBy;
}

/** What was decided about one thing of one server. Immutable. */
export interface Approval {
  readonly kind: DefinedKind;
  /** Name, URI or URI template; empty for instructions and info. */
  readonly key: string;
  readonly approved: Version | null;
  /** What was approved before, so that the last approval can be taken back. */
  readonly previous: Version | null;
  /** Held whatever it says, and not asked about. */
  readonly blocked: boolean;
}

/** What a thing is, with the definition that its server lists now. Only `approved` ones reach clients. */
export type ApprovalState = 'approved' | 'pending' | 'changed' | 'blocked';

/** Nothing decided. */
export function undecided(kind: DefinedKind, key: string): Approval {
  return { kind, key, approved: null, previous: null, blocked: false };
}

/** The state of a thing that is listed with this fingerprint. */
export function stateOf(approval: Approval | undefined, fingerprint: string): ApprovalState {
  if (approval === undefined) return 'pending';
  if (approval.blocked) return 'blocked';
  if (approval.approved === null) return 'pending';
  return approval.approved.fingerprint === fingerprint ? 'approved' : 'changed';
}

/**
 * Approves the version, which is the one listed now.
 *
 * @param shown the fingerprint that whoever decides was shown
 * @throws GatehouseError `trust.stale` when that is another one: he must look again
 */
export function approve(approval: Approval, version: Version, shown: string): Approval {
  if (shown !== version.fingerprint) throw stale(approval.key);
  const { approved } = approval;
  if (approved?.fingerprint === version.fingerprint) return { ...approval, blocked: false };
  return { ...approval, approved: version, previous: approved, blocked: false };
}

/** Holds it whatever it says. What was approved is still known. */
export function block(approval: Approval): Approval {
  return { ...approval, blocked: true };
}

/** Ends the block. Approves nothing: what was not approved before is held as it was. */
export function unblock(approval: Approval): Approval {
  return { ...approval, blocked: false };
}

/**
 * Takes the last approval back: what was approved before counts again, or nothing.
 *
 * @throws GatehouseError `trust.nothing_to_revert`
 */
export function revert(approval: Approval): Approval {
  if (approval.approved === null) {
    throw new GatehouseError({
      code: 'trust.nothing_to_revert',
      message: 'Nothing was approved of "{item}" that could be taken back.',
      remedy: 'Look at its state again; somebody may have been faster.',
      values: { item: approval.key.slice(0, 200) },
    });
  }
  return { ...approval, approved: approval.previous, previous: null };
}

/** Something else is there than what was shown. */
export function stale(key: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.stale',
    message: '"{item}" is not what was shown any more, so nothing was decided.',
    remedy: 'Look at what it says now, then decide.',
    values: { item: key.slice(0, 200) },
  });
}
