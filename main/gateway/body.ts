/**
 * Reading a request's body whole, within a bound.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/**
 * Calls back once, with the body or with why there is none; never when the client has gone before its body was whole. A
 * body of a declared length is whole with its last byte, without waiting for the stream to say so.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  then: (body: Buffer | 'too-large' | 'not-utf8') => void,
): void {
  const length = request.headers['content-length'];
  const declared = length === undefined ? -1 : Number(length);
  if (declared > maxBytes) return then('too-large');
  let first: Buffer | null = null;
  let rest: Buffer[] | null = null;
  let size = 0;
  let done = false;
  const finish = (outcome: Buffer | 'too-large'): void => {
    if (done) return;
    done = true;
    then(outcome === 'too-large' || isUtf8(outcome) ? outcome : 'not-utf8');
  };
  const whole = (): void => finish(rest !== null ? Buffer.concat(rest) : (first ?? Buffer.alloc(0)));
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) return finish('too-large');
    if (first === null) first = chunk;
    else if (rest === null) rest = [first, chunk];
    else rest.push(chunk);
    if (size === declared) whole();
  });
  if (declared <= 0) request.on('end', whole);
}
