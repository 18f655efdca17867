/** Calls that wait for a person before they go to their server, in both eras. */
import { describe, expect, it } from 'vitest';
import type { CallAllowance, GatewayPorts, PersonAsk } from '../../main/gateway/ports.ts';
import { GatehouseError } from '../../main/protocol/error.ts';
import { fakePorts } from '../fakes/gateway-ports.ts';
import { type House, openHouse, type Sent } from './clients.ts';
import { closingDoors, eventually, meta } from './modern-door.ts';

interface Person {
  readonly asked: PersonAsk[];
  readonly ports: Partial<GatewayPorts>;
  cancelled: number;
  /** Answers the last question. */
  say(refusal: string | null): void;
  /** What `askPerson` gives at once instead of waiting. */
  atOnce: GatehouseError | CallAllowance | undefined;
}

/** What a person said; `changed` counts no more. */
const allowed = (by: CallAllowance['by'], changed = () => false): CallAllowance => ({
  by,
  stands: () => (changed() ? refusalOf('call.tool_changed') : null),
});
const refusalOf = (code: string): GatehouseError => new GatehouseError({ code, message: 'm', remedy: 'r' });

function person(): Person {
  let answer: (refusal: GatehouseError | null, allowed: CallAllowance | null) => void = () => undefined;
  const one: Person = {
    asked: [],
    cancelled: 0,
    atOnce: undefined,
    say: (code) => (code === null ? answer(null, allowed('once')) : answer(refusalOf(code), null)),
    ports: {
      asksFirst: (_caller, { name }) => name === 'rm',
      askPerson(call, decided) {
        one.asked.push(call);
        if (one.atOnce !== undefined) return one.atOnce;
        answer = decided;
        return {
          cancel() {
            one.cancelled += 1;
          },
        };
      },
    },
  };
  return one;
}

interface Bench {
  readonly house: House;
  readonly who: Person;
  call(params?: object, name?: string, id?: number): Sent;
  notify(method: string, params: object): void;
  end(): void;
}

function bench(more: Partial<GatewayPorts> = {}): Bench {
  const who = person();
  const house = openHouse({ ...who.ports, ...more }, { callsPerClient: 1, queuePerClient: 5 });
  const client = house.open();
  return {
    house,
    who,
    call: (params = {}, name = 'rm', id = 1) =>
      client.request('tools/call', { name: `one__${name}`, ...params }, id),
    notify: (method, params) => void client.notify(method, params),
    end: () => client.session.close(),
  };
}

