/**
 * Cuts a byte stream into lines. stdio transport: messages are delimited by newlines and hold none.
 */

/** Longest line in bytes; a server that sends more is cut off rather than filling our memory. */
export const MAX_LINE = 256 * 1024 * 1024;

/**
 * Returns a function that takes chunks and calls `onLine` for each whole line, without its line break and without
 * empty lines. `onOverflow` is called once when a line passes `maxLine`; the rest of the stream is then ignored.
 * The line is only valid during the call when it lies in a chunk that the stream reuses; Node's streams do not.
 */
export function lineSplitter(
  onLine: (line: Buffer) => void,
  onOverflow: () => void,
  maxLine = MAX_LINE,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let dead = false;
  const emit = (line: Buffer): void => {
    const end = line.length > 0 && line[line.length - 1] === 0x0d ? line.length - 1 : line.length;
    if (end > 0) onLine(end === line.length ? line : line.subarray(0, end));
  };
  return (chunk) => {
    if (dead) return;
    let from = 0;
    for (;;) {
      const at = chunk.indexOf(0x0a, from);
      if (at === -1) break;
      const piece = chunk.subarray(from, at);
      from = at + 1;
      if (parts.length === 0) emit(piece);
      else {
        parts.push(piece);
        const line = Buffer.concat(parts, size + piece.length);
        parts = [];
        size = 0;
        emit(line);
      }
    }
    if (from < chunk.length) {
      parts.push(from === 0 ? chunk : chunk.subarray(from));
      size += chunk.length - from;
      if (size > maxLine) {
        dead = true;
        parts = [];
        onOverflow();
      }
    }
  };
}
