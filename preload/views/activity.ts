/**
 * What commands and events about the activity log carry. Types only.
 */
import type { Problem } from './said.ts';

/** What a row is about. */
export type ActivityKind = 'call' | 'decision' | 'connection' | 'config';

/** How it ended. */
export type ActivityOutcome = 'ok' | 'tool-error' | 'error' | 'refused' | 'cancelled';

/** One thing that happened. */
export interface ActivityRow {
  readonly id: number;
  /** Epoch milliseconds when the call arrived, or when it happened. */
  readonly at: number;
  readonly kind: ActivityKind;
  /** The client, or who decided: `window`, `tray`, `cli`, `file`. */
  readonly client: string;
  /** What the client calls itself; null when it has not said. Its own words: they prove nothing. */
  readonly clientName: string | null;
  readonly session: string;
  readonly server: string;
  /** Tool or prompt name, or URI. */
  readonly tool: string;
  /** The method of a call; else what happened, such as `tool.approved`. */
  readonly action: string;
  readonly outcome: ActivityOutcome;
  readonly errorCode: string | null;
  /** How a call was let through where somebody was asked; null where nobody was. */
  readonly approval: string | null;
  /** Milliseconds from arrival to answer. */
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** One row with all that is known of it. */
export interface ActivityDetail extends ActivityRow {
  /** Whether arguments and result were kept: `skipped` when too many calls came at once. */
  readonly details: 'kept' | 'none' | 'skipped';
  /** Redacted arguments of a call, or more about anything else: mostly JSON, cut off where it was long. */
  readonly request: string | null;
  readonly response: string | null;
  /** Values that were hidden in both. */
  readonly hidden: number;
  readonly requestCut: boolean;
  readonly responseCut: boolean;
}

/** Which rows are meant; what is absent does not matter. */
export interface ActivityFilter {
  /** Only what ended at this moment or later, epoch milliseconds. */
  readonly since?: number | undefined;
  /** Only what ended before this moment. */
  readonly until?: number | undefined;
  readonly kind?: ActivityKind | undefined;
  readonly client?: string | undefined;
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
  /** `failed` is all of `tool-error`, `error` and `refused`. */
  readonly outcome?: ActivityOutcome | 'failed' | undefined;
  /** Words that must all occur; the last one may be the beginning of a word. */
  readonly text?: string | undefined;
}

/** Calls of one piece of time or one tool. Times in milliseconds; null when there are no calls. */
export interface CallFigures {
  readonly calls: number;
  readonly failures: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Figures over calls, for charts. The text of the filter is not looked at. */
export interface ActivityStats extends CallFigures {
  /** Pieces of time, oldest first. */
  readonly buckets: readonly (CallFigures & { readonly at: number })[];
  /** The tools with the most calls, at most 200. */
  readonly tools: readonly (CallFigures & { readonly server: string; readonly tool: string })[];
}

/** Rows that have just been recorded, oldest first. */
export interface ActivityAppended {
  readonly rows: readonly ActivityRow[];
  /** So many more came too fast to be shown. */
  readonly missed: number;
}

/** Whether activity is being recorded. */
export interface ActivityStatus {
  readonly state: 'opening' | 'recording' | 'failing' | 'unavailable' | 'off';
  readonly problem: Problem | null;
  readonly rows: number;
  /** Used part of the file. */
  readonly bytes: number;
}

/** Commands about what happened. */
export interface ActivityCommands {
  /** Newest first; `before` is the last id of the page before. */
  'activity.query': {
    args: { filter?: ActivityFilter | undefined; limit: number; before?: number | undefined };
    value: readonly ActivityRow[];
  };
  /** The same with arguments and results. */
  'activity.detailed': {
    args: { filter?: ActivityFilter | undefined; limit: number; before?: number | undefined };
    value: readonly ActivityDetail[];
  };
  /** Null when the row is gone. */
  'activity.entry': { args: { id: number }; value: ActivityDetail | null };
  'activity.stats': {
    args: { filter?: ActivityFilter | undefined; since: number; until: number; buckets: number };
    value: ActivityStats;
  };
  /** Writes a new file of the owner's alone below the data directory, and says where. */
  'activity.export': {
    args: { format: 'jsonl' | 'csv'; filter?: ActivityFilter | undefined };
    value: { readonly file: string; readonly rows: number };
  };
  /** Deletes all of it; nothing brings it back. */
  'activity.clear': { args: Record<string, never>; value: null };
}
