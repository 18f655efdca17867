/** The link over streamable HTTP: what it says, hears, and does not fall for. */
import { createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import { openHttpLink } from '../../main/upstreams/http-link.ts';
import type { HttpTarget } from '../../main/upstreams/http-target.ts';
import type { Link } from '../../main/upstreams/link.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import {
  answer,
  ask,
  type Got,
  initialize,
  json,
  Recorder,
  serve,
  stream,
  type TestServer,
  tell,
} from './http-peers.ts';

const LIMIT = 1024 * 1024;
const LEGACY = '2025-11-25';
const MODERN = '2026-07-28';
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of cleanups.splice(0).reverse()) await close();
});

async function server(handler: Parameters<typeof serve>[0], port?: number): Promise<TestServer> {
  const one = await serve(handler, port);
  cleanups.push(one.close);
  return one;
}

interface Opened {
  readonly link: Link;
  readonly told: Recorder;
}

async function open(
  target: Partial<HttpTarget> & { url: string },
  clock = systemClock,
  maxResult = LIMIT,
): Promise<Opened> {
  const told = new Recorder();
  const link = await openHttpLink({ headers: {}, ...target }, clock, told, maxResult);
  cleanups.push(() => link.close());
  return { link, told };
}

/** A link whose session has begun; the server answers `initialize` with a session and takes notifications. */
async function session(
  handler: Parameters<typeof serve>[0],
  clock = systemClock,
): Promise<Opened & { server: TestServer }> {
  const one = await server((got, response, request) => {
    if (got.message.method === 'initialize') {
      json(response, 200, answer(got.message.id), { 'mcp-session-id': 'session-1' });
    } else if (got.message.method === 'notifications/initialized') response.writeHead(202).end();
    else handler(got, response, request);
  });
  const opened = await open({ url: `${one.origin}/mcp` }, clock);
  opened.link.send(initialize(1), 1, null);
  await opened.told.answerTo(1);
  opened.link.agreed(LEGACY);
  opened.link.send(tell('notifications/initialized'), -1, null);
  await vi.waitFor(() => expect(one.got.some((got) => got.method === 'GET')).toBe(true), 10_000);
  return { ...opened, server: one };
}

const noStream = (got: Got, response: Parameters<Parameters<typeof serve>[0]>[1]): boolean => {
  if (got.method === 'POST') return false;
  response.writeHead(got.method === 'GET' ? 405 : 200).end();
  return true;
};

