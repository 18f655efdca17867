/** Streams of changes for stateless clients (subscriptions section). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { META } from '../../main/protocol/modern.ts';
import { fakePorts, fakeView } from '../fakes/gateway-ports.ts';
import { eventually, type ModernDoor, type OpenRequest, openModernDoor } from './modern-door.ts';

let door: ModernDoor;
beforeEach(async () => {
  door = await openModernDoor();
});
afterEach(() => door.close());

const listen = (notifications: unknown, id: string | number = 'listen:1'): OpenRequest =>
  door.send('subscriptions/listen', { notifications }, id);
const acknowledged = async (stream: OpenRequest): Promise<object> => {
  await eventually(() => stream.events.length > 0);
  const first = stream.events[0] as { method: string; params: { notifications: object } };
  expect(first.method).toBe('notifications/subscriptions/acknowledged');
  return first.params.notifications;
};
const updated = (uri: string): Buffer =>
  Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } }));

describe('subscriptions/listen', () => {
  it('first says what it will tell: only what was asked for and is offered (acknowledgment)', async () => {
    const stream = listen({
      toolsListChanged: true,
      promptsListChanged: true,
      resourcesListChanged: false,
      resourceSubscriptions: ['test:a', 'none:b'],
    });
    expect(await acknowledged(stream)).toEqual({ toolsListChanged: true, resourceSubscriptions: ['test:a'] });
    expect(stream.events[0]).toMatchObject({ params: { _meta: { [META.subscriptionId]: 'listen:1' } } });
    expect(door.ports.subscribed).toEqual(['one test:a']);
  });

  it('tells only that, each with the id of its request, as it was written (receiving notifications)', async () => {
    const numbered = listen({ toolsListChanged: true }, 12_345);
    const updates = listen({ resourceSubscriptions: ['test:a'] }, 'u');
    await acknowledged(numbered);
    await acknowledged(updates);
    door.ports.change(['prompts', 'tools']);
    door.fromServers.notification('one', null, 'notifications/resources/updated', updated('test:b'));
    door.fromServers.notification('one', null, 'notifications/resources/updated', updated('test:a'));
    await eventually(() => numbered.events.length > 1 && updates.events.length > 1);
    expect(numbered.events.slice(1)).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/tools/list_changed',
        params: { _meta: { [META.subscriptionId]: 12_345 } },
      },
    ]);
    expect(updates.events.slice(1)).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/resources/updated',
        params: { uri: 'test:a', _meta: { [META.subscriptionId]: 'u' } },
      },
    ]);
  });

  it('tells a change of resources once, whichever of both lists changed', async () => {
    door.ports.current = fakeView({}, { capabilities: { resources: { listChanged: true } } });
    const stream = listen({ resourcesListChanged: true });
    await acknowledged(stream);
    door.ports.change(['resources', 'resourceTemplates']);
    door.ports.change(['resourceTemplates']);
    await eventually(() => stream.events.length === 3);
  });

  it('says what came while servers were still asked after the acknowledgment', async () => {
    let taken: () => void = () => undefined;
    const ports = fakePorts({
      subscribe: () =>
        new Promise<void>((resolve) => {
          taken = resolve;
        }),
    });
    await door.close();
    door = await openModernDoor({ ports });
    const stream = listen({ toolsListChanged: true, resourceSubscriptions: ['test:a'] });
    // Another request after it has been answered: the stream is open.
    await door.send('tools/list').answer;
    ports.change(['tools']);
    taken();
    await eventually(() => stream.events.length === 2);
    expect(stream.events.map((event) => event.method)).toEqual([
      'notifications/subscriptions/acknowledged',
      'notifications/tools/list_changed',
    ]);
  });

  it('does not wait forever for a server', async () => {
    await door.close();
    door = await openModernDoor({ ports: fakePorts({ subscribe: () => new Promise(() => undefined) }) });
    const stream = listen({ resourceSubscriptions: ['test:a'] });
    await eventually(() => door.ports.clock.pending().includes(10_000));
    door.ports.clock.advance(10_000);
    expect(await acknowledged(stream)).toEqual({ resourceSubscriptions: ['test:a'] });
  });

  it('ends with its client: nothing is subscribed any more (cancellation)', async () => {
    const stream = listen({ toolsListChanged: true, resourceSubscriptions: ['test:a'] });
    await acknowledged(stream);
    stream.hangUp();
    await eventually(() => door.ports.subscribed.length === 0);
  });

  it('ends in good order with the front, and at once when there is nothing to tell', async () => {
    const stream = listen({ toolsListChanged: true }, 7);
    await acknowledged(stream);
    const result = { resultType: 'complete', _meta: { [META.subscriptionId]: 8 } };
    const empty = await listen({ promptsListChanged: true }, 8).answer;
    expect(empty.json).toMatchObject({ id: 8, result });
    door.end();
    expect((await stream.answer).json).toMatchObject({
      id: 7,
      result: { _meta: { [META.subscriptionId]: 7 } },
    });
  });

  it('says from time to time that it is alive', async () => {
    const stream = listen({ toolsListChanged: true });
    await acknowledged(stream);
    door.ports.clock.advance(25_000);
    door.end();
    expect((await stream.answer).text).toContain('\n: keep-alive\n\n');
  });

  it.each([undefined, null, [], { toolsListChanged: 'yes' }, { resourceSubscriptions: [1] }])(
    'refuses the filter %j with -32602',
    async (filter) => {
      const { status, json } = await listen(filter).answer;
      expect({ status, code: json.error?.code }).toEqual({ status: 200, code: -32602 });
    },
  );

  it('is bounded: resources of one stream, streams of one client', async () => {
    const uris = Array.from({ length: 1_001 }, (_, n) => `test:${n}`);
    expect((await listen({ resourceSubscriptions: uris }).answer).json.error?.code).toBe(-32602);
    const streams = Array.from({ length: 100 }, (_, n) => listen({ toolsListChanged: true }, n));
    await eventually(() => streams.every((stream) => stream.events.length > 0));
    expect((await listen({ toolsListChanged: true }).answer).json.error?.data.code).toBe(
      'gateway.too_many_streams',
    );
    streams[0]?.hangUp();
    await eventually(() => streams[0] !== undefined && door.open === 99);
    await acknowledged(listen({ toolsListChanged: true }, 'next'));
  });

  it('406 when the client takes no events', async () => {
    const sent = door.send('subscriptions/listen', { notifications: { toolsListChanged: true } }, 1, {
      Accept: 'application/json',
    });
    expect((await sent.answer).status).toBe(406);
  });
});
