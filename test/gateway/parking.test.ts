/** What servers with sessions ask of modern clients (multi round-trip requests section). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { META } from '../../main/protocol/modern.ts';
import { serverScope } from '../../main/protocol/scope.ts';
import { type Answer, eventually, type ModernDoor, meta, openModernDoor, VERSION } from './modern-door.ts';

let door: ModernDoor;
beforeEach(async () => {
  door = await openModernDoor();
});
afterEach(() => door.close());

const ABLE = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: {} };
const able = (capabilities: object = ABLE): Record<string, unknown> =>
  meta({ [META.clientCapabilities]: capabilities });
const CALL = { name: 'echo', arguments: { a: 1, b: [2] } };
const FORM = { message: 'Who?', requestedSchema: { type: 'object', properties: {} } };

/** Lets the questions that were collected go out. */
const collected = (): void => door.ports.clock.advance(10);

interface Wanted {
  readonly state: string;
  readonly requests: Record<string, { method: string; params?: object }>;
}
const wanted = ({ json }: Answer): Wanted => {
  expect(json.result?.resultType).toBe('input_required');
  return {
    state: json.result?.requestState as string,
    requests: json.result?.inputRequests as Wanted['requests'],
  };
};

/** A call whose server has asked these, and what its client was told. */
const parked = async (...asks: [string, object | null][]) => {
  const sent = door.send('tools/call', { ...CALL, _meta: able() }, 'first');
  const forwarded = await door.forwarded(door.ports.forwarded.length);
  const asked = asks.map(([method, params]) => forwarded.ask(method, params));
  collected();
  const answer = await sent.answer;
  return { forwarded, asked, answer, ...wanted(answer) };
};
const retry = (state: string, responses: object, more: object = {}, id: string | number = 2) =>
  door.send(
    'tools/call',
    { ...CALL, _meta: able(), requestState: state, inputResponses: responses, ...more },
    id,
  );

describe('a parked call', () => {
  it('tells its client all that the server asked for at once, and goes on with the retry', async () => {
    const { forwarded, asked, answer, state, requests } = await parked(
      ['elicitation/create', FORM],
      ['sampling/createMessage', { messages: [], maxTokens: 1 }],
      ['roots/list', null],
    );
    expect(answer).toMatchObject({ status: 200, json: { id: 'first' } });
    expect(Object.values(requests)).toEqual([
      { method: 'elicitation/create', params: FORM },
      { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } },
      { method: 'roots/list' },
    ]);
    const [form, sampling, roots] = Object.keys(requests) as [string, string, string];
    const sent = retry(state, {
      [roots]: { roots: [] },
      [form]: { action: 'accept', content: { n: 1 } },
      [sampling]: { role: 'assistant', content: [] },
      extra: { is: 'ignored' },
    });
    await eventually(() => asked.every((ask) => ask.result !== null));
    expect(asked.map((ask) => ask.result)).toEqual([
      '{"action":"accept","content":{"n":1}}',
      '{"role":"assistant","content":[]}',
      '{"roots":[]}',
    ]);
    forwarded.result('{"content":[]}');
    expect((await sent.answer).json).toEqual({ jsonrpc: '2.0', id: 2, result: { content: [] } });
    // One call for the server, one line in the log.
    expect(door.ports.forwarded).toHaveLength(1);
    expect(door.ports.records).toHaveLength(1);
  });

  it('may be asked for more, with another state', async () => {
    const { forwarded, asked, state, requests } = await parked(['roots/list', null]);
    const [key] = Object.keys(requests) as [string];
    const second = retry(state, { [key]: { roots: [] } });
    await eventually(() => asked[0]?.result !== null);
    const more = forwarded.ask('elicitation/create', FORM);
    collected();
    const again = wanted(await second.answer);
    expect(again.state).not.toBe(state);
    const [other] = Object.keys(again.requests) as [string];
    expect(other).not.toBe(key);
    const third = retry(again.state, { [other]: { action: 'decline' } }, {}, 3);
    await eventually(() => more.result !== null);
    forwarded.result('{}');
    expect((await third.answer).json.id).toBe(3);
  });

  it('asks again for what the client left out (error handling)', async () => {
    const { asked, state, requests } = await parked(['roots/list', null], ['elicitation/create', FORM]);
    const [roots, form] = Object.keys(requests) as [string, string];
    const second = retry(state, { [roots]: { roots: [] } });
    await eventually(() => asked[0]?.result !== null);
    collected();
    const again = wanted(await second.answer);
    expect(again.requests).toEqual({ [form]: { method: 'elicitation/create', params: FORM } });
    retry(again.state, { [form]: { action: 'cancel' } }, {}, 3);
    await eventually(() => asked[1]?.result !== null);
  });

  it('gives the answer that came meanwhile', async () => {
    const { forwarded, state } = await parked(['roots/list', null]);
    forwarded.result('{"done":true}');
    expect((await retry(state, {}).answer).json.result).toEqual({ done: true });
    expect((await retry(state, {}, {}, 3).answer).json.error?.code).toBe(-32602);
  });

  it('sends progress under the token of the retry', async () => {
    const { forwarded, state, requests, asked } = await parked(['roots/list', null]);
    const [key] = Object.keys(requests) as [string];
    const sent = retry(state, { [key]: { roots: [] } }, { _meta: { ...able(), progressToken: 'new' } });
    await eventually(() => asked[0]?.result !== null);
    const note =
      '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":3,"progress":1}}';
    forwarded.sink.progress(Buffer.from(note), note.indexOf(':3,') + 1, note.indexOf(':3,') + 2);
    forwarded.result('{}');
    await sent.answer;
    expect(sent.events[0]).toMatchObject({ params: { progressToken: 'new' } });
  });

  it('is cancelled when its client hangs up after the retry, and after ten minutes', async () => {
    const one = await parked(['roots/list', null]);
    const sent = retry(one.state, { none: {} });
    await eventually(() => door.ports.clock.pending().some((ms) => ms <= 10));
    sent.hangUp();
    await eventually(() => one.forwarded.cancelled !== null);
    const two = await parked(['roots/list', null]);
    door.ports.clock.advance(10 * 60_000);
    expect(two.forwarded.cancelled).not.toBeNull();
    expect((await retry(two.state, {}).answer).json.error).toMatchObject({
      code: -32602,
      data: { code: 'gateway.unknown_state' },
    });
  });

  it('is not told of a question that the server took back at once', async () => {
    const sent = door.send('tools/call', { ...CALL, _meta: able() });
    const forwarded = await door.forwarded(0);
    const asked = forwarded.ask('roots/list', null);
    asked.handle?.cancel('never mind');
    collected();
    forwarded.result('{}');
    expect((await sent.answer).json.result).toEqual({});
  });
});

