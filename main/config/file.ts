/**
 * The configuration file on disk: reading it whole, creating it, and replacing it in one step. Holds nothing open.
 */
import { isUtf8 } from 'node:buffer';
import { lstat, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ConfigError } from './error.ts';
import { configSchemaText, defaultConfigText, SCHEMA_NAME } from './publish.ts';

/** Largest configuration that is read, in bytes. */
export const MAX_BYTES = 4 * 1024 * 1024;

/** Stands for a file that is not there. */
export const MISSING: unique symbol = Symbol('missing');
/** Stands for a file that cannot be read. */
export const UNREADABLE: unique symbol = Symbol('unreadable');

/** What was found at the file's path, comparable with `===`. */
export type Seen = string | typeof MISSING | typeof UNREADABLE;

/**
 * The file's text.
 *
 * @throws ConfigError `config.not_found`, `config.unreadable`, or `config.syntax` when it is not UTF-8
 */
export async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw tooLarge(file);
    bytes = await readFile(file);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw codeOf(cause) === 'ENOENT' ? missing(file, cause) : unreadable(file, cause);
  }
  // Decoding would replace foreign bytes, and the next write would lose them.
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new ConfigError({
    code: 'config.syntax',
    message: 'The file is not UTF-8 text.',
    remedy: 'Save it again with the encoding UTF-8.',
    file,
    line: 1,
    column: 1,
  });
}

/** The same without throwing, for a watch that meets all sorts of half-done saves. */
export async function readSeen(
  file: string,
): Promise<{ seen: string; fault: null } | { seen: Seen; fault: ConfigError }> {
  try {
    return { seen: await readText(file), fault: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { seen: error.code === 'config.not_found' ? MISSING : UNREADABLE, fault: error };
  }
}

/**
 * Makes the file with comments and without servers, and its directory, unless something lies there already (even a
 * link to nowhere, which is the user's).
 *
 * @throws ConfigError `config.write_failed`
 */
export async function createDefault(file: string): Promise<void> {
  try {
    await lstat(file);
    return;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return;
  }
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeDurably(file, defaultConfigText(), 0o600);
  } catch (cause) {
    throw writeFailed(file, cause);
  }
}

/**
 * Puts the JSON schema of this version beside the file, where its `$schema` looks for it, unless it lies there already.
 * A convenience for editors: what fails is left.
 */
export async function refreshSchema(file: string): Promise<void> {
  const beside = join(dirname(file), SCHEMA_NAME);
  const text = configSchemaText();
  try {
    if ((await readFile(beside, 'utf8').catch(() => null)) === text) return;
    await writeDurably(beside, text, 0o600);
  } catch {
    // The app runs as well without it.
  }
}

/**
 * Puts `after` in the place of `before` and keeps the file's mode. Says false, and writes nothing, when the file no
 * longer holds `before`.
 *
 * @throws ConfigError `config.write_failed`
 */
export async function replace(file: string, before: string, after: string): Promise<boolean> {
  const overtaken = new Error('overtaken');
  try {
    const { mode } = await stat(file);
    await writeDurably(file, after, mode & 0o777, async () => {
      if ((await readText(file)) !== before) throw overtaken;
    });
    return true;
  } catch (error) {
    if (error === overtaken) return false;
    throw error instanceof ConfigError ? error : writeFailed(file, error);
  }
}

/**
 * Temp file, fsync, rename; a symbolic link is followed. The library itself would write with one write(2) and not
 * notice a short one on a full disk, so the bytes go in through its hook and it only syncs and renames.
 */
async function writeDurably(
  file: string,
  text: string,
  mode: number,
  last?: () => Promise<void>,
): Promise<void> {
  await writeFileAtomic(file, '', {
    mode,
    tmpfileCreated: async (temporary) => {
      await writeFile(temporary, text);
      await last?.();
    },
  });
}

function missing(file: string, cause: unknown): ConfigError {
  return new ConfigError({
    code: 'config.not_found',
    message: 'The configuration file is not there.',
    remedy: 'Put it back, or start Gatehouse with --config and another file.',
    file,
    cause,
  });
}

function unreadable(file: string, cause: unknown): ConfigError {
  return new ConfigError({
    code: 'config.unreadable',
    message: `The configuration file cannot be read${inBrackets(cause)}.`,
    remedy: 'Check that it is a file and that you may read it.',
    file,
    cause,
  });
}

/** The error for a file or an answer beyond all measure. */
export function tooLarge(file: string): ConfigError {
  return new ConfigError({
    code: 'config.too_large',
    message: 'The file is larger than {size} MiB, which no configuration is.',
    values: { size: MAX_BYTES / 1024 / 1024 },
    remedy: 'Name another file.',
    file,
  });
}

/** The error for a file that could not be written. */
export function writeFailed(file: string, cause: unknown): ConfigError {
  return new ConfigError({
    code: 'config.write_failed',
    message: `The configuration file cannot be written${inBrackets(cause)}.`,
    remedy: 'Check that its directory is writable and that the disk has room.',
    file,
    cause,
  });
}

function inBrackets(error: unknown): string {
  const code = codeOf(error);
  return code === null ? '' : ` (${code})`;
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
