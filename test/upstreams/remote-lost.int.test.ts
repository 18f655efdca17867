/** Remote servers that forget us or go away: what becomes of them, and of the calls that are under way. */
import { describe, expect, it } from 'vitest';
import { call, peer } from '../fakes/call.ts';
import { until } from '../host/gateway.ts';
import { closeAfterEach } from './http-links.ts';
import { remote } from './pool-host.ts';
import { host, simple } from './remotes.ts';

closeAfterEach();
const a = peer('a');

describe('a server that', () => {
  it('has lost the session gets a new one at once, with subscriptions and level (transports, "Session Management")', async () => {
    const server = await simple();
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    expect(await made.tool('s', a, 't')).toBe('s1');
    await made.pool.subscribe('s', 'note://1', a);
    made.pool.setLogLevel('s', 'error');
    await until(() => server.methods().includes('logging/setLevel'), 'the level is set');
    server.forget();
    const before = server.seen.length;
    // What was refused for that alone was not carried out, and is made again.
    expect(await Promise.all([1, 2, 3].map(() => made.tool('s', a, 't')))).toEqual(['s2', 's2', 's2']);
    expect(made.statuses.get('s')?.map(({ state }) => state)).toEqual([
      'starting',
      'ready',
      'starting',
      'ready',
    ]);
    const again = (): string[] => server.methods().slice(before);
    await until(() => again().includes('resources/subscribe'), 'subscribed again');
    await until(() => again().includes('logging/setLevel'), 'the level is set again');
  });

  it('refuses the standing stream as if the session were lost keeps it, for it answers requests', async () => {
    const server = await simple(undefined, 404);
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    await until(() => server.methods().includes('ping'), 'it is asked for a sign of life');
    expect(await made.tool('s', a, 't')).toBe('s1');
    expect(made.statuses.get('s')?.length).toBe(2);
  });

  it('loses every session is not asked for ever, and calls say so', async () => {
    let closed = false;
    const server = await simple((method) =>
      closed && method === 'tools/call' ? { status: 404, body: '' } : null,
    );
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    closed = true;
    await expect(made.tool('s', a, 't')).rejects.toMatchObject({ code: 'upstream.session_lost' });
    expect(server.methods().filter((method) => method === 'tools/call').length).toBe(2);
    // The second time it is met again after a pause.
    await made.state('s', 'retrying');
  });

  it('has lost the session and cannot be met again fails what waits for it', async () => {
    let closed = false;
    const server = await simple((method) =>
      closed && method === 'initialize' ? { status: 503, body: '' } : null,
    );
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    closed = true;
    server.forget();
    await expect(made.tool('s', a, 't')).rejects.toMatchObject({ code: 'upstream.http_status' });
    await made.state('s', 'retrying');
  });

  it('has lost the session of one client opens him another', async () => {
    const server = await simple();
    const made = host(remote('s', server.url, 'auto', { session: 'per-client' }));
    await made.state('s', 'ready');
    expect(await made.tool('s', a, 't')).toBe('s2');
    server.forget();
    expect(await made.tool('s', a, 't')).toBe('s3');
    expect(made.statuses.get('s')?.length).toBe(2);
  });

  it('goes away is seen to be away, and met again when it is back', async () => {
    const server = await simple();
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    await server.stop();
    const one = call(a, 'tools/call', { name: 't' });
    made.pool.forward('s', one.request);
    await until(() => one.failed.length === 1, 'the call fails');
    expect(one.failed[0]?.code).toMatch(/^upstream\.(refused|stream_broken)$/);
    await until(async () => {
      const next = await made.tool('s', a, 't').catch((error: { code: string }) => error.code);
      return next === 'upstream.not_ready';
    }, 'seen to be away');
    expect(made.pool.status('s')).toMatchObject({
      state: 'retrying',
      problem: { code: 'upstream.refused' },
    });
    await server.start();
    await made.state('s', 'ready');
  });

  it('is not there fails, and is met when it comes', async () => {
    const server = await simple();
    await server.stop();
    const made = host(remote('s', server.url));
    await made.state('s', 'failed');
    expect(made.pool.status('s')?.problem?.code).toBe('upstream.refused');
    await server.start();
    await made.state('s', 'ready');
  });
});
