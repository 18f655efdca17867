/** One call: how it goes on without its first request, and what it passes meanwhile. */
import { describe, expect, it } from 'vitest';
import { Call } from '../../main/gateway/call.ts';
import type { RunningCall } from '../../main/gateway/running.ts';
import { GatehouseError } from '../../main/protocol/error.ts';
import type { Forwarded } from '../fakes/gateway-ports.ts';
import { openHouse, type Sent, sent } from './clients.ts';

interface Started {
  readonly call: RunningCall;
  readonly first: Sent;
  readonly server: Forwarded;
  readonly records: readonly unknown[];
}

function started(params: object = {}): Started {
  const house = openHouse();
  const client = house.open();
  const first = client.request('tools/call', { name: 'one__echo', ...params }, 1);
  const [server] = house.ports.forwarded;
  if (!(first.waiting instanceof Call) || server === undefined) throw new Error('no call is under way');
  return { call: first.waiting, first, server, records: house.ports.records };
}
const ASKING = Buffer.from('{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required"}}');

describe('a call whose client is to answer first', () => {
  it('gives its reply away and goes on under another request', () => {
    const { call, first, server, records } = started();
    call.park(ASKING);
    expect(first.answered).toMatchObject({ result: { resultType: 'input_required' } });
    expect(records).toEqual([]);
    const second = sent();
    call.adopt('"b"', second, null);
    server.result('{"x":1}');
    expect(second.answered).toEqual({ jsonrpc: '2.0', id: 'b', result: { x: 1 } });
    expect(records).toMatchObject([{ outcome: 'ok', clientName: expect.stringMatching(/^\w/) }]);
  });

  it.each<[string, (server: Forwarded) => void, object]>([
    ['an answer', (server) => server.result('{"x":1}'), { result: { x: 1 } }],
    ['an error', (server) => server.error('{"code":5,"message":"m"}'), { error: { code: 5, message: 'm' } }],
    [
      'a failure',
      (server) => server.sink.fail(new GatehouseError({ code: 'x.y', message: 'm', remedy: 'r' })),
      { error: { code: -32000, message: 'm', data: { code: 'x.y', remedy: 'r' } } },
    ],
  ])('keeps %s that comes meanwhile', (_what, end, body) => {
    const { call, server } = started();
    call.park(ASKING);
    end(server);
    const second = sent();
    call.adopt('2', second, null);
    expect(second.answered).toEqual({ jsonrpc: '2.0', id: 2, ...body });
  });

  it('has no stream meanwhile', () => {
    const { call, first } = started();
    call.park(ASKING);
    expect(call.send(Buffer.from('{}'))).toBe(false);
    expect(first.stream).toEqual([]);
  });

  it('can be abandoned meanwhile', () => {
    const { call, server, records } = started();
    call.park(ASKING);
    call.abandon();
    expect(server.cancelled).not.toBeNull();
    expect(records).toMatchObject([{ outcome: 'cancelled' }]);
    const second = sent();
    call.adopt('2', second, null);
    expect(second.end).toBe('open');
  });

  it('puts the second request’s progress token into what follows (progress section)', () => {
    const { call, first, server } = started({ _meta: { progressToken: 'a' } });
    const progress = (): void => {
      const text = '{"method":"notifications/progress","params":{"progressToken":9,"progress":1}}';
      const at = text.indexOf('9');
      server.sink.progress(Buffer.from(text), at, at + 1);
    };
    progress();
    expect(first.stream).toMatchObject([{ params: { progressToken: 'a', progress: 1 } }]);
    call.park(ASKING);
    progress();
    const second = sent();
    call.adopt('2', second, Buffer.from('"b"'));
    progress();
    expect(second.stream).toMatchObject([{ params: { progressToken: 'b' } }]);
  });
});

describe('a call that is done', () => {
  it('takes nothing more', () => {
    const { call, first, server, records } = started({ _meta: { progressToken: 'a' } });
    server.result('{}');
    server.result('{}');
    server.sink.fail(new GatehouseError({ code: 'x.y', message: '', remedy: '' }));
    server.sink.progress(Buffer.from('{"a":1}'), 5, 6);
    server.sink.notify(Buffer.from('{}'), 'notifications/x');
    call.park(ASKING);
    call.abandon();
    expect(first.stream).toEqual([]);
    expect(records.length).toBe(1);
    expect(call.message).toBeNull();
  });
});