describe('the state of a parked call is worth nothing elsewhere (server requirements)', () => {
  const refused = { status: 200, json: { error: { code: -32602 } } };

  it('twice, for another caller, for other arguments', async () => {
    const { forwarded, state, requests, asked } = await parked(['roots/list', null]);
    const [key] = Object.keys(requests) as [string];
    const responses = { [key]: { roots: [] } };
    const params = { ...CALL, _meta: able(), requestState: state, inputResponses: responses };
    const foreign = door.post(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params }), {
      'MCP-Protocol-Version': VERSION,
      'Mcp-Method': 'tools/call',
      'Mcp-Name': 'echo',
      'X-Caller': 'another',
    });
    expect(await foreign.answer).toMatchObject(refused);
    expect(await retry(state, responses, { arguments: { a: 2 } }).answer).toMatchObject(refused);
    expect(await retry(state, responses, { name: 'other' }).answer).toMatchObject(refused);
    expect(await retry(`${state}x`, responses).answer).toMatchObject(refused);
    expect(asked[0]?.result).toBeNull();
    // The same arguments in another order are the same request.
    const sent = retry(state, responses, { arguments: { b: [2], a: 1 } });
    await eventually(() => asked[0]?.result !== null);
    expect(await retry(state, responses, {}, 3).answer).toMatchObject(refused);
    forwarded.result('{}');
    expect((await sent.answer).status).toBe(200);
    expect(door.ports.forwarded).toHaveLength(1);
  });

  it('and malformed responses do not use it up', async () => {
    const { state, asked, requests } = await parked(['roots/list', null]);
    const [key] = Object.keys(requests) as [string];
    expect(await retry(state, []).answer).toMatchObject(refused);
    expect(await retry(state, { [key]: 'text' }).answer).toMatchObject(refused);
    retry(state, { [key]: { roots: [] } });
    await eventually(() => asked[0]?.result !== null);
  });

  it('while states of servers pass as they are', async () => {
    // Such as another Gatehouse behind this one.
    const { state: another } = await parked(['roots/list', null]);
    await door.close();
    door = await openModernDoor();
    for (const state of ['theirs', another]) {
      const before = door.ports.forwarded.length;
      retry(state, { k: {} });
      const { request } = await door.forwarded(before);
      expect(request.bytes.toString()).toContain(`"requestState":"${state}"`);
    }
  });
});

describe('who cannot be asked (server requirements)', () => {
  it.each<[string, object | null, object]>([
    ['elicitation/create', FORM, { sampling: {}, roots: {} }],
    ['elicitation/create', { mode: 'url', url: 'x:', message: 'm' }, { elicitation: {} }],
    ['elicitation/create', FORM, { elicitation: { url: {} } }],
    ['sampling/createMessage', {}, { elicitation: {} }],
    ['sampling/createMessage', { tools: [] }, { sampling: {} }],
    ['roots/list', null, {}],
    ['custom/ask', null, ABLE],
  ])('%s %j of a client with %j', async (method, params, capabilities) => {
    door.send('tools/call', { ...CALL, _meta: able(capabilities) });
    const forwarded = await door.forwarded(0);
    expect(forwarded.ask(method, params).handle).toBeNull();
  });

  it('anybody, for what may not stand in such a result, also on a server\u2019s own route', async () => {
    await door.close();
    door = await openModernDoor({ scope: serverScope('one') });
    door.send('tools/call', { ...CALL, _meta: able() });
    const forwarded = await door.forwarded(0);
    expect(forwarded.ask('custom/ask', null).handle).toBeNull();
    expect(forwarded.ask('roots/list', null).handle).not.toBeNull();
  });

  it('whoever has a hundred calls parked', async () => {
    for (let n = 0; n < 100; n++) await parked(['roots/list', null]);
    door.send('tools/call', { ...CALL, _meta: able() });
    const forwarded = await door.forwarded(100);
    expect(forwarded.ask('roots/list', null).handle).toBeNull();
  });
});
