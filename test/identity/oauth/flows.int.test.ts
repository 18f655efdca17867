/** The ways to sign in, and what can go wrong with them, against real authorization servers. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '../../host/gateway.ts';
import { browse } from './browser.ts';
import { startProtectedServer } from './protected-server.ts';
import { openHouse, openWorld, type World } from './world.ts';

const open: (() => Promise<unknown>)[] = [];
// Whole sign-ins, each with a provider that makes its keys first.
vi.setConfig({ testTimeout: 60_000 });
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function world(...args: Parameters<typeof openWorld>): Promise<World> {
  const made = await openWorld(...args);
  open.push(made.close);
  await until(() => made.host.pool.status('mail')?.settled === true, 'settled');
  return made;
}

it('begins with the first call that needs it, and keeps its port for the next time', async () => {
  const w = await world({}, {}, { browser: true });
  expect(w.host.pool.status('mail')?.state).toBe('signing-in');
  const one = w.begin();
  await until(() => w.opened.length === 1, 'a browser');
  const first = await browse(w.opened[0] ?? '');
  expect(await w.outcome(one)).toBe('ok');
  await w.signIns.signOut('mail');
  const second = await w.login();
  expect(portOf(second.way)).toBe(portOf(first.way));
  expect(w.authority.registrations()).toBe(1);
});

it('a client that describes itself at an address needs no registration', async () => {
  const address = 'https://gatehouse.example/client.json';
  const document = {
    client_id: address,
    client_name: 'Gatehouse',
    redirect_uris: ['http://127.0.0.1/oauth/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  };
  const w = await world({ documents: { [address]: document } }, { clientMetadataUrl: address });
  const { way } = await w.login();
  await w.host.state('mail', 'ready');
  expect(new URL(way[0] ?? '').searchParams.get('client_id')).toBe(address);
  expect(await w.tool()).toBe('ok');
  expect(w.authority.registrations()).toBe(0);
  w.clock.jump(3_600_001);
  expect(await w.tool()).toBe('ok');
  expect(w.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
});

it('takes another port, and registers for it, when its own is taken', async () => {
  const w = await world();
  const first = await w.login();
  await w.host.state('mail', 'ready');
  await w.signIns.signOut('mail');
  const squatter = createServer().listen(Number(portOf(first.way)), '127.0.0.1');
  open.push(async () => void squatter.close());
  await until(() => squatter.listening, 'listening');
  const second = await w.login();
  expect(second.text).toContain('You are signed in');
  expect(portOf(second.way)).not.toBe(portOf(first.way));
  expect(w.authority.registrations()).toBe(2);
});

it('asks for further permissions when a call needs them, and makes the call then', async () => {
  const w = await world({}, {}, { browser: true });
  await w.login();
  await w.host.state('mail', 'ready');
  const one = w.begin('write');
  await until(() => w.opened.length === 2, 'a browser');
  expect(new URL(w.opened[1] ?? '').searchParams.get('scope')?.split(' ').sort()).toEqual([
    'offline_access',
    'read',
    'write',
  ]);
  await browse(w.opened[1] ?? '');
  expect(await w.outcome(one)).toBe('ok');
});

it('a refusal at the provider is told to the person, with the words of the provider', async () => {
  const w = await world();
  const visit = await w.login({ refuses: true });
  expect(visit.text).toContain('You are not signed in');
  expect(w.signIns.view('mail')).toMatchObject({ state: 'needed', problem: { code: 'signin.denied' } });
  expect(w.signIns.view('mail')?.problem?.message).toContain('access_denied');
});

it('no other page can end or fake a sign-in', async () => {
  const w = await world();
  const { url } = await w.signIns.signIn('mail', false);
  const back = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
  const wrong = await fetch(`${back.href}?code=x&state=guessed`);
  expect(wrong.status).toBe(400);
  const state = new URL(url).searchParams.get('state') ?? '';
  const rebound = await fetchAs(back, `?code=x&state=${state}`, 'evil.example');
  expect(rebound).toBe(421);
  expect(w.signIns.view('mail')?.state).toBe('waiting');
  // The right state with another issuer is a mix-up (RFC 9207): no code is sent anywhere.
  await fetch(`${back.href}?code=x&state=${state}&iss=https%3A%2F%2Fevil.example`);
  await until(() => w.signIns.view('mail')?.problem?.code === 'signin.wrong_issuer', 'refused');
  expect(w.authority.tokenRequests).toEqual([]);
});

it('a browser on another computer: its last address is pasted', async () => {
  const w = await world();
  const { url } = await w.signIns.signIn('mail', false);
  const back = new URL(url).searchParams.get('redirect_uri') ?? '';
  const visit = await browse(url, { stopAt: back });
  await expect(w.signIns.completeSignIn('mail', 'https://example.com/')).rejects.toMatchObject({
    code: 'signin.wrong_callback',
  });
  await expect(w.signIns.completeSignIn('mail', `${back}?code=x&state=y`)).rejects.toMatchObject({
    code: 'signin.wrong_callback',
  });
  await w.signIns.completeSignIn('mail', ` ${visit.url}\n`);
  await w.host.state('mail', 'ready');
  expect(await w.tool()).toBe('ok');
  await expect(w.signIns.completeSignIn('mail', visit.url)).rejects.toMatchObject({
    code: 'signin.not_waiting',
  });
});

it('a provider that takes no registrations is named, and a registered application helps', async () => {
  const redirectUri = 'http://127.0.0.1:43117/back';
  const w = await world({
    registration: false,
    clients: [
      {
        client_id: 'known',
        client_secret: 'known-secret',
        redirect_uris: [redirectUri],
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
  });
  await expect(w.signIns.signIn('mail', false)).rejects.toMatchObject({ code: 'signin.no_client' });
  w.settings.value = {
    clientId: 'known',
    clientSecret: 'known-secret',
    redirectUri,
    extraParams: { ui_locales: 'fr' },
  };
  const visit = await w.login();
  expect(visit.text).toContain('You are signed in');
  expect(new URL(visit.way[0] ?? '').searchParams.get('ui_locales')).toBe('fr');
  await w.host.state('mail', 'ready');
  expect(await w.tool()).toBe('ok');
});

it('machines get tokens of their own, by a secret and by a key', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' };
  const machine = { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] };
  const clients = [
    { client_id: 'by-secret', client_secret: 'machine-secret', ...machine },
    {
      client_id: 'by-key',
      token_endpoint_auth_method: 'private_key_jwt' as const,
      jwks: { keys: [jwk] },
      ...machine,
    },
  ];
  const w = await world(
    { clients },
    { grant: 'client-credentials', clientId: 'by-secret', clientSecret: 'machine-secret' },
  );
  await w.host.state('mail', 'ready');
  expect(await w.tool()).toBe('ok');
  w.clock.jump(3_600_001);
  expect(await w.tool()).toBe('ok');
  w.settings.value = {
    ...{ grant: 'client-credentials', clientId: 'by-key', keyAlgorithm: 'ES256' },
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
  await w.signIns.signOut('mail');
  await w.host.pool.restart('mail');
  await w.host.state('mail', 'ready');
  expect(await w.tool()).toBe('ok');
  expect(w.authority.tokenRequests).toEqual(Array(3).fill('client_credentials'));
});

it('an awkward provider: OpenID Connect alone, no registration, a server that names nobody', async () => {
  const mock = new OAuth2Server();
  await mock.issuer.keys.generate('RS256');
  await mock.start(0, '127.0.0.1');
  open.push(() => mock.stop());
  const issuer = mock.issuer.url ?? '';
  const good = new Set<string>();
  mock.service.on('beforeResponse', (response: { body: { access_token: string } }) => {
    good.add(response.body.access_token);
  });
  const check = async (token: string) => (good.has(token) ? { scope: '', audience: '' } : null);
  const server = await startProtectedServer({ issuer, check }, { metadata: false });
  open.push(server.close);
  const house = openHouse(
    null,
    server.url,
    { value: { clientId: 'mine', issuer, scopes: ['openid'] } },
    false,
  );
  open.push(house.close);
  await house.host.state('mail', 'signing-in');
  expect((await house.login()).text).toContain('You are signed in');
  await house.host.state('mail', 'ready');
  expect(await house.tool()).toBe('ok');
});

it('a server that wants a key and knows no provider says what it said before', async () => {
  const closed = createServer((request, response) =>
    response.writeHead(request.url === '/mcp' ? 401 : 404).end(),
  ).listen(0, '127.0.0.1');
  open.push(async () => void closed.close());
  await until(() => closed.listening, 'listening');
  const { port } = closed.address() as { port: number };
  const house = openHouse(null, `http://127.0.0.1:${port}/mcp`, { value: {} }, false);
  open.push(house.close);
  await until(() => house.host.pool.status('mail')?.problem != null, 'refused');
  expect(house.host.pool.status('mail')?.problem?.code).toBe('upstream.unauthorized');
});

function portOf(way: readonly string[]): string {
  return new URL(way.at(-1) ?? '').port;
}

/** A request with a Host of its own, as a page elsewhere gets one by DNS rebinding. */
async function fetchAs(to: URL, query: string, host: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const ask = request(
      { host: to.hostname, port: to.port, path: `${to.pathname}${query}`, headers: { host } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    ask.on('error', reject);
    ask.end();
  });
}
