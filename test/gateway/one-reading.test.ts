/** What is admitted is what a server reads, however lax the server is: no second reading goes past a switch or a person. */
import { describe, expect, it } from 'vitest';
import { serverScope } from '../../main/protocol/scope.ts';
import { type Json, openHouse } from './clients.ts';

const ONE = serverScope('one');
const errorOf = (answered: Json | null): Json => (answered?.error ?? {}) as Json;

describe('a request that servers could read in another way than it was admitted', () => {
  it.each([
    '"method":"tools/call","params":{"name":"echo","Name":"hidden"}',
    '"method":"tools/call","params":{"name":"echo"},"Params":{"name":"hidden"}',
    '"method":"tools/call","params":{"name":"echo","arguments":{},"Arguments":{"x":1}}',
    '"method":"x/y","METHOD":"tools/call","params":{"name":"hidden"}',
  ])('twin-member: %s goes to no server', (members) => {
    const house = openHouse();
    const asked = house.open({ scope: ONE }).raw(`{"jsonrpc":"2.0","id":1,${members}}`);
    expect(asked.answered).toMatchObject({ id: 1, error: { code: -32600 } });
    expect(house.open({ scope: ONE }).raw(`{"jsonrpc":"2.0",${members}}`).end).toBe('accepted');
    expect([house.ports.forwarded, house.notified]).toEqual([[], []]);
  });

  it('repeated-arguments: a server gets those of the call that a person is asked about, and no others', () => {
    const house = openHouse();
    const params = '{"name":"echo","arguments":{"path":"other"},"arguments":{"path":"shown"}}';
    house.open({ scope: ONE }).raw(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`);
    const { params: sent } = JSON.parse(house.ports.forwarded[0]?.request.bytes.toString() ?? '{}') as Json;
    expect(JSON.stringify(sent)).toBe('{"name":"echo","arguments":{"path":"shown"}}');
    expect(house.ports.forwarded[0]?.request.bytes.toString()).not.toContain('other');
  });

  it.each(['tools/call', 'TOOLS/call', 'tools/call ', 'prompts/get', 'resources/read', 'tasks/cancel'])(
    'call-without-id: a notification called %s is none, and reaches no server',
    (method) => {
      const house = openHouse();
      const client = house.open({ scope: ONE });
      expect(client.notify(method, { name: 'hidden', arguments: {} }).end).toBe('accepted');
      expect([house.ports.forwarded, house.notified]).toEqual([[], []]);
    },
  );

  it.each(['Tools/Call', ' tools/call', 'tools/call\n', 'PROMPTS/GET'])(
    'misspelled-method: %j is unknown, though a lax server might know it',
    (method) => {
      const house = openHouse();
      const asked = house.open({ scope: ONE }).request(method, { name: 'hidden' });
      expect(errorOf(asked.answered).code).toBe(-32601);
      expect(house.ports.forwarded).toEqual([]);
    },
  );
});
