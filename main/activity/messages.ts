/**
 * What the app and the log's own thread say to each other. Rows cross as numbers in one block, their arguments and
 * results as bytes in another; both change hands without being copied.
 */
import type { ActivityDetail, ActivityFilter, ActivityNote, ActivityRow, Facet } from './entry.ts';
import type { Limits } from './retention.ts';
import type { ActivityStats, StatsQuery } from './statistics.ts';

/** Numbers of one row in a packet. */
export const FIELDS = {
  at: 0,
  facet: 1,
  session: 2,
  /** -1 where the facet has the tool. */
  target: 3,
  durationMs: 4,
  requestBytes: 5,
  responseBytes: 6,
  /** Bytes in the arena, one after the other; -1 where none was taken. */
  request: 7,
  response: 8,
  flags: 9,
} as const;
export const FIELD_COUNT = 10;
/** The row's details were left out, as there were too many. */
export const SKIPPED = 1;

/** Rows on their way. */
export interface Packet {
  readonly kind: 'entries';
  readonly count: number;
  /** True when the numbers of facets and sessions begin anew with this packet. */
  readonly restart: boolean;
  /** Those that were not sent before, in the order of their numbers. */
  readonly facets: readonly Facet[];
  readonly sessions: readonly (readonly [session: string, clientName: string])[];
  /** Of this packet alone. */
  readonly targets: readonly string[];
  readonly numbers: Float64Array;
  readonly arena: Uint8Array;
}

/** What is kept and how. */
export interface LogSettings {
  readonly limits: Limits;
  /** Whether arguments and results are kept. */
  readonly requests: boolean;
  readonly responses: boolean;
  /** Further names of secret values. */
  readonly secretNames: readonly string[];
}

/** What can be asked, with what comes back. */
export interface Questions {
  page: { args: { filter: ActivityFilter; before: number; limit: number }; value: readonly ActivityRow[] };
  detailed: {
    args: { filter: ActivityFilter; before: number; limit: number };
    value: readonly ActivityDetail[];
  };
  entry: { args: number; value: ActivityDetail | null };
  stats: { args: StatsQuery; value: ActivityStats };
  callsSince: { args: number; value: readonly (readonly [string, number])[] };
  clear: { args: null; value: null };
  close: { args: null; value: null };
}

/** A question on its way. */
export type Question = {
  readonly [N in keyof Questions]: { readonly name: N; readonly args: Questions[N]['args'] };
}[keyof Questions];

/** To the log. The first one opens it. */
export type ToLog =
  | { readonly kind: 'open'; readonly file: string; readonly settings: LogSettings }
  | Packet
  | { readonly kind: 'note'; readonly note: ActivityNote; readonly at: number }
  | { readonly kind: 'settings'; readonly settings: LogSettings }
  | { readonly kind: 'secrets'; readonly values: readonly string[] }
  | { readonly kind: 'watch'; readonly on: boolean }
  | { readonly kind: 'ask'; readonly number: number; readonly question: Question };

/** A problem in the three parts of every error. */
export interface LogProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly form?: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** From the log. */
export type FromLog =
  | { readonly kind: 'opened' }
  | { readonly kind: 'failed'; readonly problem: LogProblem }
  /** So many rows have been taken over. */
  | { readonly kind: 'taken'; readonly count: number }
  | { readonly kind: 'problem'; readonly problem: LogProblem }
  /** Written again after a problem, or the size has changed. */
  | {
      readonly kind: 'state';
      readonly rows: number;
      readonly bytes: number;
      readonly failing: LogProblem | null;
    }
  /** The file could not be opened again after a rest; it is tried on. */
  | { readonly kind: 'failing'; readonly problem: LogProblem }
  /** New rows, oldest first; `missed` more came too fast to be shown. */
  | { readonly kind: 'rows'; readonly rows: readonly ActivityRow[]; readonly missed: number }
  | { readonly kind: 'answer'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly number: number; readonly problem: LogProblem };

/** One end of the way between them. */
export interface LogPort {
  post(message: ToLog | FromLog, transfer?: readonly ArrayBuffer[]): void;
  listen(listener: (message: unknown) => void): void;
  /** Idempotent. */
  close(): void;
}
