/**
 * Clients whose id is the address of a document: the document is fetched from a real HTTPS server, and only where its name
 * leads to the public internet; and what waits too long, or is forgotten, by a clock that the test turns.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openClientTokens } from '../../../main/identity/client-tokens.ts';
import { readDocument } from '../../../main/identity/local/documents.ts';
import { type DocumentWays, fetchDocument } from '../../../main/identity/local/fetch-document.ts';
import type { SignInNote } from '../../../main/identity/local/ports.ts';
import { openLocalSignIn } from '../../../main/identity/local/server.ts';
import { systemClock } from '../../../main/protocol/clock.ts';
import { createPublicCheck } from '../../../main/protocol/public-addresses.ts';
import { ALL } from '../../../main/protocol/scope.ts';
import { AUTHORITY, CERTIFICATE, KEY } from '../../fakes/certificates.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const ID = 'https://mcp.test/client.json';
const DOCUMENT = { client_id: ID, client_name: 'Vouched', redirect_uris: ['http://127.0.0.1/cb'] };
const never = new AbortController().signal;

/** A server that stands for `mcp.test`, and the way there, which leads to wherever `addresses` says. */
async function site(
  body: string,
  options: { type?: string; status?: number; location?: string; addresses?: readonly string[] } = {},
): Promise<DocumentWays & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(options.status ?? 200, {
      'Content-Type': options.type ?? 'application/json',
      ...(options.location === undefined ? {} : { Location: options.location }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const addresses = options.addresses ?? ['127.0.0.1'];
  const isPublic = createPublicCheck();
  return {
    asked,
    clock: systemClock,
    lookup: (_name, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    // The test's own server counts as one of the internet, unless the case is about that.
    isPublic: (address) => (options.addresses === undefined && address === '127.0.0.1') || isPublic(address),
    authorities: [AUTHORITY],
    port: (server.address() as AddressInfo).port,
  };
}

describe('the document of a client', () => {
  it('is fetched, and describes the client', async () => {
    const ways = await site(JSON.stringify(DOCUMENT));
    const client = readDocument(ID, await fetchDocument(ID, never, ways));
    expect(client).toEqual({
      clientId: ID,
      name: 'Vouched',
      redirects: ['http://127.0.0.1/cb'],
      isDocument: true,
    });
    expect(ways.asked).toEqual(['/client.json']);
  });

  it.each([
    [['127.0.0.1']],
    [['::1']],
    [['10.1.2.3']],
    [['169.254.169.254']],
    [['192.168.0.1']],
    [['100.64.0.1']],
    [['fd00::1']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['93.184.215.14', '127.0.0.1']],
    [[]],
  ])('inside-document: is not asked for where its name leads to %j', async (addresses) => {
    const ways = await site(JSON.stringify(DOCUMENT), { addresses });
    await expect(fetchDocument(ID, never, ways)).rejects.toMatchObject({ code: 'invalid_client' });
    expect(ways.asked).toEqual([]);
  });

  it.each([
    ['a redirection', '', { status: 302, location: 'https://mcp.test/other' }],
    ['an error', JSON.stringify(DOCUMENT), { status: 404 }],
    ['a page', JSON.stringify(DOCUMENT), { type: 'text/html' }],
    ['no JSON', '{', {}],
    ['too much', JSON.stringify({ ...DOCUMENT, x: 'x'.repeat(40_000) }), {}],
  ])('is refused when it is %s', async (_what, body, options) => {
    const ways = await site(body, options);
    await expect(fetchDocument(ID, never, ways)).rejects.toMatchObject({ code: 'invalid_client' });
    expect(ways.asked).toHaveLength(1);
  });

  it.each([
    [{ ...DOCUMENT, client_id: 'https://mcp.test/other.json' }],
    [{ ...DOCUMENT, client_id: 'https://MCP.test/client.json' }],
    [{ ...DOCUMENT, redirect_uris: ['https://evil.example/cb'] }],
    [{ ...DOCUMENT, client_secret: 'x' }],
    [{ ...DOCUMENT, token_endpoint_auth_method: 'client_secret_basic' }],
    [null],
  ])('is refused when it says %j', (value) => {
    expect(() => readDocument(ID, value)).toThrow();
  });

  it('is refused with a certificate that nobody has vouched for', async () => {
    const { authorities: _none, ...ways } = await site(JSON.stringify(DOCUMENT));
    await expect(fetchDocument(ID, never, ways)).rejects.toMatchObject({ code: 'invalid_client' });
  });
});

/** The room itself, with a clock of the test's. */
async function room(clock: ManualClock, folder: string) {
  const notes: SignInNote[] = [];
  const tokens = await openClientTokens({
    file: join(folder, 'clients.json'),
    clock,
    onError: () => undefined,
  });
  const signIn = openLocalSignIn({
    ...{ clock, basePath: '', file: join(folder, 'sign-in-clients.json') },
    tokens: async () => tokens.signIns,
    scopeAt: (path) => (path === '' || path === '/mcp' ? ALL : null),
    readDocument: async () => DOCUMENT,
    check: async () => undefined,
    changed: () => undefined,
    noted: (note) => notes.push(note),
    log: { warn: () => undefined },
  });
  const ask = (method: string, target: string, body = '', type = 'application/json') =>
    signIn.answer({
      ...{ method, target, host: '127.0.0.1:4180', body, gone: never },
      headers: { 'content-type': type },
    });
  const authorize = (clientId: string) => {
    const params = new URLSearchParams({
      ...{ response_type: 'code', client_id: clientId, redirect_uri: 'http://127.0.0.1:9/cb', state: 's' },
      ...{ code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' },
      resource: 'http://127.0.0.1:4180/mcp',
    });
    return ask('GET', `/oauth/authorize?${params.toString()}`);
  };
  const register = async (): Promise<string> => {
    const { body } = await ask(
      'POST',
      '/oauth/register',
      JSON.stringify({ redirect_uris: ['http://127.0.0.1/cb'] }),
    );
    return (JSON.parse(body) as { client_id?: string }).client_id ?? '';
  };
  return { signIn, notes, ask, authorize, register, tokens };
}

describe('by the clock', () => {
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'gh-signin-'));
    open.push(() => rmSync(made, { recursive: true, force: true }));
    return made;
  };

  it('nobody decides: denied after five minutes, and its browser is told', async () => {
    const clock = manualClock();
    const { signIn, notes, ask, authorize } = await room(clock, folder());
    const page = await authorize(ID);
    expect(signIn.waiting()).toMatchObject([{ client: { name: 'Vouched', isDocument: true } }]);
    clock.advance(5 * 60_000 - 1);
    expect(signIn.waiting()).toHaveLength(1);
    clock.advance(1);
    expect(signIn.waiting()).toEqual([]);
    expect(notes.map(({ errorCode }) => errorCode)).toEqual(['identity.sign_in_timed_out']);
    const done = /data-done="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const back = await ask('GET', done);
    expect(back.headers.Location).toContain('error=access_denied');
    await signIn.close();
  });

  it('registrations outlive a restart, and are forgotten after a day when nobody was let in with them', async () => {
    const clock = manualClock();
    const at = folder();
    const first = await room(clock, at);
    const id = await first.register();
    await first.signIn.close();
    const second = await room(clock, at);
    expect((await second.authorize(id)).status).toBe(200);
    await second.signIn.decide(second.signIn.waiting()[0]?.id ?? '', { allow: false });
    clock.advance(24 * 60 * 60_000 + 60_000);
    const other = await second.register();
    expect((await second.authorize(id)).status).toBe(400);
    expect((await second.authorize(other)).status).toBe(200);
    expect(readFileSync(join(at, 'sign-in-clients.json'), 'utf8')).not.toContain(id);
    await second.signIn.close();
  });

  it('registration-flood: there are never more than 200, however long it goes on', async () => {
    const clock = manualClock();
    const at = folder();
    const { signIn, register } = await room(clock, at);
    for (let n = 0; n < 230; n += 1) {
      clock.advance(3_000);
      expect(await register()).not.toBe('');
    }
    const kept = JSON.parse(readFileSync(join(at, 'sign-in-clients.json'), 'utf8')) as {
      registrations: unknown[];
    };
    expect(kept.registrations).toHaveLength(200);
    await signIn.close();
  });

  it('an access token ends after half an hour, a sign-in that nobody uses after thirty days', async () => {
    const clock = manualClock();
    const { tokens } = await room(clock, folder());
    const { hashOf } = await import('../../../main/identity/token-text.ts');
    const client = { clientId: 'c', resource: '/mcp', redirect: 'http://127.0.0.1/cb', label: 'C' };
    const choice = { servers: null, profile: null, permission: 'read', expiresAt: null } as const;
    const pair = await tokens.signIns.begin(client, choice);
    expect(tokens.find(hashOf(pair.access))?.name).toBe('C');
    clock.advance(30 * 60_000);
    expect(tokens.find(hashOf(pair.access))).toBeNull();
    const next = await tokens.signIns.renew(pair.refresh, 'c', '/mcp');
    if ('why' in next) throw new Error(next.why);
    expect(tokens.find(hashOf(next.access))?.name).toBe('C');
    clock.advance(30 * 24 * 60 * 60_000);
    expect(await tokens.signIns.renew(next.refresh, 'c', null)).toMatchObject({ why: 'unknown' });
    await tokens.close();
  });
});
