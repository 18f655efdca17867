/** The stream of a call, when its client goes and comes back: what was missed comes again, and only that. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Forwarded } from '../fakes/gateway-ports.ts';
import { type Exchange, type FrontDoor, type FrontSession, openFrontDoor } from './front-door.ts';
import { eventually } from './modern-door.ts';
import { GRACE_MS, ids, last, numbers, tell } from './streams.ts';

let front: FrontDoor;
afterEach(() => front?.close());

describe('the answer of a call', () => {
  /** A client whose call has just reached the server. */
  const calling = async (
    version?: string,
  ): Promise<{ session: FrontSession; call: Exchange; forwarded: Forwarded }> => {
    front = await openFrontDoor();
    const session = await front.session(version);
    const call = session.call(1);
    return { session, call, forwarded: await front.forwarded(0) };
  };
  /** Its client hangs up, and that is known. */
  const left = async (call: Exchange): Promise<void> => {
    call.hangUp();
    await eventually(() => front.ports.clock.pending().includes(GRACE_MS));
  };

  it('stays JSON when nothing comes before it', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    const call = session.call(1);
    (await front.forwarded(0)).result('{"a":1}');
    const { headers, text } = await call.done;
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id: 1, result: { a: 1 } });
  });

  it.each([
    ['2025-11-25', ''],
    ['2025-06-18', null],
    ['2025-03-26', null],
  ])('resumability: in %s each event has an id, and the first one is %j', async (version, priming) => {
    const { call, forwarded } = await calling(version);
    tell(forwarded, 1);
    tell(forwarded, 2);
    forwarded.result('{"a":1}');
    expect((await call.done).headers['content-type']).toBe('text/event-stream');
    expect(numbers(call)).toEqual([1, 2, { a: 1 }]);
    expect(call.events[0]?.data === '').toBe(priming !== null);
    expect(new Set(ids(call)).size).toBe(call.events.length);
    expect(ids(call)).not.toContain('');
  });

  it('resumability: goes on for a client that comes back, from the event after its last', async () => {
    const { session, call, forwarded } = await calling();
    tell(forwarded, 1);
    tell(forwarded, 2);
    await eventually(() => call.events.length === 3);
    await left(call);
    tell(forwarded, 3);
    const back = session.get(ids(call)[1]);
    await eventually(() => back.events.length === 2);
    expect(front.ports.clock.pending()).not.toContain(GRACE_MS);
    forwarded.result('{"a":1}');
    expect((await back.done).whole).toBe(true);
    expect(numbers(back)).toEqual([2, 3, { a: 1 }]);
    expect(ids(back)[0]).toBe(ids(call)[2]);
    expect(forwarded.cancelled).toBeNull();
  });

  it('resumability: is kept when it comes while nobody is connected, and given once asked for', async () => {
    const { session, call, forwarded } = await calling();
    tell(forwarded, 1);
    await eventually(() => call.events.length === 2);
    await left(call);
    forwarded.result('{"late":true}');
    const back = session.get(last(call));
    expect((await back.done).status).toBe(200);
    expect(numbers(back)).toEqual([{ late: true }]);
    // Whoever has had everything is told not to come again.
    expect((await session.get(last(back)).done).status).toBe(204);
  });

  it('resumability: survives a client that takes it over before the old connection is known to be dead', async () => {
    const { session, call, forwarded } = await calling();
    tell(forwarded, 1);
    await eventually(() => call.events.length === 2);
    const second = session.get(last(call));
    await second.head;
    await call.done;
    tell(forwarded, 2);
    await eventually(() => second.events.length === 1);
    await left(second);
    front.ports.clock.advance(GRACE_MS);
    expect(forwarded.cancelled).toBe('the client has hung up');
  });

  it('is cancelled when nobody comes back in time', async () => {
    const { session, call, forwarded } = await calling();
    tell(forwarded, 1);
    await eventually(() => call.events.length === 2);
    await left(call);
    front.ports.clock.advance(GRACE_MS - 1);
    expect(forwarded.cancelled).toBeNull();
    front.ports.clock.advance(1);
    expect(forwarded.cancelled).toBe('the client has hung up');
    expect((await session.get(last(call)).done).status).toBe(204);
  });

  it.each([
    ['2025-11-25', false],
    ['2025-06-18', true],
  ])('is cancelled at once in %s when the client hangs up (stream begun: %j)', async (version, begun) => {
    const { call, forwarded } = await calling(version);
    if (begun) {
      tell(forwarded, 1);
      await eventually(() => call.events.length === 1);
    }
    call.hangUp();
    await eventually(() => forwarded.cancelled !== null);
  });

  it('does as the server does: begins a stream at once, and closes it for a while', async () => {
    const { session, call, forwarded } = await calling();
    forwarded.sink.stream(null);
    await eventually(() => call.events.length === 1);
    forwarded.sink.stream(200);
    // Before anybody knows that the connection is closed.
    tell(forwarded, 1);
    expect(await call.done).toMatchObject({ status: 200, whole: true });
    expect((await call.done).text).toContain('retry: 200\n');
    const back = session.get(last(call));
    await eventually(() => back.messages().length === 1);
    forwarded.sink.stream(200);
    expect((await back.done).whole).toBe(true);
    const again = session.get(last(back));
    forwarded.result('{"a":1}');
    expect((await again.done).whole).toBe(true);
    expect([numbers(back), numbers(again)]).toEqual([[1], [{ a: 1 }]]);
    expect(front.ports.clock.pending()).not.toContain(GRACE_MS);
  });

  it('is cancelled when nobody comes back to a stream that was closed for a while', async () => {
    const { session, call, forwarded } = await calling();
    forwarded.sink.stream(null);
    await eventually(() => call.events.length === 1);
    const second = session.get(last(call));
    await second.head;
    forwarded.sink.stream(200);
    await second.done;
    await eventually(() => front.ports.clock.pending().includes(GRACE_MS));
    front.ports.clock.advance(GRACE_MS);
    expect(forwarded.cancelled).toBe('the client has hung up');
  });

  it('ends with its session, also while nobody is connected', async () => {
    const { session, call, forwarded } = await calling();
    tell(forwarded, 1);
    await eventually(() => call.events.length === 2);
    await left(call);
    await front.send('DELETE', '/mcp', { 'Mcp-Session-Id': session.id }).done;
    expect(forwarded.cancelled).toBe('the session has ended');
    expect(front.ports.clock.pending()).not.toContain(GRACE_MS);
  });
});
