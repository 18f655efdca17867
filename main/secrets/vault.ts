/**
 * Texts too large or too often written for a keychain, such as the tokens of sign-ins: one encrypted file each, with one
 * key for all of them in the store of secrets. A file is replaced in one step, so that a crash leaves the old text or the
 * new one. Holds nothing open.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../protocol/clock.ts';
import type { Way } from '../protocol/exchange.ts';
import { type CourierCommand, carry, nodeCourier } from './courier.ts';
import { type ShareLock, withLock } from './lock.ts';
import { codeOf, damaged, fileTrouble } from './problems.ts';
import type { SecretStore } from './secrets.ts';
import { writeDurably } from './write.ts';

/** The name of the key's entry in the store of secrets, as people see it in their keychain program. */
export const VAULT_KEY = 'gatehouse-sign-ins-key';

/** Milliseconds that one piece of exclusive work may take at most: a request to a server, and some more. */
const LONGEST_MS = 90_000;

/** Encrypted texts by name. Calls reject with `secrets.*`. */
export interface Vault {
  read(name: string): Promise<string | null>;
  /** Settles when the new text would survive a crash. */
  write(name: string, text: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Runs `work` while no other process runs such work under this name. Rejects with `secrets.busy` after 90 s. */
  exclusive<T>(name: string, work: (courier: Courier) => Promise<T>): Promise<T>;
}

/** Carries requests whose answers must not be lost, even when this process is killed. */
export interface Courier {
  /**
   * Posts, and keeps the answer under the name until `settle`. `about` tells later what it answers. Rejects with a
   * TypeError when there is no answer.
   */
  post(about: string, request: CourierRequest): Promise<Response>;
  /** The answer that was kept for this; null when there is none. */
  kept(about: string): Promise<Response | null>;
  /** The answer is taken care of. */
  settle(): Promise<void>;
}

/** One request. */
export interface CourierRequest {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
  /** Milliseconds for the answer. */
  readonly limitMs: number;
  readonly way: Way;
}

/** What a vault needs. */
export interface VaultOptions {
  /** Where the files lie; made when missing. */
  readonly directory: string;
  readonly clock: Clock;
  /** The store that holds the key; asked once, when the first text is read or written. */
  secrets(): Promise<SecretStore>;
  /** How the helper is started that carries requests; without it, this process's own Node where it is one. */
  readonly courier?: CourierCommand | undefined;
}

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const answerSchema = z.object({ about: z.string(), status: z.number(), body: z.string() });
const fileSchema = z.strictObject({ version: z.literal(1), nonce: base64, tag: base64, data: base64 });

/** Opens nothing yet. */
export function createVault({
  directory,
  clock,
  secrets,
  courier = nodeCourier() ?? undefined,
}: VaultOptions): Vault {
  let key: Promise<Buffer> | null = null;
  /** Waits for the keychain where there is one; a failure is not kept, since it may be unlocked by then. */
  const keyOf = (): Promise<Buffer> => {
    key ??= secrets()
      .then((store) =>
        withLockIn('key', async () => {
          const kept = await store.get(VAULT_KEY);
          if (kept !== null) return Buffer.from(kept, 'base64');
          const made = randomBytes(32);
          await store.set(VAULT_KEY, made.toString('base64'));
          return made;
        }),
      )
      .catch((error: unknown) => {
        key = null;
        throw error;
      });
    return key;
  };
  const withLockIn = async <T>(name: string, work: (share: ShareLock) => Promise<T>): Promise<T> => {
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw fileTrouble(directory, error);
    }
    return withLock(join(directory, `${name}.lock`), clock, work, LONGEST_MS);
  };
  const fileOf = (name: string): string => join(directory, `${fileName(name)}.enc`);
  return {
    async read(name) {
      const file = fileOf(name);
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw fileTrouble(file, error);
      }
      const opener = await keyOf();
      try {
        return open(text, opener, name);
      } catch {
        // The cause is dropped: a parser's complaint could quote what was decrypted.
        throw damaged(file, undefined);
      }
    },
    async write(name, text) {
      const sealed = seal(text, await keyOf(), name);
      const file = fileOf(name);
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await writeDurably(file, sealed);
      } catch (error) {
        throw fileTrouble(file, error);
      }
    },
    async delete(name) {
      try {
        await unlink(fileOf(name));
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw fileTrouble(fileOf(name), error);
      }
    },
    exclusive: (name, work) =>
      withLockIn(fileName(name), (share) =>
        work(courierOf(courier, name, join(directory, `${fileName(name)}.answer`), keyOf, share)),
      ),
  };
}

function courierOf(
  command: CourierCommand | undefined,
  name: string,
  file: string,
  keyOf: () => Promise<Buffer>,
  share: ShareLock,
): Courier {
  const about = (text: string): string => createHash('sha256').update(text).digest('base64');
  const context = `${name} answer`;
  return {
    async post(what, { url, headers, body, limitMs, way }) {
      if (command === undefined) throw new TypeError('no helper process can be started here');
      const key = (await keyOf()).toString('base64');
      const asked = { method: 'POST', url: url.href, headers: [...headers], body, way };
      const errand = { asked, limitMs, file, key, about: about(what), context: contextOf(context) };
      try {
        const { status, body: text } = await carry(command, errand, share);
        return new Response(text, { status });
      } catch (cause) {
        throw new TypeError('no answer', { cause });
      }
    },
    async kept(what) {
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch {
        return null;
      }
      try {
        const answer = answerSchema.parse(JSON.parse(open(text, await keyOf(), context)));
        if (answer.about === about(what)) return new Response(answer.body, { status: answer.status });
      } catch {
        // Of another key, or cut off: as good as none.
      }
      return null;
    },
    settle: () => unlink(file).catch(() => undefined),
  };
}

/** Readable, and apart also where the file system knows no capitals or keeps names for itself. */
function fileName(name: string): string {
  const short = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
  return `of-${short}-${createHash('sha256').update(name).digest('hex').slice(0, 10)}`;
}

function contextOf(name: string): string {
  return `gatehouse vault 1 ${name}`;
}

/** The name is part of what is sealed, so that no file passes for another one. */
function seal(text: string, key: Buffer, name: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(contextOf(name)));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const file = {
    version: 1,
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return `${JSON.stringify(file)}\n`;
}

function open(text: string, key: Buffer, name: string): string {
  const { nonce, tag, data } = fileSchema.parse(JSON.parse(text));
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
    .setAAD(Buffer.from(contextOf(name)))
    .setAuthTag(Buffer.from(tag, 'base64'));
  return decipher.update(data, 'base64', 'utf8') + decipher.final('utf8');
}
