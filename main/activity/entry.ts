/**
 * One finished call: as the gateway tells it, and as screens read it. Pure.
 */

/** One finished call. */
export interface ActivityEntry {
  /** Epoch milliseconds when the call arrived. */
  readonly at: number;
  readonly client: string;
  readonly session: string;
  /** Empty when the call named no server that is known. */
  readonly server: string;
  /** Tool or prompt name or URI, as the server knows it. */
  readonly tool: string;
  readonly method: string;
  readonly outcome: 'ok' | 'tool-error' | 'error' | 'refused' | 'cancelled';
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** One row of the log; the shape of the contract's `ActivityRow`. */
export interface ActivityRow extends Omit<ActivityEntry, 'session' | 'method'> {
  readonly id: number;
}

/** A call with its place in the log. */
export interface NumberedEntry extends ActivityEntry {
  readonly id: number;
}

/** Longest text of each kind, in UTF-16 units: a URI may be a whole picture, and the log has a cap in bytes. */
const LONGEST_TARGET = 512;
const LONGEST_NAME = 200;

/** Makes an entry that the table takes for sure: one bad value must not hold up the calls behind it. */
export function numbered(id: number, entry: ActivityEntry): NumberedEntry {
  return {
    id,
    at: whole(entry.at),
    client: short(entry.client, LONGEST_NAME),
    session: short(entry.session, LONGEST_NAME),
    server: short(entry.server, LONGEST_NAME),
    tool: short(entry.tool, LONGEST_TARGET),
    method: short(entry.method, LONGEST_NAME),
    outcome: entry.outcome,
    errorCode: entry.errorCode === null ? null : short(entry.errorCode, LONGEST_NAME),
    durationMs: whole(entry.durationMs),
    requestBytes: whole(entry.requestBytes),
    responseBytes: whole(entry.responseBytes),
  };
}

/** What a screen sees of an entry. */
export function rowOf(entry: NumberedEntry): ActivityRow {
  const { session: _session, method: _method, ...row } = entry;
  return row;
}

/** Whether a call counts as a use of its server: a tool call, whatever came of it, that ended at `epochMs` or later. */
export function countsSince(entry: NumberedEntry, epochMs: number): boolean {
  return entry.method === 'tools/call' && entry.server !== '' && entry.at + entry.durationMs >= epochMs;
}

function short(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Milliseconds and bytes are whole numbers from 0; anything else becomes the nearest one. */
function whole(value: number): number {
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : 0;
}
