/**
 * Where the web admin's password is kept: as a hash in a file of the data directory that only its user can read, or, for
 * one run, out of the environment. The file is looked at before it counts, so that `gatehouse admin password` holds at
 * once in an app that runs. Holds nothing open.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { GatehouseError } from '../protocol/error.ts';
import { hashPassword, type PasswordHash, passwordHashSchema } from './password.ts';

const fileSchema = z.strictObject({
  version: z.literal(1),
  password: passwordHashSchema,
  /** Base64; signs the cookies by which a browser is known again. Another one with each password. */
  browserKey: z.string().min(32).max(128),
});

/** What counts now. */
export interface Credential {
  readonly password: PasswordHash;
  readonly browserKey: Buffer;
  /** Another text for another credential: sessions of an older one are over. */
  readonly edition: string;
}

/** The place of the password. */
export interface PasswordStore {
  /** True when the environment gave it, so that it cannot be changed here. */
  readonly fixed: boolean;
  /** Null as long as none was set. Rejects with `admin.password_file` when the file is no such file. */
  current(): Promise<Credential | null>;
  /** Sets it. Rejects with `admin.password_too_short`, `admin.password_too_long`, `admin.password_file`. */
  set(password: string): Promise<void>;
}

/** The file of a data directory. */
export function passwordFile(dataDir: string): string {
  return join(dataDir, 'admin', 'password.json');
}

/** The store in the data directory. */
export function filePasswords(dataDir: string): PasswordStore {
  const file = passwordFile(dataDir);
  let known: { readonly seen: string; readonly credential: Credential } | null = null;
  return {
    fixed: false,
    async current() {
      const seen = await lookAt(file);
      if (seen === null) {
        known = null;
        return null;
      }
      if (known?.seen !== seen) known = { seen, credential: await read(file) };
      return known.credential;
    },
    async set(password) {
      const kept: z.infer<typeof fileSchema> = {
        version: 1,
        password: await hashPassword(password),
        browserKey: randomBytes(32).toString('base64'),
      };
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        // The hook gets the bytes in, so that a full disk is noticed before the old file is gone.
        await writeFileAtomic(file, '', {
          mode: 0o600,
          tmpfileCreated: (temporary) => writeFile(temporary, `${JSON.stringify(kept, null, 2)}\n`),
        });
      } catch (cause) {
        throw fileProblem(file, 'cannot be written', cause);
      }
    },
  };
}

/** The store of a password that was given from outside for this run. Rejects as `hashPassword` does. */
export async function givenPassword(password: string): Promise<PasswordStore> {
  const credential: Credential = {
    password: await hashPassword(password),
    browserKey: randomBytes(32),
    edition: 'given',
  };
  return {
    fixed: true,
    current: async () => credential,
    async set() {
      throw new GatehouseError({
        code: 'admin.password_given',
        message: 'The password of the web admin comes from the environment of this Gatehouse.',
        remedy:
          'Change GATEHOUSE_ADMIN_PASSWORD or the file that GATEHOUSE_ADMIN_PASSWORD_FILE names, and restart.',
      });
    },
  };
}

/** A text that differs when the file does; null when there is none. */
async function lookAt(file: string): Promise<string | null> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw fileProblem(file, 'cannot be read', cause);
  }
}

async function read(file: string): Promise<Credential> {
  try {
    const { password, browserKey } = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return { password, browserKey: Buffer.from(browserKey, 'base64'), edition: password.salt };
  } catch (cause) {
    throw fileProblem(file, 'is damaged', cause);
  }
}

/** A damaged file never counts as none: whoever damages it could then set a password of their own. */
function fileProblem(file: string, what: string, cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'admin.password_file',
    message: 'The password file of the web admin, {file}, {what}.',
    remedy: 'Check the rights of its folder, then set the password anew: gatehouse admin password.',
    values: { file, what },
    cause,
  });
}
