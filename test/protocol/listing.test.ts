import { describe, expect, it } from 'vitest';
import { readPage } from '../../main/protocol/listing.ts';

const keysOf = (bytes: Buffer, most?: number): string[] | undefined =>
  readPage('tools', bytes, 0, bytes.length, most)?.items.map((item) => item.key);

describe('readPage', () => {
  it('reads no more than it is to', () => {
    const bytes = Buffer.from('{"tools":[{"name":"a"},{"name":"b"},{"name":"c"}]}');
    expect(keysOf(bytes, 2)).toEqual(['a', 'b']);
    expect(keysOf(bytes, 0)).toEqual([]);
    expect(keysOf(bytes)).toEqual(['a', 'b', 'c']);
  });

  it('leaves out what is not UTF-8, wherever in the item it stands', () => {
    const bytes = Buffer.from(
      '{"tools":[{"name":"a","x":"\xff"},{"name":"\xc3("},{"name":"\xc3\xa4"},{"na\xffme":"b","name":"c"}]}',
      'latin1',
    );
    expect(keysOf(bytes)).toEqual(['ä']);
  });
});
