import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SseEvent, sseDecoder, sseEvent } from '../../main/protocol/sse.ts';

function decode(chunks: readonly Buffer[], maxEvent?: number): { events: SseEvent[]; overflowed: boolean } {
  const events: SseEvent[] = [];
  let overflowed = false;
  const take = sseDecoder(
    (event) => events.push(event),
    () => {
      overflowed = true;
    },
    maxEvent,
  );
  for (const chunk of chunks) take(chunk);
  return { events, overflowed };
}

function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Buffer[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    chunks.push(bytes.subarray(from, place));
    from = place;
  }
  return chunks;
}

describe('sseDecoder', () => {
  it('gives back what was encoded, whatever the chunking', () => {
    fc.assert(
      fc.property(
        fc.array(fc.json(), { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (texts, cuts) => {
          const bytes = Buffer.concat(texts.map((text) => sseEvent(Buffer.from(text))));
          const { events } = decode(chunked(bytes, cuts));
          expect(events.map((event) => event.data.toString())).toEqual(texts);
        },
      ),
    );
  });

  it('reads every field with every line end, whatever the chunking', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('\n', '\r', '\r\n'),
        fc.array(fc.nat(), { maxLength: 30 }),
        fc.boolean(),
        (eol, cuts, bom) => {
          const lines = [
            ':comment',
            'event: e',
            'id: 7',
            'retry: 250',
            'data: a',
            'data:b',
            'data',
            'unknown: x',
            '',
          ];
          const rest = ['data: second', '', 'event: lonely', '', ''];
          const bytes = Buffer.from((bom ? '\ufeff' : '') + [...lines, ...rest].join(eol));
          const { events } = decode(chunked(bytes, cuts));
          expect(events.map((event) => ({ ...event, data: event.data.toString() }))).toEqual([
            { type: 'e', id: '7', retry: 250, data: 'a\nb\n' },
            { type: 'message', id: '7', retry: null, data: 'second' },
          ]);
        },
      ),
    );
  });

  it('gives nothing for an event that the stream breaks off', () => {
    expect(decode([Buffer.from('data: half')]).events).toEqual([]);
  });

  it('stops at an event beyond the bound instead of filling memory', () => {
    const { events, overflowed } = decode(
      [Buffer.from('data: '), Buffer.alloc(2_000, 0x61), Buffer.from('\n\n')],
      1_000,
    );
    expect(overflowed).toBe(true);
    expect(events).toEqual([]);
  });
});
