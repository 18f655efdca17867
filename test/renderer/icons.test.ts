/** The committed icons: every file that the shell and the packager ask for, at its size, and not empty. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const assets = join(import.meta.dirname, '../../assets');
const read = (name: string): Buffer => readFileSync(join(assets, name));

/** Width and height of a PNG, from its first chunk. */
function pngSize(png: Buffer): [number, number] {
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** Size and data of each image of an .ico. */
function icoImages(ico: Buffer): { size: number; data: Buffer }[] {
  return Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const entry = 6 + index * 16;
    const start = ico.readUInt32LE(entry + 12);
    return {
      size: ico.readUInt8(entry) || 256,
      data: ico.subarray(start, start + ico.readUInt32LE(entry + 8)),
    };
  });
}

const states = ['idle', 'busy', 'attention', 'off'] as const;
const themes = ['light', 'dark'] as const;

describe('the app icon', () => {
  test.each([1024, 512, 256, 128, 64, 48, 32, 24, 16])('%d pixels', (size) => {
    expect(pngSize(read(`icons/${size}.png`))).toEqual([size, size]);
  });

  test('for Windows: bitmaps below 256, PNG at 256', () => {
    const images = icoImages(read('icon.ico'));
    expect(images.map(({ size }) => size)).toEqual([16, 24, 32, 48, 64, 128, 256]);
    for (const { size, data } of images) {
      if (size === 256) {
        expect(pngSize(data)).toEqual([256, 256]);
      } else {
        expect([data.readUInt32LE(0), data.readInt32LE(4), data.readUInt16LE(14)]).toEqual([40, size, 32]);
      }
    }
  });

  test('for macOS: every size, plain and doubled', () => {
    const icns = read('icon.icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const sizes = new Map<string, number>();
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      sizes.set(icns.subarray(at, at + 4).toString('latin1'), pngSize(icns.subarray(at + 8))[0]);
    }
    expect(Object.fromEntries(sizes)).toEqual({
      icp4: 16,
      icp5: 32,
      ic11: 32,
      ic12: 64,
      ic07: 128,
      ic13: 256,
      ic08: 256,
      ic14: 512,
      ic09: 512,
      ic10: 1024,
    });
  });
});

describe('the tray', () => {
  test.each(states)('%s on every system', (state) => {
    expect(pngSize(read(`tray/${state}Template.png`))).toEqual([16, 16]);
    expect(pngSize(read(`tray/${state}Template@2x.png`))).toEqual([32, 32]);
    for (const theme of themes) {
      for (const size of [16, 24, 32]) {
        expect(pngSize(read(`tray/tray-${state}-${theme}-${size}.png`))).toEqual([size, size]);
      }
      expect(icoImages(read(`tray/tray-${state}-${theme}.ico`)).map(({ size }) => size)).toEqual([
        16, 20, 24, 32,
      ]);
    }
  });

  test('states differ by shape, not only by colour', () => {
    for (const size of [0, 2, 3]) {
      const shapes = states.map((state) => {
        const image = icoImages(read(`tray/tray-${state}-dark.ico`))[size];
        expect(image).toBeDefined();
        const { size: side = 0, data = Buffer.alloc(0) } = image ?? {};
        return Array.from({ length: side * side }, (_, pixel) => (data[40 + pixel * 4 + 3] ?? 0) > 127);
      });
      const cells = shapes[0]?.length ?? 0;
      for (const [index, shape] of shapes.entries()) {
        expect(shape.filter(Boolean).length, 'something is drawn').toBeGreaterThan(cells / 8);
        for (const other of shapes.slice(index + 1)) {
          const different = shape.filter((inked, pixel) => inked !== other[pixel]).length;
          expect(different, 'pixels that tell two states apart').toBeGreaterThan(cells / 40);
        }
      }
    }
  });

  test('on macOS only black and clear', () => {
    // Colour type 4 or 6 carries alpha; a template image must.
    for (const state of states) {
      expect([4, 6]).toContain(read(`tray/${state}Template@2x.png`)[25]);
    }
  });
});
