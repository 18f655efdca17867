/** Sessions over HTTP: who may use them, when they end, how many there may be; and what the door says of itself. */
import { afterEach, describe, expect, it } from 'vitest';
import { callText, type FrontDoor, INITIALIZE, openFrontDoor, PING } from './front-door.ts';
import { eventually } from './modern-door.ts';

let front: FrontDoor;
afterEach(() => front?.close());

const MINUTE = 60_000;
const codeOf = (text: string): unknown =>
  (JSON.parse(text) as { error?: { data?: { code?: unknown } } }).error?.data?.code;

describe('a request that names no session or not its own', () => {
  it('session-of-another-caller: looks like one that does not exist', async () => {
    front = await openFrontDoor();
    const session = await front.session('2025-11-25', '/mcp', { Authorization: 'me' });
    const headers = { 'Mcp-Session-Id': session.id, Authorization: 'you' };
    for (const [method, path, who] of [
      ['POST', '/mcp', 'you'],
      ['GET', '/mcp', 'you'],
      ['DELETE', '/mcp', 'you'],
      ['POST', '/one/mcp', 'me'],
      ['POST', '/p/work/mcp', 'me'],
    ] as const) {
      const body = method === 'POST' ? PING : undefined;
      const answer = await front.send(method, path, { ...headers, Authorization: who }, body).done;
      expect([answer.status, codeOf(answer.text)]).toEqual([404, 'gateway.unknown_session']);
    }
    expect((await session.post(PING).done).status).toBe(200);
  });

  it.each([
    ['POST', {}, 400],
    ['GET', {}, 400],
    ['DELETE', {}, 400],
    ['GET', { 'MCP-Protocol-Version': '2025-11-25' }, 400],
    // Revisions without sessions know nothing but POST.
    ['GET', { 'MCP-Protocol-Version': '2026-07-28' }, 405],
    ['DELETE', { 'MCP-Protocol-Version': '2026-07-28' }, 405],
    ['GET', { 'Mcp-Session-Id': 'x' }, 404],
    ['DELETE', { 'Mcp-Session-Id': 'x' }, 404],
    ['PUT', {}, 405],
    ['OPTIONS', {}, 405],
  ])('transports: %s with %j is %i', async (method, headers, status) => {
    front = await openFrontDoor();
    const answer = await front.send(method, '/mcp', headers, method === 'POST' ? PING : undefined).done;
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.allow).toContain('POST');
  });

  it('a stream is only for those who accept one', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    const headers = { 'Mcp-Session-Id': session.id, Accept: 'application/json' };
    expect((await front.send('GET', '/mcp', headers).done).status).toBe(406);
  });
});

describe('the MCP-Protocol-Version header', () => {
  it.each([
    ['2025-11-25', '1.0', 400],
    ['2025-06-18', '1.0', 400],
    ['2025-11-25', '2025-06-18', 200],
    ['2025-11-25', undefined, 200],
    // Revisions that do not define the header do not look at it.
    ['2025-03-26', '1.0', 200],
    ['2024-11-05', '1.0', 200],
  ])('of a session of %s says %s: %i', async (version, header, status) => {
    front = await openFrontDoor();
    const session = await front.session(version);
    const answer = await session.post(PING, header === undefined ? {} : { 'MCP-Protocol-Version': header })
      .done;
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.text).toContain('2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05');
  });
});

describe('the end of a session', () => {
  it('comes by DELETE: streams end, calls are cancelled', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    const stream = session.get();
    await stream.head;
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    const ended = await front.send('DELETE', '/mcp', { 'Mcp-Session-Id': session.id }).done;
    expect(ended.status).toBe(200);
    expect((await stream.done).whole).toBe(true);
    await call.done;
    expect(forwarded.cancelled).toBe('the session has ended');
    expect((await session.post(PING).done).status).toBe(404);
    expect(front.counts.at(-1)).toBe(0);
  });

  it('comes when nobody uses it, but not while a stream is open or a call under way', async () => {
    front = await openFrontDoor({ limits: { sessionIdleMs: 10 * MINUTE } });
    const [idle, listening, calling] = [await front.session(), await front.session(), await front.session()];
    const stream = listening.get();
    await stream.head;
    const call = calling.call(1);
    const forwarded = await front.forwarded(0);
    front.ports.clock.advance(12 * MINUTE);
    expect(front.counts.at(-1)).toBe(2);
    expect((await idle.post(PING).done).status).toBe(404);
    forwarded.result('{}');
    await call.done;
    stream.hangUp();
    // It counts from the end of the stream and the call.
    await eventually(() => {
      front.ports.clock.advance(MINUTE);
      return front.counts.at(-1) === 0;
    });
  });

  it('tells when it was last used, once a minute and at its end', async () => {
    front = await openFrontDoor({ limits: { sessionIdleMs: 10 * MINUTE } });
    const { clock, used } = front.ports;
    const session = await front.session();
    const begin = clock.now();
    clock.advance(MINUTE / 2);
    expect((await session.post(PING).done).status).toBe(200);
    expect(used).toEqual([]);
    clock.advance(MINUTE);
    expect(used.at(-1)?.at).toBe(begin + MINUTE / 2);
    clock.advance(MINUTE);
    expect((await session.post(PING).done).status).toBe(200);
    await front.send('DELETE', '/mcp', { 'Mcp-Session-Id': session.id }).done;
    expect(used.at(-1)?.at).toBe(begin + 2.5 * MINUTE);
  });

  it('use puts it off', async () => {
    front = await openFrontDoor({ limits: { sessionIdleMs: 10 * MINUTE } });
    const session = await front.session();
    for (let i = 0; i < 5; i++) {
      front.ports.clock.advance(8 * MINUTE);
      expect((await session.post(PING).done).status).toBe(200);
    }
  });
});

