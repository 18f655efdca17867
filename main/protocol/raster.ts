/**
 * What an image from outside really is, from its first bytes: kind and size, without decoding it. A picture of a few
 * bytes can unpack to gigabytes, so its size is looked at first. Pure.
 */

/** Kinds that are told apart. */
export type RasterKind = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

/** An image's kind and size in pixels. */
export interface Raster {
  readonly kind: RasterKind;
  readonly width: number;
  readonly height: number;
}

/** Segments of a JPEG that are looked through for its size. */
const MOST_SEGMENTS = 1_000;

/** Null when the bytes are none of the four kinds, or are cut off before the size. */
export function rasterOf(bytes: Buffer): Raster | null {
  const found = png(bytes) ?? gif(bytes) ?? webp(bytes) ?? jpeg(bytes);
  return found !== null && found.width > 0 && found.height > 0 ? found : null;
}

/** PNG (RFC 2083 section 4.1.1). */
function png(bytes: Buffer): Raster | null {
  if (bytes.length < 24 || bytes.readUInt32BE(0) !== 0x89504e47 || bytes.readUInt32BE(4) !== 0x0d0a1a0a) {
    return null;
  }
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { kind: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/**
 * GIF89a section 18: the logical screen. Frames may be larger than it, but browsers draw them cut to it.
 */
function gif(bytes: Buffer): Raster | null {
  if (bytes.length < 10 || !/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return null;
  return { kind: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** WebP (RFC 9649 section 2): simple, lossless, extended. */
function webp(bytes: Buffer): Raster | null {
  if (
    bytes.length < 30 ||
    bytes.toString('latin1', 0, 4) !== 'RIFF' ||
    bytes.toString('latin1', 8, 12) !== 'WEBP'
  ) {
    return null;
  }
  const kind = 'image/webp';
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { kind, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const packed = bytes.readUInt32LE(21);
      return { kind, width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { kind, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

/** JPEG (ITU T.81 annex B): from segment to segment until a frame header. */
function jpeg(bytes: Buffer): Raster | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  for (let looked = 0; looked < MOST_SEGMENTS; looked += 1) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined || at + 9 > bytes.length) return null;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      return { kind: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    }
    const alone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += alone ? 2 : 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}
