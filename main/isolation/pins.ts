/**
 * Which image a name meant when it was first used: another one behind the same name is held until its owner agrees, like a
 * tool that has changed. Kept in a file; holds nothing open.
 */
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

/** What a name stands for. */
export interface Pin {
  /** The engine's id of the image. */
  readonly id: string;
  /** The registry's digest, `sha256:...`; null for images that came from none. */
  readonly digest: string | null;
}

/** The pins of all names. */
export interface Pins {
  get(image: string): Pin | null;
  /** Resolves when it is written; rejects when it cannot be. */
  set(image: string, pin: Pin): Promise<void>;
}

const fileSchema = z.record(z.string(), z.object({ id: z.string(), digest: z.string().nullable() }));

/** Reads the file; one that is not there is empty. Rejects when it is damaged, since that would agree to everything. */
export async function openPins(file: string): Promise<Pins> {
  const pins = new Map<string, Pin>();
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  for (const [image, pin] of Object.entries(fileSchema.parse(JSON.parse(text)))) pins.set(image, pin);
  let writing: Promise<void> = Promise.resolve();
  return {
    get: (image) => pins.get(image) ?? null,
    set(image, pin) {
      pins.set(image, pin);
      const write = (): Promise<void> =>
        writeFileAtomic(file, `${JSON.stringify(Object.fromEntries(pins), null, 2)}\n`, { mode: 0o600 });
      writing = writing.then(write, write);
      return writing;
    },
  };
}

/** Whether both are the same image; one engine may know it by another id than the other. */
export function samePin(a: Pin, b: Pin): boolean {
  return a.id === b.id || (a.digest !== null && a.digest === b.digest);
}
