import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demultiplex } from '../../main/isolation/demultiplex.ts';

function frame(stream: number, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** A stream of the engine: `read` counts how often more was asked for. */
function engineStream(): Duplex {
  return new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
}

describe('demultiplex', () => {
  it('gives each output its bytes, wherever the stream was cut', async () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(
        frames,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        async (sent, cuts) => {
          const bytes = Buffer.concat(sent.map(([stream, body]) => frame(stream, Buffer.from(body))));
          const source = engineStream();
          const { stdout, stderr } = demultiplex(source);
          const all = Promise.all([stdout.toArray(), stderr.toArray()]);
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = cuts[i % cuts.length] ?? 1;
            source.push(bytes.subarray(at, at + size));
            at += size;
          }
          source.push(null);
          const wanted = [1, 2].map((which) =>
            Buffer.concat(sent.filter(([stream]) => stream === which).map(([, body]) => Buffer.from(body))),
          );
          expect((await all).map((parts) => Buffer.concat(parts as Buffer[]))).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('holds the engine back while nobody reads', async () => {
    const source = engineStream();
    const { stdout } = demultiplex(source);
    const body = Buffer.alloc(64 * 1024);
    for (let i = 0; i < 40; i++) source.push(frame(1, body));
    await new Promise(setImmediate);
    expect(source.isPaused()).toBe(true);
    let read = 0;
    stdout.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    source.push(null);
    await new Promise((resolve) => stdout.once('end', resolve));
    expect(read).toBe(40 * body.length);
  });

  it('ends both outputs when the engine breaks off', async () => {
    const source = engineStream();
    const { stdout, stderr } = demultiplex(source);
    const ended = Promise.all([stdout.toArray(), stderr.toArray()]);
    source.destroy();
    expect(await ended).toEqual([[], []]);
  });
});
