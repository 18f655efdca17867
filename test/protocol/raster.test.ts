/** Images from outside: kind and size from the first bytes, and nothing that is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyJson } from '../../main/protocol/pretty.ts';
import { rasterOf } from '../../main/protocol/raster.ts';

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

describe('rasterOf', () => {
  it.each([
    [
      'image/png',
      1,
      1,
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    ],
    ['image/gif', 1, 1, 'R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='],
    ['image/webp', 1, 1, 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=='],
  ])('knows %s', (kind, width, height, data) => {
    expect(rasterOf(base64(data))).toEqual({ kind, width, height });
  });

  it('finds the size of a JPEG behind other segments', () => {
    const start = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc4, 0, 3, 9];
    const frame = [0xff, 0xc0, 0, 11, 8, 1, 0, 2, 0, 1, 1, 0x11, 0];
    expect(rasterOf(Buffer.from([...start, ...frame]))).toEqual({
      kind: 'image/jpeg',
      width: 512,
      height: 256,
    });
  });

  it('takes nothing else for an image, and never fails', () => {
    for (const text of ['', '<svg/>', 'GIF', 'RIFF', 'BM......', '\ufeff<?xml'])
      expect(rasterOf(Buffer.from(text))).toBeNull();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void rasterOf(Buffer.from(bytes))));
    const endless = Buffer.alloc(1 << 20, 0xff);
    endless[1] = 0xd8;
    expect(rasterOf(endless)).toBeNull();
  });
});

describe('prettyJson', () => {
  it('says the same, in lines, and keeps digits', () => {
    const property = fc.property(fc.json(), (json) => {
      expect(JSON.parse(prettyJson(json, 1e6))).toEqual(JSON.parse(json));
    });
    fc.assert(property);
    expect(prettyJson('{"a":[1.0,{}, []],"b":"x\\",{"}', 100)).toBe(
      '{\n  "a": [\n    1.0,\n    {},\n    []\n  ],\n  "b": "x\\",{"\n}',
    );
  });

  it('ends where it may', () => {
    expect(prettyJson(`["${'x'.repeat(1_000)}"]`, 10)).toHaveLength(10);
    expect(prettyJson('['.repeat(1_000_000), 1_000)).toHaveLength(1_000);
  });
});
