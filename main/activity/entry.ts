/**
 * What the log keeps: finished calls as the gateway tells them, notes of everything else that happens, and rows and
 * details as they are read. Pure.
 */

/** What a row is about. */
export type ActivityKind = 'call' | 'decision' | 'connection' | 'config';

/** How it ended. */
export type ActivityOutcome = 'ok' | 'tool-error' | 'error' | 'refused' | 'cancelled';

/** One finished call. */
export interface ActivityEntry {
  /** Epoch milliseconds when the call arrived. */
  readonly at: number;
  readonly client: string;
  /** What it calls itself, which is the same all through a session; absent when it has not said. */
  readonly clientName?: string | null;
  readonly session: string;
  /** Empty when the call named no server that is known. */
  readonly server: string;
  /** Tool or prompt name or URI, as the server knows it. */
  readonly tool: string;
  readonly method: string;
  readonly outcome: ActivityOutcome;
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** How it was let through where somebody was asked, such as `once` or `session`; absent where nobody was. */
  readonly approval?: string | null;
}

/** Something else that happened: a decision, a client that came or went, a change of the configuration. */
export interface ActivityNote {
  readonly kind: Exclude<ActivityKind, 'call'>;
  /** What happened, as `topic.verb`: `tool.approved`, `server.failed`, `client.created`. */
  readonly action: string;
  /** Epoch milliseconds; now when absent. */
  readonly at?: number;
  /** Which client it concerns, or who did it: `window`, `tray`, `cli`, `file`. */
  readonly client?: string;
  /** What the client of this session calls itself. */
  readonly clientName?: string | null;
  readonly session?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly outcome?: ActivityOutcome;
  readonly errorCode?: string | null;
  /** More about it as JSON or plain text, such as the difference that was approved. Redacted and cut like arguments. */
  readonly detail?: string;
}

/** The facts that many rows share; rows keep only its number. */
export interface Facet {
  readonly kind: ActivityKind;
  readonly client: string;
  readonly server: string;
  /** Empty for what has too many different ones to be shared, such as URIs: then the row has it. */
  readonly tool: string;
  /** The method of a call; the action of a note. */
  readonly action: string;
  readonly outcome: ActivityOutcome;
  /** Empty when there is none. */
  readonly error: string;
  /** Empty when nobody was asked. */
  readonly approval: string;
}

/** What became of arguments and results. */
export type DetailState =
  /** Kept, redacted. */
  | 'kept'
  /** Not asked for by the configuration, or there is none. */
  | 'none'
  /** Too many calls at once: the row is kept, its details are not. */
  | 'skipped';

/** A row as the log writes it. */
export interface StoredEntry {
  /** Its place in the log; grows with each row. */
  readonly id: number;
  readonly at: number;
  readonly facet: number;
  /** See `sessionText`. */
  readonly session: string;
  /** The tool or URI where the facet has none. */
  readonly target: string | null;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly details: StoredDetails | null;
  readonly skipped: boolean;
}

/** A row without its arguments and result. */
export type BareEntry = Omit<StoredEntry, 'details'>;

/** Arguments and result of one row, redacted. */
export interface StoredDetails {
  readonly request: string | null;
  readonly response: string | null;
  readonly hidden: number;
  readonly requestCut: boolean;
  readonly responseCut: boolean;
}

/** One row of the log; the shape of the contract's `ActivityRow`. */
export interface ActivityRow {
  readonly id: number;
  readonly at: number;
  readonly kind: ActivityKind;
  readonly client: string;
  readonly clientName: string | null;
  readonly session: string;
  readonly server: string;
  readonly tool: string;
  readonly action: string;
  readonly outcome: ActivityOutcome;
  readonly errorCode: string | null;
  readonly approval: string | null;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** One row with all that is known of it. */
export interface ActivityDetail extends ActivityRow {
  readonly details: DetailState;
  /** Redacted arguments of a call, or what a note says: mostly JSON, cut off where it was long. */
  readonly request: string | null;
  readonly response: string | null;
  /** Values that were hidden in both. */
  readonly hidden: number;
  readonly requestCut: boolean;
  readonly responseCut: boolean;
}

/** Which rows are asked for; what is absent does not matter. */
export interface ActivityFilter {
  /** Only what ended at this moment or later, epoch milliseconds. */
  readonly since?: number | undefined;
  /** Only what ended before this moment. */
  readonly until?: number | undefined;
  readonly kind?: ActivityKind | undefined;
  readonly client?: string | undefined;
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
  readonly outcome?: ActivityOutcome | 'failed' | undefined;
  /**
   * Words that must all occur, in any order and case, in names, errors, arguments or results; the last one may be the
   * beginning of a word.
   */
  readonly text?: string | undefined;
}

/**
 * A session and what its client calls itself, as one text: a client that says another name each time costs no facet of
 * its own, of which there are only so many.
 */
export function sessionText(session: string, clientName: string): string {
  const name = clientName.replace(/[\0\r\n]/g, ' ').trim();
  return name === '' ? session : `${session}\n${name}`;
}

/** What a screen sees of an entry. */
export function rowOf(entry: BareEntry, facet: Facet): ActivityRow {
  const end = entry.session.indexOf('\n');
  return {
    id: entry.id,
    at: entry.at,
    kind: facet.kind,
    client: facet.client,
    clientName: end < 0 ? null : entry.session.slice(end + 1),
    session: end < 0 ? entry.session : entry.session.slice(0, end),
    server: facet.server,
    tool: entry.target ?? facet.tool,
    action: facet.action,
    outcome: facet.outcome,
    errorCode: facet.error === '' ? null : facet.error,
    approval: facet.approval === '' ? null : facet.approval,
    durationMs: entry.durationMs,
    requestBytes: entry.requestBytes,
    responseBytes: entry.responseBytes,
  };
}

/** What both know of a row's details. */
export function detailOf(row: ActivityRow, details: StoredDetails | null, skipped: boolean): ActivityDetail {
  return {
    ...row,
    details: details !== null ? 'kept' : skipped ? 'skipped' : 'none',
    request: details?.request ?? null,
    response: details?.response ?? null,
    hidden: details?.hidden ?? 0,
    requestCut: details?.requestCut ?? false,
    responseCut: details?.responseCut ?? false,
  };
}

/** Whether rows of this facet can pass the filter; time and text, and the tool of rows that have their own, aside. */
export function facetPasses(facet: Facet, filter: ActivityFilter): boolean {
  const { kind, client, server, tool, outcome } = filter;
  return (
    (kind === undefined || facet.kind === kind) &&
    (client === undefined || facet.client === client) &&
    (server === undefined || facet.server === server) &&
    (tool === undefined || facet.tool === tool || facet.tool === '') &&
    (outcome === undefined ||
      (outcome === 'failed'
        ? facet.outcome !== 'ok' && facet.outcome !== 'cancelled'
        : facet.outcome === outcome))
  );
}

/** Whether a row that is not in the file yet passes; `text` is judged elsewhere. */
export function rowPasses(row: ActivityRow, facet: Facet, filter: ActivityFilter): boolean {
  const end = row.at + row.durationMs;
  return (
    facetPasses(facet, filter) &&
    (filter.since === undefined || end >= filter.since) &&
    (filter.until === undefined || end < filter.until) &&
    (filter.tool === undefined || row.tool === filter.tool)
  );
}

/** The words of a text as the full-text index cuts them, in small letters, at most 12. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{Co}]+/u)
    .filter((word) => word !== '')
    .slice(0, 12);
}
