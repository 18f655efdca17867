/**
 * Reading a request's body whole, within a bound.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** Calls back once: with the body, or with why there is none. `aborted` means that nobody waits any more. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  then: (body: Buffer | 'too-large' | 'not-utf8' | 'aborted') => void,
): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) return then('too-large');
  let first: Buffer | null = null;
  let rest: Buffer[] | null = null;
  let size = 0;
  let done = false;
  const finish = (outcome: Buffer | 'too-large' | 'aborted'): void => {
    if (done) return;
    done = true;
    then(typeof outcome === 'string' || isUtf8(outcome) ? outcome : 'not-utf8');
  };
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) return finish('too-large');
    if (first === null) first = chunk;
    else if (rest === null) rest = [first, chunk];
    else rest.push(chunk);
  });
  request.on('end', () => finish(rest !== null ? Buffer.concat(rest) : (first ?? Buffer.alloc(0))));
  request.on('close', () => finish('aborted'));
  request.on('error', () => finish('aborted'));
}
