/** The link over streamable HTTP: what it says and what it hears. */
import { describe, expect, it, vi } from 'vitest';
import { manualClock } from '../fakes/manual-clock.ts';
import { closeAfterEach, LEGACY, MODERN, noStream, open, server, session } from './http-links.ts';
import { answer, ask, json, stream, tell } from './http-peers.ts';

closeAfterEach();

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
