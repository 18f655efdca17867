/**
 * Server-sent events by bytes (HTML Living Standard, section "Server-sent events"): an encoder for one message and a
 * decoder that takes any chunking.
 */

/** One event. */
export interface SseEvent {
  /** The event type; `message` when the stream names none. */
  readonly type: string;
  /** The data lines joined by line feeds. */
  readonly data: Buffer;
  /** The last event id of the stream so far; empty when there was none. */
  readonly id: string;
  /** Milliseconds after which to reconnect, when this event says so; else null. */
  readonly retry: number | null;
}

const HEAD = Buffer.from('event: message\ndata: ');
const TAIL = Buffer.from('\n\n');
const LF = Buffer.from('\n');

/** One event of type `message`. Neither the data nor the id, which must be ASCII, may hold a line break. */
export function sseEvent(data: Buffer, id?: string): Buffer {
  if (id === undefined) return Buffer.concat([HEAD, data, TAIL]);
  return Buffer.concat([Buffer.from(`id: ${id}\n`, 'latin1'), HEAD, data, TAIL]);
}

/** An event that says nothing but its id, so that a client has one to come back with. */
export function primingEvent(id: string): Buffer {
  return Buffer.from(`id: ${id}\ndata:\n\n`, 'latin1');
}

/** Tells the client how long to wait before it comes back, in milliseconds. */
export function retryEvent(ms: number): Buffer {
  return Buffer.from(`retry: ${ms}\n\n`, 'latin1');
}

/** Bytes that one event may have; a stream that sends more is cut off by the caller. */
export const MAX_EVENT = 256 * 1024 * 1024;

/**
 * Returns a function that takes chunks and calls `onEvent` for each event with data. `onOverflow` is called once when
 * an event passes `maxEvent`; the rest is then ignored. Lines end with LF, CR or CRLF; a byte order mark is skipped.
 */
export function sseDecoder(
  onEvent: (event: SseEvent) => void,
  onOverflow: () => void,
  maxEvent = MAX_EVENT,
): (chunk: Buffer) => void {
  let line: Buffer[] = [];
  let lineSize = 0;
  let data: Buffer[] = [];
  let size = 0;
  let type = '';
  let id = '';
  let retry: number | null = null;
  let afterCr = false;
  let first = true;
  let dead = false;

  const dispatch = (): void => {
    if (data.length > 0) {
      onEvent({ type: type === '' ? 'message' : type, data: joined(data), id, retry });
    }
    data = [];
    size = 0;
    type = '';
    retry = null;
  };
  const take = (whole: Buffer): void => {
    let text = whole;
    if (first) {
      first = false;
      if (text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf) text = text.subarray(3);
    }
    if (text.length === 0) return dispatch();
    const colon = text.indexOf(0x3a);
    if (colon === 0) return;
    const field = text.toString('latin1', 0, colon === -1 ? text.length : colon);
    let from = colon === -1 ? text.length : colon + 1;
    if (text[from] === 0x20) from++;
    const value = text.subarray(from);
    switch (field) {
      case 'data':
        data.push(value);
        size += value.length;
        return;
      case 'event':
        type = value.toString('utf8');
        return;
      case 'id':
        if (!value.includes(0)) id = value.toString('utf8');
        return;
      case 'retry':
        if (/^\d{1,9}$/.test(value.toString('latin1'))) retry = Number(value.toString('latin1'));
        return;
    }
  };

  return (chunk) => {
    let from = 0;
    if (afterCr && chunk.length > 0) {
      afterCr = false;
      if (chunk[0] === 0x0a) from = 1;
    }
    while (!dead) {
      const at = lineEnd(chunk, from);
      if (at === -1) break;
      const piece = chunk.subarray(from, at);
      from = at + 1;
      if (chunk[at] === 0x0d) {
        if (from === chunk.length) afterCr = true;
        else if (chunk[from] === 0x0a) from++;
      }
      if (line.length === 0) take(piece);
      else {
        line.push(piece);
        const whole = Buffer.concat(line, lineSize + piece.length);
        line = [];
        lineSize = 0;
        take(whole);
      }
    }
    if (!dead && from < chunk.length) {
      line.push(chunk.subarray(from));
      lineSize += chunk.length - from;
    }
    if (!dead && size + lineSize > maxEvent) {
      dead = true;
      line = [];
      data = [];
      onOverflow();
    }
  };
}

function lineEnd(chunk: Buffer, from: number): number {
  const lf = chunk.indexOf(0x0a, from);
  // Looking for CR beyond the LF would read the same bytes again for every line.
  const cr = (lf === -1 ? chunk : chunk.subarray(0, lf)).indexOf(0x0d, from);
  return cr === -1 ? lf : cr;
}

function joined(data: readonly Buffer[]): Buffer {
  const [only] = data;
  if (only !== undefined && data.length === 1) return only;
  return Buffer.concat(data.flatMap((part, index) => (index === 0 ? [part] : [LF, part])));
}
