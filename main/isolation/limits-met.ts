/**
 * Which of its limits each contained server has met, and what of that (and of the hosts it was refused) is worth a line in
 * its log and in the activity log: the first of each kind, and never a flood, however much a hostile server tries. Pure
 * state, in memory.
 */

import type { AttemptKind } from './observer/observer.ts';
import type { Sentence } from './sentences.ts';

/** A limit, or something that it tried. */
export type LimitKind = 'memory' | 'processes' | 'scratch' | 'cache';
export type HeldBackKind = LimitKind | AttemptKind;

/** One limit of one server. */
export interface LimitMet {
  readonly kind: HeldBackKind;
  /** What happened, in plain words. */
  readonly text: string;
  readonly said: Sentence['said'];
  readonly count: number;
  /** Epoch milliseconds. */
  readonly last: number;
}

/** See above. */
export interface LimitsMet {
  note(server: string, met: Sentence & { readonly kind: HeldBackKind }, times: number, at: number): void;
  /** Newest first, at most 20 of each kind. */
  of(server: string): readonly LimitMet[];
}

/** Decides what is told. */
export interface Telling {
  /** What to tell of this (`about`: a server and a kind): the words, the words that there is too much to tell, or null for what was told already. */
  worth(about: string, words: string, at: number): string | null;
}

const MOST_LIMITS = 20;
/** What is told once is not told again for so long. Milliseconds. */
const WINDOW_MS = 60 * 60_000;
/** Different things of one kind that are told of one server in that time. */
const MOST_TOLD = 100;

/** Makes it, empty. */
export function createLimitsMet(): LimitsMet {
  const servers = new Map<string, Map<string, LimitMet>>();
  return {
    note(server, { kind, text, said }, times, last) {
      const limits = servers.get(server) ?? new Map<string, LimitMet>();
      servers.set(server, limits);
      const count = (limits.get(text)?.count ?? 0) + times;
      // Set anew, so that the oldest comes first and is the one to go.
      limits.delete(text);
      limits.set(text, { kind, text, said, count, last });
      const alike = [...limits.values()].filter((one) => one.kind === kind);
      // Of its own kind: so much of one does not hide another.
      for (const oldest of alike.slice(0, -MOST_LIMITS)) limits.delete(oldest.text);
    },
    of: (server) => [...(servers.get(server)?.values() ?? [])].reverse(),
  };
}

/** Makes it; nothing was told yet. */
export function createTelling(): Telling {
  const abouts = new Map<string, { readonly since: number; readonly told: Set<string> }>();
  return {
    worth(about, words, at) {
      let known = abouts.get(about);
      if (known === undefined || at - known.since >= WINDOW_MS) {
        known = { since: at, told: new Set() };
        abouts.set(about, known);
      }
      const { told } = known;
      if (told.has(words) || told.size > MOST_TOLD) return null;
      told.add(words);
      return told.size > MOST_TOLD
        ? 'it was refused more than is written here; its page shows the newest'
        : words;
    },
  };
}