describe('a call that a person is asked about', () => {
  it('goes to its server when it is allowed, and not before', () => {
    const { house, who, call } = bench();
    const sent = call({ arguments: { n: 1 } });
    expect(house.ports.forwarded).toHaveLength(0);
    expect(who.asked).toMatchObject([{ server: 'one', tool: 'rm' }]);
    expect(who.asked[0]?.args?.toString()).toBe('{"n":1}');
    who.say(null);
    house.ports.forwarded[0]?.result('{"x":1}');
    expect(sent.answered).toMatchObject({ id: 1, result: { x: 1 } });
    expect(house.ports.records).toMatchObject([{ outcome: 'ok', approval: 'once' }]);
  });

  it('gets the arguments with every digit', () => {
    const who = person();
    const client = openHouse(who.ports).open();
    const text = '{ "id" : 9007199254740993 }';
    client.raw(
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"one__rm","arguments":${text}}}`,
    );
    expect(who.asked[0]?.args?.toString()).toBe(text);
  });

  it('is refused with what was said, and recorded', () => {
    const { house, who, call } = bench();
    const sent = call();
    who.say('call.denied');
    expect(sent.answered).toMatchObject({ id: 1, error: { data: { code: 'call.denied', remedy: 'r' } } });
    expect(house.ports.forwarded).toHaveLength(0);
    expect(house.ports.records).toMatchObject([{ outcome: 'refused', errorCode: 'call.denied' }]);
  });

  it('goes at once when it was allowed before, and is refused at once when too many wait', () => {
    const { house, who, call } = bench();
    who.atOnce = allowed('session');
    call();
    expect(house.ports.forwarded).toHaveLength(1);
    who.atOnce = refusalOf('call.too_many_waiting');
    expect(call({}, 'rm', 2).answered).toMatchObject({ error: { data: { code: 'call.too_many_waiting' } } });
  });

  it('is refused when its tool has changed between the decision and its turn', () => {
    const { house, who, call } = bench();
    let changed = false;
    who.atOnce = allowed('always', () => changed);
    // The place of its client is taken: it has to wait for its turn.
    call();
    const second = call({}, 'rm', 2);
    expect(house.ports.forwarded).toHaveLength(1);
    changed = true;
    house.ports.forwarded[0]?.result('{}');
    expect(second.answered).toMatchObject({ error: { data: { code: 'call.tool_changed' } } });
    expect(house.ports.forwarded).toHaveLength(1);
  });

  it('is refused when its tool was switched off while it waited', () => {
    let off = false;
    const { house, who, call } = bench({ admitTool: () => (off ? refusalOf('trust.tool_off') : null) });
    const sent = call();
    off = true;
    who.say(null);
    expect(sent.answered).toMatchObject({ error: { data: { code: 'trust.tool_off' } } });
    expect(house.ports.forwarded).toHaveLength(0);
  });

  it('holds no place: other calls of its client go past it', () => {
    const { house, who, call } = bench();
    call();
    const other = call({}, 'ls', 2);
    house.ports.forwarded[0]?.result('{}');
    expect(other.answered).toMatchObject({ id: 2 });
    // And it takes its turn like any other afterwards.
    call({}, 'ls', 3);
    who.say(null);
    expect(house.ports.forwarded).toHaveLength(2);
    house.ports.forwarded[1]?.result('{}');
    expect(house.ports.forwarded).toHaveLength(3);
    expect(house.ports.forwarded[2]?.request.target).toBe('rm');
  });

  it('keeps its client waiting with progress that grows, if it wants to hear of it', () => {
    const { house, who, call } = bench();
    const sent = call({ _meta: { progressToken: 'p' } });
    house.ports.clock.advance(20_000);
    const values = sent.stream.map((one) => (one.params as { progress: number }).progress);
    expect(values.length).toBeGreaterThanOrEqual(4);
    expect(values.every((value, at) => value < 0 && (at === 0 || value > (values[at - 1] ?? 0)))).toBe(true);
    expect(sent.stream[0]).toMatchObject({
      method: 'notifications/progress',
      params: { progressToken: 'p', message: 'Waiting for the user to allow this call in Gatehouse' },
    });
    who.say(null);
    house.ports.clock.advance(60_000);
    expect(sent.stream).toHaveLength(values.length);
  });

  it('says nothing to a client that asked for no progress', () => {
    const { house, call } = bench();
    const sent = call();
    house.ports.clock.advance(60_000);
    expect(sent.stream).toEqual([]);
  });

  it.each<[string, (one: Bench, sent: Sent) => void]>([
    ['the client cancels it', (one) => one.notify('notifications/cancelled', { requestId: 1 })],
    ['the client hangs up', (_one, sent) => sent.waiting?.abandon()],
    ['the session ends', (one) => one.end()],
  ])('ends when %s', (_what, end) => {
    const one = bench();
    const sent = one.call({ _meta: { progressToken: 'p' } });
    const { pending } = one.house.ports.clock;
    const before = pending().length;
    end(one, sent);
    expect(one.who.cancelled).toBe(1);
    expect(pending().length).toBeLessThan(before);
    expect(one.house.ports.records).toMatchObject([{ outcome: 'cancelled' }]);
    // A word that crosses changes nothing.
    one.who.say(null);
    expect(one.house.ports.forwarded).toHaveLength(0);
    expect(sent.end).toBe('nothing');
  });
});

describe('the same in the revision 2026-07-28', () => {
  const open = closingDoors();

  it('waits on a stream with progress, and goes on', async () => {
    const who = person();
    const ports = fakePorts(who.ports);
    ports.current = { ...ports.current, tool: (name) => ({ server: 'one', name, key: null }) };
    const door = await open({ ports });
    const sent = door.send('tools/call', { name: 'rm', _meta: meta({ progressToken: 7 }) }, 1, {
      'Mcp-Name': 'rm',
    });
    await eventually(() => sent.events.length > 0);
    expect(sent.events[0]).toMatchObject({ params: { progressToken: 7 } });
    expect(who.asked).toMatchObject([{ clientName: 'unit', tool: 'rm' }]);
    who.say(null);
    (await door.forwarded(0)).result('{"content":[]}');
    expect((await sent.answer).json).toMatchObject({ id: 1, result: { content: [] } });
  });

  it('ends when the client hangs up', async () => {
    const who = person();
    const ports = fakePorts(who.ports);
    ports.current = { ...ports.current, tool: (name) => ({ server: 'one', name, key: null }) };
    const door = await open({ ports });
    const sent = door.send('tools/call', { name: 'rm', _meta: meta() }, 1, { 'Mcp-Name': 'rm' });
    sent.answer.catch(() => undefined);
    await eventually(() => who.asked.length > 0);
    sent.hangUp();
    await eventually(() => who.cancelled === 1);
    expect(ports.forwarded).toHaveLength(0);
  });
});
