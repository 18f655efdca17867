/** Writers for the two icon containers: .ico (Windows) and .icns (macOS). Pure: pixels in, bytes out. */

/**
 * An .ico of images from small to large. Sizes below 256 are stored as 32-bit bitmaps, which every reader takes;
 * 256 as PNG.
 * @param {{size: number, rgba: Buffer, png: Buffer}[]} images
 */
export function ico(images) {
  const head = Buffer.alloc(6);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  const bodies = images.map((image) => (image.size >= 256 ? image.png : bitmap(image)));
  let offset = 6 + 16 * images.length;
  const entries = images.map(({ size }, index) => {
    const entry = Buffer.alloc(16);
    entry[0] = size % 256;
    entry[1] = size % 256;
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(bodies[index].length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += bodies[index].length;
    return entry;
  });
  return Buffer.concat([head, ...entries, ...bodies]);
}

/** BITMAPINFOHEADER, then BGRA rows from the bottom up, then an empty mask (alpha tells what is clear). */
function bitmap({ size, rgba }) {
  const head = Buffer.alloc(40);
  head.writeUInt32LE(40, 0);
  head.writeInt32LE(size, 4);
  head.writeInt32LE(size * 2, 8);
  head.writeUInt16LE(1, 12);
  head.writeUInt16LE(32, 14);
  const pixels = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = (y * size + x) * 4;
      const to = ((size - 1 - y) * size + x) * 4;
      pixels[to] = rgba[from + 2];
      pixels[to + 1] = rgba[from + 1];
      pixels[to + 2] = rgba[from];
      pixels[to + 3] = rgba[from + 3];
    }
  }
  const maskRow = Math.ceil(size / 32) * 4;
  return Buffer.concat([head, pixels, Buffer.alloc(maskRow * size)]);
}

/** Which pixel size each .icns entry holds; the names are Apple's. */
export const icnsEntries = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

/**
 * An .icns of PNGs.
 * @param {(size: number) => Buffer} pngOf
 */
export function icns(pngOf) {
  const parts = icnsEntries.map(([type, size]) => {
    const png = pngOf(size);
    const head = Buffer.alloc(8);
    head.write(type, 0, 'latin1');
    head.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([head, png]);
  });
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}
