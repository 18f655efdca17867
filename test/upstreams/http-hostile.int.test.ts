/** Attacks: what the link over streamable HTTP does not fall for. */
import { createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { closeAfterEach, closing, type Opened, open, server, session } from './http-links.ts';
import { answer, ask, endless, type Handler, json, stream, type TestServer } from './http-peers.ts';

closeAfterEach();

describe('hostile servers', () => {
  const attack = async (
    handler: Handler,
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
      endless(response);
    }, 'upstream.too_large'));

  it('endless-body: a body that never ends is cut off', async () => {
    const { server: one } = await attack((_got, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      endless(response);
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
    closing(() => void tcp.close());
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
    const { told, server: one } = await attack(
      (_got, response) => {
        response.writeHead(307, { location: `${thief.origin}/steal?x=SECRETPATH` }).end();
      },
      'upstream.redirected',
      { 'X-Api-Key': 'PLANTED-SECRET' },
    );
    const error = await told.failureOf(1);
    expect(error.message).toContain(thief.origin);
    expect(error.message).not.toMatch(/SECRET/);
    expect(one.got).toHaveLength(1);
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
