/** What clients read first, on every path of the endpoint, below a base path, and where nobody needs a token. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../host/gateway.ts';
import { rawClient, signInBy } from './signing.ts';

let gateway: GatewayProcess;
let base: string;
beforeAll(async () => {
  gateway = await startGateway({ servers: {} });
  base = gateway.base;
}, 60_000);
afterAll(() => gateway?.close());

const codeOf = (back: URL): string => back.searchParams.get('code') ?? '';

describe('metadata', () => {
  it('leads from a 401 on every path of the endpoint to the authorization server', async () => {
    for (const path of ['/mcp', '/servers/x/mcp', '/p/work/mcp', '/sse', '/x/mcp/']) {
      const refused = await fetch(`${base}${path}`, { headers: { Accept: 'text/event-stream' } });
      const said = refused.headers.get('www-authenticate') ?? '';
      expect([path, refused.status]).toEqual([path, 401]);
      const address = /resource_metadata="([^"]+)"/.exec(said)?.[1] ?? '';
      expect(said).not.toContain('error=');
      const resource = (await (await fetch(address)).json()) as Record<string, unknown>;
      expect(resource).toMatchObject({
        resource: `${base}${path.replace(/\/$/, '')}`,
        authorization_servers: [base],
        bearer_methods_supported: ['header'],
      });
    }
    const wrong = await fetch(gateway.url, { headers: { Authorization: 'Bearer gate_wrong' } });
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const root = await (await fetch(`${base}/.well-known/oauth-protected-resource`)).json();
    expect(root).toMatchObject({ resource: base, authorization_servers: [base] });
    for (const name of ['oauth-authorization-server', 'openid-configuration']) {
      const server = (await (await fetch(`${base}/.well-known/${name}`)).json()) as Record<string, unknown>;
      expect(server).toMatchObject({
        issuer: base,
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
        authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true,
      });
    }
    // By another name of this computer it has that name.
    const { port } = new URL(base);
    const named = await fetch(`http://localhost:${port}/.well-known/oauth-authorization-server`);
    expect(await named.json()).toMatchObject({ issuer: `http://localhost:${port}` });
    expect((await fetch(`${base}/.well-known/oauth-protected-resource/status`)).status).toBe(404);
    expect((await fetch(`${base}/.well-known/other`)).status).toBe(404);
  });

  it('stands where a base path wants it', async () => {
    const under = await startGateway({ config: { basePath: '/gate', mcpServers: {} } });
    const origin = new URL(under.url).origin;
    const refused = await fetch(under.url);
    const said = refused.headers.get('www-authenticate') ?? '';
    expect(said).toContain(`resource_metadata="${origin}/.well-known/oauth-protected-resource/gate/mcp"`);
    const resource = await (await fetch(`${origin}/.well-known/oauth-protected-resource/gate/mcp`)).json();
    expect(resource).toMatchObject({ resource: under.url, authorization_servers: [`${origin}/gate`] });
    for (const path of [
      '/.well-known/oauth-authorization-server/gate',
      '/.well-known/openid-configuration/gate',
      '/gate/.well-known/openid-configuration',
    ]) {
      const server = (await (await fetch(origin + path)).json()) as Record<string, unknown>;
      expect(server).toMatchObject({
        issuer: `${origin}/gate`,
        token_endpoint: `${origin}/gate/oauth/token`,
      });
    }
    const client = await rawClient(`${origin}/gate`);
    const back = await signInBy(under.dataDir, client.authorizeUrl({ resource: under.url }));
    expect((await client.exchange(codeOf(back), { resource: under.url })).status).toBe(200);
    await under.close();
  });

  it('is not there where nobody needs a token', async () => {
    const open = await startGateway({ servers: {}, auth: 'none' });
    expect((await fetch(`${open.base}/.well-known/oauth-protected-resource/mcp`)).status).toBe(404);
    expect((await fetch(`${open.base}/oauth/register`, { method: 'POST' })).status).toBe(404);
    await open.close();
  });
});
