/** Connections of the HTTP link: moved, missing, closed while idle, ended. */
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { manualClock } from '../fakes/manual-clock.ts';
import { closeAfterEach, closing, LEGACY, MODERN, noStream, open, server, session } from './http-links.ts';
import { answer, ask, json, serve, stream } from './http-peers.ts';

closeAfterEach();

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
    expect(error).toMatchObject({ code: 'upstream.refused', cause: { code: 'ECONNREFUSED' } });
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
    closing(() => void full.close());
    const { port } = full.address() as { port: number };
    const clock = manualClock();
    const { link, told } = await open({ url: `https://127.0.0.1:${port}` }, clock);
    // Here the connection comes about, and the handshake of TLS does not.
    link.send(ask(1, 'x'), 1, null);
    await vi.waitFor(() => expect(clock.pending()).toContain(30_000), 10_000);
    clock.advance(30_000);
    expect(await told.failureOf(1)).toMatchObject({
      code: 'upstream.connect_timeout',
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
  closing(() => void tcp.close());
  const { port } = tcp.address() as { port: number };
  const { link, told } = await open({ url: `http://127.0.0.1:${port}` });
  link.send(ask(1, 'x'), 1, null);
  await told.answerTo(1);
  expect(pieces).toHaveLength(1);
  expect(pieces[0]).toMatch(/^POST \/ HTTP\/1\.1\r\n.*\r\n\r\n\{"jsonrpc".*\}$/s);
});
