/** The transport of 2024-11-05: one stream, one session, everything on the stream. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  callText,
  type Exchange,
  type FrontDoor,
  INITIALIZE,
  INITIALIZED,
  openFrontDoor,
  PING,
} from './front-door.ts';
import { eventually } from './modern-door.ts';

let front: FrontDoor;
afterEach(() => front?.close());

const endpoint = async (stream: Exchange): Promise<string> => {
  await eventually(() => stream.events.length > 0);
  return stream.events[0]?.data ?? '';
};
const post = async (path: string, text: string, headers = {}): Promise<number> =>
  (await front.send('POST', path, headers, text).done).status;
const answers = (stream: Exchange): readonly Record<string, unknown>[] =>
  stream.events.slice(1).map(({ data }) => JSON.parse(data) as Record<string, unknown>);

/** A stream on which the session has begun. */
async function begun(path = '/sse', version = '2024-11-05'): Promise<{ stream: Exchange; to: string }> {
  const stream = front.send('GET', path);
  const to = await endpoint(stream);
  expect(await post(to, INITIALIZE(version))).toBe(202);
  expect(await post(to, INITIALIZED)).toBe(202);
  await eventually(() => stream.events.length === 2);
  return { stream, to };
}

describe('the SSE transport', () => {
  it('http-with-sse: names where to send in its first event, and answers on the stream', async () => {
    front = await openFrontDoor();
    const { stream, to } = await begun();
    expect(stream.events[0]?.type).toBe('endpoint');
    expect(to).toMatch(/^\/message\?sessionId=[0-9a-f-]{36}$/);
    expect(answers(stream)[0]).toMatchObject({ id: 0, result: { protocolVersion: '2024-11-05' } });
    expect(await post(to, callText(7, 'tok'))).toBe(202);
    const forwarded = await front.forwarded(0);
    forwarded.sink.notify(Buffer.from('{"jsonrpc":"2.0","method":"notifications/x"}'), 'notifications/x');
    forwarded.result('{"a":1}');
    front.ports.change(['tools']);
    await eventually(() => stream.events.length === 5);
    expect(answers(stream).slice(1)).toMatchObject([
      { method: 'notifications/x' },
      { id: 7, result: { a: 1 } },
      { method: 'notifications/tools/list_changed' },
    ]);
    expect(stream.events.every(({ id }) => id === null)).toBe(true);
  });

  it.each([
    ['', '/sse/', '/message'],
    ['', '/servers/one/sse', '/servers/one/message'],
    ['', '/one/sse', '/one/message'],
    ['', '/p/work/sse', '/p/work/message'],
    ['/gate', '/gate/sse', '/gate/message'],
    ['/gate', '/gate/one/sse', '/gate/one/message'],
  ])('below %j, %s sends to %s', async (basePath, path, where) => {
    front = await openFrontDoor({ basePath });
    const { stream, to } = await begun(path);
    expect(to.startsWith(`${where}?sessionId=`)).toBe(true);
    expect(await post(to, PING)).toBe(202);
    await eventually(() => stream.events.length === 3);
  });

  it('refuses what comes before initialize, and what is no message, and goes on', async () => {
    front = await openFrontDoor();
    const stream = front.send('GET', '/sse');
    const to = await endpoint(stream);
    for (const text of [PING, callText(1), '{"jsonrpc":', '[]', INITIALIZED]) {
      const refused = await front.send('POST', to, {}, text).done;
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.text)).toMatchObject({
        error: { code: text === '{"jsonrpc":' ? -32700 : -32600 },
      });
    }
    expect(stream.events.length).toBe(1);
    expect(await post(to, INITIALIZE('2024-11-05'))).toBe(202);
    await eventually(() => stream.events.length === 2);
    expect(await post(to, '{"jsonrpc":')).toBe(202);
    await eventually(() => stream.events.length === 3);
    expect(answers(stream)[1]).toMatchObject({ error: { code: -32700 } });
  });

  it('a session ends with its stream: calls are cancelled, its address is unknown', async () => {
    front = await openFrontDoor();
    const { stream, to } = await begun();
    await post(to, callText(1));
    const forwarded = await front.forwarded(0);
    expect(front.counts.at(-1)).toBe(1);
    stream.hangUp();
    await eventually(() => forwarded.cancelled !== null && front.counts.at(-1) === 0);
    expect(await post(to, PING)).toBe(404);
    expect(front.ports.gone.length).toBe(1);
  });

  it('session-of-another-caller: nobody else can post into it, not even on another route', async () => {
    front = await openFrontDoor();
    const { stream, to } = await begun();
    expect(await post(to, PING, { Authorization: 'other' })).toBe(404);
    expect(await post(to, PING, { Authorization: 'none' })).toBe(401);
    expect(await post(to.replace('/message', '/one/message'), PING)).toBe(404);
    expect(await post('/message', PING)).toBe(400);
    expect(await post('/message?sessionId=x', PING)).toBe(404);
    const id = to.slice(to.indexOf('=') + 1);
    expect(await post('/mcp', PING, { 'Mcp-Session-Id': id })).toBe(404);
    expect((await front.send('GET', '/sse', { Authorization: 'none' }).done).status).toBe(401);
    expect(stream.events.length).toBe(2);
  });

  it('a session of the other transport has no address here', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    expect(await post(`/message?sessionId=${session.id}`, PING)).toBe(404);
  });

  it('takes batches in 2025-03-26', async () => {
    front = await openFrontDoor();
    const { stream, to } = await begun('/sse', '2025-03-26');
    expect(await post(to, `[${PING},{"jsonrpc":"2.0","id":3,"method":"ping"}]`)).toBe(202);
    await eventually(() => stream.events.length === 3);
    expect(JSON.parse(stream.events[2]?.data ?? '')).toMatchObject([{ id: 2 }, { id: 3 }]);
    expect(await post(to, '[]')).toBe(400);
  });

  it('unfinished-handshake: a stream without initialize ends after a minute', async () => {
    front = await openFrontDoor();
    const idle = front.send('GET', '/sse');
    await endpoint(idle);
    const { stream } = await begun();
    front.ports.clock.advance(60_000);
    await idle.done;
    expect(front.counts.at(-1)).toBe(1);
    expect(stream.events.length).toBe(2);
  });

  it('takes only GET for the stream and POST for messages', async () => {
    front = await openFrontDoor();
    const wrong = await front.send('POST', '/sse', {}, INITIALIZE('2025-11-25')).done;
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET']);
    const read = await front.send('GET', '/message?sessionId=x').done;
    expect([read.status, read.headers.allow]).toEqual([405, 'POST']);
  });

  it('keeps quiet streams alive', async () => {
    front = await openFrontDoor();
    const { stream } = await begun();
    front.ports.clock.advance(25_000);
    front.ports.change(['tools']);
    await eventually(() => stream.events.length === 3);
    stream.hangUp();
    expect((await stream.done).text).toContain('\n: keep-alive\n\n');
  });
});
