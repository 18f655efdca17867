/**
 * The file of clients, `clients.json`: what may stand in it, and reading it. Tokens are in it as hashes only. A damaged one
 * is set aside, so that nobody is let in by mistake.
 */
import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';

export const CLIENT_FILE_VERSION = 1;

const moment = z.number().int().min(0);
/** SHA-256 in hex. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const signInSchema = z.strictObject({
  id: z.string(),
  /** As whom the client has registered. */
  clientId: z.string(),
  /** The path that it was let in to, such as `/mcp`. */
  resource: z.string(),
  /** Where its browser went back to. */
  redirect: z.string(),
  at: moment,
  /** Its access token, and until when that is good. */
  access: hash,
  accessUntil: moment,
  /** Its refresh token, and until when that is good. */
  refresh: hash,
  until: moment,
});
const clientSchema = z.strictObject({
  name: z.string(),
  /** Of the token that was pasted; null when there is none, or it was revoked. */
  hash: hash.nullable(),
  servers: z.array(z.string()).nullable(),
  profile: z.string().nullable(),
  permission: z.enum(['read', 'write', 'destructive']),
  expiresAt: moment.nullable(),
  createdAt: moment,
  rotatedAt: moment.nullable(),
  lastSeen: moment.nullable(),
  revokedAt: moment.nullable(),
  /** As whom it signs in, and what for; absent for clients that have never signed in. */
  signsIn: z.strictObject({ clientId: z.string(), resource: z.string() }).optional(),
  signIns: z.array(signInSchema).default([]),
});
const fileSchema = z.strictObject({
  version: z.literal(CLIENT_FILE_VERSION),
  clients: z.array(clientSchema),
});

/** One client as it is kept. */
export type StoredClient = z.infer<typeof clientSchema>;
/** One sign-in of a client: renewed for as long as it is used. */
export type StoredSignIn = z.infer<typeof signInSchema>;

/**
 * Reads the file; a missing one holds no clients.
 *
 * @throws GatehouseError `identity.clients_unreadable` when it cannot be read
 */
export async function loadClients(
  file: string,
  clock: Clock,
  onError: (problem: GatehouseError) => void,
): Promise<Map<string, StoredClient>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return new Map();
    throw new GatehouseError({
      code: 'identity.clients_unreadable',
      message: 'The file of client tokens cannot be read.',
      remedy: 'Check the rights of {file}, then start Gatehouse again.',
      values: { file },
      cause,
    });
  }
  try {
    const { clients } = fileSchema.parse(JSON.parse(text));
    return new Map(clients.map((client) => [client.name, client]));
  } catch (cause) {
    const aside = `${file}.damaged-${clock.now()}`;
    await rename(file, aside).catch(() => undefined);
    onError(
      new GatehouseError({
        code: 'identity.clients_damaged',
        message: 'The file of client tokens was damaged; none of them is accepted any more.',
        remedy: 'Make the clients anew. The old file is kept as {aside}.',
        values: { aside },
        cause,
      }),
    );
    return new Map();
  }
}
