/**
 * The log's side of the way from the app: rows out of packets, with their arguments and results cut out of the
 * messages, redacted. Runs on the log's own thread.
 */
import { memberSpans } from '../protocol/json.ts';
import type { Redact } from '../protocol/redact.ts';
import { scanMessage } from '../protocol/scan.ts';
import { type Facet, type StoredDetails, type StoredEntry, sessionText } from './entry.ts';
import { FIELD_COUNT, FIELDS, type Packet, SKIPPED } from './messages.ts';
import { DETAIL_BYTES } from './packer.ts';

/** What the rows need. */
export interface UnpackDeps {
  /** The log's number of a facet; `whole` is false when the row must say its tool itself. */
  facetId(facet: Facet): FacetId;
  redact: Redact;
  readonly requests: boolean;
  readonly responses: boolean;
}

/** See `roughIdOf`. */
export interface FacetId {
  readonly id: number;
  readonly whole: boolean;
}

/** A row that has no number yet. */
export type NewEntry = Omit<StoredEntry, 'id'>;

/** Keeps what the numbers of the app mean. */
export class Unpacker {
  private facets: { readonly facet: Facet; readonly found: FacetId }[] = [];
  private sessions: string[] = [];

  /** The rows of one packet, in order. */
  unpack(packet: Packet, deps: UnpackDeps): NewEntry[] {
    if (packet.restart) {
      this.facets = [];
      this.sessions = [];
    }
    for (const facet of packet.facets) {
      const shown = facet.tool === '' ? facet : { ...facet, tool: deps.redact(facet.tool).text };
      this.facets.push({ facet: shown, found: deps.facetId(shown) });
    }
    for (const [session, clientName] of packet.sessions) {
      this.sessions.push(sessionText(session, deps.redact(clientName).text));
    }
    const arena = Buffer.from(packet.arena.buffer, packet.arena.byteOffset, packet.arena.byteLength);
    const rows: NewEntry[] = [];
    let offset = 0;
    const take = (size: number): Buffer | null => {
      if (size < 0) return null;
      offset += size;
      return arena.subarray(offset - size, offset);
    };
    for (let index = 0; index < packet.count; index += 1) {
      const from = index * FIELD_COUNT;
      const field = (place: number): number => packet.numbers[from + place] ?? 0;
      const request = take(field(FIELDS.request));
      const response = take(field(FIELDS.response));
      const target = field(FIELDS.target);
      const known = this.facets[field(FIELDS.facet)];
      const own = target < 0 ? null : deps.redact(packet.targets[target] ?? '').text;
      const requestBytes = field(FIELDS.requestBytes);
      const responseBytes = field(FIELDS.responseBytes);
      rows.push({
        at: field(FIELDS.at),
        facet: known?.found.id ?? 1,
        session: this.sessions[field(FIELDS.session)] ?? '',
        target: known?.found.whole === false ? known.facet.tool : own,
        durationMs: field(FIELDS.durationMs),
        requestBytes,
        responseBytes,
        details: detailsOf(
          deps.requests ? request : null,
          deps.responses ? response : null,
          requestBytes,
          responseBytes,
          deps.redact,
        ),
        skipped: (field(FIELDS.flags) & SKIPPED) !== 0,
      });
    }
    return rows;
  }

  /** The log has a new file, in which the facets have other numbers. */
  renumber(facetId: (facet: Facet) => FacetId): void {
    this.facets = this.facets.map(({ facet }) => ({ facet, found: facetId(facet) }));
  }
}

function detailsOf(
  request: Buffer | null,
  response: Buffer | null,
  requestBytes: number,
  responseBytes: number,
  redact: Redact,
): StoredDetails | null {
  if (request === null && response === null) return null;
  const requestCut = request !== null && request.length >= DETAIL_BYTES && requestBytes > request.length;
  const responseCut = response !== null && response.length >= DETAIL_BYTES && responseBytes > response.length;
  const asked = request === null ? null : redact(argumentsIn(request, requestCut), requestCut);
  const answered = response === null ? null : redact(resultIn(response, responseCut), responseCut);
  return {
    request: asked?.text ?? null,
    response: answered?.text ?? null,
    hidden: (asked?.hidden ?? 0) + (answered?.hidden ?? 0),
    requestCut,
    responseCut,
  };
}

/** `arguments` of a call, else `params`, else everything. */
function argumentsIn(bytes: Buffer, cut: boolean): string {
  if (cut) return behind(bytes, ['"arguments":', '"params":']);
  const { paramsStart, paramsEnd, failedAt } = scanMessage(bytes);
  if (failedAt >= 0 || paramsStart < 0) return failedAt >= 0 ? bytes.toString('utf8') : '{}';
  const span = memberSpans(bytes, paramsStart, paramsEnd)?.get('arguments');
  return span === undefined
    ? bytes.toString('utf8', paramsStart, paramsEnd)
    : bytes.toString('utf8', span.start, span.end);
}

/** `result` or `error` of an answer. */
function resultIn(bytes: Buffer, cut: boolean): string {
  if (cut) return behind(bytes, ['"result":', '"error":']);
  const { resultStart, resultEnd, errorStart, errorEnd } = scanMessage(bytes);
  if (resultStart >= 0) return bytes.toString('utf8', resultStart, resultEnd);
  return errorStart >= 0 ? bytes.toString('utf8', errorStart, errorEnd) : bytes.toString('utf8');
}

/** The rest of a message that was cut off, behind the first of these keys that is there. */
function behind(bytes: Buffer, keys: readonly string[]): string {
  for (const key of keys) {
    const at = bytes.indexOf(key);
    if (at !== -1) return bytes.toString('utf8', at + key.length);
  }
  return bytes.toString('utf8');
}
