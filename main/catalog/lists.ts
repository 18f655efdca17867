/**
 * Writing a list's result as bytes: each item as its server sent it, with only names and URIs replaced, copied straight
 * into one buffer.
 */
import type { ListedItem, ListKind } from '../protocol/listing.ts';
import type { Edit } from '../protocol/wire.ts';

/** An item to write. */
export interface Piece {
  readonly bytes: Buffer;
  /** In order, without overlaps. */
  readonly edits: readonly Edit[];
}

/** The item as clients see it, with `exposed` for its key and the other edits made. */
export function pieceOf(item: ListedItem, exposed: string, others: readonly Edit[] = []): Piece {
  if (exposed === item.key) return { bytes: item.bytes, edits: others };
  const key: Edit = { start: item.keyStart, end: item.keyEnd, text: Buffer.from(JSON.stringify(exposed)) };
  if (others.length === 0) return { bytes: item.bytes, edits: [key] };
  return { bytes: item.bytes, edits: [key, ...others].sort((a, b) => a.start - b.start) };
}

/** The whole result object: `{"tools":[...]}` and the like. */
export function listBody(kind: ListKind, pieces: readonly Piece[]): Buffer {
  const head = `{"${kind}":[`;
  const tail = ']}';
  let size = head.length + tail.length + Math.max(0, pieces.length - 1);
  for (const { bytes, edits } of pieces) {
    size += bytes.length;
    for (const { start, end, text } of edits) size += text.length - (end - start);
  }
  // Not from the shared pool: a list lives long.
  const out = Buffer.allocUnsafeSlow(size);
  let to = out.write(head, 'latin1');
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i];
    if (piece === undefined) continue;
    if (i > 0) out[to++] = 0x2c;
    let from = 0;
    for (const { start, end, text } of piece.edits) {
      to += piece.bytes.copy(out, to, from, start);
      to += typeof text === 'string' ? out.write(text, to, 'latin1') : text.copy(out, to);
      from = end;
    }
    to += piece.bytes.copy(out, to, from);
  }
  out.write(tail, to, 'latin1');
  return out;
}
