/** Arrays of messages: what 2025-03-26 promises, and what no revision takes. */
import { afterEach, describe, expect, it } from 'vitest';
import { callText, type FrontDoor, INITIALIZE, INITIALIZED, openFrontDoor, PING } from './front-door.ts';
import { eventually } from './modern-door.ts';

let front: FrontDoor;
afterEach(() => front?.close());

const BATCHES = '2025-03-26';
const note = Buffer.from('{"jsonrpc":"2.0","method":"notifications/x"}');
const batch = (...messages: string[]): string => `[ ${messages.join(' , ')} ]`;

describe('batching', () => {
  it('answers come together as one array, in the order in which they are there', async () => {
    front = await openFrontDoor();
    const session = await front.session(BATCHES);
    const post = session.post(batch(callText(1), PING, INITIALIZED, callText(3)));
    (await front.forwarded(1)).result('{"n":3}');
    (await front.forwarded(0)).result('{"n":1}');
    const { status, headers, text } = await post.done;
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toEqual([
      { jsonrpc: '2.0', id: 2, result: {} },
      { jsonrpc: '2.0', id: 3, result: { n: 3 } },
      { jsonrpc: '2.0', id: 1, result: { n: 1 } },
    ]);
  });

  it('becomes one stream when a notification comes first, and ends with the last answer', async () => {
    front = await openFrontDoor();
    const session = await front.session(BATCHES);
    const post = session.post(batch(PING, callText(1), callText(3)));
    const [one, three] = [await front.forwarded(0), await front.forwarded(1)];
    one.sink.notify(note, 'notifications/x');
    await eventually(() => post.events.length === 2);
    one.result('{"n":1}');
    await eventually(() => post.events.length === 3);
    three.sink.notify(note, 'notifications/x');
    three.result('{"n":3}');
    expect((await post.done).whole).toBe(true);
    expect(post.messages()).toMatchObject([
      { method: 'notifications/x' },
      { id: 2 },
      { id: 1 },
      { method: 'notifications/x' },
      { id: 3 },
    ]);
  });

  it('of nothing that asks for an answer is 202', async () => {
    front = await openFrontDoor();
    const session = await front.session(BATCHES);
    const response = '{"jsonrpc":"2.0","id":"nobody","result":{}}';
    const { status, text } = await session.post(batch(INITIALIZED, response, response)).done;
    expect([status, text]).toEqual([202, '']);
  });

  it('answers what is no message with an error among the answers', async () => {
    front = await openFrontDoor();
    const session = await front.session(BATCHES);
    const { text } = await session.post('[1, {"jsonrpc":"2.0","id":2,"method":"ping"}, []]').done;
    expect(JSON.parse(text)).toMatchObject([
      { id: null, error: { code: -32600 } },
      { id: 2, result: {} },
      { id: null, error: { code: -32600 } },
    ]);
  });

  it('a hang-up cancels all of it', async () => {
    front = await openFrontDoor();
    const session = await front.session(BATCHES);
    const post = session.post(batch(callText(1), callText(3)));
    const both = [await front.forwarded(0), await front.forwarded(1)];
    post.hangUp();
    await eventually(() => both.every(({ cancelled }) => cancelled !== null));
  });

  it('what is cancelled has no answer, the rest has', async () => {
    front = await openFrontDoor();
    const session = await front.session(BATCHES);
    const post = session.post(batch(callText(1), callText(3)));
    await front.forwarded(1);
    await session.post('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}').done;
    (await front.forwarded(1)).result('{}');
    expect(JSON.parse((await post.done).text)).toMatchObject([{ id: 3 }]);
  });

  it.each([
    ['empty', '[]', -32600],
    ['empty', ' [\n] ', -32600],
    ['too long', `[${Array.from({ length: 101 }, () => PING).join(',')}]`, -32600],
    ['not closed', `[${PING}`, -32700],
    ['followed by something', `[${PING}] x`, -32700],
    ['with initialize', `[${PING},${INITIALIZE(BATCHES)}]`, -32600],
  ])('refuses one that is %s, and nothing of it is done', async (_what, text, code) => {
    front = await openFrontDoor();
    const session = await front.session(BATCHES);
    const refused = await session.post(text).done;
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({ id: null, error: { code } });
    expect((await session.post(batch(...Array.from({ length: 100 }, () => PING))).done).status).toBe(200);
  });

  it.each(['2024-11-05', '2025-06-18', '2025-11-25'])('%s knows none', async (version) => {
    front = await openFrontDoor();
    const session = await front.session(version);
    const { text } = await session.post(batch(PING)).done;
    expect(JSON.parse(text)).toMatchObject({ id: null, error: { code: -32600 } });
  });

  it('none begins a session', async () => {
    front = await openFrontDoor();
    const refused = await front.send('POST', '/mcp', {}, `[${INITIALIZE(BATCHES)}]`).done;
    expect([refused.status, front.counts.length]).toEqual([400, 0]);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: -32600 } });
  });
});
