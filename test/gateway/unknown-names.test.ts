/** A name that a client asks for before all servers have told what they have. */
import { describe, expect, it } from 'vitest';
import { type Json, openHouse, viewOf } from './clients.ts';

const codeOf = (answered: Json | null): unknown =>
  (((answered?.error ?? {}) as Json).data as Json | undefined)?.code;

describe('a name that nobody knows while servers still start', () => {
  function starting() {
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    let known = false;
    const empty = { tool: () => null, prompt: () => null, resource: () => null };
    const house = openHouse({
      settled: () => (known ? null : settled),
      view: (scope) => ({ ...viewOf(scope), ...(known ? {} : empty) }),
    });
    const client = house.open();
    return {
      house,
      client,
      become(there: boolean) {
        known = there;
        settle();
      },
    };
  }

  it.each([
    ['tools/call', { name: 'one__echo' }],
    ['prompts/get', { name: 'one__hello' }],
    ['resources/read', { uri: 'one+test:x' }],
  ])('%s waits for them', async (method, params) => {
    const { house, client, become } = starting();
    const asked = client.request(method, params);
    expect(asked.end).toBe('open');
    become(true);
    await expect.poll(() => house.ports.forwarded.length).toBe(1);
  });

  it('is refused when they have started without it', async () => {
    const { client, become } = starting();
    const asked = client.request('tools/call', { name: 'one__no-such' });
    become(true);
    await expect.poll(() => codeOf(asked.answered)).toBe('gateway.unknown_tool');
  });

  it.each(['cancelled', 'closed'] as const)(
    "is nobody else's any more when it was %s meanwhile",
    async (how) => {
      const { house, client, become } = starting();
      const asked = client.request('tools/call', { name: 'one__echo' }, 7);
      if (how === 'cancelled') client.notify('notifications/cancelled', { requestId: 7 });
      else client.session.close();
      become(true);
      await expect.poll(() => asked.end).toBe('nothing');
      expect(house.ports.forwarded).toEqual([]);
    },
  );

  it('waits in the memory of no more than 64 requests of one client', () => {
    const { client } = starting();
    const asked = Array.from({ length: 70 }, (_, id) =>
      client.request('tools/call', { name: `one__${id}` }, id),
    );
    expect(asked.filter(({ end }) => end === 'open')).toHaveLength(64);
  });
});
