/**
 * The app's side of the way to the log: makes packets of finished calls with as little work as can be, since all of it
 * is on the thread that serves calls. Names become numbers by one look-up; of arguments and results no more bytes are
 * copied than are kept.
 */
import type { ActivityEntry, Facet } from './entry.ts';
import { FIELD_COUNT, FIELDS, type Packet, SKIPPED } from './messages.ts';

/** Rows of one packet: each wakes the other thread, which costs about as much as to pack a hundred. */
export const PACKET_ROWS = 1_000;
/** Bytes that are kept of arguments, and of a result. */
export const DETAIL_BYTES = 16 * 1024;
/** A packet is full with so many bytes of details. */
const PACKET_BYTES = 512 * 1024;
const FIRST_ARENA = 32 * 1024;
/** Facets and sessions that are numbered before the numbers begin anew. */
const NUMBERED = 20_000;
/** Longest text of each kind, in UTF-16 units: a URI may be a whole picture. */
const LONGEST_TARGET = 512;
const LONGEST_NAME = 200;

/**
 * What details may cost: to redact, write and index those of a small call takes about as long as the whole call did, so
 * a storm of calls keeps those of its first thousand and of 200 a second. 4 KiB more cost as much again.
 */
const DETAILS_A_SECOND = 200;
const DETAILS_AT_ONCE = 1_000;
const AS_DEAR_AS_ONE = 4_096;

/** Collects finished calls, and hands over what it has as one packet. */
export class Packer {
  private facets = new Map<string, number>();
  /** The last facet of each tool: mostly the next one is the same, and that is told without making its key. */
  private recent = new Map<string, Recent>();
  private sessions = new Map<string, number>();
  private newFacets: Facet[] = [];
  private newSessions: (readonly [session: string, clientName: string])[] = [];
  private targets: string[] = [];
  private numbers = new Float64Array(PACKET_ROWS * FIELD_COUNT);
  private arena: Buffer | null = null;
  private used = 0;
  private restart = false;
  private allowance = DETAILS_AT_ONCE;
  private allowedAt = 0;
  count = 0;

  get full(): boolean {
    return this.count >= PACKET_ROWS || this.used >= PACKET_BYTES;
  }

  /** Takes one call in; `full` tells when the packet must leave. `now` is epoch milliseconds. */
  add(entry: ActivityEntry, request: Buffer | null, response: Buffer | null, now: number): void {
    const { numbers } = this;
    const at = this.count * FIELD_COUNT;
    const shared = entry.server !== '' && (entry.method === 'tools/call' || entry.method === 'prompts/get');
    numbers[at + FIELDS.at] = whole(entry.at);
    numbers[at + FIELDS.facet] = this.facetOf(entry, shared ? entry.tool : '');
    numbers[at + FIELDS.session] = this.sessionOf(entry);
    numbers[at + FIELDS.target] = shared ? -1 : this.targets.push(short(entry.tool, LONGEST_TARGET)) - 1;
    numbers[at + FIELDS.durationMs] = whole(entry.durationMs);
    numbers[at + FIELDS.requestBytes] = whole(entry.requestBytes);
    numbers[at + FIELDS.responseBytes] = whole(entry.responseBytes);
    const wanted =
      Math.min(request?.length ?? 0, DETAIL_BYTES) + Math.min(response?.length ?? 0, DETAIL_BYTES);
    const skipped = wanted > 0 && !this.allows(1 + wanted / AS_DEAR_AS_ONE, now);
    numbers[at + FIELDS.request] = this.keep(skipped ? null : request);
    numbers[at + FIELDS.response] = this.keep(skipped ? null : response);
    numbers[at + FIELDS.flags] = skipped ? SKIPPED : 0;
    this.count += 1;
  }