describe('what it says', () => {
  it('sends both media types, then session and revision, and takes no session after the handshake', async () => {
    const {
      link,
      told,
      server: one,
    } = await session((got, response) => {
      if (!noStream(got, response))
        json(response, 200, answer(got.message.id), { 'mcp-session-id': 'other' });
    });
    link.send(ask(2, 'tools/list'), 2, null);
    await told.answerTo(2);
    link.send(ask(3, 'tools/list'), 3, null);
    await told.answerTo(3);
    const [first, , , second, third] = one.got;
    expect(first?.headers.accept).toBe('application/json, text/event-stream');
    expect(first?.headers['content-type']).toBe('application/json');
    expect(first?.headers['mcp-session-id']).toBeUndefined();
    expect(first?.headers['mcp-protocol-version']).toBeUndefined();
    for (const later of [second, third]) {
      expect(later?.headers['mcp-session-id']).toBe('session-1');
      expect(later?.headers['mcp-protocol-version']).toBe(LEGACY);
    }
    expect(one.sockets.size).toBeLessThanOrEqual(2);
  });

  it('repeats a modern request in headers, encoded where they could not hold it', async () => {
    const one = await server((got, response) => json(response, 200, answer(got.message.id)));
    const { link, told } = await open({ url: one.origin, headers: { 'X-Key': 'k' } });
    expect(link.heads).toBe(true);
    link.send(ask(1, 'server/discover'), 1, { method: 'server/discover', name: null, params: null });
    await told.answerTo(1);
    link.agreed(MODERN);
    link.send(ask(2, 'tools/call'), 2, {
      method: 'tools/call',
      name: 'Größe',
      params: { 'Mcp-Param-Region': 'eu' },
    });
    await told.answerTo(2);
    link.send(ask(3, 'x'), 3, { method: 'x\r\nInjected: yes', name: 'a\nb', params: null });
    await told.answerTo(3);
    expect(one.got[0]?.headers).toMatchObject({
      'mcp-protocol-version': MODERN,
      'mcp-method': 'server/discover',
      'x-key': 'k',
    });
    expect(one.got[0]?.headers['mcp-name']).toBeUndefined();
    expect(one.got[1]?.headers).toMatchObject({
      'mcp-protocol-version': MODERN,
      'mcp-method': 'tools/call',
      'mcp-name': `=?base64?${Buffer.from('Größe').toString('base64')}?=`,
      'mcp-param-region': 'eu',
    });
    expect(one.got[2]?.headers.injected).toBeUndefined();
    expect(one.got.every((got) => got.method === 'POST')).toBe(true);
  });

  it('lets requests wait until the server has taken note of notifications/initialized', async () => {
    let accept: (() => void) | undefined;
    const one = await server((got, response) => {
      if (noStream(got, response)) return;
      if (got.message.method === 'notifications/initialized') accept = () => response.writeHead(202).end();
      else json(response, 200, answer(got.message.id));
    });
    const { link, told } = await open({ url: one.origin });
    link.agreed(LEGACY);
    link.send(tell('notifications/initialized'), -1, null);
    for (const id of [1, 2, 3]) link.send(ask(id, 'tools/list'), id, null);
    link.abandon(2);
    await vi.waitFor(() => expect(accept).toBeDefined(), 10_000);
    expect(one.got).toHaveLength(1);
    accept?.();
    await Promise.all([told.answerTo(1), told.answerTo(3)]);
    expect(one.got.map((got) => got.message.id)).not.toContain(2);
  });

  it('lets them go after a while when the server says nothing to it', async () => {
    const clock = manualClock();
    const one = await server((got, response) => {
      if (noStream(got, response) || got.message.id === undefined) return;
      json(response, 200, answer(got.message.id));
    });
    const { link, told } = await open({ url: one.origin }, clock);
    link.agreed(LEGACY);
    link.send(tell('notifications/initialized'), -1, null);
    link.send(ask(1, 'tools/list'), 1, null);
    await vi.waitFor(() => expect(one.got).toHaveLength(1), 10_000);
    clock.advance(10_000);
    await told.answerTo(1);
  });

  it.each([
    ['ftp://127.0.0.1/mcp', {}, 'upstream.bad_url'],
    ['not an address', {}, 'upstream.bad_url'],
    ['http://127.0.0.1/mcp', { 'X-Key': 'SECRET\nvalue' }, 'upstream.bad_header'],
    ['http://127.0.0.1/mcp', { 'X Key': 'SECRET' }, 'upstream.bad_header'],
    ['http://127.0.0.1/mcp', { 'X-Key': 'SECRET', 'x-key': 'SECRET' }, 'upstream.bad_header'],
  ])('refuses %s with %j as %s', async (url, headers, code) => {
    const failure = open({ url, headers });
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.not.toThrow('SECRET');
  });

  it('keeps configured headers, but none that contradict the transport', async () => {
    const one = await server((got, response) => json(response, 200, answer(got.message.id)));
    const { link, told } = await open({
      url: one.origin.replace('//', '//me:pass%20word@'),
      headers: { Accept: 'x/y', 'content-length': '1', 'mcp-session-id': 'z', Host: 'other.example' },
    });
    link.send(ask(1, 'ping'), 1, null);
    await told.answerTo(1);
    expect(one.got[0]?.headers).toMatchObject({
      accept: 'application/json, text/event-stream',
      host: 'other.example',
      authorization: `Basic ${Buffer.from('me:pass word').toString('base64')}`,
    });
    expect(one.got[0]?.headers['mcp-session-id']).toBeUndefined();
  });
});