describe('too many sessions', () => {
  it('are refused as long as all are young, or in use', async () => {
    front = await openFrontDoor({ limits: { sessions: 2 } });
    const [listening] = [await front.session(), await front.session()];
    const stream = listening.get();
    await stream.head;
    for (const [method, path, body] of [
      ['POST', '/mcp', INITIALIZE('2025-11-25')],
      ['GET', '/sse', undefined],
    ] as const) {
      const refused = await front.send(method, path, {}, body).done;
      expect([refused.status, codeOf(refused.text)]).toEqual([503, 'gateway.too_many_sessions']);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
    front.ports.clock.advance(2 * MINUTE);
    const third = await front.session();
    expect((await third.post(PING).done).status).toBe(200);
    expect((await listening.post(PING).done).status).toBe(200);
    // One in use, one young.
    expect((await front.send('POST', '/mcp', {}, INITIALIZE('2025-11-25')).done).status).toBe(503);
  });

  it('session-flood: whoever holds most of them makes room for others, and never the other way round', async () => {
    front = await openFrontDoor({ limits: { sessions: 4 } });
    const quiet = await front.session('2025-11-25', '/mcp', { Authorization: 'quiet' });
    const flood = { Authorization: 'flood' };
    const flooding = [];
    for (let n = 0; n < 3; n++) {
      const session = await front.session('2025-11-25', '/mcp', flood);
      await session.get().head;
      flooding.push(session);
    }
    const again = await front.send('POST', '/mcp', flood, INITIALIZE('2025-11-25')).done;
    expect([again.status, codeOf(again.text)]).toEqual([503, 'gateway.too_many_sessions']);
    const other = await front.session('2025-11-25', '/mcp', { Authorization: 'other' });
    for (const kept of [quiet, other]) expect((await kept.post(PING).done).status).toBe(200);
    const left = await Promise.all(flooding.map(async (one) => (await one.post(PING).done).status));
    expect(left.sort()).toEqual([200, 200, 404]);
    // Now nobody has more than half.
    const third = await front.send('POST', '/mcp', { Authorization: 'third' }, INITIALIZE('2025-11-25')).done;
    expect(third.status).toBe(503);
  });

  it('the one that was idle longest makes room', async () => {
    front = await openFrontDoor({ limits: { sessions: 3 } });
    const sessions = [await front.session(), await front.session(), await front.session()];
    front.ports.clock.advance(MINUTE);
    await sessions[0]?.post(PING).done;
    front.ports.clock.advance(MINUTE);
    await sessions[2]?.post(PING).done;
    front.ports.clock.advance(2 * MINUTE);
    await front.session();
    const states = await Promise.all(sessions.map(async (one) => (await one.post(PING).done).status));
    expect(states).toEqual([200, 404, 200]);
  });
});

describe('/status', () => {
  it('tells those who may ask how the door is', async () => {
    front = await openFrontDoor();
    await front.session();
    front.ports.clock.advance(90_000);
    const { status, text } = await front.send('GET', '/status').done;
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      version: '1.2.3',
      uptimeSeconds: 90,
      sessions: 1,
      ready: true,
      servers: { one: { state: 'ready' } },
    });
  });

  it('and nobody else, while health is for all', async () => {
    front = await openFrontDoor({ basePath: '/gate' });
    const stranger = { Authorization: 'none' };
    const get = async (path: string): Promise<number> =>
      (await front.send('GET', path, stranger).done).status;
    expect(await get('/gate/status')).toBe(401);
    expect(await get('/status')).toBe(404);
    for (const path of ['/_healthz', '/_readyz', '/gate/_healthz', '/gate/_readyz'])
      expect(await get(path)).toBe(200);
  });

  it('an unknown server or profile is told only to those who may ask', async () => {
    front = await openFrontDoor({ ports: { hasServer: () => false, hasProfile: () => false } });
    const code = async (path: string, headers = {}): Promise<unknown> =>
      codeOf((await front.send('POST', path, headers, INITIALIZE('2025-11-25')).done).text);
    expect(await code('/one/mcp')).toBe('gateway.unknown_server');
    expect(await code('/p/work/mcp')).toBe('gateway.unknown_profile');
    expect(await code('/one/mcp', { Authorization: 'none' })).toBe('gateway.unauthorized');
    expect(await code('/p/work/sse', { Authorization: 'none' })).toBe('gateway.unauthorized');
  });
});

it('a door that closes ends everything and takes nothing new', async () => {
  front = await openFrontDoor();
  const session = await front.session();
  const stream = session.get();
  await stream.head;
  const call = front.send('POST', '/mcp', { 'Mcp-Session-Id': session.id }, callText(1));
  await front.forwarded(0);
  front.door.close();
  front.door.close();
  await Promise.all([stream.done, call.done]);
  const refused = await front.send('POST', '/mcp', {}, INITIALIZE('2025-11-25')).done;
  expect([refused.status, codeOf(refused.text)]).toEqual([503, 'gateway.closing']);
  expect(front.ports.clock.pending()).toEqual([]);
});
