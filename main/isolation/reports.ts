/**
 * What containment has held back, for whoever asks and for the logs: hosts that were refused and limits that were met. Each
 * goes to the pages of its server; what is new of it goes into the server's own log and into the activity log as well.
 */
import type { Clock } from '../protocol/clock.ts';
import { createReached, type ReachedHost } from './egress/reached.ts';
import type { Refusal, Report } from './egress/wire.ts';
import { createLimitsMet, createTelling, type LimitKind, type LimitMet } from './limits-met.ts';
import type { AttemptKind } from './observer/observer.ts';
import type { Policy } from './policy.ts';
import { type Sentence, sentence } from './sentences.ts';
import { memoryWords } from './summary.ts';

export interface ReportsDeps {
  readonly clock: Clock;
  /** Something that screens show of this server has changed. */
  changed(server: string): void;
  /** For the activity log. */
  heldBack(server: string, what: HeldBack, words: string): void;
}

/** What a line for the activity log is about. */
export type HeldBack = 'host' | 'limit' | 'attempt';

/** See above. */
export interface Reports {
  host(report: Extract<Report, { readonly kind: 'host' }>): void;
  limit(server: string, kind: LimitKind, words: Sentence, times: number): void;
  /** It tried something that it may not, as its observer noted. */
  attempt(server: string, kind: AttemptKind, words: Sentence, times: number): void;
  hosts(server: string): readonly ReachedHost[];
  /** An allow-list that permits what the server has reached. */
  proposal(server: string): readonly string[];
  limits(server: string): readonly LimitMet[];
  /** From now on lines for this server's log go to `note`, until what this gives is called. */
  writeTo(server: string, note: (line: string) => void): () => void;
}

/** Makes it, empty. */
export function createReports({ clock, changed, heldBack }: ReportsDeps): Reports {
  const reached = createReached();
  const limits = createLimitsMet();
  const telling = createTelling();
  /** A server that runs once for each client has several logs; one of them is enough. */
  const logs = new Map<string, Set<{ readonly note: (line: string) => void }>>();

  const tell = (server: string, what: HeldBack, kind: string, words: string): void => {
    const told = telling.worth(`${server}\0${kind}`, words, clock.now());
    if (told === null) return;
    for (const { note } of [...(logs.get(server) ?? [])].slice(-1)) note(told);
    heldBack(server, what, told);
  };
  return {
    host(report) {
      const { server, host, port, refused } = report;
      reached.note(report, clock.now());
      changed(server);
      if (refused === null || !WORDS[refused].byUs) return;
      tell(
        server,
        'host',
        'host',
        `it was refused ${port === null ? host : `${host}:${port}`}: ${WORDS[refused].why}`,
      );
    },
    limit(server, kind, words, times) {
      limits.note(server, { kind, ...words }, times, clock.now());
      changed(server);
      tell(server, 'limit', 'limit', words.text);
    },
    attempt(server, kind, words, times) {
      limits.note(server, { kind, ...words }, times, clock.now());
      changed(server);
      tell(server, 'attempt', kind, words.text);
    },
    hosts: reached.of,
    proposal: reached.proposal,
    limits: limits.of,
    writeTo(server, note) {
      const log = { note };
      const open = logs.get(server) ?? new Set();
      logs.set(server, open.add(log));
      return () => {
        open.delete(log);
      };
    },
  };
}

/** Why, and whether it was our refusal at all. */
const WORDS: Readonly<Record<Refusal, { readonly why: string; readonly byUs: boolean }>> = {
  'not-listed': { why: 'it is not on its list', byUs: true },
  private: { why: 'it is an address of a private network', byUs: true },
  'too-many': { why: 'it has too many connections at once', byUs: true },
  unknown: { why: 'there is no such host', byUs: false },
  unreachable: { why: 'it did not answer', byUs: false },
};

/** What meeting a limit means, in words. `place` is the scratch directory that is full. Pure. */
export function limitWords(
  kind: LimitKind,
  policy: Pick<Policy, 'memoryBytes' | 'pids' | 'scratchBytes'>,
  place: string | null,
): Sentence {
  switch (kind) {
    case 'memory':
      return sentence('memory', { limit: memoryWords(policy.memoryBytes) });
    case 'processes':
      return sentence('processes', { limit: policy.pids });
    case 'scratch':
      return sentence('scratch', { place: place ?? '' });
    case 'cache':
      return sentence('cache');
  }
}
