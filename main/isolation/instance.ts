/**
 * The name of this Gatehouse among others that use the same engine, so that each ends only its own containers. Kept in the
 * data directory; made at the first use of containers.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';

/** The name, or null when containers were never used. */
export async function knownInstance(file: string): Promise<string | null> {
  const text = (await readFile(file, 'utf8').catch(() => '')).trim();
  return /^[0-9a-f]{16}$/.test(text) ? text : null;
}

/** The name, made when there is none. Rejects when it cannot be written. */
export async function instanceName(file: string): Promise<string> {
  const known = await knownInstance(file);
  if (known !== null) return known;
  const made = randomBytes(8).toString('hex');
  await writeFileAtomic(file, `${made}\n`, { mode: 0o600 });
  return made;
}
