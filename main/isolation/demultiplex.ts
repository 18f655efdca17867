/**
 * The two outputs of a container, out of the one stream that the engine sends (Docker's API, "stream format": frames with
 * a header of 8 bytes). A reader that is slow holds the engine, and so the container, back. Ends with its stream.
 */
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';

/** Both outputs. */
export interface Outputs {
  readonly stdout: Readable;
  readonly stderr: Readable;
}

const HEADER = 8;
const STDERR = 2;

/** Takes the stream over. */
export function demultiplex(stream: Duplex): Outputs {
  const resume = (): void => void stream.resume();
  const stdout = new Readable({ read: resume, highWaterMark: 256 * 1024 });
  const stderr = new Readable({ read: resume, highWaterMark: 256 * 1024 });
  let header: Buffer = Buffer.alloc(0);
  /** Bytes of the frame that have still to come. */
  let rest = 0;
  let target = stdout;

  stream.on('data', (chunk: Buffer) => {
    let at = 0;
    let full = false;
    while (at < chunk.length) {
      if (rest === 0) {
        const part = chunk.subarray(at, at + HEADER - header.length);
        at += part.length;
        header = header.length === 0 && part.length === HEADER ? part : Buffer.concat([header, part]);
        if (header.length < HEADER) break;
        target = header[0] === STDERR ? stderr : stdout;
        rest = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const part = chunk.subarray(at, at + rest);
      at += part.length;
      rest -= part.length;
      if (!target.push(part)) full = true;
    }
    if (full) stream.pause();
  });
  const end = (): void => {
    stdout.push(null);
    stderr.push(null);
  };
  stream.once('end', end);
  stream.once('close', () => {
    if (!stream.readableEnded) end();
  });
  return { stdout, stderr };
}
