/**
 * Turns the password of the web admin into what may be kept of it, and compares. scrypt runs on another thread; one run
 * at a time, since each takes 64 MiB. Holds nothing open.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { GatehouseError } from '../protocol/error.ts';

/** Fewer characters are refused: there is no second factor behind it. */
export const SHORTEST_PASSWORD = 12;
/** More bytes are refused: nobody types them. */
const LONGEST_BYTES = 1_024;

/** What is kept of a password; the cost stands beside it, so that it can be raised later. */
export const passwordHashSchema = z.strictObject({
  kind: z.literal('scrypt'),
  /** CPU and memory cost, a power of two. */
  n: z.int().min(1_024).max(1_048_576),
  /** Block size. */
  r: z.int().min(1).max(32),
  /** Parallelization. */
  p: z.int().min(1).max(16),
  /** Base64. */
  salt: z.string().min(16).max(128),
  hash: z.string().min(40).max(128),
});

export type PasswordHash = z.infer<typeof passwordHashSchema>;

/** 64 MiB and some 400 ms on a small computer. */
const COST = { n: 65_536, r: 8, p: 2 } as const;
const HASH_BYTES = 32;

/**
 * The password as it is hashed: the same however a keyboard composes its letters.
 *
 * @throws GatehouseError `admin.password_too_short`, `admin.password_too_long`
 */
export function checkedPassword(password: string): string {
  const text = password.normalize('NFKC');
  if ([...text].length < SHORTEST_PASSWORD) {
    throw new GatehouseError({
      code: 'admin.password_too_short',
      message: 'The password of the web admin has at least {count} characters.',
      remedy: 'Choose a longer one, such as four words that do not belong together.',
      values: { count: SHORTEST_PASSWORD },
    });
  }
  if (Buffer.byteLength(text) > LONGEST_BYTES) {
    throw new GatehouseError({
      code: 'admin.password_too_long',
      message: 'The password of the web admin has at most {count} bytes.',
      remedy: 'Choose a shorter one.',
      values: { count: LONGEST_BYTES },
    });
  }
  return text;
}

/** Hashes a password that is allowed. Rejects as `checkedPassword` throws. */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const text = checkedPassword(password);
  const salt = randomBytes(16);
  const hash = await derive(text, salt, COST);
  return { kind: 'scrypt', ...COST, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** Whether it is that password. The comparison takes the same time however much of it is right. */
export async function isPassword(password: string, kept: PasswordHash): Promise<boolean> {
  const expected = Buffer.from(kept.hash, 'base64');
  const shown = await derive(password.normalize('NFKC'), Buffer.from(kept.salt, 'base64'), kept);
  return expected.length === shown.length && timingSafeEqual(expected, shown);
}

function derive(
  text: string,
  salt: Buffer,
  { n, r, p }: { n: number; r: number; p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 2 * 128 * n * r };
    scrypt(text, salt, HASH_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
