/** Remote servers: which transport and era they are met in. */
import { describe, expect, it } from 'vitest';
import { call, peer } from '../fakes/call.ts';
import { until } from '../host/gateway.ts';
import { closeAfterEach } from './http-links.ts';
import { remote } from './pool-host.ts';
import { host, parity, simple } from './remotes.ts';

closeAfterEach();
const a = peer('a');

describe('which transport and era (streamable HTTP of 2026-07-28, "Backward Compatibility")', () => {
  it.each(['auto', 'http'] as const)(
    '"%s": a modern server is met by server/discover alone',
    async (kind) => {
      const made = host(remote('s', await parity('modern', '--http'), kind));
      await made.state('s', 'ready');
      expect(made.listings.get('s')).toMatchObject({ era: 'modern', serverInfo: { name: 'parity-modern' } });
      expect(made.listings.get('s')?.resources.length).toBe(25);
      expect(await made.tool('s', a, 'echo', { n: 1 })).toEqual({ n: 1 });
    },
  );

  it.each(['auto', 'http'] as const)('"%s": a legacy server is initialized', async (kind) => {
    const made = host(remote('s', await parity('legacy', '--http'), kind));
    await made.state('s', 'ready');
    expect(made.listings.get('s')).toMatchObject({ era: 'legacy', serverInfo: { name: 'parity-legacy' } });
    expect(await made.tool('s', a, 'echo', { n: 1 })).toEqual({ n: 1 });
  });

  it.each(['auto', 'sse'] as const)('"%s": a server that knows only HTTP+SSE is met there', async (kind) => {
    const made = host(remote('s', await parity('legacy', '--sse'), kind));
    await made.state('s', 'ready');
    expect(made.listings.get('s')).toMatchObject({ era: 'legacy' });
    expect(await made.tool('s', a, 'echo', { n: 1 })).toEqual({ n: 1 });
  });

  it('"http": HTTP+SSE is not tried', async () => {
    const made = host(remote('s', await parity('legacy', '--sse'), 'http'));
    await made.state('s', 'failed');
    // This one refuses with an error of JSON-RPC; others do it by the status alone.
    expect(made.pool.status('s')?.problem?.code).toBe('upstream.answered_error');
  });

  it('"protocol": "legacy" asks nothing of the new revisions, "modern" nothing of the old ones', async () => {
    const [one, two] = [await simple(), await simple()];
    const made = host(
      remote('legacy', one.url, 'auto', { protocol: 'legacy' }),
      remote('modern', two.url, 'auto', { protocol: 'modern' }),
    );
    await made.state('legacy', 'ready');
    expect(one.methods()).not.toContain('server/discover');
    await made.state('modern', 'failed');
    expect(made.pool.status('modern')?.problem?.code).toBe('upstream.protocol_mismatch');
    expect(new Set(two.methods())).toEqual(new Set(['server/discover']));
  });

  it('a modern server with revisions of its own is not taken for an old one (versioning, "Protocol Version Negotiation")', async () => {
    const error = { code: -32022, message: 'Unsupported', data: { supported: ['2099-01-01'] } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: null, error });
    const server = await simple(() => ({ status: 400, body }));
    const made = host(remote('s', server.url));
    await made.state('s', 'failed');
    expect(made.pool.status('s')?.problem).toMatchObject({ code: 'upstream.protocol_mismatch' });
    expect(made.pool.status('s')?.problem?.message).toContain('2099-01-01');
    expect(server.methods()).toEqual(['server/discover']);
  });

  it('what was found out is not asked again', async () => {
    const server = await simple();
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    await made.pool.restart('s');
    await made.state('s', 'ready');
    const methods = server.methods();
    expect(methods.filter((method) => method === 'server/discover').length).toBe(1);
    expect(methods.filter((method) => method === 'initialize').length).toBe(2);
  });

  it('an address where nothing of the kind is: the error names what was tried', async () => {
    const server = await simple(() => ({ status: 404, body: 'Nothing here' }));
    const made = host(remote('s', server.url));
    await made.state('s', 'failed');
    const problem = made.pool.status('s')?.problem;
    expect(problem?.code).toBe('upstream.no_transport');
    expect(problem?.message).toMatch(/HTTP: .*404.* SSE: .*405/);
  });

  it.each([
    [401, 'upstream.unauthorized', 1],
    [403, 'upstream.forbidden', 2],
    [503, 'upstream.http_status', 2],
  ])('status %i is what it is, not another transport', async (status, code, requests) => {
    const server = await simple(() => ({ status, body: '' }));
    const made = host(remote('s', server.url));
    await made.state('s', code === 'upstream.unauthorized' ? 'signing-in' : 'failed');
    expect(made.pool.status('s')?.problem?.code).toBe(code);
    expect(server.seen.length).toBe(requests);
  });
});

it('references in the address and in headers are resolved', async () => {
  const server = await simple();
  const spec = remote('s', server.url);
  const made = host({
    ...spec,
    transport: {
      kind: 'auto',
      url: `${server.url}?key=REFERENCE`,
      headers: { Authorization: 'Bearer REFERENCE' },
      tls: { verify: true, caFile: null },
    },
  });
  await made.state('s', 'ready');
  expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer resolved']),
  );
});

it('cancelling closes the stream of a modern call (streamable HTTP, "Cancellation")', async () => {
  const made = host(remote('s', await parity('modern', '--http')));
  await made.state('s', 'ready');
  const modern = peer('m', { era: 'modern', revision: '2026-07-28' });
  const legacy = peer('l');
  for (const [key, from] of Object.entries({ x: modern, y: legacy })) {
    const args = { name: 'slow', arguments: { key, steps: 100_000, ms: 10 } };
    const meta = {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    };
    const one = call(from, 'tools/call', from === modern ? { ...args, ...meta } : args);
    const handle = made.pool.forward('s', one.request);
    await until(() => made.tool('s', legacy, 'is_running', { key }), 'it runs');
    handle.cancel('no more');
    await until(() => made.tool('s', legacy, 'was_cancelled', { key }), 'it has heard');
  }
});
