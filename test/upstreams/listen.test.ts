/** The stream on which a modern server tells of changes (subscriptions section of 2026-07-28). */
import { expect, it } from 'vitest';
import { GatehouseError } from '../../main/protocol/error.ts';
import { META } from '../../main/protocol/modern.ts';
import { type ListenStream, openListenStream } from '../../main/upstreams/listen.ts';
import { modernSpeech } from '../../main/upstreams/speech.ts';
import { type FakeLink, overFakeLink } from '../fakes/link.ts';
import type { ManualClock } from '../fakes/manual-clock.ts';

interface Opened {
  readonly link: FakeLink;
  readonly clock: ManualClock;
  readonly stream: ListenStream;
  readonly gaps: () => number;
  readonly notes: string[];
  /** The filters asked for so far. */
  filters(): object[];
  acknowledge(id?: number): void;
}

async function open(kinds: Record<string, true> = { toolsListChanged: true }, heads = true): Promise<Opened> {
  const { link, clock, connection } = await overFakeLink('2026-07-28', heads);
  let gaps = 0;
  const notes: string[] = [];
  const speech = modernSpeech(connection, { name: 'g', version: '0' }, '2026-07-28');
  const stream = openListenStream(
    speech,
    kinds,
    clock,
    () => {
      gaps++;
    },
    (text) => void notes.push(text),
  );
  const listens = () => link.sent.filter(({ json }) => json.method === 'subscriptions/listen');
  return {
    ...{ link, clock, stream, notes, gaps: () => gaps },
    filters: () => listens().map(({ json }) => json.params.notifications),
    acknowledge(id = listens().at(-1)?.id ?? 0) {
      const params = { _meta: { [META.subscriptionId]: id }, notifications: {} };
      link.say(
        { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params },
        heads ? id : undefined,
      );
    },
  };
}

const broken = new GatehouseError({ code: 'upstream.stream_broken', message: 'broken', remedy: '' });

it('asks for what the server promises, as a modern request', async () => {
  const { link, filters } = await open({ toolsListChanged: true, promptsListChanged: true });
  expect(filters()).toEqual([{ toolsListChanged: true, promptsListChanged: true }]);
  const { json, head } = link.last('subscriptions/listen');
  expect(json.params._meta[META.version]).toBe('2026-07-28');
  expect(head).toEqual({ method: 'subscriptions/listen', name: null, params: null });
});

it('a server that promises nothing is not asked before somebody wants a resource, and not after', async () => {
  const { link, filters, stream, acknowledge } = await open({});
  expect(filters()).toEqual([]);
  const one = stream.resources(new Set(['a:1']));
  acknowledge();
  await one;
  expect(filters()).toEqual([{ resourceSubscriptions: ['a:1'] }]);
  await stream.resources(new Set());
  expect(filters().length).toBe(1);
  expect(link.abandoned).toEqual([link.last('subscriptions/listen').id]);
});

it.each([true, false])(
  'the new stream is open before the old one is closed; over HTTP: %s',
  async (heads) => {
    const { link, filters, stream, acknowledge } = await open({ toolsListChanged: true }, heads);
    acknowledge();
    const first = link.last('subscriptions/listen').id;
    let done = 0;
    const wants = [new Set(['a:1']), new Set(['a:1', 'a:2'])].map((uris) =>
      stream.resources(uris).then(() => done++),
    );
    expect(link.abandoned).toEqual([]);
    acknowledge();
    expect(link.abandoned).toEqual([first]);
    // What came meanwhile is asked for together.
    expect(filters().at(-1)).toEqual({ toolsListChanged: true, resourceSubscriptions: ['a:1', 'a:2'] });
    acknowledge();
    await Promise.all(wants);
    expect([done, filters().length, link.abandoned.length]).toEqual([2, 3, 2]);
    const cancelled = link.sent.filter(({ json }) => json.method === 'notifications/cancelled');
    expect(cancelled.length).toBe(heads ? 0 : 2);
  },
);

it('after a break it is opened again, with growing pauses, and what may have been missed is looked up', async () => {
  const { link, clock, filters, acknowledge, gaps } = await open();
  acknowledge();
  for (const pause of [1_000, 2_000, 4_000]) {
    const count = filters().length;
    link.fail(link.last('subscriptions/listen').id, broken);
    clock.advance(pause - 1);
    expect(filters().length).toBe(count);
    clock.advance(1);
    expect(filters().length).toBe(count + 1);
  }
  expect(gaps()).toBe(3);
  acknowledge();
  clock.advance(61_000);
  link.fail(link.last('subscriptions/listen').id, broken);
  clock.advance(1_000);
  expect(filters().length).toBe(5);
});

it('a server over stdio ends it with notifications/cancelled (subscriptions, "Cancellation")', async () => {
  const { link, clock, filters, acknowledge } = await open({ toolsListChanged: true }, false);
  acknowledge();
  const { id } = link.last('subscriptions/listen');
  link.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
  clock.advance(1_000);
  expect(filters().length).toBe(2);
});

it('a server that knows no such thing is left alone', async () => {
  const { link, clock, filters, notes } = await open();
  link.refuse('subscriptions/listen', { code: -32601, message: 'Method not found' });
  clock.advance(600_000);
  expect([filters().length, notes.length]).toEqual([1, 1]);
});

it('a refused resource is told to who wanted it, and the stream that was there stays', async () => {
  const { link, clock, filters, stream, acknowledge } = await open();
  acknowledge();
  const wanted = stream.resources(new Set(['a:1']));
  const refused = expect(wanted).rejects.toMatchObject({ code: 'upstream.answered_error' });
  link.refuse('subscriptions/listen', { code: -32602, message: 'no' });
  await refused;
  clock.advance(60_000);
  expect([filters().length, link.abandoned.length]).toEqual([2, 0]);
});

it('a server that does not acknowledge is taken to listen after ten seconds', async () => {
  const { clock, stream } = await open({});
  const wanted = stream.resources(new Set(['a:1']));
  clock.advance(10_000);
  await wanted;
});

it('closing ends every stream and whoever waits', async () => {
  const { link, clock, filters, stream, acknowledge } = await open();
  acknowledge();
  const wanted = stream.resources(new Set(['a:1']));
  const ended = expect(wanted).rejects.toMatchObject({ code: 'upstream.stopped' });
  stream.close();
  await ended;
  expect(link.abandoned.length).toBe(2);
  clock.advance(600_000);
  expect([filters().length, clock.pending()]).toEqual([2, []]);
});
