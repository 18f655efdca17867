/** How much one client may have under way: the rest waits in line, and beyond that is refused. */
import { describe, expect, it } from 'vitest';
import { createLoads } from '../../main/gateway/loads.ts';
import { GatehouseError } from '../../main/protocol/error.ts';
import { type Json, openHouse, type Sent } from './clients.ts';

const LIMITS = { callsPerClient: 2, queuePerClient: 3 };
const tool = { name: 'one__echo' };
const ends = (sents: readonly Sent[]): string[] => sents.map((one) => one.end);

describe('the load of one client', () => {
  it('runs so many calls, lets so many wait, and refuses the rest so that it can be tried again', () => {
    const house = openHouse({}, LIMITS);
    const client = house.open();
    const calls = [1, 2, 3, 4, 5, 6].map((id) => client.request('tools/call', tool, id));
    expect(house.ports.forwarded.length).toBe(2);
    expect(ends(calls)).toEqual(['open', 'open', 'open', 'open', 'open', 'answer']);
    expect(calls[5]?.answered).toMatchObject({ error: { data: { code: 'gateway.too_many_calls' } } });
    expect(house.ports.records).toMatchObject([{ outcome: 'refused', errorCode: 'gateway.too_many_calls' }]);
    expect(client.session.inFlight).toBe(5);
  });

  it('lets those who wait go in the order in which they came', () => {
    const house = openHouse({}, LIMITS);
    const client = house.open();
    const calls = [1, 2, 3, 4, 5].map((id) => client.request('tools/call', { ...tool, n: id }, id));
    const order = (): unknown[] =>
      house.ports.forwarded.map(({ request }) => (JSON.parse(request.bytes.toString()) as Json).id);
    house.ports.forwarded[1]?.result('{}');
    expect(order()).toEqual([1, 2, 3]);
    house.ports.forwarded[0]?.result('{}');
    house.ports.forwarded[2]?.result('{}');
    expect(order()).toEqual([1, 2, 3, 4, 5]);
    expect(ends(calls)).toEqual(['answer', 'answer', 'answer', 'open', 'open']);
  });

  it('counts all sessions of one client together, and each client apart', () => {
    const house = openHouse({}, { callsPerClient: 1, queuePerClient: 0 });
    const [a, again, b] = ['a', 'a', 'b'].map((caller) => house.open({ caller }));
    expect(a?.request('tools/call', tool).end).toBe('open');
    expect(again?.request('tools/call', tool).end).toBe('answer');
    expect(b?.request('tools/call', tool).end).toBe('open');
  });

  it('frees the place of a call that was cancelled, that failed, or whose client is gone', () => {
    const house = openHouse({}, { callsPerClient: 1, queuePerClient: 10 });
    const client = house.open({ caller: 'a' });
    const leaving = house.open({ caller: 'a' });
    client.request('tools/call', tool, 1);
    leaving.request('tools/call', tool, 2);
    client.request('tools/call', tool, 3);
    leaving.request('tools/call', tool, 4);
    client.notify('notifications/cancelled', { requestId: 1 });
    expect(house.ports.forwarded.length).toBe(2);
    leaving.session.close();
    expect(house.ports.forwarded.length).toBe(3);
    house.ports.forwarded[2]?.sink.fail(new GatehouseError({ code: 'x.y', message: '', remedy: '' }));
    expect(client.request('tools/call', tool, 5).end).toBe('open');
    expect(house.ports.forwarded.length).toBe(4);
  });

  it('lets one that waits be cancelled: it is never forwarded', () => {
    const house = openHouse({}, { callsPerClient: 1, queuePerClient: 1 });
    const client = house.open();
    client.request('tools/call', tool, 1);
    const waiting = client.request('tools/call', tool, 2);
    waiting.waiting?.abandon();
    expect(waiting.end).toBe('nothing');
    const next = client.request('tools/call', tool, 3);
    house.ports.forwarded[0]?.result('{}');
    expect(house.ports.forwarded.length).toBe(2);
    house.ports.forwarded[1]?.result('{}');
    expect(next.answered).toMatchObject({ id: 3 });
  });

  it('gets through a long line whose calls all fail at once', () => {
    const many = 20_000;
    const house = openHouse(
      {
        forward(_server, { sink }) {
          if (first === null) first = sink;
          else sink.fail(new GatehouseError({ code: 'x.y', message: '', remedy: '' }));
          return { cancel: () => undefined };
        },
      },
      { callsPerClient: 1, queuePerClient: many },
    );
    let first: { fail(error: GatehouseError): void } | null = null;
    const client = house.open();
    const calls = Array.from({ length: many }, (_, id) => client.request('tools/call', tool, id));
    (first as { fail(error: GatehouseError): void } | null)?.fail(
      new GatehouseError({ code: 'x.y', message: '', remedy: '' }),
    );
    expect(calls.every((call) => call.end === 'answer')).toBe(true);
  });

  it('lets nobody in before those who wait, not even while their turns come', () => {
    const load = createLoads({ callsPerClient: 1, queuePerClient: 9 }).of('a');
    const went: string[] = [];
    const late = { go: () => went.push('late') };
    const quick = {
      go() {
        went.push('quick');
        load.leave();
        expect(load.enter(late)).toBe('wait');
      },
    };
    load.enter({ go: () => undefined });
    load.enter(quick);
    load.enter({ go: () => went.push('early') });
    load.leave();
    load.leave();
    expect(went).toEqual(['quick', 'early', 'late']);
  });

  it('keeps no gaps of those who went while one waits long', () => {
    const load = createLoads({ callsPerClient: 1, queuePerClient: 2 }).of('a');
    const went: number[] = [];
    const waiter = (n: number): { go(): void } => ({ go: () => went.push(n) });
    expect(load.enter(waiter(0))).toBe('go');
    expect(load.enter(waiter(1))).toBe('wait');
    for (let n = 0; n < 1_000; n++) {
      const one = waiter(-1);
      expect(load.enter(one)).toBe('wait');
      load.quit(one);
    }
    expect(load.enter(waiter(2))).toBe('wait');
    expect(load.enter(waiter(3))).toBe('full');
    expect(JSON.stringify(load).length).toBeLessThan(2_000);
    load.leave();
    load.leave();
    expect(went).toEqual([1, 2]);
  });
});
