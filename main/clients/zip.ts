/**
 * A zip archive of a few small files, stored as they are: enough for a bundle, and read by every program. Pure.
 */

/** One file in it. */
export interface ZipFile {
  /** With forward slashes, relative. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Unix permission bits. */
  readonly mode: number;
}

/** 1980-01-01 00:00, the first moment that the format knows: the same files give the same bytes. */
const DATE = (1 << 5) | 1;
/** Made by a Unix system, so that permission bits count; needs version 2.0. */
const MADE_BY = (3 << 8) | 20;
const NEEDS = 20;
/** Names are UTF-8 (general purpose bit 11). */
const UTF8 = 0x0800;

/** The archive's bytes (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). Less than 4 GiB in all. */
export function zipOf(files: readonly ZipFile[]): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, mode } of files) {
    const nameBytes = Buffer.from(name, 'utf8');
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(NEEDS, 0);
    shared.writeUInt16LE(UTF8, 2);
    shared.writeUInt16LE(DATE, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(bytes.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    bodies.push(Buffer.from('PK\x03\x04', 'latin1'), shared, nameBytes, bytes);
    const head = Buffer.alloc(6);
    head.write('PK\x01\x02', 'latin1');
    head.writeUInt16LE(MADE_BY, 4);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 6);
    rest.writeUInt32LE(at, 10);
    entries.push(head, shared, rest, nameBytes);
    at += 30 + nameBytes.length + bytes.length;
  }
  const size = entries.reduce((sum, entry) => sum + entry.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, ...entries, end]);
}

/** Node has it only since 20.15. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
