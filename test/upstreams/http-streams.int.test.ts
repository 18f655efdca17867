/** Streams of the HTTP link: broken and resumed, standing, given up. */
import { describe, expect, it, vi } from 'vitest';
import { manualClock } from '../fakes/manual-clock.ts';
import {
  closeAfterEach,
  LEGACY,
  MODERN,
  noStream,
  type Opened,
  open,
  server,
  session,
} from './http-links.ts';
import { answer, ask, type Handler, json, stream, type TestServer, tell } from './http-peers.ts';

closeAfterEach();

describe('streams that break', () => {
  /** Begins a stream with an event id, and breaks it; the GETs are the test's. */
  const polled = async (
    onGet: Handler,
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

  it('tells when the session may be lost, and does not ask for the stream again', async () => {
    const { told } = await session((got, response) => {
      if (got.method === 'GET') response.writeHead(404).end();
    });
    expect(await told.failureOf(-1)).toMatchObject({ code: 'upstream.session_lost' });
    expect(told.ends).toEqual([]);
  });
});
