/** Clients that mean harm, or are broken, at the socket itself: each is bounded, and nobody else notices. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type FrontDoor, INITIALIZE, OWN, openFrontDoor, PING } from './front-door.ts';
import { eventually } from './modern-door.ts';

let front: FrontDoor;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await front?.close();
});

interface Raw {
  readonly socket: Socket;
  /** All that has come. */
  readonly text: () => string;
  readonly closed: () => boolean;
}

/** A connection that says exactly this. */
async function raw(text: string): Promise<Raw> {
  const socket = connect({ host: '127.0.0.1', port: front.port });
  sockets.push(socket);
  let received = '';
  let closed = false;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  await once(socket, 'connect');
  socket.write(text);
  return { socket, text: () => received, closed: () => closed };
}

const post = (headers: string, body = '', path = '/mcp'): string =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;
const works = async (): Promise<void> => {
  const session = await front.session();
  expect((await session.post(PING).done).status).toBe(200);
};

describe('strangers', () => {
  it.each([
    '/mcp',
    '/sse',
    '/message?sessionId=x',
    '/status',
    '/_healthz',
    '/_readyz',
    '/one/mcp',
    '/p/w/sse',
  ])('dns-rebinding, foreign-origin: %s is closed to them', async (path) => {
    front = await openFrontDoor();
    const code = async (headers: Record<string, string>): Promise<unknown> => {
      const { status, text } = await front.send('GET', path, headers).done;
      return [status, (JSON.parse(text) as { error: { data: { code: string } } }).error.data.code];
    };
    expect(await code({ Host: 'evil.example' })).toEqual([403, 'gateway.foreign_host']);
    expect(await code({ Host: 'localhost.evil.example:80' })).toEqual([403, 'gateway.foreign_host']);
    expect(await code({ Origin: 'https://evil.example' })).toEqual([403, 'gateway.foreign_origin']);
    expect(await code({ Origin: 'null' })).toEqual([403, 'gateway.foreign_origin']);
  });
});