describe('what it hears', () => {
  it('hands on JSON answers untouched, big numbers, order of keys and all', async () => {
    const body = '{"result":{"b":12345678901234567890,"a":1.0,"z":"\\u00e9é"},"jsonrpc":"2.0","id":1}';
    const one = await server((_got, response) => json(response, 200, body));
    const { link, told } = await open({ url: one.origin });
    link.send(ask(1, 'x'), 1, null);
    expect(await told.heard('result')).toEqual({ text: body, about: 1 });
  });

  it('hands on a body that is pretty printed as one line', async () => {
    const one = await server((got, response) =>
      json(response, 200, `\n${JSON.stringify(JSON.parse(answer(got.message.id)), null, 2)}\n`),
    );
    const { link, told } = await open({ url: one.origin });
    link.send(ask(1, 'x'), 1, null);
    await told.answerTo(1);
    expect(told.messages[0]?.text).not.toContain('\n');
  });

  it('hands on each event of a stream with its request, also of several at once', async () => {
    const one = await server((got, response) => {
      const { id } = got.message;
      stream(response);
      response.write(`event: message\ndata: {"jsonrpc":"2.0","method":"note-${id}"}\n\n`);
      response.end(`data: ${answer(id)}\n\n`);
    });
    const { link, told } = await open({ url: one.origin });
    for (const id of [1, 2, 3]) link.send(ask(id, 'x'), id, null);
    await Promise.all([1, 2, 3].map((id) => told.answerTo(id)));
    for (const id of [1, 2, 3]) {
      expect(await told.heard(`note-${id}`)).toMatchObject({ about: id });
    }
    expect(told.messages).toHaveLength(6);
  });

  it('takes apart the batch of 2025-03-26 in an event', async () => {
    const one = await server((got, response) => {
      stream(response).end(`data: [{"jsonrpc":"2.0","method":"note"}, ${answer(got.message.id)}]\n\n`);
    });
    const { link, told } = await open({ url: one.origin });
    link.send(ask(1, 'x'), 1, null);
    await told.answerTo(1);
    expect(told.messages.map((message) => message.text)).toEqual([
      '{"jsonrpc":"2.0","method":"note"}',
      answer(1),
    ]);
  });

  it.each(['\n', '\r\n', '\r'])(
    'reads events cut inside UTF-8 characters, lines ending with %j',
    async (eol) => {
      const text = answer(1, { text: 'Grüße 😀 ✓' });
      const bytes = Buffer.from(
        [': hello', 'id: 1', 'event: message', `data: ${text}`, '', ''].join(eol),
        'utf8',
      );
      const one = await server(async (_got, response) => {
        stream(response);
        for (const byte of bytes) {
          // One chunk for each byte, each in a write of its own.
          await new Promise<void>((resolve) => response.write(Buffer.of(byte), () => resolve()));
        }
        response.end();
      });
      const { link, told } = await open({ url: one.origin });
      link.send(ask(1, 'x'), 1, null);
      expect(await told.heard('Grüße')).toEqual({ text, about: 1 });
    },
  );

  it('joins an event of several data lines to one line', async () => {
    const one = await server((_got, response) =>
      stream(response).end('data: {"jsonrpc":"2.0",\ndata: "id":1,\ndata: "result":{}}\n\n'),
    );
    const { link, told } = await open({ url: one.origin });
    link.send(ask(1, 'x'), 1, null);
    await told.answerTo(1);
    expect(told.messages[0]?.text).not.toContain('\n');
  });

  it('ignores events of other types and without data', async () => {
    const one = await server((got, response) =>
      stream(response).end(
        `event: ping\ndata: ${answer(got.message.id, 'ping')}\n\nid: 5\ndata:\n\ndata: ${answer(got.message.id)}\n\n`,
      ),
    );
    const { link, told } = await open({ url: one.origin });
    link.send(ask(1, 'x'), 1, null);
    await told.answerTo(1);
    expect(told.messages).toHaveLength(1);
  });

  it('ends a stream that stays open after its answer, and not before its time', async () => {
    const clock = manualClock();
    const one = await server((got, response) => {
      stream(response).write(`data: ${answer(got.message.id)}\n\n`);
    });
    const { link, told } = await open({ url: one.origin }, clock);
    link.send(ask(1, 'x'), 1, null);
    await told.answerTo(1);
    expect(one.sockets.size).toBe(1);
    clock.advance(4_000);
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
    expect(told.failures).toEqual([]);
  });

  it('uses a connection again after an answer of either kind', async () => {
    const ports = new Set<number | undefined>();
    const one = await server((got, response, request) => {
      ports.add(request.socket.remotePort);
      if ((got.message.id ?? 0) % 2 === 0) json(response, 200, answer(got.message.id));
      else stream(response).end(`data: ${answer(got.message.id)}\n\n`);
    });
    const { link, told } = await open({ url: one.origin });
    for (let id = 1; id <= 20; id++) {
      link.send(ask(id, 'x'), id, null);
      await told.answerTo(id);
      // The end of a stream may come behind its last event.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ports.size).toBeLessThan(5);
  });
});

describe('refusals', () => {
  const refusing = async (
    status: number,
    body: string,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<Opened> => {
    const one = await server((_got, response) => response.writeHead(status, headers).end(body));
    const opened = await open({
      url: `${one.origin}/mcp?key=QUERYSECRET`,
      headers: { Authorization: 'Bearer HEADERSECRET' },
    });
    opened.link.send(ask(7, 'tools/call'), 7, null);
    return opened;
  };

  it.each([
    ['with our id', '{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no","data":{"n":1e400}}}'],
    [
      'with a null id',
      '{"jsonrpc":"2.0","error":{"code":-32602,"message":"no","data":{"n":1e400}},"id":null}',
    ],
    ['without an id', '{"jsonrpc":"2.0","error":{"code":-32602,"message":"no","data":{"n":1e400}}}'],
    [
      'with an id of its own',
      '{"jsonrpc":"2.0","id":"server-error","error":{"code":-32602,"message":"no","data":{"n":1e400}}}',
    ],
  ])("passes the server's own error under status 400, %s", async (_how, body) => {
    const { told } = await refusing(400, body);
    expect(await told.heard('error')).toEqual({
      text: '{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no","data":{"n":1e400}}}',
      about: 7,
    });
    expect(told.failures).toEqual([]);
  });

  it('names status and the beginning of the text of any other refusal, and no secret', async () => {
    const { told } = await refusing(
      502,
      `<html>\n<h1>Bad\u0000\u202e gateway</h1> Bearer HEADERSECRET key=QUERYSECRET ${'x'.repeat(5000)}`,
      { 'content-type': 'text/html' },
    );
    const error = await told.failureOf(7);
    expect(error).toMatchObject({ code: 'upstream.http_status', cause: { status: 502 } });
    expect(error.message).toContain('502: <html> <h1>Bad gateway</h1> [hidden] [hidden] xxx');
    expect(error.message).not.toMatch(/SECRET/);
    expect(error.message.length).toBeLessThan(400);
  });

  it('keeps the challenge of a 401 for signing in', async () => {
    const { told } = await refusing(401, '{}', { 'www-authenticate': 'Bearer resource_metadata="x"' });
    expect(await told.failureOf(7)).toMatchObject({
      code: 'upstream.unauthorized',
      cause: { status: 401, wwwAuthenticate: 'Bearer resource_metadata="x"' },
    });
  });

  it('tells a 403 from other refusals', async () => {
    const { told } = await refusing(403, 'go away');
    expect(await told.failureOf(7)).toMatchObject({ code: 'upstream.forbidden' });
  });

  it('a 404 without a session is a refusal like others', async () => {
    const { told } = await refusing(404, 'nothing here');
    expect(await told.failureOf(7)).toMatchObject({ code: 'upstream.http_status', cause: { status: 404 } });
    expect(told.ends).toEqual([]);
  });

  it.each([
    [404, 'gone'],
    [404, '{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}'],
    [400, '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}'],
  ])('a %i in a session (%s) means that the session is lost', async (status, body) => {
    const { link, told } = await session((got, response) => {
      if (!noStream(got, response)) json(response, status, body);
    });
    link.send(ask(2, 'tools/list'), 2, null);
    expect(await told.end()).toMatchObject({ code: 'upstream.session_lost' });
    link.send(ask(3, 'tools/list'), 3, null);
    await link.close();
    expect(told.ends).toHaveLength(1);
    expect(told.failures).toEqual([]);
  });

  it('a 400 in a session that speaks of something else is an answer', async () => {
    const { link, told } = await session((got, response) => {
      if (!noStream(got, response))
        json(response, 400, '{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"bad"}}');
    });
    link.send(ask(2, 'tools/list'), 2, null);
    expect((await told.answerTo(2)).error?.message).toBe('bad');
    expect(told.ends).toEqual([]);
  });

  it('refused notifications end nothing', async () => {
    const one = await server((got, response) =>
      got.message.id === undefined
        ? response.writeHead(500).end('no')
        : json(response, 200, answer(got.message.id)),
    );
    const { link, told } = await open({ url: one.origin });
    link.send(tell('notifications/cancelled'), -1, null);
    await vi.waitFor(() => expect(one.got).toHaveLength(1), 10_000);
    link.send(ask(1, 'x'), 1, null);
    await told.answerTo(1);
    expect(told.failures).toEqual([]);
  });
});

describe('hostile servers', () => {
  const attack = async (
    handler: Parameters<typeof serve>[0],
    code: string,
    headers: Record<string, string> = {},
  ): Promise<Opened & { server: TestServer }> => {
    const one = await server(handler);
    const opened = await open({ url: one.origin, headers });
    opened.link.send(ask(1, 'tools/call'), 1, null);
    expect(await opened.told.failureOf(1)).toMatchObject({ code });
    expect(opened.told.messages).toEqual([]);
    expect(opened.told.ends).toEqual([]);
    return { ...opened, server: one };
  };

  it('wrong-type: neither JSON nor events', () =>
    attack((_got, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    }, 'upstream.bad_answer'));

  it('no-json: JSON by its type only', () =>
    attack((_got, response) => json(response, 200, 'sorry'), 'upstream.bad_answer'));

  it('foreign-id: the answer to a request that was never made', () =>
    attack((_got, response) => json(response, 200, answer(99)), 'upstream.bad_answer'));

  it('no-answer: accepted and nothing more', () =>
    attack((_got, response) => {
      response.writeHead(202).end();
    }, 'upstream.bad_answer'));

  it('endless-event: an event that never ends is cut off', () =>
    attack((_got, response) => {
      stream(response).write('data: ');
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    }, 'upstream.too_large'));

  it('endless-body: a body that never ends is cut off', async () => {
    const { server: one } = await attack((_got, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    }, 'upstream.too_large');
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
  });

  it('huge-length: a body that announces too much is not read', () =>
    attack((_got, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1e12 }).write('{');
    }, 'upstream.too_large'));

  it('huge-header: a head larger than Node takes', () =>
    attack((_got, response) => {
      json(response, 200, '{}', { 'x-huge': 'x'.repeat(1_000_000) });
    }, 'upstream.bad_answer'));

  it('not-http: a server of another kind', async () => {
    const tcp = createTcpServer((socket) => void socket.end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => void tcp.close());
    const { port } = tcp.address() as { port: number };
    const { link, told } = await open({ url: `http://127.0.0.1:${port}` });
    link.send(ask(1, 'x'), 1, null);
    expect(await told.failureOf(1)).toMatchObject({ code: 'upstream.bad_answer' });
  });

  it('half-closed: the connection goes before the stream has ended', () =>
    attack((_got, response) => {
      stream(response).write('data: {"jsonrpc":"2.0"', () => response.socket?.end());
    }, 'upstream.stream_broken'));

  it('cut-body: the connection goes before the body has ended', () =>
    attack((_got, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"jsonrpc"', () => response.destroy());
    }, 'upstream.stream_broken'));

  it('silent-end: the stream ends in order, without the answer', () =>
    attack((_got, response) => {
      stream(response).end('data: {"jsonrpc":"2.0","method":"x"}'.slice(0, 3));
    }, 'upstream.stream_broken'));

  it('foreign-redirect: neither keys nor the message go to another origin, nor is its path shown', async () => {
    const thief = await server((_got, response) => json(response, 200, answer(1)));
    const { told } = await attack(
      (_got, response) => {
        response.writeHead(307, { location: `${thief.origin}/steal?x=SECRETPATH` }).end();
      },
      'upstream.redirected',
      { 'X-Api-Key': 'PLANTED-SECRET' },
    );
    const error = await told.failureOf(1);
    expect(error.message).toContain(thief.origin);
    expect(error.message).not.toMatch(/SECRET/);
    expect(thief.got).toEqual([]);
    expect(thief.sockets.size).toBe(0);
  });

  it('foreign-redirect: another port of the same computer is another origin for the standing stream, too', async () => {
    const thief = await server((_got, response) => stream(response).end());
    const { link, told } = await session((got, response) => {
      if (got.method === 'GET') response.writeHead(302, { location: thief.origin }).end();
      else json(response, 200, answer(got.message.id));
    });
    link.send(ask(2, 'x'), 2, null);
    await told.answerTo(2);
    expect(thief.got).toEqual([]);
  });

  it('redirect-loop: followed once', async () => {
    const { server: one } = await attack((_got, response) => {
      response.writeHead(308, { location: '/again' }).end();
    }, 'upstream.redirected');
    expect(one.got).toHaveLength(2);
  });

  it.each([301, 302, 303])('post-to-get: a %i is not followed', async (status) => {
    const { server: one } = await attack((_got, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end();
    }, 'upstream.redirected');
    expect(one.got).toHaveLength(1);
  });

  it('slow-answer: a head that drips is waited for until nobody waits for it', async () => {
    let socket: Socket | null = null;
    const one = await server((got, response, request) => {
      if (got.message.id === 2) return json(response, 200, answer(2));
      socket = request.socket;
      request.socket.write('HTTP/1.1 200 OK\r\nContent-Ty');
    });
    const { link, told } = await open({ url: one.origin });
    link.send(ask(1, 'x'), 1, null);
    await vi.waitFor(() => expect(socket).not.toBeNull(), 10_000);
    link.send(ask(2, 'x'), 2, null);
    await told.answerTo(2);
    link.abandon(1);
    await vi.waitFor(() => expect((socket as Socket | null)?.destroyed).toBe(true), 10_000);
    expect(told.failures).toEqual([]);
  });

  it('late-talk: nothing comes any more on the stream of an abandoned request', async () => {
    let talk: ((text: string) => void) | undefined;
    const one = await server((got, response) => {
      if (got.message.id === 2) return json(response, 200, answer(2));
      talk = (text) => response.write(`data: {"jsonrpc":"2.0","method":"${text}"}\n\n`);
      stream(response);
      talk('first');
    });
    const { link, told } = await open({ url: one.origin });
    link.send(ask(1, 'x'), 1, null);
    await told.heard('first');
    link.abandon(1);
    talk?.('second');
    link.send(ask(2, 'x'), 2, null);
    await told.answerTo(2);
    await vi.waitFor(() => expect(one.sockets.size).toBe(1), 10_000);
    expect(told.messages).toHaveLength(2);
    expect(told.failures).toEqual([]);
  });

  it('compressed: an encoding that we did not ask for is no answer', () =>
    attack((_got, response) => {
      json(response, 200, Buffer.from([0x1f, 0x8b, 8, 0]).toString('latin1'), { 'content-encoding': 'gzip' });
    }, 'upstream.bad_answer'));

  it('bad-session: an id that no header can repeat is not repeated', async () => {
    const one = await server((got, response) =>
      json(response, 200, answer(got.message.id), { 'mcp-session-id': 'a b' }),
    );
    const { link, told } = await open({ url: one.origin });
    for (const id of [1, 2]) {
      link.send(ask(id, 'x'), id, null);
      await told.answerTo(id);
    }
    expect(one.got[1]?.headers['mcp-session-id']).toBeUndefined();
  });
});

