/** What a program that runs has written: files come and go while one looks. */
import { readFileSync } from 'node:fs';

/**
 * The bytes of a file that was listed a moment ago; none when it is gone. What was being written then has its own name by
 * now, and was listed under that too.
 */
export function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
