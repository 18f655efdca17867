/**
 * Cuts a byte stream into lines. stdio transport: messages are delimited by newlines and hold none.
 */

/** Longest line in bytes; a server that sends more is cut off rather than filling our memory. */
export const MAX_LINE = 256 * 1024 * 1024;

/** Bytes of the beginning and the end of a line that is too long, from which it can be told what it was. */
const EDGE = 1024;

/** What becomes of lines that are too long. */
export interface LongLines {
  /** A line passed the bound; this is how it begins. True when that tells enough. */
  begins(head: Buffer): boolean;
  /** It is over; this is how it ended. Only when its beginning did not tell enough. */
  ended(tail: Buffer): void;
  /** It does not end at all. The rest of the stream is ignored. */
  endless(): void;
}

/**
 * Returns a function that takes chunks and calls `onLine` for each whole line, without its line break and without
 * empty lines. A line of more than `maxLine` bytes is passed over, whatever its length up to `MAX_LINE` more.
 * The line is only valid during the call when it lies in a chunk that the stream reuses; Node's streams do not.
 */
export function lineSplitter(
  onLine: (line: Buffer) => void,
  long: LongLines,
  maxLine = MAX_LINE,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let dead = false;
  /** The end so far of a line that is being passed over; null when there is none. */
  let tail: Buffer | null = null;
  let told = false;
  const emit = (line: Buffer): void => {
    const end = line.length > 0 && line[line.length - 1] === 0x0d ? line.length - 1 : line.length;
    if (end > 0) onLine(end === line.length ? line : line.subarray(0, end));
  };
  const keep = (piece: Buffer): void => {
    if (size <= maxLine) return;
    if (tail === null) {
      const whole = Buffer.concat([...parts, piece]);
      parts = [];
      tail = Buffer.from(whole.subarray(-EDGE));
      told = long.begins(Buffer.from(whole.subarray(0, EDGE)));
    } else tail = Buffer.concat([tail, piece.subarray(-EDGE)]).subarray(-EDGE);
    if (size <= maxLine + MAX_LINE) return;
    dead = true;
    long.endless();
  };
  return (chunk) => {
    if (dead) return;
    let from = 0;
    for (;;) {
      const at = chunk.indexOf(0x0a, from);
      if (at === -1) break;
      const piece = chunk.subarray(from, at);
      from = at + 1;
      if (size === 0 && piece.length <= maxLine) {
        emit(piece);
        continue;
      }
      size += piece.length;
      keep(piece);
      if (dead) return;
      if (tail === null) {
        parts.push(piece);
        const line = Buffer.concat(parts, size);
        parts = [];
        size = 0;
        emit(line);
      } else {
        const end = tail;
        tail = null;
        size = 0;
        if (!told) long.ended(end);
      }
    }
    if (from < chunk.length) {
      const piece = from === 0 ? chunk : chunk.subarray(from);
      size += piece.length;
      keep(piece);
      if (tail === null && !dead) parts.push(piece);
    }
  };
}

/** For readers that end with the first line that is too long. */
export function cutOff(onOverflow: () => void): LongLines {
  return {
    begins() {
      onOverflow();
      return true;
    },
    ended: () => undefined,
    endless: () => undefined,
  };
}

const ID_FIRST = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*[,}]/;
const ID_LAST = /,\s*"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;
const METHOD_FIRST = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"method"\s*:/;

/** The id of the answer that begins like this; `other` for a message that is none; null when it cannot be told. */
export function answerBeginning(head: Buffer): number | 'other' | null {
  const text = head.toString('latin1');
  if (METHOD_FIRST.test(text)) return 'other';
  const id = ID_FIRST.exec(text)?.[1];
  return id === undefined ? null : Number(id);
}

/** The id of the answer that ends like this; null when it cannot be told. */
export function answerEnd(tail: Buffer): number | null {
  const id = ID_LAST.exec(tail.toString('latin1'))?.[1];
  return id === undefined ? null : Number(id);
}
