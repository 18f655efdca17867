/**
 * A file in two copies, each whole or not there: what was written survives a kill at any moment and one damaged copy.
 */
import { readFileSync, renameSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** What was found. */
export type Found<T> =
  | { readonly kind: 'good'; readonly value: T }
  /** The main copy was damaged (then it lies aside) or gone, and the other one is used. */
  | { readonly kind: 'restored'; readonly value: T; readonly was: 'damaged' | 'gone' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'lost'; readonly cause: unknown };

/**
 * Reads the main copy, or else the other one. `parse` throws at a text that it does not know. A damaged main copy is
 * renamed to `<file>.damaged-<now>` if the other one is good. Never throws.
 */
export function readDurable<T>(file: string, now: number, parse: (text: string) => T): Found<T> {
  const main = load(file, parse);
  if (main.kind === 'good') return main;
  const copy = load(copyOf(file), parse);
  if (main.kind === 'missing' && copy.kind === 'missing') return main;
  if (copy.kind !== 'good') return { kind: 'lost', cause: main.kind === 'bad' ? main.cause : null };
  if (main.kind === 'bad') {
    try {
      renameSync(file, `${file}.damaged-${now}`);
    } catch {
      // It is written over with the next change.
    }
  }
  return { kind: 'restored', value: copy.value, was: main.kind === 'bad' ? 'damaged' : 'gone' };
}

/**
 * Writes both copies, the other one first: whatever is acknowledged lies in both, and at every moment one of them is
 * whole. The directory is made where need be. Rejects as the file system does.
 */
export async function writeDurable(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeSafely(copyOf(file), text);
  await writeSafely(file, text);
}

type Loaded<T> =
  | { readonly kind: 'good'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'bad'; readonly cause: unknown };

function load<T>(file: string, parse: (text: string) => T): Loaded<T> {
  try {
    return { kind: 'good', value: parse(readFileSync(file, 'utf8')) };
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return missing ? { kind: 'missing' } : { kind: 'bad', cause };
  }
}

function copyOf(file: string): string {
  return `${file}.backup`;
}

/** The library would write with one write(2) and not notice a short one on a full disk; its hook gets the bytes in. */
async function writeSafely(file: string, text: string): Promise<void> {
  await writeFileAtomic(file, '', {
    mode: 0o600,
    tmpfileCreated: (temporary) => writeFile(temporary, text),
  });
}
