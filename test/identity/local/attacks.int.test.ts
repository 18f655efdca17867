/**
 * Attacks on signing in at our own endpoint, each by its name, against the built gateway: hostile clients, hostile pages,
 * and whoever has picked up a code or a token.
 */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../main/commands/local-client.ts';
import { type GatewayProcess, startGateway } from '../../host/gateway.ts';
import { ALLOW, openPage, rawClient, signInBy, waitingAs } from './signing.ts';

let gateway: GatewayProcess;
let base: string;
beforeAll(async () => {
  gateway = await startGateway({ servers: {} });
  base = gateway.base;
}, 60_000);
afterAll(() => gateway?.close());

const codeOf = (back: URL): string => back.searchParams.get('code') ?? '';
const initialize = (headers: Record<string, string>) =>
  fetch(gateway.url, {
    method: 'POST',
    headers: {
      ...{ 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      ...headers,
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
  });
/** A client that was let in, with its tokens. */
async function letIn(name = 'Raw') {
  const client = await rawClient(base, { client_name: name });
  const back = await signInBy(gateway.dataDir, client.authorizeUrl());
  const code = codeOf(back);
  const { status, body } = await client.exchange(code);
  expect(status).toBe(200);
  return { client, code, access: body.access_token ?? '', refresh: body.refresh_token ?? '' };
}
/** Waits for nothing: forgets all that waits, so that cases do not meet. */
async function denyAll(): Promise<void> {
  for (const { id } of await runCommand(gateway.dataDir, 'clientSignIn.waiting', {}))
    await runCommand(gateway.dataDir, 'clientSignIn.decide', { id, decision: { allow: false } });
}
/** Sends exactly these headers, whatever `fetch` would make of them. */
function send(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body = '',
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('a hostile client', () => {
  it('wrong-redirect: is never answered at an address that it has not registered', async () => {
    const client = await rawClient(base);
    for (const redirect_uri of [
      'https://evil.example/cb',
      'http://127.0.0.1:1/other',
      'http://127.0.0.1.evil.example/cb',
      'http://localhost:1/cb',
      'http://127.0.0.1:1@evil.example/cb',
      'http://127.0.0.1:1/cb#x',
      'http://127.0.0.1:1/cb\r\nX: y',
      'javascript:alert(1)',
      null,
    ]) {
      const page = await openPage(client.authorizeUrl({ redirect_uri }));
      expect([redirect_uri, page.status, page.headers.get('location'), page.code]).toEqual([
        redirect_uri,
        400,
        null,
        '',
      ]);
    }
    // The port of a loopback address is the client's own affair.
    const other = await openPage(client.authorizeUrl({ redirect_uri: 'http://127.0.0.1:54321/cb' }));
    expect(other.code).not.toBe('');
    await denyAll();
  });

  it('foreign-registration: registers nothing but ways back on this computer', async () => {
    for (const redirect_uris of [
      ['https://evil.example/cb'],
      ['http://192.168.1.2/cb'],
      ['file:///etc/passwd'],
      ['ms-msdt:/id'],
      ['javascript:alert(1)'],
      [],
      'http://127.0.0.1/cb',
    ]) {
      const answer = await rawClient(base, { redirect_uris });
      expect([redirect_uris, answer.status]).toEqual([redirect_uris, 400]);
      expect(answer.information).toMatchObject({ error: 'invalid_redirect_uri' });
    }
    const mixed = await rawClient(base, {
      redirect_uris: ['https://vscode.dev/redirect', 'http://127.0.0.1/', 'cursor://anysphere.mcp/cb'],
    });
    expect(mixed.information.redirect_uris).toEqual(['http://127.0.0.1/', 'cursor://anysphere.mcp/cb']);
    expect(mixed.information).toMatchObject({ token_endpoint_auth_method: 'none' });
    expect(mixed.information).not.toHaveProperty('client_secret');
  });

  it('no-pkce, plain-pkce, foreign-resource, no-resource: is sent back with the error, and nobody is asked', async () => {
    const client = await rawClient(base);
    for (const [change, error] of [
      [{ code_challenge: null, code_challenge_method: null }, 'invalid_request'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
      [{ code_challenge_method: null }, 'invalid_request'],
      [{ code_challenge: 'short' }, 'invalid_request'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ resource: null }, 'invalid_target'],
      [{ resource: 'https://evil.example/mcp' }, 'invalid_target'],
      [{ resource: 'http://127.0.0.1:1/mcp' }, 'invalid_target'],
      [{ resource: `${base}/status` }, 'invalid_target'],
      [{ resource: `${base}/mcp#x` }, 'invalid_target'],
    ] as const) {
      const page = await openPage(client.authorizeUrl({ ...change, state: 's t' }));
      const back = new URL(page.headers.get('location') ?? 'about:blank');
      expect([change, page.status, `${back.origin}${back.pathname}`]).toEqual([change, 303, client.redirect]);
      expect(Object.fromEntries(back.searchParams)).toMatchObject({ error, state: 's t', iss: base });
    }
    const twice = await openPage(`${client.authorizeUrl()}&resource=${encodeURIComponent(base)}`);
    expect([twice.status, twice.code]).toEqual([400, '']);
    expect(await runCommand(gateway.dataDir, 'clientSignIn.waiting', {})).toEqual([]);
  });

  it('stolen-code: a code is good once, with the verifier, for the client and the way back it was made for', async () => {
    const client = await rawClient(base);
    const thief = await rawClient(base);
    for (const change of [
      { code_verifier: 'x'.repeat(43) },
      { code_verifier: '' },
      { client_id: thief.information.client_id },
      { redirect_uri: 'http://127.0.0.1:2/cb' },
    ]) {
      const code = codeOf(await signInBy(gateway.dataDir, client.authorizeUrl()));
      const { status, body } = await client.exchange(code, change);
      expect([change, status, body.error]).toEqual([change, 400, 'invalid_grant']);
      // It is spent by that.
      expect((await client.exchange(code)).body.error).toBe('invalid_grant');
    }
    const code = codeOf(await signInBy(gateway.dataDir, client.authorizeUrl()));
    const other = await client.exchange(code, { resource: `${base}/servers/x/mcp` });
    expect(other.body.error).toBe('invalid_target');
    expect((await client.exchange('never-made')).body.error).toBe('invalid_grant');
  });

  it('code-reuse: who shows a code again ends what it has opened', async () => {
    const { client, code, access, refresh } = await letIn('Reuser');
    expect((await initialize({ Authorization: `Bearer ${access}` })).status).toBe(200);
    expect((await client.exchange(code)).body.error).toBe('invalid_grant');
    expect((await initialize({ Authorization: `Bearer ${access}` })).status).toBe(401);
    expect((await client.renew(refresh)).body.error).toBe('invalid_grant');
  });

  it('refresh-reuse: who shows a spent refresh token ends the sign-in, for both who have it', async () => {
    const { client, access, refresh } = await letIn('Rotator');
    const other = await rawClient(base);
    expect((await client.renew(refresh, { client_id: other.information.client_id })).body.error).toBe(
      'invalid_grant',
    );
    expect((await client.renew(refresh, { resource: `${base}/servers/x/mcp` })).body.error).toBe(
      'invalid_target',
    );
    const next = await client.renew(refresh, { resource: gateway.url });
    expect(next.status).toBe(200);
    expect(next.headers.get('cache-control')).toBe('no-store');
    // The access token before it is good no more, either.
    expect((await initialize({ Authorization: `Bearer ${access}` })).status).toBe(401);
    expect((await initialize({ Authorization: `Bearer ${next.body.access_token}` })).status).toBe(200);
    expect((await client.renew(refresh)).body.error).toBe('invalid_grant');
    expect((await initialize({ Authorization: `Bearer ${next.body.access_token}` })).status).toBe(401);
    expect((await client.renew(next.body.refresh_token ?? '')).body.error).toBe('invalid_grant');
  });

  it('refresh-as-access: a refresh token opens nothing, and a revoked sign-in neither', async () => {
    const { client, access, refresh } = await letIn('Leaver');
    expect((await initialize({ Authorization: `Bearer ${refresh}` })).status).toBe(401);
    const other = await rawClient(base);
    const form = { token: refresh, client_id: other.information.client_id };
    expect((await other.post('revoke', form)).body.error).toBe('invalid_grant');
    expect((await initialize({ Authorization: `Bearer ${access}` })).status).toBe(200);
    const own = { token: refresh, client_id: client.information.client_id };
    expect((await client.post('revoke', own)).status).toBe(200);
    expect((await client.post('revoke', own)).status).toBe(200);
    expect((await initialize({ Authorization: `Bearer ${access}` })).status).toBe(401);
  });

  it('too-much: gets no more than it asked for, nor than was granted', async () => {
    const client = await rawClient(base);
    const url = client.authorizeUrl({ scope: 'tools:read other' });
    const page = await openPage(url);
    expect(await waitingAs(gateway.dataDir, page.code)).toMatchObject({ asks: 'read' });
    const { body } = await client.exchange(codeOf(await signInBy(gateway.dataDir, url, ALLOW)));
    expect(body.scope).toBe('tools:read');
    const more = await client.renew(body.refresh_token ?? '', { scope: 'tools:all' });
    expect(more.body.error).toBe('invalid_scope');
    expect((await client.renew(body.refresh_token ?? '', { scope: 'tools:read' })).status).toBe(200);
  });

  it('hostile-name: is shown for what it is, and never becomes another client', async () => {
    await runCommand(gateway.dataDir, 'clientToken.create', {
      ...{ client: 'cursor', servers: null, profile: null, permission: 'destructive', expiresAt: null },
    });
    const client = await rawClient(base, { client_name: 'cursor' });
    const { body } = await client.exchange(codeOf(await signInBy(gateway.dataDir, client.authorizeUrl())));
    expect((await initialize({ Authorization: `Bearer ${body.access_token}` })).status).toBe(200);
    const names = (await runCommand(gateway.dataDir, 'clientToken.list', {})).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['cursor', 'Cursor 2']));
    const hidden = 'Cla\u202Eude\u200B<script>alert(1)</script>" onload="x';
    const hostile = await rawClient(base, { client_name: hidden });
    const page = await openPage(hostile.authorizeUrl());
    expect(page.html).toContain('Cla[U+202E]ude[U+200B]&#60;script&#62;');
    expect(page.html).not.toContain('<script>alert');
    // The screens get it as it is, and make what is hidden visible.
    expect((await waitingAs(gateway.dataDir, page.code)).name).toBe(hidden);
    await denyAll();
  });

  it('registration-flood: cannot fill the disk, and does not push out who is let in', async () => {
    const flooded = await startGateway({ servers: {} });
    const first = await rawClient(flooded.base);
    const code = codeOf(
      await signInBy(flooded.dataDir, first.authorizeUrl({ resource: `${flooded.base}/mcp` })),
    );
    const { body } = await first.exchange(code);
    const statuses: number[] = [];
    for (let n = 0; n < 60; n += 1) statuses.push((await rawClient(flooded.base)).status);
    expect(statuses.filter((status) => status === 201).length).toBeLessThan(50);
    expect(statuses.at(-1)).toBe(429);
    const large = await fetch(`${flooded.base}/oauth/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://127.0.0.1/'], client_name: 'x'.repeat(70_000) }),
    });
    expect(large.status).toBe(413);
    expect((await first.renew(body.refresh_token ?? '')).status).toBe(200);
    await flooded.close();
  });

  it('consent-flood: so many wait at once, one for each way back of a client', async () => {
    const client = await rawClient(base);
    const first = await openPage(client.authorizeUrl());
    const second = await openPage(client.authorizeUrl());
    // Begun again: the one before is over, and its browser goes back with that.
    expect((await fetch(first.wait)).status).toBe(200);
    const answer = await fetch(first.done, { redirect: 'manual' });
    expect(answer.headers.get('location')).toContain('error=access_denied');
    const again = await runCommand(gateway.dataDir, 'clientSignIn.waiting', {});
    expect(again.map(({ id }) => id)).toEqual([second.code]);
    for (const port of [11, 12, 13]) {
      const page = await openPage(client.authorizeUrl({ redirect_uri: `http://127.0.0.1:${port}/cb` }));
      expect(page.status).toBe(port < 13 ? 200 : 303);
    }
    await denyAll();
  });

  it('inside-document: a client id that leads inside is not fetched', async () => {
    const client = await rawClient(base);
    for (const client_id of [
      'https://127.0.0.1/client.json',
      'https://[::1]/client.json',
      'https://localhost/client.json',
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/client.json',
      'https://2130706433/client.json',
      'https://evil.example:8443/client.json',
      'https://evil.example/',
      'http://evil.example/client.json',
      'https://user@evil.example/client.json',
    ]) {
      const page = await openPage(client.authorizeUrl({ client_id }));
      expect([client_id, page.status, page.headers.get('location')]).toEqual([client_id, 400, null]);
    }
  });
});

describe('a hostile page', () => {
  it('foreign-origin, dns-rebinding: reaches none of it', async () => {
    const { host, port } = new URL(base);
    for (const path of [
      '/oauth/register',
      '/oauth/token',
      '/oauth/revoke',
      '/oauth/authorize',
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource/mcp',
    ]) {
      const method = path.startsWith('/oauth/') && path !== '/oauth/authorize' ? 'POST' : 'GET';
      for (const headers of [
        { host: `rebound.example:${port}` },
        { host, origin: 'https://evil.example' },
        { host, origin: 'null' },
      ]) {
        const answer = await send(path, headers, method);
        expect([path, headers, answer.status]).toEqual([path, headers, 403]);
      }
      const asked = await send(path, { host, 'access-control-request-method': 'POST' }, 'OPTIONS');
      expect([path, asked.status]).toEqual([path, 405]);
      expect(Object.keys(asked.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('drive-by: cannot send a browser here, nor put the page into a frame of its own', async () => {
    const client = await rawClient(base);
    const { host } = new URL(base);
    const path = client.authorizeUrl().slice(base.length);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document', referer: 'https://evil.example/' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' },
      { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'iframe' },
      { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'empty' },
    ]) {
      const answer = await send(path, { host, ...headers });
      expect([headers, answer.status]).toEqual([headers, 403]);
    }
    expect(await runCommand(gateway.dataDir, 'clientSignIn.waiting', {})).toEqual([]);
    const page = await openPage(client.authorizeUrl(), { 'sec-fetch-site': 'none' });
    expect(page.status).toBe(200);
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
    expect(page.headers.get('cache-control')).toBe('no-store');
    // Nothing on it lets anybody in.
    expect(page.html).not.toMatch(/<(?:form|button|input|a|iframe)\b/);
    // The same request again is the same sign-in; once it was decided, it is over.
    const url = client.authorizeUrl({ state: 'one', redirect_uri: 'http://127.0.0.1:77/cb' });
    const first = await openPage(url);
    expect((await openPage(url)).code).toBe(first.code);
    await denyAll();
    expect((await openPage(url)).status).toBe(410);
  });

  it('from-elsewhere: what a proxy passes on is offered no sign-in, only the plain refusal', async () => {
    const { host } = new URL(base);
    for (const name of ['x-forwarded-for', 'forwarded', 'via']) {
      const headers = { host, [name]: '203.0.113.9' };
      const refused = await send('/mcp', headers);
      expect([name, refused.status, refused.headers['www-authenticate']]).toEqual([
        name,
        401,
        'Bearer realm="gatehouse"',
      ]);
      expect((await send('/.well-known/oauth-authorization-server', headers)).status).toBe(404);
      expect((await send('/oauth/register', headers, 'POST', '{}')).status).toBe(404);
    }
  });

  it('guessed-ticket: learns nothing', async () => {
    expect((await fetch(`${base}/oauth/done?ticket=guessed`, { redirect: 'manual' })).status).toBe(410);
    expect((await fetch(`${base}/oauth/wait?ticket=guessed`)).status).toBe(200);
  });
});
