/**
 * Whether each contained server is observed from inside, and where what its observer notes goes. Pure state, in memory.
 */
import { attemptWords, type Observation } from './observer/observer.ts';
import type { ObservedNetwork } from './order.ts';
import type { Reports } from './reports.ts';
import { type Sentence, sentence } from './sentences.ts';

/** How a server that was started is observed; `why` it is not from inside, in plain words. */
export type Observed =
  | { readonly inside: true }
  | { readonly inside: false; readonly why: string; readonly said: Sentence['said'] };

/** See above. */
export interface Observations {
  /** What takes the observations of one start. */
  hear(server: string, network: ObservedNetwork): (seen: Observation) => void;
  /** It was started without an observer. */
  without(server: string, why: Sentence): void;
  /** Null before its first start. */
  of(server: string): Observed | null;
}

/** Makes it, empty. */
export function createObservations(reports: Reports, changed: (server: string) => void): Observations {
  const all = new Map<string, Observed>();
  const set = (server: string, observed: Observed): void => {
    all.set(server, observed);
    changed(server);
  };
  const without = (server: string, { text, said }: Sentence): void =>
    set(server, { inside: false, why: text, said });
  return {
    hear: (server, network) => (seen) => {
      switch (seen.kind) {
        case 'watching':
          return set(server, { inside: true });
        case 'blind':
          return without(server, sentence('blind', { why: seen.why }));
        default:
          reports.attempt(server, seen.kind, attemptWords(seen.kind, seen.what, network), seen.times);
      }
    },
    without,
    of: (server) => all.get(server) ?? null,
  };
}