describe('addresses that move', () => {
  it('follows 307 within the origin with the whole message, and goes there at once the next time', async () => {
    const one = await server((got, response) => {
      if (got.path === '/mcp?k=1') response.writeHead(307, { location: '/mcp/?k=1' }).end();
      else json(response, 200, answer(got.message.id));
    });
    const { link, told } = await open({ url: `${one.origin}/mcp?k=1`, headers: { 'X-Key': 'k' } });
    for (const id of [1, 2]) {
      link.send(ask(id, 'x'), id, null);
      await told.answerTo(id);
    }
    expect(one.got.map((got) => [got.path, got.message.id])).toEqual([
      ['/mcp?k=1', 1],
      ['/mcp/?k=1', 1],
      ['/mcp/?k=1', 2],
    ]);
    expect(one.got[1]?.headers['x-key']).toBe('k');
  });
});

describe('connections', () => {
  it('a server that is not there fails the request; the next one finds it', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const { link, told } = await open({ url: `${gone.origin}/mcp?key=QUERYSECRET` });
    link.send(ask(1, 'x'), 1, null);
    const error = await told.failureOf(1);
    expect(error).toMatchObject({ code: 'upstream.unreachable', cause: { code: 'ECONNREFUSED' } });
    expect(error.message).toContain(`${gone.origin}/mcp `);
    expect(error.message).not.toContain('SECRET');
    await server((got, response) => json(response, 200, answer(got.message.id)), gone.port);
    link.send(ask(2, 'x'), 2, null);
    await told.answerTo(2);
    expect(told.ends).toEqual([]);
  });

  it('a connection that does not come about is given up after 30 seconds', async () => {
    // A listener whose queue is full answers nothing.
    const full = createTcpServer();
    await new Promise<void>((resolve) => full.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, resolve));
    cleanups.push(() => void full.close());
    const { port } = full.address() as { port: number };
    const clock = manualClock();
    const { link, told } = await open({ url: `https://127.0.0.1:${port}` }, clock);
    // Here the connection comes about, and the handshake of TLS does not.
    link.send(ask(1, 'x'), 1, null);
    await vi.waitFor(() => expect(clock.pending()).toContain(30_000), 10_000);
    clock.advance(30_000);
    expect(await told.failureOf(1)).toMatchObject({
      code: 'upstream.unreachable',
      cause: { code: 'ETIMEDOUT' },
    });
  });

  it.each([
    ['tools/list', 2],
    ['tools/call', 1],
  ])(
    'on a connection that the server closes instead of answering, %s is sent %i times',
    async (method, times) => {
      let sent = 0;
      const one = await server((got, response, request) => {
        if (got.message.method !== method) return json(response, 200, answer(got.message.id));
        sent++;
        if (sent === 1) request.socket.destroy();
        else json(response, 200, answer(got.message.id));
      });
      const { link, told } = await open({ url: one.origin });
      link.send(ask(1, 'ping'), 1, null);
      await told.answerTo(1);
      link.send(ask(2, method), 2, null);
      if (times === 2) await told.answerTo(2);
      else expect(await told.failureOf(2)).toMatchObject({ code: 'upstream.stream_broken' });
      expect(sent).toBe(times);
    },
  );
});

