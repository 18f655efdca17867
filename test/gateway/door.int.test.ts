/** The door: who is let in, what is refused and how, sessions and their ends. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, nodeEntry, rawServer, startGateway, untilReady } from '../host/gateway.ts';
import { rawClient, rawPost } from '../host/raw-client.ts';

const INITIALIZE =
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}';
const PING = '{"jsonrpc":"2.0","id":2,"method":"ping"}';

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGateway({
    servers: {
      raw: nodeEntry(rawServer),
      guarded: { ...nodeEntry(rawServer, '--name', 'guarded'), authTokens: ['for-guarded'] },
      open: { ...nodeEntry(rawServer), authTokens: [] },
    },
  });
  await untilReady(gateway.base);
});
afterAll(() => gateway.close());

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

/** fetch sets Host itself; an attacker's browser sets what its DNS says. */
function withHost(host: string, path = '/mcp'): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = new URL(gateway.url);
    const out = request(
      {
        host: url.hostname,
        port: url.port,
        path,
        method: 'POST',
        headers: { Host: host, ...bearer(gateway.token) },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    out.on('error', reject);
    out.end(INITIALIZE);
  });
}

describe('strangers', () => {
  it('dns-rebinding: a foreign Host is refused on every path, even with the token', async () => {
    expect(await withHost('evil.example')).toBe(403);
    expect(await withHost('evil.example', '/_readyz')).toBe(403);
  });

  it('foreign-origin: a page of another site is refused, even with the token', async () => {
    const headers = { ...bearer(gateway.token), Origin: 'https://evil.example' };
    expect((await rawPost(gateway.url, INITIALIZE, headers)).status).toBe(403);
  });

  it.each([[{}], [bearer('wrong')], [{ Authorization: 'Bearer' }], [{ Authorization: 'Basic aW50' }]])(
    'missing-or-wrong-token: %j gets 401 and nothing else',
    async (headers) => {
      const answer = await rawPost(gateway.url, INITIALIZE, headers);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect(JSON.parse(answer.text)).toMatchObject({ error: { data: { code: 'gateway.unauthorized' } } });
    },
  );

  it('unknown server names are not told apart without a token', async () => {
    expect((await rawPost(`${gateway.base}/servers/raw/mcp`, INITIALIZE)).status).toBe(401);
    expect((await rawPost(`${gateway.base}/servers/nobody/mcp`, INITIALIZE)).status).toBe(401);
    expect(
      (await rawPost(`${gateway.base}/servers/nobody/mcp`, INITIALIZE, bearer(gateway.token))).status,
    ).toBe(404);
  });

  it("another-users-session: a session is of no use with another token or on another server's route", async () => {
    const own = await rawClient(gateway.url, gateway.token);
    const session = { 'Mcp-Session-Id': own.sessionId };
    const onOther = await rawPost(`${gateway.base}/servers/raw/mcp`, PING, {
      ...bearer(gateway.token),
      ...session,
    });
    expect(onOther.status).toBe(404);
    const other = await rawPost(`${gateway.base}/guarded/mcp`, PING, {
      ...bearer('for-guarded'),
      ...session,
    });
    expect(other.status).toBe(404);
    await own.end();
  });

  it('the private routes are not there on the endpoint', async () => {
    const answer = await fetch(`${gateway.base}/_local/connection`, { headers: bearer(gateway.token) });
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(gateway.token);
  });
});

