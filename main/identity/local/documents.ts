/**
 * Clients, as they say of themselves: in a registration (RFC 7591), or in the document at the address that is their id
 * (client id metadata documents). Pure.
 */
import { z } from 'zod';
import { Fault } from './fault.ts';
import type { KnownClient } from './ports.ts';
import { redirectKind } from './redirects.ts';

/** Addresses of one client at most. */
const REDIRECTS = 20;
/** Longest address that is a client's id. Characters. */
const LONGEST_ID = 1_000;
/** Longest name that is kept. Characters. */
const LONGEST_NAME = 120;

const metadata = z.object({
  redirect_uris: z.array(z.string()).min(1).max(REDIRECTS),
  client_name: z.string().optional(),
  token_endpoint_auth_method: z.string().optional(),
  grant_types: z.array(z.string()).max(20).optional(),
  response_types: z.array(z.string()).max(20).optional(),
});
const document = metadata.extend({ client_id: z.string(), client_secret: z.undefined().optional() });

/** What a client registers. Addresses elsewhere than on this computer are left out (RFC 7591 section 2). */
export interface Registration {
  readonly name: string | null;
  readonly redirects: readonly string[];
}

/** @throws Fault `invalid_redirect_uri`, `invalid_client_metadata` */
export function readRegistration(text: string): Registration {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault('invalid_client_metadata', 'The body is no JSON.');
  }
  const read = metadata.safeParse(value);
  if (!read.success) {
    const isRedirect = read.error.issues.some(({ path }) => path[0] === 'redirect_uris');
    throw new Fault(
      isRedirect ? 'invalid_redirect_uri' : 'invalid_client_metadata',
      isRedirect ? 'redirect_uris must be a list of 1 to 20 addresses.' : 'The client metadata is malformed.',
    );
  }
  if (read.data.grant_types?.includes('authorization_code') === false)
    throw new Fault('invalid_client_metadata', 'Only the grant authorization_code is offered.');
  if (read.data.response_types?.includes('code') === false)
    throw new Fault('invalid_client_metadata', 'Only the response type code is offered.');
  return { name: nameIn(read.data.client_name), redirects: local(read.data.redirect_uris) };
}

/** Whether a client's id is the address of its document. */
export function isDocumentAddress(clientId: string): boolean {
  if (!clientId.startsWith('https://') || clientId.length > LONGEST_ID || !/^[\x21-\x7e]+$/.test(clientId))
    return false;
  let url: URL;
  try {
    url = new URL(clientId);
  } catch {
    return false;
  }
  const plain = url.username === '' && url.password === '' && !clientId.includes('#');
  // As written: dots in a path and other spellings of one address would make one client two.
  return plain && url.pathname !== '/' && url.port === '' && url.href === clientId;
}

/** The client that a document describes. @throws Fault `invalid_client` */
export function readDocument(clientId: string, value: unknown): KnownClient {
  const read = document.safeParse(value);
  if (!read.success) throw invalidDocument('it is malformed');
  if (read.data.client_id !== clientId) throw invalidDocument('it is the document of another client');
  const method = read.data.token_endpoint_auth_method ?? 'none';
  if (method !== 'none') throw invalidDocument('its client is no public one');
  const redirects = read.data.redirect_uris.filter((uri) => redirectKind(uri) !== null);
  if (redirects.length === 0) throw invalidDocument('none of its redirect_uris is on this computer');
  return { clientId, name: nameIn(read.data.client_name), redirects, isDocument: true };
}

/** The fault for a client's document that cannot be used; `why` goes on "cannot be used:". */
export function invalidDocument(why: string): Fault {
  return new Fault('invalid_client', `The document of the client cannot be used: ${why}.`);
}

function local(uris: readonly string[]): readonly string[] {
  const redirects = uris.filter((uri) => redirectKind(uri) !== null);
  if (redirects.length > 0) return redirects;
  throw new Fault(
    'invalid_redirect_uri',
    'None of the redirect_uris is on this computer (http on loopback).',
  );
}

function nameIn(text: string | undefined): string | null {
  const name = text?.trim().slice(0, LONGEST_NAME) ?? '';
  return name === '' ? null : name;
}
