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
const OF_PEOPLE = { count: 500, text: 1024 * 1024 };
/** The same for what passed by itself: of that a server makes as much as it likes, and must not push out the rest. */
const BY_ITSELF = { count: 100, text: 256 * 1024 };

/** The decisions with these after them, the oldest left out where they are too many. */
export function remembered(history: readonly Decision[], added: readonly Decision[]): readonly Decision[] {
  const all = [...history, ...added];
  const kept = new Set([
    ...newest(
      all.filter(({ by }) => !passed(by)),
      OF_PEOPLE,
    ),
    ...newest(
      all.filter(({ by }) => passed(by)),
      BY_ITSELF,
    ),
  ]);
  return all.filter((decision) => kept.has(decision));
}

function passed(by: DecidedBy): boolean {
  return by === 'baseline' || by === 'auto';
}

function newest(decisions: readonly Decision[], most: typeof OF_PEOPLE): readonly Decision[] {
  const last = decisions.slice(-most.count);
  let text = 0;
  let from = last.length;
  while (from > 0) {
    const one = last[from - 1];
    text += (one?.before?.length ?? 0) + (one?.after?.length ?? 0);
    if (text > most.text && from < last.length) break;
    from--;
  }
  return last.slice(from);
}