describe("one server's own route", () => {
  it.each(['/servers/guarded/mcp', '/guarded/mcp', '/guarded/mcp/'])(
    '%s shows bare names and its own name',
    async (path) => {
      const client = await rawClient(gateway.base + path, 'for-guarded');
      expect(JSON.parse(client.initialized)).toMatchObject({
        result: { serverInfo: { name: 'guarded', version: '1.2.3' }, instructions: 'I am guarded.' },
      });
      const list = await client.post('{"jsonrpc":"2.0","id":3,"method":"tools/list"}');
      expect(list.text).toContain('"name":"received"');
      expect(await client.call(4, 'pid')).toMatch(/"text":"\d+"/);
      await client.end();
    },
  );

  it("follows the server's own tokens where it has them", async () => {
    const status = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await rawPost(gateway.base + path, INITIALIZE, headers)).status;
    expect(await status('/guarded/mcp', bearer(gateway.token))).toBe(401);
    expect(await status('/guarded/mcp', bearer('for-guarded'))).toBe(200);
    expect(await status('/mcp', bearer('for-guarded'))).toBe(401);
    expect(await status('/raw/mcp', bearer(gateway.token))).toBe(200);
    expect(await status('/raw/mcp', {})).toBe(401);
    expect(await status('/open/mcp', {})).toBe(200);
  });
});

describe('sessions', () => {
  it('transports: no session id is 400, an unknown one 404, a deleted one 404', async () => {
    const auth = bearer(gateway.token);
    expect((await rawPost(gateway.url, PING, auth)).status).toBe(400);
    expect((await rawPost(gateway.url, PING, { ...auth, 'Mcp-Session-Id': 'none' })).status).toBe(404);
    const client = await rawClient(gateway.url, gateway.token);
    expect((await client.post(PING)).status).toBe(200);
    expect((await client.end()).status).toBe(200);
    expect((await client.post(PING)).status).toBe(404);
  });

  it.each([
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2025-03-26', '2025-03-26'],
    ['2024-11-05', '2024-11-05'],
    ['1999-01-01', '2025-11-25'],
  ])('lifecycle: a client that asks for %s gets %s', async (asked, given) => {
    const client = await rawClient(gateway.url, gateway.token, asked);
    expect(JSON.parse(client.initialized)).toMatchObject({ result: { protocolVersion: given } });
    await client.end();
  });

  it('an unknown MCP-Protocol-Version is 400', async () => {
    const client = await rawClient(gateway.url, gateway.token);
    const headers = { ...bearer(gateway.token), 'Mcp-Session-Id': client.sessionId };
    expect((await rawPost(gateway.url, PING, { ...headers, 'MCP-Protocol-Version': '1.0' })).status).toBe(
      400,
    );
    await client.end();
  });
});

describe('bad input', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"raw__pid"', -32700],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
    ['[]', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call"}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"raw__nothing"}}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"x://y"}}', -32002],
    ['{"jsonrpc":"2.0","id":1,"method":"no/such"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"zzz"}}', -32602],
  ])('%s gets %i and the session lives on', async (text, code) => {
    const client = await rawClient(gateway.url, gateway.token);
    expect(JSON.parse((await client.post(text)).text)).toMatchObject({ error: { code } });
    expect((await client.post(PING)).status).toBe(200);
    await client.end();
  });

  it('what is not UTF-8, not JSON by type, or too large has an answer of its own', async () => {
    const auth = bearer(gateway.token);
    const post = (body: BodyInit, type: string): Promise<Response> =>
      fetch(gateway.url, { method: 'POST', headers: { ...auth, 'Content-Type': type }, body });
    expect((await post(new Uint8Array([0x7b, 0xff, 0x7d]), 'application/json')).status).toBe(400);
    expect((await post(INITIALIZE, 'text/plain')).status).toBe(415);
    const large = await post(new Uint8Array(33 * 1024 * 1024), 'application/json').catch(() => null);
    // The door may close before the client has sent it all; then there is no answer to read.
    if (large !== null) expect(large.status).toBe(413);
    expect((await fetch(`${gateway.base}/_healthz`)).status).toBe(200);
  });

  it('health needs no token and tells no secret', async () => {
    const ready = await (await fetch(`${gateway.base}/_readyz`)).text();
    expect(JSON.parse(ready)).toMatchObject({ servers: { raw: { state: 'ready' } } });
    expect(ready).not.toContain('for-guarded');
  });
});
