/**
 * Two ways to close a text so that it may lie on disk: with a key of the login (Electron's safeStorage), or with a key
 * file beside it (AES-256-GCM), which protects a copied or backed-up file, not against who can read the data directory.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { codeOf } from './problems.ts';
import { writeDurably } from './write.ts';

/** Electron's safeStorage, or a fake. `isAvailable` must be false for its unencrypted `basic_text` backend. */
export interface SafeStoragePort {
  isAvailable(): boolean;
  encrypt(text: string): Buffer;
  decrypt(data: Buffer): string;
}

/** Closes and opens the whole content of the file of secrets. */
export interface Seal {
  close(text: string): Promise<string>;
  /** Throws whatever goes wrong: damage and a wrong key look the same. */
  open(sealed: string): Promise<string>;
}

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const safeStorageFile = z.strictObject({
  version: z.literal(1),
  cipher: z.literal('safe-storage'),
  data: base64,
});
const keyFileFile = z.strictObject({
  version: z.literal(1),
  cipher: z.literal('aes-256-gcm'),
  nonce: base64,
  tag: base64,
  data: base64,
});

/** Says what the file is, so that no other file closed with the same key passes for it. */
const CONTEXT = Buffer.from('gatehouse secrets 1');

/** A seal whose key the operating system keeps for this login. */
export function safeStorageSeal(safeStorage: SafeStoragePort): Seal {
  return {
    async close(text) {
      const data = safeStorage.encrypt(text).toString('base64');
      return `${JSON.stringify({ version: 1, cipher: 'safe-storage', data })}\n`;
    },
    async open(sealed) {
      const { data } = safeStorageFile.parse(JSON.parse(sealed));
      return safeStorage.decrypt(Buffer.from(data, 'base64'));
    },
  };
}

/** A seal with the key in `keyFile`, which the first `close` makes (readable by its owner only). */
export function keyFileSeal(keyFile: string): Seal {
  return {
    async close(text) {
      const key = await readOrMakeKey(keyFile);
      // A new random nonce each time: 96 bits never repeat within the writes of a lifetime.
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(CONTEXT);
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const file = {
        version: 1,
        cipher: 'aes-256-gcm',
        nonce: nonce.toString('base64'),
        tag: cipher.getAuthTag().toString('base64'),
        data: data.toString('base64'),
      };
      return `${JSON.stringify(file)}\n`;
    },
    async open(sealed) {
      const file = keyFileFile.parse(JSON.parse(sealed));
      const key = await readKey(keyFile);
      const nonce = Buffer.from(file.nonce, 'base64');
      // The length is fixed, or a short tag could be guessed.
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
        .setAAD(CONTEXT)
        .setAuthTag(Buffer.from(file.tag, 'base64'));
      return decipher.update(file.data, 'base64', 'utf8') + decipher.final('utf8');
    },
  };
}

async function readKey(keyFile: string): Promise<Buffer> {
  const key = Buffer.from((await readFile(keyFile, 'utf8')).trim(), 'base64');
  if (key.length !== 32) throw new Error('the key file does not hold a key');
  return key;
}

async function readOrMakeKey(keyFile: string): Promise<Buffer> {
  try {
    return await readKey(keyFile);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const key = randomBytes(32);
  await writeDurably(keyFile, `${key.toString('base64')}\n`);
  return key;
}