describe('slow and endless requests', () => {
  const times = { headersMs: 300, requestMs: 600, checkMs: 50 };

  it('slowloris-headers: a client that never finishes its headers is cut off', async () => {
    front = await openFrontDoor({ times });
    const slow = await raw('POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    const drip = setInterval(() => slow.socket.write('X-A: b\r\n'), 50);
    await eventually(slow.closed, 10_000);
    clearInterval(drip);
    expect(slow.text()).toMatch(/^HTTP\/1\.1 408/);
    await works();
  });

  it('slowloris-body: a client that never finishes its body is cut off', async () => {
    front = await openFrontDoor({ times });
    const slow = await raw(post('Content-Length: 100000'));
    const drip = setInterval(() => slow.socket.write(' '), 50);
    await eventually(slow.closed, 10_000);
    clearInterval(drip);
    expect(slow.text()).toMatch(/^HTTP\/1\.1 408/);
    expect(front.counts).toEqual([]);
    await works();
  });

  it('but neither a stream nor a call is, however long it takes', async () => {
    front = await openFrontDoor({ times });
    const session = await front.session('2025-11-25', OWN);
    const stream = session.get();
    await stream.head;
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    // As long as it takes to cut off somebody who began after them, twice.
    for (let i = 0; i < 2; i++) {
      const slow = await raw(post('Content-Length: 5'));
      await eventually(slow.closed, 10_000);
    }
    forwarded.result('{}');
    expect((await call.done).status).toBe(200);
    front.say('{"jsonrpc":"2.0","method":"notifications/x"}');
    await eventually(() => stream.messages().length === 1);
  });

  it('unfinished-body: a client that goes away leaves nothing', async () => {
    front = await openFrontDoor();
    const text = INITIALIZE('2025-11-25');
    const gone = await raw(post(`Content-Length: ${text.length + 1}`, text));
    gone.socket.end();
    await eventually(gone.closed, 10_000);
    expect(front.counts).toEqual([]);
    await works();
  });

  it('many requests on one connection are no reason to close it', async () => {
    front = await openFrontDoor();
    const ping = 'GET /_healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    const one = await raw(ping.repeat(2_000));
    await eventually(() => one.text().split('HTTP/1.1 200').length === 2_001, 10_000);
    expect(one.closed()).toBe(false);
  });
});

describe('oversized requests', () => {
  it('oversized-header: 431, and the connection is closed', async () => {
    front = await openFrontDoor();
    const big = await raw(`GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`);
    await eventually(big.closed, 10_000);
    expect(big.text()).toMatch(/^HTTP\/1\.1 431/);
    const fits = await front.send('GET', '/_healthz', { 'X-A': 'a'.repeat(20_000) }).done;
    expect(fits.status).toBe(200);
    await works();
  });

  it('oversized-url: 414 above 8 KiB', async () => {
    front = await openFrontDoor();
    const { status, text } = await front.send('GET', `/_healthz?${'x'.repeat(8_300)}`).done;
    expect([status, text.includes('gateway.url_too_long')]).toEqual([414, true]);
    expect((await front.send('GET', `/_healthz?${'x'.repeat(8_000)}`).done).status).toBe(200);
  });

  it('oversized-body: 413 by its declared length, and when it comes in pieces', async () => {
    front = await openFrontDoor({ limits: { bodyBytes: 10_000 } });
    const declared = await raw(post('Content-Length: 10001'));
    await eventually(() => declared.text().includes('gateway.too_large') && declared.closed(), 10_000);
    const piece = `1000\r\n${' '.repeat(0x1000)}\r\n`;
    const pieces = await raw(post('Transfer-Encoding: chunked', piece.repeat(3)));
    await eventually(() => pieces.text().includes('gateway.too_large') && pieces.closed(), 10_000);
    await works();
  });

  it('deep-json: is a parse error, not an overflow', async () => {
    front = await openFrontDoor();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const message = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${deep}}}`;
    const session = await front.session('2025-03-26');
    for (const text of [message, deep, `[${message}]`, '{"a":'.repeat(200_000)]) {
      const { error } = JSON.parse((await session.post(text).done).text) as { error: { code: number } };
      expect(error.code).toBe(-32700);
      expect((await front.send('POST', '/mcp', {}, text).done).status).toBe(400);
    }
    await works();
  });

  it('smuggling: two lengths are refused', async () => {
    front = await openFrontDoor();
    const two = await raw(
      post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\nGET /x HTTP/1.1\r\n\r\n'),
    );
    await eventually(two.closed, 10_000);
    expect(two.text()).toMatch(/^HTTP\/1\.1 400/);
  });
});

describe('slow-reader', () => {
  const flood = `{"jsonrpc":"2.0","method":"notifications/x","params":{"pad":"${'x'.repeat(256 * 1024)}"}}`;
  const stalled = async (text: string): Promise<Raw> => {
    const one = await raw(text);
    await eventually(() => one.text().includes('\r\n\r\n'), 10_000);
    one.socket.pause();
    return one;
  };

  it.each(['standing stream', 'answer'])(
    'of the %s: the session ends, others do not notice',
    async (which) => {
      front = await openFrontDoor();
      const session = await front.session('2025-11-25', OWN);
      const other = await front.session('2025-11-25', OWN);
      const listener = other.get();
      await listener.head;
      const headers = `Mcp-Session-Id: ${session.id}\r\nAccept: application/json, text/event-stream`;
      const standing = which === 'standing stream';
      const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}';
      const call = standing
        ? null
        : front.forwarded(0).then((forwarded) => {
            forwarded.sink.notify(Buffer.from(flood), 'notifications/x');
            return forwarded;
          });
      const reader = await stalled(
        standing
          ? `GET ${OWN} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n\r\n`
          : post(`${headers}\r\nContent-Length: ${body.length}`, body, OWN),
      );
      const forwarded = await call;
      const cut = (): boolean => front.logged.some(({ text }) => text === 'a client reads too slowly');
      let rounds = 0;
      // The listener reads as it comes, so each round waits for it.
      while (!cut()) {
        expect(rounds++).toBeLessThan(400);
        if (forwarded === null) {
          front.say(flood);
          await eventually(() => listener.events.length > rounds, 10_000);
        } else {
          forwarded.sink.notify(Buffer.from(flood), 'notifications/x');
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      expect(front.logged.find(({ text }) => text === 'a client reads too slowly')?.fields).toEqual({
        session: session.id,
        reason: 'gateway.slow_reader',
      });
      expect(front.counts.at(-1)).toBe(1);
      if (forwarded !== null) expect(forwarded.cancelled).toBe('the session has ended');
      const back = await session.post(PING).done;
      expect([back.status, back.text.includes('gateway.slow_reader')]).toEqual([404, true]);
      const stranger = await session.post(PING, { Authorization: 'other' }).done;
      expect([stranger.status, stranger.text.includes('gateway.unknown_session')]).toEqual([404, true]);
      reader.socket.resume();
      await eventually(reader.closed, 10_000);
      expect((await other.post(PING).done).status).toBe(200);
    },
  );

  it('of the SSE transport: the same', async () => {
    front = await openFrontDoor();
    const reader = await raw('GET /one/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await eventually(() => reader.text().includes('sessionId='), 10_000);
    const to = /data: (\S+)/.exec(reader.text())?.[1] ?? '';
    expect((await front.send('POST', to, {}, INITIALIZE('2024-11-05')).done).status).toBe(202);
    await front.send('POST', to, {}, '{"jsonrpc":"2.0","method":"notifications/initialized"}').done;
    reader.socket.pause();
    const cut = (): boolean => front.logged.some(({ text }) => text === 'a client reads too slowly');
    for (let rounds = 0; !cut(); rounds++) {
      expect(rounds).toBeLessThan(400);
      front.say(flood);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const back = await front.send('POST', to, {}, PING).done;
    expect([back.status, back.text.includes('gateway.slow_reader')]).toEqual([404, true]);
  });
});
