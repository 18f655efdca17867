/** What a modern server needs of a legacy client: asked for in rounds, until the call is answered or there were enough. */
import { describe, expect, it } from 'vitest';
import { call } from '../fakes/call.ts';
import { bigArguments, hop, legacy, renamed } from './hop.ts';

const need = (state: string | null, ...keys: string[]): object => ({
  resultType: 'input_required',
  inputRequests: Object.fromEntries(
    keys.map((key) => [key, { method: 'elicitation/create', params: { mode: 'form', message: key } }]),
  ),
  ...(state === null ? {} : { requestState: state }),
});

describe('a call of a legacy client to a modern server', () => {
  it('what it needs is asked of the client, and the call is made again under another id with the state byte by byte (multi round-trip requests, "Client Requirements")', async () => {
    const { link, carry } = await hop('modern', true);
    const one = call(legacy, 'tools/call', { name: 'x__query', arguments: { region: 'r' } });
    carry(renamed(one, 'query'));
    const first = link.last('tools/call');
    link.say(
      `{"jsonrpc":"2.0","id":${first.id},"result":{"resultType":"input_required","requestState":"a\\u00e4\\/","inputRequests":{"one":{"method":"roots/list"},"two":{"method":"elicitation/create","params":{"mode":"url","url":"u"}}}}}`,
      first.id,
    );
    expect(one.answers).toEqual([]);
    expect(one.asked.map((ask) => ask.method)).toEqual(['roots/list', 'elicitation/create']);
    // The legacy revisions want an id with it (elicitation of 2025-11-25, "URL Mode").
    expect(JSON.parse(one.asked[1]?.params?.toString() ?? '')).toEqual({
      mode: 'url',
      url: 'u',
      elicitationId: expect.any(String),
    });
    one.asked[1]?.result(Buffer.from('{"action":"accept"}'));
    expect(link.last('tools/call')).toBe(first);
    one.asked[0]?.result(Buffer.from('{"roots":[{"uri":"file:///a","n":1e400}]}'));
    const second = link.last('tools/call');
    expect(second.id).not.toBe(first.id);
    expect(second.head).toEqual(first.head);
    expect(second.text).toContain('"requestState":"a\\u00e4\\/"');
    expect(second.text).toContain('"one":{"roots":[{"uri":"file:///a","n":1e400}]}');
    expect(second.json.params).toMatchObject({
      name: 'query',
      arguments: { region: 'r' },
      inputResponses: { two: { action: 'accept' } },
    });
    link.answer('tools/call', need(null, 'again'));
    one.asked[2]?.result(Buffer.from('{}'));
    const third = link.last('tools/call').json.params;
    expect(third).not.toHaveProperty('requestState');
    expect(third.inputResponses).toEqual({ again: {} });
    link.answer('tools/call', { resultType: 'complete', content: [] });
    expect(one.answer.result).toEqual({ content: [] });
    expect(one.asked.map((ask) => ask.cancelled)).toEqual([null, null, null]);
  });

  it("the client's error ends the call with that error; nothing else is asked any more", async () => {
    const { link, carry } = await hop('modern');
    const one = call(legacy, 'tools/call', bigArguments);
    carry(renamed(one, 'plain'));
    link.answer('tools/call', need('s', 'a', 'b'));
    one.asked[0]?.error(Buffer.from('{"code":-1,"message":"User rejected","data":{"n":1e400}}'));
    expect(one.answers).toEqual([
      '{"jsonrpc":"2.0","id":"c","error":{"code":-1,"message":"User rejected","data":{"n":1e400}}}',
    ]);
    expect(one.asked[1]?.cancelled).not.toBeNull();
    one.asked[1]?.result(Buffer.from('{}'));
    expect(link.sent.length).toBe(1);
  });

  it('a client that cannot be asked gets a clear error', async () => {
    const { link, carry } = await hop('modern');
    const one = call(legacy, 'tools/call', bigArguments, false);
    carry(one.request);
    link.answer('tools/call', need('s', 'a'));
    expect(one.failed.map((error) => error.code)).toEqual(['gateway.nobody_to_ask']);
  });

  it('cancelling while the client is asked withdraws the question; while the server works, tells the server', async () => {
    const { link, carry } = await hop('modern');
    const one = call(legacy, 'tools/call', bigArguments);
    const handle = carry(one.request);
    link.answer('tools/call', need('s', 'a'));
    handle.cancel('gone');
    expect(one.asked[0]?.cancelled).toBe('gone');
    one.asked[0]?.result(Buffer.from('{}'));
    expect(link.sent.length).toBe(1);
    const two = call(legacy, 'tools/call', bigArguments);
    carry(two.request).cancel('gone');
    expect(link.last('notifications/cancelled').json.params.requestId).toBe(link.last('tools/call').id);
  });

  it('is made again at most 16 times, and not in a hurry where nothing is asked', async () => {
    const { link, carry, clock } = await hop('modern');
    const one = call(legacy, 'tools/call', bigArguments);
    carry(one.request);
    link.answer('tools/call', { resultType: 'input_required', requestState: 's' });
    expect(link.sent.length).toBe(1);
    for (let i = 0; i < 20 && one.failed.length === 0; i++) {
      clock.advance(200);
      link.answer('tools/call', { resultType: 'input_required', requestState: 's' });
    }
    expect(one.failed.map((error) => error.code)).toEqual(['upstream.too_many_rounds']);
    expect(link.sent.length).toBe(17);
  });

  it('ends after ten minutes without an answer of the client', async () => {
    const { link, carry, clock } = await hop('modern');
    const one = call(legacy, 'tools/call', bigArguments);
    carry(one.request);
    link.answer('tools/call', need('s', 'a'));
    clock.advance(10 * 60_000);
    expect(one.failed.map((error) => error.code)).toEqual(['upstream.ask_ended']);
    expect(one.asked[0]?.cancelled).not.toBeNull();
  });
});
