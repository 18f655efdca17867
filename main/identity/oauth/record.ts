/**
 * What is kept of one server's sign-in, and how it is read and written. It is kept encrypted; see the secrets room.
 */
import { z } from 'zod';
import type { SignInView } from '../../../preload/views/sign-in.ts';
import type { Vault } from '../../secrets/vault.ts';

const clientSchema = z.object({
  id: z.string(),
  /** Only of a client that was registered; a configured secret stays where it is. */
  secret: z.string().nullable(),
  method: z.string().nullable(),
  from: z.enum(['configured', 'document', 'registered']),
  redirectUri: z.string().nullable(),
  /** What it was registered for; null where that was not said. */
  scope: z.string().nullable(),
});

const tokensSchema = z.object({
  access: z.string(),
  refresh: z.string().nullable(),
  scope: z.string().nullable(),
  /** Epoch milliseconds by this computer's clock. */
  obtainedAt: z.number(),
  expiresAt: z.number().nullable(),
});

const recordSchema = z.object({
  version: z.literal(1),
  /** The server's address when the tokens were issued: they go to no other. */
  url: z.string(),
  /** Which authorization server all of this belongs to. */
  issuer: z.string(),
  /** Its metadata (RFC 8414), as it was found; null for one that has none. */
  metadata: z.record(z.string(), z.unknown()).nullable(),
  resource: z.string().nullable(),
  client: clientSchema.nullable(),
  /** Whether no person is needed: the client has tokens of its own. */
  machine: z.boolean(),
  /** The port to which browsers come back. */
  port: z.number().nullable(),
  tokens: tokensSchema.nullable(),
  /** The scopes that were asked for. */
  asked: z.string().nullable(),
  /** Why somebody has to sign in again; null when nobody has. */
  ended: z.string().nullable(),
});

/** See above. */
export type SignInRecord = z.infer<typeof recordSchema>;
/** A client of an authorization server. */
export type KnownClient = z.infer<typeof clientSchema>;
/** What an authorization server has issued. */
export type KnownTokens = z.infer<typeof tokensSchema>;

/** The record of a server; null when there is none, or one of another format. Rejects as the store does. */
export async function readRecord(store: Vault, server: string): Promise<SignInRecord | null> {
  const text = await store.read(server);
  if (text === null) return null;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Keeps it in the vault. Rejects as the vault does. */
export function writeRecord(store: Vault, server: string, record: SignInRecord): Promise<void> {
  return store.write(server, JSON.stringify(record));
}

/** How the record looks to people. */
export function viewOf(
  record: SignInRecord | null,
  waiting: boolean,
  problem: SignInView['problem'],
): SignInView {
  const tokens = record?.tokens ?? null;
  const needed = problem !== null || (record !== null && record.ended !== null);
  return {
    state: waiting ? 'waiting' : needed ? 'needed' : tokens !== null ? 'signed-in' : 'none',
    provider: record === null ? null : hostOf(record.issuer),
    scopes: (tokens?.scope ?? record?.asked ?? '').split(/\s+/).filter((scope) => scope !== ''),
    expiresAt: tokens?.expiresAt ?? null,
    renews: tokens !== null && tokens.refresh !== null,
    problem,
  };
}

function hostOf(issuer: string): string {
  try {
    return new URL(issuer).host;
  } catch {
    return issuer.slice(0, 100);
  }
}
