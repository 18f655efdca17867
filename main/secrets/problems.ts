/**
 * The errors of this room, and the rules for names and values. Pure. No text holds a value.
 */
import { GatehouseError } from '../protocol/error.ts';

/** Longest value, in UTF-8 bytes. The keychains of all three systems take this much but Windows (2,560 bytes). */
const MAX_VALUE = 65_536;

/**
 * Refuses names that a reference, a command line or a keychain could not carry.
 *
 * @throws GatehouseError `secrets.bad_name`
 */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9_.@:/-]{1,128}$/.test(name) && !name.startsWith('-') && name !== '__proto__') return;
  throw new GatehouseError({
    code: 'secrets.bad_name',
    message: 'This cannot be the name of a secret.',
    remedy: 'Names have 1 to 128 characters of A-Z a-z 0-9 _ . @ : / - and do not begin with "-".',
  });
}

/**
 * Refuses empty and very long values, and NUL, which keychains cut at.
 *
 * @throws GatehouseError `secrets.bad_value`
 */
export function checkValue(value: string): void {
  if (value !== '' && !value.includes('\0') && Buffer.byteLength(value) <= MAX_VALUE) return;
  throw new GatehouseError({
    code: 'secrets.bad_value',
    message: 'A secret has 1 to 65,536 bytes and no NUL character.',
    remedy: 'Check what was given to it.',
  });
}

/** There is no such secret. */
export function noSuchSecret(name: string): GatehouseError {
  return new GatehouseError({
    code: 'secrets.not_found',
    message: 'There is no secret "{name}".',
    remedy: 'See the names with: gatehouse secret list',
    values: { name },
  });
}

/** The keychain cannot be used; `why` is its own short word on it. */
export function keychainUnavailable(why: string, cause?: unknown): GatehouseError {
  return new GatehouseError({
    code: 'secrets.keychain_unavailable',
    message: 'The system keychain cannot be used: {why}.',
    ...(process.platform === 'linux'
      ? {
          form: 'linux',
          remedy: 'Start a desktop session with a keyring (GNOME Keyring or KWallet) and unlock it.',
        }
      : { remedy: 'Unlock the keychain and allow Gatehouse to use it.' }),
    values: { why },
    cause,
  });
}

/** The keychain holds this data directory's secrets but cannot be used now. */
export function keychainGone(cause: unknown): GatehouseError {
  const why = cause instanceof GatehouseError ? cause.message : 'The system keychain cannot be used.';
  return new GatehouseError({
    code: 'secrets.keychain_gone',
    message: 'The secrets are in the system keychain, which cannot be used now. {why}',
    remedy:
      'Unlock the keychain or log in to the desktop session where the secrets were stored; nothing is lost.',
    values: { why },
    cause,
  });
}

/** The secrets were encrypted by the desktop app, and this process is not it. */
export function safeStorageGone(): GatehouseError {
  return new GatehouseError({
    code: 'secrets.safe_storage_gone',
    message:
      'The secrets are in a file that only the Gatehouse desktop app can open, with the key of this login.',
    remedy: 'Use the desktop app in the session where the secrets were stored; nothing is lost.',
  });
}

/** The encrypted file does not open. */
export function damaged(file: string, cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'secrets.damaged',
    message:
      'The encrypted file {file} cannot be opened: it is damaged, or its key is not the one that closed it.',
    remedy: 'Put the file and its key back from a backup; or delete both and store the secrets again.',
    values: { file },
    cause,
  });
}

/** The encrypted file or its key cannot be read or written. */
export function fileTrouble(file: string, cause: unknown): GatehouseError {
  const code = codeOf(cause);
  return new GatehouseError({
    code: 'secrets.file_failed',
    message: `The file {file} cannot be read or written${code === null ? '' : ` (${code})`}.`,
    remedy: 'Check that the data directory is writable and that the disk has room.',
    values: { file },
    cause,
  });
}

/** A store gives back something else than was put into it. */
export function notKept(name: string): GatehouseError {
  return new GatehouseError({
    code: 'secrets.not_kept',
    message: 'The new store did not keep "{name}" as it was; nothing was moved.',
    remedy: 'Keep the store that you have; nothing is lost.',
    values: { name },
  });
}

/** Another process keeps the file to itself. */
export function busy(file: string): GatehouseError {
  return new GatehouseError({
    code: 'secrets.busy',
    message: 'Another process has been writing secrets for seconds ({file}).',
    remedy: 'Try again; if nothing else of Gatehouse runs, delete that file.',
    values: { file },
  });
}

/** The `code` of a system error, such as `ENOENT`. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
