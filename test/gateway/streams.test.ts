/** Streams that outlive their connections: what was missed comes again, and only that. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Exchange, type FrontDoor, OWN, openFrontDoor } from './front-door.ts';
import { eventually } from './modern-door.ts';

let front: FrontDoor;
afterEach(() => front?.close());

const note = (n: number): string => `{"jsonrpc":"2.0","method":"notifications/x","params":{"n":${n}}}`;
const numbers = (exchange: Exchange): unknown[] =>
  exchange.messages().map(({ params, result }) => (params as { n?: number } | undefined)?.n ?? result);
const ids = (exchange: Exchange): string[] => exchange.events.map(({ id }) => id ?? '');
const last = (exchange: Exchange): string => ids(exchange).at(-1) ?? '';
const GRACE_MS = 30_000;

describe('the answer of a call', () => {
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
    front = await openFrontDoor();
    const session = await front.session(version);
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
    forwarded.sink.notify(Buffer.from(note(2)), 'notifications/x');
    forwarded.result('{"a":1}');
    expect((await call.done).headers['content-type']).toBe('text/event-stream');
    expect(numbers(call)).toEqual([1, 2, { a: 1 }]);
    expect(call.events[0]?.data === '').toBe(priming !== null);
    expect(new Set(ids(call)).size).toBe(call.events.length);
    expect(ids(call)).not.toContain('');
  });

  it('resumability: goes on for a client that comes back, from the event after its last', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
    forwarded.sink.notify(Buffer.from(note(2)), 'notifications/x');
    await eventually(() => call.events.length === 3);
    call.hangUp();
    await eventually(() => front.ports.clock.pending().includes(GRACE_MS));
    forwarded.sink.notify(Buffer.from(note(3)), 'notifications/x');
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
    front = await openFrontDoor();
    const session = await front.session();
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
    await eventually(() => call.events.length === 2);
    call.hangUp();
    await eventually(() => front.ports.clock.pending().includes(GRACE_MS));
    forwarded.result('{"late":true}');
    const back = session.get(last(call));
    expect((await back.done).status).toBe(200);
    expect(numbers(back)).toEqual([{ late: true }]);
    // Whoever has had everything is told not to come again.
    expect((await session.get(last(back)).done).status).toBe(204);
  });

  it('resumability: survives a client that takes it over before the old connection is known to be dead', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
    await eventually(() => call.events.length === 2);
    const second = session.get(last(call));
    await second.head;
    await call.done;
    forwarded.sink.notify(Buffer.from(note(2)), 'notifications/x');
    await eventually(() => second.events.length === 1);
    second.hangUp();
    await eventually(() => front.ports.clock.pending().includes(GRACE_MS));
    front.ports.clock.advance(GRACE_MS);
    expect(forwarded.cancelled).toBe('the client has hung up');
  });

  it('is cancelled when nobody comes back in time', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
    await eventually(() => call.events.length === 2);
    call.hangUp();
    await eventually(() => front.ports.clock.pending().includes(GRACE_MS));
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
    front = await openFrontDoor();
    const session = await front.session(version);
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    if (begun) {
      forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
      await eventually(() => call.events.length === 1);
    }
    call.hangUp();
    await eventually(() => forwarded.cancelled !== null);
  });

  it('does as the server does: begins a stream at once, and closes it for a while', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    forwarded.sink.stream(null);
    await eventually(() => call.events.length === 1);
    forwarded.sink.stream(200);
    // Before anybody knows that the connection is closed.
    forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
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
    front = await openFrontDoor();
    const session = await front.session();
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
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
    front = await openFrontDoor();
    const session = await front.session();
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
    await eventually(() => call.events.length === 2);
    call.hangUp();
    await eventually(() => front.ports.clock.pending().includes(GRACE_MS));
    await front.send('DELETE', '/mcp', { 'Mcp-Session-Id': session.id }).done;
    expect(forwarded.cancelled).toBe('the session has ended');
    expect(front.ports.clock.pending()).not.toContain(GRACE_MS);
  });
});

describe('the standing stream', () => {
  it('brings what was said before it opened, once', async () => {
    front = await openFrontDoor();
    const session = await front.session('2025-11-25', OWN);
    front.say(note(1));
    front.say(note(2));
    front.say(note(2));
    const stream = session.get();
    await eventually(() => stream.events.length === 3);
    front.say(note(3));
    await eventually(() => stream.events.length === 4);
    expect(numbers(stream)).toEqual([1, 2, 2, 3]);
    stream.hangUp();
    await stream.done;
    const again = session.get();
    await again.head;
    front.say(note(4));
    await eventually(() => again.messages().length === 1);
    expect(numbers(again)).toEqual([4]);
  });

  it('brings what was kept only once, also when nothing comes after it', async () => {
    front = await openFrontDoor();
    const session = await front.session('2025-11-25', OWN);
    front.say(note(1));
    const stream = session.get();
    await eventually(() => stream.messages().length === 1);
    const again = session.get();
    await stream.done;
    front.say(note(2));
    await eventually(() => again.messages().length === 1);
    expect(numbers(again)).toEqual([2]);
  });

  it('brings exactly what came after the named event, and nothing of other streams', async () => {
    front = await openFrontDoor();
    const session = await front.session('2025-11-25', OWN);
    const stream = session.get();
    await eventually(() => stream.events.length === 1);
    expect(stream.events[0]?.data).toBe('');
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    for (const n of [1, 2, 3]) {
      front.say(note(n));
      forwarded.sink.notify(Buffer.from(note(n * 10)), 'notifications/x');
    }
    await eventually(() => stream.events.length === 4 && call.events.length === 4);
    stream.hangUp();
    const again = session.get(ids(stream)[1]);
    await eventually(() => again.events.length === 2);
    expect(numbers(again)).toEqual([2, 3]);
    expect(numbers(call)).toEqual([10, 20, 30]);
    const all = session.get(ids(stream)[0]);
    await eventually(() => all.events.length === 3);
    expect(numbers(all)).toEqual([1, 2, 3]);
    forwarded.result('{}');
    await call.done;
  });

  it('says once that a list has changed, however often it did meanwhile', async () => {
    front = await openFrontDoor();
    const session = await front.session();
    for (let i = 0; i < 50; i++) front.ports.change(i % 2 === 0 ? ['tools'] : ['prompts']);
    const stream = session.get();
    await eventually(() => stream.events.length === 2);
    expect(stream.messages().map(({ method }) => method)).toEqual([
      'notifications/tools/list_changed',
      'notifications/prompts/list_changed',
    ]);
    front.ports.change(['tools']);
    await eventually(() => stream.events.length === 3);
  });

  it('endless-queue: keeps the newest 1,000 events of a flood and says that older ones are gone', async () => {
    front = await openFrontDoor();
    const session = await front.session('2025-11-25', OWN);
    const stream = session.get();
    await eventually(() => stream.events.length === 1);
    stream.hangUp();
    await stream.done;
    for (let n = 0; n < 3_000; n++) front.say(note(n));
    const again = session.get(ids(stream)[0]);
    await eventually(() => again.events.length >= 1_000);
    expect(numbers(again)[0]).toBe(2_000);
    expect(numbers(again).at(-1)).toBe(2_999);
    expect(front.logged.map(({ text }) => text)).toContain(
      'events after the named one are not held any more',
    );
  });

  it('endless-queue: keeps at most 4 MiB', async () => {
    front = await openFrontDoor();
    const session = await front.session('2025-11-25', OWN);
    const pad = 'x'.repeat(100_000);
    for (let n = 0; n < 200; n++)
      front.say(`{"jsonrpc":"2.0","method":"notifications/x","params":{"n":${n},"pad":"${pad}"}}`);
    const stream = session.get();
    await eventually(() => numbers(stream).at(-1) === 199);
    expect(stream.events.length).toBe(Math.floor((4 * 1024 * 1024) / 100_110));
  });

  it('event-id-of-another-session: gives nothing of that session', async () => {
    front = await openFrontDoor();
    const [one, two] = [await front.session('2025-11-25', OWN), await front.session('2025-11-25', OWN)];
    // Both have streams and events of the same numbers, so that only whose they are tells them apart.
    const [call, other] = [one.call(1), two.call(1)];
    const forwarded = await front.forwarded(0);
    const others = await front.forwarded(1);
    forwarded.sink.notify(Buffer.from(note(1)), 'notifications/x');
    for (const n of [1, 2, 3]) others.sink.notify(Buffer.from(note(n)), 'notifications/x');
    forwarded.sink.notify(
      Buffer.from('{"jsonrpc":"2.0","method":"notifications/secret"}'),
      'notifications/x',
    );
    await eventually(() => call.events.length === 3 && other.events.length === 4);
    const thief = two.get(ids(call)[1]);
    await thief.head;
    front.say(note(7));
    await eventually(() => thief.messages().length > 0);
    expect(numbers(thief)).toEqual([7]);
    expect(front.logged.map(({ text }) => text)).toContain(
      'an event id that is not of this session: the standing stream opens',
    );
    forwarded.result('{}');
    others.result('{}');
    await Promise.all([call.done, other.done]);
  });

  it.each(['', 'x', '00000000-0-1', `${'9'.repeat(400)}`, '../../etc'])(
    'opens for the odd id %j',
    async (id) => {
      front = await openFrontDoor();
      const session = await front.session('2025-11-25', OWN);
      const stream = session.get(id);
      expect((await stream.head).statusCode).toBe(200);
      front.say(note(1));
      await eventually(() => stream.messages().length === 1);
    },
  );

  it('forgets what everybody has had long ago', async () => {
    front = await openFrontDoor();
    const session = await front.session('2025-11-25', OWN);
    const stream = session.get();
    await eventually(() => stream.events.length === 1);
    front.say(note(1));
    await eventually(() => stream.events.length === 2);
    front.ports.clock.advance(60_000);
    front.ports.clock.advance(60_000);
    front.ports.clock.advance(60_000);
    front.say(note(2));
    await eventually(() => stream.events.filter(({ data }) => data !== '').length === 2);
    const again = session.get(ids(stream)[0]);
    await eventually(() => again.messages().length === 1);
    expect(numbers(again)).toEqual([2]);
  });
});
