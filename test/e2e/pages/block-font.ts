/**
 * A font whose every letter is a block, half an em wide: text drawn with it looks the same on every computer, whatever
 * fonts and whatever letter smoothing that has, and still shows its size, its weight and its color. Pure.
 */

const unitsPerEm = 1000;
const advance = 500;
/** Glyph 0 stands for what a font lacks, and is looked for in another font. */
const block = 1;
const space = 2;
const ascent = 800;
const descent = 200;

type Table = readonly [tag: string, bytes: Uint8Array];

/**
 * A TrueType file with nothing for spaces, and a block for every other code point.
 * @param height of the block, in thousandths of an em; up to 800
 */
export function blockFont(height: number): Uint8Array {
  const outline = glyph(height);
  return fontFile([
    ['OS/2', os2()],
    ['cmap', cmap()],
    ['glyf', outline],
    ['head', head(height)],
    ['hhea', hhea()],
    ['hmtx', bytes('u16', [advance, 40, advance, 40, advance, 0])],
    ['loca', bytes('u32', [0, 0, outline.length, outline.length])],
    ['maxp', bytes('u16', [1, 0, 3, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['name', name()],
    ['post', bytes('u16', [3, 0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ]);
}

function glyph(height: number): Uint8Array {
  const left = 40;
  const right = advance - 40;
  const points = [
    [left, 0],
    [left, height],
    [right, height],
    [right, 0],
  ] as const;
  const steps = (axis: 0 | 1): number[] =>
    points.map((point, index) => point[axis] - (points[index - 1]?.[axis] ?? 0));
  return joined([
    // One contour; its box; its last point; no instructions.
    bytes('u16', [1, left, 0, right, height, 3, 0]),
    // All points are on the curve; coordinates take two bytes.
    Uint8Array.from([1, 1, 1, 1]),
    bytes('u16', steps(0)),
    bytes('u16', steps(1)),
  ]);
}

function cmap(): Uint8Array {
  const groups: readonly (readonly [number, number, number])[] = [
    [0x20, 0x20, space],
    [0x21, 0x9f, block],
    [0xa0, 0xa0, space],
    [0xa1, 0x10ffff, block],
  ];
  return joined([
    bytes('u16', [0, 1, 3, 10]),
    bytes('u32', [12]),
    // Format 13: many code points to one glyph.
    bytes('u16', [13, 0]),
    bytes('u32', [16 + groups.length * 12, 0, groups.length, ...groups.flat()]),
  ]);
}

function head(height: number): Uint8Array {
  return joined([
    bytes('u32', [0x00010000, 0x00010000, 0, 0x5f0f3cf5]),
    bytes('u16', [0x0003, unitsPerEm]),
    bytes('u32', [0, 0, 0, 0]),
    bytes('u16', [40, 0, advance - 40, height, 0, 8, 2, 1, 0]),
  ]);
}

function hhea(): Uint8Array {
  const rest = [advance, 40, 40, advance - 40, 1, 0, 0, 0, 0, 0, 0, 0, 3];
  return bytes('u16', [1, 0, ascent, -descent, 0, ...rest]);
}

function os2(): Uint8Array {
  return joined([
    bytes('u16', [4, advance, 400, 5, 0, 650, 700, 0, 140, 650, 700, 0, 480, 50, 250, 0]),
    new Uint8Array(10),
    bytes('u32', [0, 0, 0, 0]),
    new TextEncoder().encode('TEST'),
    bytes('u16', [0x40, 0x20, 0xffff, ascent, -descent, 0, ascent, descent]),
    bytes('u32', [0, 0]),
    bytes('u16', [500, 700, 0, 0x20, 1]),
  ]);
}

function name(): Uint8Array {
  const text = new Uint8Array([...'Blocks'].flatMap((letter) => [0, letter.charCodeAt(0)]));
  const records = [1, 2, 4, 6].flatMap((id) => [3, 1, 0x409, id, text.length, 0]);
  return joined([bytes('u16', [0, 4, 6 + 4 * 12, ...records]), text]);
}

function fontFile(tables: readonly Table[]): Uint8Array {
  const directory: number[] = [];
  const bodies: Uint8Array[] = [];
  let offset = 12 + tables.length * 16;
  for (const [tag, body] of tables) {
    const padded = new Uint8Array(Math.ceil(body.length / 4) * 4);
    padded.set(body);
    directory.push(...[...tag].map((letter) => letter.charCodeAt(0)));
    directory.push(...bytes('u32', [sum(padded), offset, body.length]));
    bodies.push(padded);
    offset += padded.length;
  }
  const power = Math.floor(Math.log2(tables.length));
  const header = joined([
    bytes('u32', [0x00010000]),
    bytes('u16', [tables.length, 16 * 2 ** power, power, 16 * (tables.length - 2 ** power)]),
  ]);
  return joined([header, Uint8Array.from(directory), ...bodies]);
}

function sum(padded: Uint8Array): number {
  const view = new DataView(padded.buffer);
  let total = 0;
  for (let at = 0; at < padded.length; at += 4) {
    total = (total + view.getUint32(at)) >>> 0;
  }
  return total;
}

function bytes(kind: 'u16' | 'u32', values: readonly number[]): Uint8Array {
  const size = kind === 'u16' ? 2 : 4;
  const made = new Uint8Array(values.length * size);
  const view = new DataView(made.buffer);
  for (const [index, value] of values.entries()) {
    if (kind === 'u16') view.setUint16(index * size, value & 0xffff);
    else view.setUint32(index * size, value >>> 0);
  }
  return made;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const made = new Uint8Array(parts.reduce((all, part) => all + part.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}
