/** The standing stream of a session: what was said while nobody listened comes once, and nothing of others. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FrontDoor, type FrontSession, OWN, openFrontDoor } from './front-door.ts';
import { eventually } from './modern-door.ts';
import { ids, note, numbers, tell } from './streams.ts';

let front: FrontDoor;
afterEach(() => front?.close());

describe('the standing stream', () => {
  /** A session on the own route of a server, so that it hears whatever that server says. */
  const opened = async (): Promise<FrontSession> => {
    front = await openFrontDoor();
    return front.session('2025-11-25', OWN);
  };

  it('brings what was said before it opened, once', async () => {
    const session = await opened();
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
    const session = await opened();
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
    const session = await opened();
    const stream = session.get();
    await eventually(() => stream.events.length === 1);
    expect(stream.events[0]?.data).toBe('');
    const call = session.call(1);
    const forwarded = await front.forwarded(0);
    for (const n of [1, 2, 3]) {
      front.say(note(n));
      tell(forwarded, n * 10);
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
    const session = await opened();
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
    const session = await opened();
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
    tell(forwarded, 1);
    for (const n of [1, 2, 3]) tell(others, n);
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
      const session = await opened();
      const stream = session.get(id);
      expect((await stream.head).statusCode).toBe(200);
      front.say(note(1));
      await eventually(() => stream.messages().length === 1);
    },
  );

  it('forgets what everybody has had long ago', async () => {
    const session = await opened();
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