describe('streams that break', () => {
  /** Begins a stream with an event id, and breaks it; the GETs are the test's. */
  const polled = async (
    onGet: Parameters<typeof serve>[0],
    options: { readonly clock?: ReturnType<typeof manualClock>; readonly event?: string } = {},
  ): Promise<Opened & { server: TestServer }> => {
    const { event = 'id: ev-1\nretry: 700\ndata:\n\n', clock } = options;
    const opened = await session((got, response, request) => {
      if (got.method === 'POST') stream(response).end(event);
      else if (got.headers['last-event-id'] !== undefined) onGet(got, response, request);
      else response.writeHead(405).end();
    }, clock);
    opened.link.send(ask(2, 'tools/call'), 2, null);
    return opened;
  };

  it('are resumed after the time that the server names, with its last event id, as the same request', async () => {
    const clock = manualClock();
    const { told, server: one } = await polled(
      (_got, response) => stream(response).end(`id: ev-2\ndata: ${answer(2)}\n\n`),
      { clock },
    );
    await vi.waitFor(() => expect(clock.pending()).toContain(700), 10_000);
    clock.advance(699);
    expect(one.got.filter((got) => got.headers['last-event-id'] !== undefined)).toEqual([]);
    clock.advance(1);
    await told.answerTo(2);
    expect(told.messages.at(-1)?.about).toBe(2);
    const get = one.got.at(-1);
    expect(get?.headers).toMatchObject({
      'last-event-id': 'ev-1',
      'mcp-session-id': 'session-1',
      'mcp-protocol-version': LEGACY,
      accept: 'text/event-stream',
    });
    expect(get?.headers['content-length']).toBeUndefined();
  });

  it('may be closed by the server as often as it likes', async () => {
    let polls = 0;
    const { told } = await polled(
      (got, response) => {
        polls++;
        expect(got.headers['last-event-id']).toBe(polls === 1 ? 'ev-1' : `poll-${polls - 1}`);
        stream(response).end(`id: poll-${polls}\nretry: 1\ndata: ${polls === 6 ? answer(2) : ''}\n\n`);
      },
      { event: 'id: ev-1\nretry: 1\ndata:\n\n' },
    );
    await told.answerTo(2);
    expect(polls).toBe(6);
  });

  it('are given up after two resumptions that went wrong', async () => {
    const { told, server: one } = await polled((_got, response) => void response.destroy(), {
      event: 'id: ev-1\nretry: 1\ndata:\n\n',
    });
    expect(await told.failureOf(2)).toMatchObject({ code: 'upstream.stream_broken' });
    // A GET on a used connection is repeated once by itself.
    const gets = one.got.filter((got) => got.headers['last-event-id'] !== undefined).length;
    expect(gets).toBeGreaterThanOrEqual(2);
    expect(gets).toBeLessThanOrEqual(4);
  });

  it('are given up when the server does not resume', async () => {
    const { told } = await polled((_got, response) => response.writeHead(405).end(), {
      event: 'id: ev-1\nretry: 1\ndata:\n\n',
    });
    expect(await told.failureOf(2)).toMatchObject({ code: 'upstream.stream_broken' });
  });

  it('are not resumed without an event id, or with one that no header can hold', async () => {
    for (const event of ['retry: 1\ndata: {"jsonrpc":"2.0","method":"x"}\n\n', 'id: a\u0001b\ndata:\n\n']) {
      const { told } = await polled(() => undefined, { event });
      expect(await told.failureOf(2)).toMatchObject({ code: 'upstream.stream_broken' });
    }
  });

  it('are not resumed for a modern server', async () => {
    const one = await server((_got, response) => stream(response).end('id: 1\ndata:\n\n'));
    const { link, told } = await open({ url: one.origin });
    link.agreed(MODERN);
    link.send(ask(1, 'x'), 1, { method: 'x', name: null, params: null });
    expect(await told.failureOf(1)).toMatchObject({ code: 'upstream.stream_broken' });
    expect(one.got).toHaveLength(1);
  });

  it('are not resumed for a request that was abandoned', async () => {
    const clock = manualClock();
    const { link, told, server: one } = await polled(() => undefined, { clock });
    await vi.waitFor(() => expect(clock.pending()).toContain(700), 10_000);
    link.abandon(2);
    expect(clock.pending()).not.toContain(700);
    clock.advance(5_000);
    link.send(tell('notifications/x'), -1, null);
    await vi.waitFor(() => expect(one.got.at(-1)?.message.method).toBe('notifications/x'), 10_000);
    expect(one.got.filter((got) => got.headers['last-event-id'] !== undefined)).toEqual([]);
    expect(told.failures).toEqual([]);
  });
});

