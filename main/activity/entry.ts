/**
 * One finished call: as the gateway tells it, and as screens read it. Pure.
 */

/** One finished call. The log takes the object over: it numbers it and keeps it until it is written. */
export interface ActivityEntry {
  /** Its place in the log; 0 until the log has given one. */
  id: number;
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
export interface ActivityRow extends Readonly<Omit<ActivityEntry, 'session' | 'method'>> {
  readonly id: number;
}

/** Longest text of each kind, in UTF-16 units: a URI may be a whole picture, and the log has a cap in bytes. */
const LONGEST_TARGET = 512;
const LONGEST_NAME = 200;

/**
 * Numbers an entry and makes it one that the table takes for sure: one bad value must not hold up the calls behind it.
 * In place, since at full load a copy of each would cost more than writing it; only an odd one is copied.
 */
export function numbered(id: number, entry: ActivityEntry): ActivityEntry {
  if (!isFit(entry)) return { ...fitted(entry), id };
  entry.id = id;
  return entry;
}

function isFit(entry: ActivityEntry): boolean {
  return (
    isWhole(entry.at) &&
    isWhole(entry.durationMs) &&
    isWhole(entry.requestBytes) &&
    isWhole(entry.responseBytes) &&
    entry.tool.length <= LONGEST_TARGET &&
    entry.method.length <= LONGEST_NAME &&
    entry.server.length <= LONGEST_NAME &&
    entry.client.length <= LONGEST_NAME &&
    entry.session.length <= LONGEST_NAME &&
    (entry.errorCode === null || entry.errorCode.length <= LONGEST_NAME)
  );
}

function fitted(entry: ActivityEntry): ActivityEntry {
  return {
    id: entry.id,
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
export function rowOf(entry: ActivityEntry): ActivityRow {
  const { session: _session, method: _method, ...row } = entry;
  return row;
}

/** Whether a call counts as a use of its server: a tool call, whatever came of it, that ended at `epochMs` or later. */
export function countsSince(entry: ActivityEntry, epochMs: number): boolean {
  return entry.method === 'tools/call' && entry.server !== '' && entry.at + entry.durationMs >= epochMs;
}

function short(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function isWhole(value: number): boolean {
  return value >= 0 && Number.isSafeInteger(value);
}

/** Milliseconds and bytes are whole numbers from 0; anything else becomes the nearest one. */
function whole(value: number): number {
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : 0;
}
