/**
 * Pictures that are compared with kept ones. A pixel differs when neither it nor one beside it has the color of before, so
 * that a line which falls half a pixel further means nothing, while a color, an icon, a size or a place does. What differs
 * is written beside the built pages. GATEHOUSE_PICTURES=1 keeps the pictures as they are now.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../host/gateway.ts';
import type { RunningApp } from '../app.ts';

const kept = join(import.meta.dirname, 'pictures');
const failed = join(root, 'node_modules', '.cache', 'gatehouse', 'pictures');

/** Of all channels of a color, out of 255: less is how a computer rounds. */
const sameColor = 6;
/** Corners and slanted lines of icons differ a little from one Chromium to the next. */
const mostPixels = 40;

/** With which Chromium they were made; another one draws some controls another way. */
const maker = join(kept, 'chromium.txt');

/** Why the kept pictures say nothing about this app; null when they do. */
export async function madeByAnother({ app }: RunningApp): Promise<string | null> {
  const here = (await app.evaluate(() => process.versions.chrome ?? '')).split('.')[0] ?? '';
  if (process.env.GATEHOUSE_PICTURES === '1') {
    mkdirSync(kept, { recursive: true });
    writeFileSync(maker, `${here}\n`);
    return null;
  }
  const there = existsSync(maker) ? readFileSync(maker, 'utf8').trim() : 'none';
  return here === there
    ? null
    : `the kept pictures were made with Chromium ${there} and this is ${here}: see what has changed in looks with GATEHOUSE_PICTURES=1 and git diff`;
}

/** What a comparison found. */
interface Comparison {
  readonly pixels: number;
  /** The part of the picture that holds all of them. */
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  readonly sizes: string | null;
}

/** What is wrong with the picture of that name; null when it is as it was. */
export async function differs(page: Page, name: string, picture: Buffer): Promise<string | null> {
  const file = join(kept, `${name}.png`);
  if (process.env.GATEHOUSE_PICTURES === '1') {
    mkdirSync(kept, { recursive: true });
    writeFileSync(file, picture);
    return null;
  }
  if (!existsSync(file)) return `${name}: there is no kept picture; GATEHOUSE_PICTURES=1 makes one`;
  const { pixels, box, sizes } = await compare(page, readFileSync(file), picture);
  if (sizes === null && pixels <= mostPixels) return null;
  mkdirSync(failed, { recursive: true });
  writeFileSync(join(failed, `${name}.png`), picture);
  const what = sizes ?? `${pixels} pixels differ, between ${box.slice(0, 2)} and ${box.slice(2)}`;
  return `${name}: ${what}; see ${join(failed, `${name}.png`)}`;
}

/** Compares two PNG files; in the page, since a browser can read them. */
export function compare(page: Page, before: Buffer, after: Buffer): Promise<Comparison> {
  const pictures = [before, after].map((one) => `data:image/png;base64,${one.toString('base64')}`);
  return page.evaluate(
    async ([urls, tolerance]) => {
      const read = async (url: string): Promise<ImageData> => {
        const bitmap = await createImageBitmap(await (await fetch(url)).blob());
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        context?.drawImage(bitmap, 0, 0);
        return context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? new ImageData(1, 1);
      };
      const [one, other] = await Promise.all(urls.map(read));
      if (one === undefined || other === undefined) throw new Error('two pictures are needed');
      const { width, height } = one;
      if (width !== other.width || height !== other.height) {
        const sizes = `${width} x ${height} has become ${other.width} x ${other.height}`;
        return { pixels: 0, box: [0, 0, 0, 0] as const, sizes };
      }
      const same = (a: number, b: number): boolean =>
        [0, 1, 2].every(
          (channel) => Math.abs((one.data[a + channel] ?? 0) - (other.data[b + channel] ?? 0)) <= tolerance,
        );
      const around = (x: number, y: number): number[] =>
        [-1, 0, 1].flatMap((down) =>
          [-1, 0, 1]
            .filter((right) => x + right >= 0 && x + right < width && y + down >= 0 && y + down < height)
            .map((right) => ((y + down) * width + x + right) * 4),
        );
      let pixels = 0;
      let [left, top, right, bottom] = [width, height, 0, 0];
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
          const at = (y * width + x) * 4;
          if (same(at, at)) continue;
          const near = around(x, y);
          if (near.some((place) => same(place, at)) && near.some((place) => same(at, place))) continue;
          pixels += 1;
          [left, top, right, bottom] = [
            Math.min(left, x),
            Math.min(top, y),
            Math.max(right, x),
            Math.max(bottom, y),
          ];
        }
      }
      return { pixels, box: [left, top, right, bottom] as const, sizes: null };
    },
    [pictures, sameColor] as const,
  );
}
