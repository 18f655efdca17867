/** How much of a server's lists is read, and for how long. */
import { describe, expect, it } from 'vitest';
import type { GatehouseError } from '../../main/protocol/error.ts';
import type { Greeting } from '../../main/upstreams/handshake.ts';
import { type Lists, readLists } from '../../main/upstreams/lists.ts';
import { manualClock } from '../fakes/manual-clock.ts';

/** Reads the tools of a server that gives `page(n)` as its n-th page after `ms`. */
function read(page: (n: number) => object, ms = 0): { lists: Promise<Lists>; timeouts: number[] } {
  const clock = manualClock();
  const timeouts: number[] = [];
  const speech = {
    era: 'legacy',
    request(_method: string, _params: unknown, timeoutMs: number) {
      timeouts.push(timeoutMs);
      clock.advance(ms);
      const bytes = Buffer.from(JSON.stringify(page(timeouts.length)));
      return Promise.resolve({ bytes, start: 0, end: bytes.length });
    },
  };
  const greeting = { speech, capabilities: { tools: {} } } as unknown as Greeting;
  return { lists: readLists({ heads: false }, greeting, ['tools'], () => undefined, clock), timeouts };
}
const tools = (count: number, n: number): object[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${n}-${i}` }));

describe('lists', () => {
  it('end after 1,000 pages', async () => {
    const { lists, timeouts } = read((n) => ({ tools: tools(1, n), nextCursor: String(n) }));
    expect((await lists).tools?.items).toHaveLength(1_000);
    expect(timeouts).toHaveLength(1_000);
  });

  it('end after 20,000 items, also within a page', async () => {
    const { lists, timeouts } = read((n) => ({ tools: tools(15_000, n), nextCursor: String(n) }));
    const items = (await lists).tools?.items ?? [];
    expect(items).toHaveLength(20_000);
    expect(items.at(-1)?.key).toBe('2-4999');
    expect(timeouts).toHaveLength(2);
  });

  it('have 120 seconds for all their pages, and 60 for each', async () => {
    const { lists, timeouts } = read((n) => ({ tools: [], nextCursor: String(n) }), 50_000);
    const error = await lists.catch((cause: unknown) => cause);
    expect((error as GatehouseError).code).toBe('upstream.timeout');
    expect(timeouts).toEqual([60_000, 60_000, 20_000]);
  });
});
