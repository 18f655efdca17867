/**
 * What was decided about a server and its definitions, by whom and when, with the words before and after. Bounded: the
 * oldest go first. Pure.
 */
import type { DecidedBy } from './approval.ts';
import type { DefinedKind } from './definition.ts';

/** What was done. */
export type Act = 'approve' | 'block' | 'unblock' | 'revert' | 'baseline' | 'release' | 'quarantine';

/** One decision. */
export interface Decision {
  readonly server: string;
  readonly act: Act;
  readonly by: DecidedBy;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Null when it is about the server as a whole. */
  readonly kind: DefinedKind | null;
  readonly key: string;
  /** Of the definition that it is about; null when it is about none. */
  readonly fingerprint: string | null;
  /** The definition that was approved before, JSON; null when none was. */
  readonly before: string | null;
  /** The definition that it is about, JSON. */
  readonly after: string | null;
}

/** Decisions kept of one server, and the characters of definitions in them. */
const MOST = 500;
const MOST_TEXT = 1024 * 1024;

/** The decisions with these after them, the oldest left out where they are too many. */
export function remembered(history: readonly Decision[], added: readonly Decision[]): readonly Decision[] {
  const all = [...history, ...added].slice(-MOST);
  let text = 0;
  let from = all.length;
  while (from > 0) {
    const one = all[from - 1];
    text += (one?.before?.length ?? 0) + (one?.after?.length ?? 0);
    if (text > MOST_TEXT && from < all.length) break;
    from--;
  }
  return from === 0 ? all : all.slice(from);
}
