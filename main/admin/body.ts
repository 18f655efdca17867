/** Reads what a page sends, whole and within a bound. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** The JSON of a body, or why there is none; `gone` means that nobody waits any more. */
export async function readJson(
  request: IncomingMessage,
  maxBytes: number,
): Promise<{ readonly value: unknown } | 'too-large' | 'unreadable' | 'gone'> {
  const { headers } = request;
  // Nothing that a form of another site can send is called so.
  if (!/^application\/json(?:;|$)/i.test(headers['content-type'] ?? '')) return 'unreadable';
  if (Number(headers['content-length'] ?? 0) > maxBytes) return 'too-large';
  const bytes = await readBytes(request, maxBytes);
  if (typeof bytes === 'string') return bytes;
  if (!isUtf8(bytes)) return 'unreadable';
  try {
    return { value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return 'unreadable';
  }
}

/** The connection stays open for the answer, also when there is too much. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-large' | 'gone'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.pause();
        resolve('too-large');
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('close', () => resolve('gone'));
    request.on('error', () => resolve('gone'));
  });
}