describe('the standing stream', () => {
  it('brings what belongs to no request, and is opened again after its last event', async () => {
    const clock = manualClock();
    let gets = 0;
    const { told, server: one } = await session((got, response) => {
      if (got.method !== 'GET') return void response.writeHead(200).end();
      gets++;
      stream(response).write(`id: ${gets}\ndata: {"jsonrpc":"2.0","method":"note-${gets}"}\n\n`);
      if (gets === 1) response.end();
    }, clock);
    expect(await told.heard('note-1')).toMatchObject({ about: null });
    await vi.waitFor(() => expect(clock.pending()).toContain(1_000), 10_000);
    clock.advance(1_000);
    expect(await told.heard('note-2')).toMatchObject({ about: null });
    const [first, second] = one.got.filter((got) => got.method === 'GET');
    expect(first?.headers['last-event-id']).toBeUndefined();
    expect(first?.headers['mcp-session-id']).toBe('session-1');
    expect(second?.headers['last-event-id']).toBe('1');
  });

  it('is opened only when the server has taken note of notifications/initialized', async () => {
    const { server: one } = await session(noStream);
    expect(one.got.map((got) => got.message.method ?? got.method)).toEqual([
      'initialize',
      'notifications/initialized',
      'GET',
    ]);
  });

  it.each([405, 400, 401, 200])('is not missed where the server answers %i without one', async (status) => {
    const clock = manualClock();
    const {
      link,
      told,
      server: one,
    } = await session((got, response) => {
      if (got.method === 'GET') response.writeHead(status).end();
      else json(response, 200, answer(got.message.id));
    }, clock);
    link.send(ask(2, 'x'), 2, null);
    await told.answerTo(2);
    clock.advance(120_000);
    link.send(ask(3, 'x'), 3, null);
    await told.answerTo(3);
    expect(one.got.filter((got) => got.method === 'GET')).toHaveLength(1);
    expect(told.failures).toEqual([]);
    expect(told.ends).toEqual([]);
  });

  it('waits longer each time nothing came on it, up to 30 seconds', async () => {
    const clock = manualClock();
    const { server: one } = await session((got, response) => {
      if (got.method === 'GET') stream(response).end();
      else response.writeHead(200).end();
    }, clock);
    let gets = 1;
    for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      await vi.waitFor(() => expect(clock.pending()).toContain(pause), 10_000);
      clock.advance(pause);
      gets++;
      await vi.waitFor(
        () => expect(one.got.filter((got) => got.method === 'GET')).toHaveLength(gets),
        10_000,
      );
    }
  });

  it('rests while the server cannot be reached, and is opened again when it answers', async () => {
    const clock = manualClock();
    let reachable = true;
    const {
      link,
      told,
      server: one,
    } = await session((got, response, request) => {
      if (!reachable) return void request.socket.destroy();
      if (got.method === 'GET') stream(response).end();
      else json(response, 200, answer(got.message.id));
    }, clock);
    const gets = (): number => one.got.filter((got) => got.method === 'GET').length;
    reachable = false;
    for (let tries = 0; tries < 3; tries++) {
      const pause = await vi.waitFor(() => {
        const [next] = clock.pending().filter((ms) => ms < 30_000);
        expect(next).toBeDefined();
        return next ?? 0;
      }, 10_000);
      const before = gets();
      clock.advance(pause);
      await vi.waitFor(() => expect(gets()).toBeGreaterThan(before), 10_000);
    }
    await vi.waitFor(() => expect(clock.pending()).toEqual([]), 10_000);
    const before = gets();
    clock.advance(600_000);
    reachable = true;
    link.send(ask(2, 'x'), 2, null);
    await told.answerTo(2);
    await vi.waitFor(() => expect(gets()).toBe(before + 1), 10_000);
  });

  it('tells when the session is lost', async () => {
    const { told } = await session((got, response) => {
      if (got.method === 'GET') response.writeHead(404).end();
    });
    expect(await told.end()).toMatchObject({ code: 'upstream.session_lost' });
  });
});

