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

/** The pins of all names. The file is read each time: the command line writes it too. */
export interface Pins {
  /** Rejects when the file is damaged, since an empty one would agree to everything. */
  get(image: string): Promise<Pin | null>;
  /** Rejects when it cannot be written. */
  set(image: string, pin: Pin): Promise<void>;
}

const fileSchema = z.record(z.string(), z.object({ id: z.string(), digest: z.string().nullable() }));

/** The pins in this file; one that is not there is empty. */
export function openPins(file: string): Pins {
  const read = async (): Promise<Record<string, Pin>> => {
    try {
      return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
  };
  let writing: Promise<void> = Promise.resolve();
  return {
    async get(image) {
      await writing.catch(() => undefined);
      const pins = await read();
      return Object.hasOwn(pins, image) ? (pins[image] ?? null) : null;
    },
    set(image, pin) {
      const write = async (): Promise<void> => {
        const pins = { ...(await read()), [image]: pin };
        await writeFileAtomic(file, `${JSON.stringify(pins, null, 2)}\n`, { mode: 0o600 });
      };
      writing = writing.then(write, write);
      return writing;
    },
  };
}

/** Whether both are the same image; one engine may know it by another id than the other. */
export function samePin(a: Pin, b: Pin): boolean {
  return a.id === b.id || (a.digest !== null && a.digest === b.digest);
}
