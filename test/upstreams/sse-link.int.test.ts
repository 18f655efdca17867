/** The link over HTTP+SSE of 2024-11-05: what it does and what it does not fall for. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../main/protocol/clock.ts';
import type { HttpTarget } from '../../main/upstreams/http-target.ts';
import { openSseLink } from '../../main/upstreams/sse-link.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { closeAfterEach, closing, type Opened, server } from './http-links.ts';
import {
  answer,
  ask,
  endless,
  type Handler,
  json,
  Recorder,
  stream,
  type TestServer,
  tell,
} from './http-peers.ts';

closeAfterEach();

const LIMIT = 1024 * 1024;

async function open(
  target: Partial<HttpTarget> & { url: string },
  clock: Clock = systemClock,
): Promise<Opened> {
  const told = new Recorder();
  const link = await openSseLink({ headers: {}, ...target }, clock, told, LIMIT);
  closing(() => link.close());
  return { link, told };
}

/** A server that names `/messages`; what comes there is the handler's. `events` writes to the newest stream. */
async function named(
  handler: Handler,
  endpoint: (origin: string) => string = () => '/messages?session=1',
): Promise<Opened & { server: TestServer; events: () => ServerResponse }> {
  let events: ServerResponse | undefined;
  const one: TestServer = await server((got, response, request) => {
    if (got.method !== 'GET') return void handler(got, response, request);
    events = stream(response);
    events.write(`event: endpoint\ndata: ${endpoint(one.origin)}\n\n`);
  });
  const opened = await open({ url: `${one.origin}/sse?key=1`, headers: { 'X-Key': 'k' } });
  return {
    ...opened,
    server: one,
    events: () => {
      if (events === undefined) throw new Error('no stream yet');
      return events;
    },
  };
}

const accept: Handler = (_got, response) => response.writeHead(202).end('Accepted');

describe('the link', () => {
  it.each([
    ['a path', () => '/messages?session=1'],
    ['a relative path', () => 'messages?session=1'],
    ['a whole address', (origin: string) => `${origin}/messages?session=1`],
  ])(
    'sends every message to the place that the stream names by %s, and hears on the stream',
    async (_how, endpoint) => {
      const { link, told, server: one, events } = await named(accept, endpoint);
      expect(link.heads).toBe(false);
      link.agreed('2024-11-05');
      link.send(ask(1, 'tools/list'), 1, null);
      await vi.waitFor(() => expect(one.got).toHaveLength(2), 10_000);
      const [get, post] = one.got;
      expect(get).toMatchObject({ method: 'GET', path: '/sse?key=1' });
      expect(get?.headers).toMatchObject({ accept: 'text/event-stream', 'x-key': 'k' });
      expect(post).toMatchObject({ method: 'POST', path: '/messages?session=1', message: { id: 1 } });
      expect(post?.headers).toMatchObject({ 'content-type': 'application/json', 'x-key': 'k' });
      events().write(`event: message\r\ndata: ${answer(1, { text: 'Grüße' })}\r\n\r\n`);
      expect(await told.heard('Grüße')).toEqual({ text: answer(1, { text: 'Grüße' }), about: null });
    },
  );

  it('lets requests wait until the server has taken note of notifications/initialized', async () => {
    let note: (() => void) | undefined;
    const { link, server: one } = await named((got, response) => {
      const take = (): void => void response.writeHead(202).end();
      if (got.message.method === 'notifications/initialized') note = take;
      else take();
    });
    link.send(tell('notifications/initialized'), -1, null);
    link.send(ask(1, 'tools/list'), 1, null);
    link.send(ask(2, 'tools/list'), 2, null);
    link.abandon(1);
    await vi.waitFor(() => expect(note).toBeDefined(), 10_000);
    expect(one.got).toHaveLength(2);
    note?.();
    await vi.waitFor(() => expect(one.got).toHaveLength(3), 10_000);
    expect(one.got[2]?.message.id).toBe(2);
  });

  it('fails a request that is refused, and lives on', async () => {
    const { link, told, events } = await named((got, response) => {
      if (got.message.id === 1) response.writeHead(500).end('no\nX-Key');
      else if (got.message.id === 2)
        json(response, 400, '{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"bad"}}');
      else if (got.message.id === 3) response.writeHead(401).end();
      else response.writeHead(202).end();
    });
    for (const id of [1, 2, 3, 4]) link.send(ask(id, 'x'), id, null);
    expect(await told.failureOf(1)).toMatchObject({ code: 'upstream.http_status', cause: { status: 500 } });
    expect((await told.answerTo(2)).error?.message).toBe('bad');
    expect(await told.failureOf(3)).toMatchObject({ code: 'upstream.unauthorized' });
    events().write(`data: ${answer(4)}\n\n`);
    await told.answerTo(4);
    expect(told.ends).toEqual([]);
  });

  it('ends when the stream ends, once, and sends nothing more', async () => {
    const { link, told, server: one, events } = await named(accept);
    events().end();
    expect(await told.end()).toMatchObject({ code: 'upstream.stream_ended' });
    link.send(ask(1, 'x'), 1, null);
    await link.close();
    expect(told.ends).toHaveLength(1);
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
    expect(one.got).toHaveLength(1);
  });

  it('ends when it is closed, with everything under way, and once', async () => {
    const { link, told, server: one } = await named(() => undefined);
    link.send(ask(1, 'x'), 1, null);
    await vi.waitFor(() => expect(one.got).toHaveLength(2), 10_000);
    await Promise.all([link.close(), link.close()]);
    expect(told.ends).toEqual([null]);
    expect(told.failures).toEqual([]);
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
  });

  it('ends with the signal, open or opening', async () => {
    const one = await server((got, response) => {
      stream(response).write(got.path === '/named' ? 'event: endpoint\ndata: /m\n\n' : ': wait\n\n');
    });
    const first = new AbortController();
    const { told } = await open({ url: `${one.origin}/named`, signal: first.signal });
    first.abort();
    expect(await told.end()).toBeNull();
    const second = new AbortController();
    const opening = open({ url: one.origin, signal: second.signal });
    await vi.waitFor(() => expect(one.got).toHaveLength(2), 10_000);
    second.abort();
    await expect(opening).rejects.toMatchObject({ code: 'upstream.stopped' });
    await expect(open({ url: one.origin, signal: second.signal })).rejects.toMatchObject({
      code: 'upstream.stopped',
    });
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
  });

  it('abandons a message that is still on its way', async () => {
    const { link, told, server: one } = await named(() => undefined);
    link.send(ask(1, 'x'), 1, null);
    await vi.waitFor(() => expect(one.sockets.size).toBe(2), 10_000);
    link.abandon(1);
    await vi.waitFor(() => expect(one.sockets.size).toBe(1), 10_000);
    expect(told.failures).toEqual([]);
  });
});