describe('the end', () => {
  it('gives the session back, ends what is under way, says so once, and cannot be hurried or repeated', async () => {
    const {
      link,
      told,
      server: one,
    } = await session((got, response) => {
      if (got.method === 'DELETE') response.writeHead(200).end();
      else stream(response);
    });
    link.send(ask(2, 'x'), 2, null);
    await vi.waitFor(() => expect(one.got.at(-1)?.message.id).toBe(2), 10_000);
    await Promise.all([link.close(), link.close()]);
    await link.close();
    const last = one.got.filter((got) => got.method === 'DELETE');
    expect(last).toHaveLength(1);
    expect(last[0]?.headers).toMatchObject({
      'mcp-session-id': 'session-1',
      'mcp-protocol-version': LEGACY,
    });
    expect(told.ends).toEqual([null]);
    expect(told.failures).toEqual([]);
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
  });

  it('waits two seconds for a server that does not take the session back', async () => {
    const clock = manualClock();
    const { link, server: one } = await session((got, response) => {
      if (got.method === 'GET') response.writeHead(405).end();
    }, clock);
    const closing = link.close();
    await vi.waitFor(() => expect(one.got.at(-1)?.method).toBe('DELETE'), 10_000);
    clock.advance(2_000);
    await closing;
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
  });

  it('does not reject when the server is gone', async () => {
    const { link, server: one } = await session(noStream);
    await one.close();
    await expect(link.close()).resolves.toBeUndefined();
  });

  it('a modern link has nothing to give back', async () => {
    const one = await server((got, response) =>
      json(response, 200, answer(got.message.id), { 'mcp-session-id': 'session-1' }),
    );
    const { link, told } = await open({ url: one.origin });
    link.send(ask(1, 'server/discover'), 1, { method: 'server/discover', name: null, params: null });
    await told.answerTo(1);
    link.agreed(MODERN);
    link.send(ask(2, 'x'), 2, { method: 'x', name: null, params: null });
    await told.answerTo(2);
    await link.close();
    expect(one.got[1]?.headers['mcp-session-id']).toBeUndefined();
    expect(one.got.map((got) => got.method)).toEqual(['POST', 'POST']);
  });

  it('comes with the signal, also before the beginning', async () => {
    const one = await server((_got, response) => stream(response));
    const abort = new AbortController();
    const { link, told } = await open({ url: one.origin, signal: abort.signal });
    link.send(ask(1, 'x'), 1, null);
    await vi.waitFor(() => expect(one.got).toHaveLength(1), 10_000);
    abort.abort();
    expect(await told.end()).toBeNull();
    await vi.waitFor(() => expect(one.sockets.size).toBe(0), 10_000);
    await expect(open({ url: one.origin, signal: abort.signal })).rejects.toMatchObject({
      code: 'upstream.stopped',
    });
  });
});

it('head and body of a message leave in one piece', async () => {
  const pieces: string[] = [];
  const tcp = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      pieces.push(chunk.toString('latin1'));
      const body = answer(1);
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => void tcp.close());
  const { port } = tcp.address() as { port: number };
  const { link, told } = await open({ url: `http://127.0.0.1:${port}` });
  link.send(ask(1, 'x'), 1, null);
  await told.answerTo(1);
  expect(pieces).toHaveLength(1);
  expect(pieces[0]).toMatch(/^POST \/ HTTP\/1\.1\r\n.*\r\n\r\n\{"jsonrpc".*\}$/s);
});
