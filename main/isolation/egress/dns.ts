/**
 * Just enough of the DNS (RFC 1035) for the names that contained servers ask for: permitted names lead to the proxy, others
 * do not exist. Nothing is passed on, so names cannot carry data out. Pure.
 */

const HEADER = 12;
const TYPE_A = 1;
const CLASS_IN = 1;

/** One question. */
export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
}

/** The question of a query; null for what is none, or has more than one. */
export function questionOf(query: Buffer): DnsQuestion | null {
  if (query.length < HEADER + 5 || query.length > 512) return null;
  // A plain query with one question.
  if (((query[2] ?? 0) & 0xf8) !== 0 || query.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63 || at + length + 5 > query.length) return null;
    if (length === 0) break;
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  const name = labels.join('.').toLowerCase();
  return { name, type: query.readUInt16BE(at + 1) };
}

/**
 * The answer: the address for a permitted name (for other types than A: no records), otherwise that there is no such
 * name.
 *
 * @param address the proxy's IPv4 address, or null when the name is not permitted
 */
export function answerTo(query: Buffer, { name, type }: DnsQuestion, address: string | null): Buffer {
  const question = query.subarray(HEADER, HEADER + (name === '' ? 1 : name.length + 2) + 4);
  const found = address !== null && type === TYPE_A;
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  // An answer, with authority; recursion as it was asked for; 3 is "no such name".
  header.writeUInt16BE(0x8480 | (((query[2] ?? 0) & 1) << 8) | (address === null ? 3 : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found ? 1 : 0, 6);
  if (!found) return Buffer.concat([header, question]);
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 | HEADER, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(5, 6);
  record.writeUInt16BE(4, 10);
  for (const [index, part] of address.split('.').entries()) record[12 + index] = Number(part);
  return Buffer.concat([header, question, record]);
}
