import { describe, expect, it } from 'vitest';
import { shareEqual } from '../../main/catalog/same.ts';
import type { ServerListing } from '../../main/protocol/listing.ts';
import { listing, resources, tools } from './listings.ts';

const known = listing({ tools: tools('t', 'u'), resources: resources('x:1') });
const like = (parts: Partial<ServerListing>) =>
  shareEqual(listing({ tools: tools('t', 'u'), resources: resources('x:1'), ...parts }), [
    listing({ tools: tools('other') }),
    known,
  ]);

describe('shareEqual', () => {
  it('gives the known listing when all is equal', () => {
    expect(like({})).toBe(known);
    expect(like({ serverInfo: {}, capabilities: { tools: {} } })).toBe(known);
  });

  it.each([
    { instructions: 'Be brief.' },
    { capabilities: { tools: { listChanged: true } } },
    { serverInfo: { name: 's' } },
    { protocolVersion: '2025-06-18' },
    { era: 'modern' },
    { caching: { ...known.caching, prompts: { ttlMs: 1, cacheScope: 'private' } } },
  ] as const)('gives another one, with the same lists, for %j', (parts) => {
    const shared = like(parts);
    expect(shared).not.toBe(known);
    expect(shared).toMatchObject(parts);
    expect(shared.tools).toBe(known.tools);
    expect(shared.resources).toBe(known.resources);
  });

  it.each([[['t']], [['t', 'u', 'v']], [['u', 't']], [[]]])('keeps a list that is another: %j', (names) => {
    const shared = like({ tools: tools(...names) });
    expect(shared.tools.map((item) => item.key)).toEqual(names);
    expect(shared.resources).toBe(known.resources);
  });
});
