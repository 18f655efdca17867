/**
 * One file of a client on disk: looked at whole, and replaced in one step, or not at all. Symbolic links are followed to
 * the real file; a file that changed since it was looked at is never overwritten. Holds nothing open.
 */
import { isUtf8 } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import {
  access,
  chown,
  constants,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { withFileLock } from './lock.ts';

/** Larger files are no settings. Bytes. */
const LARGEST = 64 * 1024 * 1024;
/** Windows refuses to replace a file while another program reads it. */
const RENAME_TRIES = 20;
const RENAME_PAUSE_MS = 50;
/** A temporary file of ours that is older was left behind by a killed process. Milliseconds. */
const LEFT_BEHIND_MS = 60_000;

/** Stands for a file that is not there. */
export const NO_FILE = 'none';

/** What was found. */
export interface Seen {
  /** The path as it was asked for. */
  readonly file: string;
  /** Where the bytes really lie. */
  readonly real: string;
  readonly exists: boolean;
  readonly bytes: Buffer;
  /** SHA-256 of the bytes in hex, or `NO_FILE`. */
  readonly hash: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Looks at a file. @throws GatehouseError `clients.dangling_link`, `clients.no_file`, `clients.unreadable`, `clients.too_large` */
export async function look(file: string): Promise<Seen> {
  const real = await realOf(file);
  try {
    const found = await stat(real);
    if (!found.isFile())
      throw fault('clients.no_file', 'This is not a file.', 'Choose the settings file of the program.');
    if (found.size > LARGEST)
      throw fault(
        'clients.too_large',
        'This file is too large for settings.',
        'Choose the settings file of the program.',
      );
    const bytes = await readFile(real);
    return { file, real, exists: true, bytes, hash: hashOf(bytes), mode: found.mode & 0o777 };
  } catch (error) {
    if (error instanceof GatehouseError) throw error;
    if (codeOf(error) === 'ENOENT') {
      return { file, real, exists: false, bytes: Buffer.alloc(0), hash: NO_FILE, mode: 0o600 };
    }
    throw fault(
      'clients.unreadable',
      `The file cannot be read${inBrackets(error)}.`,
      'Check that you may read it.',
      error,
    );
  }
}

/** The text of a file, and the byte order mark before it. @throws GatehouseError `clients.encoding` */
export function textOf(seen: Seen): { readonly mark: string; readonly text: string } {
  // Decoding would replace foreign bytes, and the next write would lose them.
  if (!isUtf8(seen.bytes) || seen.bytes.includes(0)) {
    throw fault(
      'clients.encoding',
      'The file is not UTF-8 text.',
      'Save it again with the encoding UTF-8; nothing was changed.',
    );
  }
  const all = seen.bytes.toString('utf8');
  return all.startsWith('\ufeff') ? { mark: '\ufeff', text: all.slice(1) } : { mark: '', text: all };
}

/**
 * Puts `after` in the place of what was seen; null removes the file. A new file is for its owner only.
 *
 * @throws GatehouseError `clients.changed_meanwhile`, `clients.read_only`, `clients.locked`, `clients.write_failed`
 */
export async function replace(
  seen: Seen,
  after: Buffer | null,
  clock: Clock,
  beforeWrite?: () => Promise<void>,
): Promise<void> {
  const folder = dirname(seen.real);
  try {
    if (!seen.exists) await mkdir(folder, { recursive: true, mode: 0o700 });
    await checkWritable(seen, folder);
    await withFileLock(seen.real, clock, async () => {
      const now = await look(seen.file);
      if (now.real !== seen.real || now.hash !== seen.hash) throw changedMeanwhile();
      await beforeWrite?.();
      if (after === null) await unlink(seen.real);
      else await swap(seen, after, folder, clock);
      const written = await look(seen.file);
      if (written.hash !== (after === null ? NO_FILE : hashOf(after))) {
        throw fault(
          'clients.write_failed',
          'Another program changed the file at the same moment.',
          'Look at it again; a copy of the old one is kept.',
        );
      }
    });
    // A folder made for the file goes with it, or it would pass for a sign of its program; others are not empty.
    if (after === null) await rmdir(folder).catch(() => undefined);
  } catch (error) {
    if (error instanceof GatehouseError) throw error;
    if (codeOf(error) === 'EROFS') throw readOnly(error);
    throw fault(
      'clients.write_failed',
      `The file cannot be written${inBrackets(error)}.`,
      'Check that its folder is writable and that the disk has room.',
      error,
    );
  }
}

/** SHA-256 in hexadecimal digits, to know a file's bytes again. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The file is not the one that was looked at. */
export function changedMeanwhile(): GatehouseError {
  return fault(
    'clients.changed_meanwhile',
    'The file changed since you looked.',
    'Look at the new difference and decide again.',
  );
}

async function realOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw fault(
        'clients.unreadable',
        `The file cannot be reached${inBrackets(error)}.`,
        'Check that you may read it.',
        error,
      );
    }
  }
  const link = await lstat(file).catch(() => null);
  if (link !== null) {
    throw fault(
      'clients.dangling_link',
      'The file is a link to something that is not there.',
      'Put its target back, or remove the link; nothing was changed.',
    );
  }
  return file;
}

/** Asked before anything is made: an unwritable file in a writable folder could be replaced, but was locked on purpose. */
async function checkWritable(seen: Seen, folder: string): Promise<void> {
  try {
    if (seen.exists && (seen.mode & 0o222) === 0) throw new Error('no write bits');
    if (seen.exists) await access(seen.real, constants.W_OK);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw readOnly(error);
  }
}

async function swap(seen: Seen, after: Buffer, folder: string, clock: Clock): Promise<void> {
  const start = `.${basename(seen.real)}.gatehouse-`;
  await sweep(folder, start, clock);
  const temporary = join(folder, start + randomBytes(6).toString('hex'));
  try {
    const handle = await open(temporary, 'wx', seen.mode);
    try {
      await handle.writeFile(after);
      // The mask of the process may have taken bits away.
      await handle.chmod(seen.mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await keepOwner(seen.real, temporary);
    await renamePatiently(temporary, seen.real, clock);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/** Run as root, the file must stay its user's. */
async function keepOwner(real: string, temporary: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const owner = await stat(real).catch(() => stat(dirname(real)));
  await chown(temporary, owner.uid, owner.gid);
}

async function renamePatiently(from: string, to: string, clock: Clock): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const busy = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '');
      if (!busy || tries >= RENAME_TRIES) throw error;
    }
    await new Promise<void>((resolve) => void clock.after(RENAME_PAUSE_MS, resolve));
  }
}

/** The name is durable only with its folder; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}

async function sweep(folder: string, start: string, clock: Clock): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(start)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && clock.now() - found.mtimeMs > LEFT_BEHIND_MS)
      await unlink(path).catch(() => undefined);
  }
}

function readOnly(cause: unknown): GatehouseError {
  return fault(
    'clients.read_only',
    'The file may not be written.',
    'Make it writable, or copy the entry and paste it in by hand; nothing was changed.',
    cause,
  );
}

function fault(code: string, message: string, remedy: string, cause?: unknown): GatehouseError {
  return new GatehouseError({ code, message, remedy, cause });
}

function inBrackets(error: unknown): string {
  const code = codeOf(error);
  return code === null ? '' : ` (${code})`;
}

/** The system's code of an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