describe('hostile servers', () => {
  const refused = async (handler: Handler, code: string): Promise<TestServer> => {
    const one = await server(handler);
    await expect(
      open({ url: `${one.origin}/sse`, headers: { 'X-Key': 'PLANTED-SECRET' } }),
    ).rejects.toMatchObject({
      code,
    });
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
    return one;
  };

  it('foreign-endpoint: messages and keys go to the same origin only', async () => {
    const thief = await server(accept);
    for (const place of [`${thief.origin}/m`, `//127.0.0.1:${thief.port}/m`, 'file:///etc/passwd']) {
      await refused((_got, response) => {
        stream(response).write(`event: endpoint\ndata: ${place}\n\n`);
      }, 'upstream.foreign_endpoint');
    }
    expect(thief.got).toEqual([]);
  });

  it('second-endpoint: what the stream names later is not listened to', async () => {
    const { link, told, server: one, events } = await named(accept);
    events().write(
      'event: endpoint\ndata: /elsewhere\n\nevent: message\ndata: {"jsonrpc":"2.0","method":"x"}\n\n',
    );
    await told.heard('"x"');
    link.send(ask(1, 'x'), 1, null);
    await vi.waitFor(() => expect(one.got).toHaveLength(2), 10_000);
    expect(one.got[1]?.path).toBe('/messages?session=1');
  });

  it('bad-endpoint: an address that cannot be read', () =>
    refused((_got, response) => {
      stream(response).write('event: endpoint\ndata: http://[\n\n');
    }, 'upstream.not_sse'));

  it('no-stream: an answer that is no stream', () =>
    refused((_got, response) => json(response, 200, '{}'), 'upstream.not_sse'));

  it('early-talk: messages before the address are not heard, and the stream may end', () =>
    refused((_got, response) => {
      stream(response).end('data: {"jsonrpc":"2.0","method":"x"}\n\n');
    }, 'upstream.stream_ended'));

  it('endless-event: is cut off', () =>
    refused((_got, response) => {
      stream(response).write('data: ');
      endless(response);
    }, 'upstream.too_large'));

  it('foreign-redirect: is not followed', async () => {
    const thief = await server(accept);
    await refused((_got, response) => {
      response.writeHead(302, { location: thief.origin }).end();
    }, 'upstream.redirected');
    expect(thief.got).toEqual([]);
  });

  it.each([
    [404, 'upstream.http_status'],
    [405, 'upstream.http_status'],
    [401, 'upstream.unauthorized'],
    [403, 'upstream.forbidden'],
  ])('status %i is named', async (status, code) => {
    await refused((_got, response) => response.writeHead(status).end('{"jsonrpc":"2.0"}'), code);
  });

  it('silent: a stream that names no address is given up after 10 seconds', async () => {
    const clock = manualClock();
    const one = await server((_got, response) => stream(response).write(': hello\n\n'));
    const opening = open({ url: one.origin }, clock);
    await vi.waitFor(() => expect(one.got).toHaveLength(1), 10_000);
    clock.advance(9_999);
    expect(one.sockets.size).toBe(1);
    clock.advance(1);
    await expect(opening).rejects.toMatchObject({ code: 'upstream.not_sse' });
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
  });

  it('a server that is not there', async () => {
    const one = await server(() => undefined);
    await one.close();
    await expect(open({ url: one.origin })).rejects.toMatchObject({ code: 'upstream.refused' });
  });
});