  /** What was taken in; null when that is nothing. The packet's blocks are the receiver's. */
  take(): Packet | null {
    if (this.count === 0) return null;
    const arena = this.arena === null ? new Uint8Array(0) : new Uint8Array(this.arena.buffer, 0, this.used);
    const packet: Packet = {
      kind: 'entries',
      count: this.count,
      restart: this.restart,
      facets: this.newFacets,
      sessions: this.newSessions,
      targets: this.targets,
      numbers: this.count === PACKET_ROWS ? this.numbers : this.numbers.slice(0, this.count * FIELD_COUNT),
      arena,
    };
    if (this.count === PACKET_ROWS) this.numbers = new Float64Array(PACKET_ROWS * FIELD_COUNT);
    this.newFacets = [];
    this.newSessions = [];
    this.targets = [];
    this.arena = null;
    this.used = 0;
    this.count = 0;
    this.restart = false;
    if (this.facets.size >= NUMBERED || this.sessions.size >= NUMBERED) this.numberAnew();
    return packet;
  }

  /** Whoever receives the next packet knows no numbers. Only while nothing is taken in. */
  numberAnew(): void {
    this.restart = true;
    this.facets = new Map();
    this.recent = new Map();
    this.sessions = new Map();
  }

  private facetOf(entry: ActivityEntry, tool: string): number {
    const { client, server, method, outcome, errorCode, approval } = entry;
    const last = this.recent.get(tool);
    if (last !== undefined && isSame(last, entry)) return last.number;
    const number = this.numberOf(entry, tool);
    this.recent.set(tool, { client, server, method, outcome, errorCode, approval: approval ?? null, number });
    return number;
  }

  private numberOf(
    { client, server, method, outcome, errorCode, approval }: ActivityEntry,
    tool: string,
  ): number {
    const error = errorCode ?? '';
    const asked = approval ?? '';
    const key = `${client}\n${server}\n${tool}\n${method}\n${outcome}\n${error}\n${asked}`;
    const known = this.facets.get(key);
    if (known !== undefined) return known;
    const number = this.facets.size;
    this.facets.set(key, number);
    this.newFacets.push({
      kind: 'call',
      client: clean(client),
      server: clean(server),
      tool: short(tool.replaceAll('\0', ' '), LONGEST_TARGET),
      action: clean(method),
      outcome,
      error: clean(error),
      approval: clean(asked),
    });
    return number;
  }

  private sessionOf({ session, clientName }: ActivityEntry): number {
    const known = this.sessions.get(session);
    if (known !== undefined) return known;
    const number = this.sessions.size;
    this.sessions.set(session, number);
    this.newSessions.push([short(session, LONGEST_NAME), short(clientName ?? '', LONGEST_NAME)]);
    return number;
  }

  /** Copies what is kept of it; the whole may be a piece of a much larger block that must not be held. */
  private keep(bytes: Buffer | null): number {
    if (bytes === null) return -1;
    const size = Math.min(bytes.length, DETAIL_BYTES);
    let { arena } = this;
    if (arena === null || arena.length < this.used + size) {
      const larger = Buffer.from(new ArrayBuffer(Math.max(FIRST_ARENA, (this.used + size) * 2)));
      arena?.copy(larger, 0, 0, this.used);
      this.arena = larger;
      arena = larger;
    }
    bytes.copy(arena, this.used, 0, size);
    this.used += size;
    return size;
  }

  private allows(cost: number, now: number): boolean {
    const passed = Math.max(0, now - this.allowedAt);
    this.allowance = Math.min(DETAILS_AT_ONCE, this.allowance + (passed / 1_000) * DETAILS_A_SECOND);
    this.allowedAt = now;
    if (this.allowance < cost) return false;
    this.allowance -= cost;
    return true;
  }
}

/** What a facet is made of beside the tool, and its number. */
interface Recent
  extends Pick<ActivityEntry, 'client' | 'server' | 'method' | 'outcome' | 'errorCode' | 'approval'> {
  readonly number: number;
}

function isSame(one: Recent, other: ActivityEntry): boolean {
  return (
    one.client === other.client &&
    one.server === other.server &&
    one.method === other.method &&
    one.outcome === other.outcome &&
    one.errorCode === other.errorCode &&
    one.approval === (other.approval ?? null)
  );
}

/** A name as the log takes it. */
export function clean(name: string): string {
  return short(name.includes('\0') ? name.replaceAll('\0', ' ') : name, LONGEST_NAME);
}

/** A text cut to `longest` UTF-16 units. */
export function short(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Milliseconds and bytes are whole numbers from 0; anything else becomes the nearest one. */
export function whole(value: number): number {
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : 0;
}
