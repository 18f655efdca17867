import { describe, expect, it } from 'vitest';
import type { Caching, ServerListing } from '../../main/protocol/listing.ts';
import { ALL, serverScope } from '../../main/protocol/scope.ts';
import { catalogOf, listing, tools, viewOf } from './listings.ts';

const caching = (tool: Caching): ServerListing['caching'] => ({ ...listing().caching, tools: tool });

describe('merged capabilities', () => {
  it('always have tools, since servers come and go', () => {
    expect(viewOf({}).capabilities).toEqual({ tools: { listChanged: true } });
    expect(viewOf({ a: { capabilities: { prompts: { listChanged: false } } } }).capabilities).toEqual({
      tools: { listChanged: true },
      prompts: { listChanged: true },
    });
  });

  it('are the union of what servers declare, the first one first', () => {
    const view = viewOf({
      a: {
        capabilities: {
          resources: {},
          logging: {},
          extensions: { 'x/ui': { types: ['html'], deep: { on: false, same: 1 } }, 'x/a': {} },
          tasks: { list: {}, requests: { tools: { call: {} } } },
          unheardOf: {},
        },
      },
      b: {
        capabilities: {
          resources: { subscribe: true },
          completions: {},
          extensions: { 'x/b': {}, 'x/ui': { types: ['html', 'url'], deep: { on: true, same: 2 } } },
          experimental: { try: { it: 1 } },
          tasks: { cancel: {} },
        },
      },
    });
    expect(JSON.stringify(view.capabilities)).toBe(
      JSON.stringify({
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
        logging: {},
        tasks: { list: {}, requests: { tools: { call: {} } }, cancel: {} },
        extensions: {
          'x/ui': { types: ['html', 'url'], deep: { on: true, same: 1 } },
          'x/a': {},
          'x/b': {},
        },
        experimental: { try: { it: 1 } },
      }),
    );
    expect(view.capabilitiesOf('b')?.experimental).toEqual({ try: { it: 1 } });
    expect(view.capabilitiesOf('c')).toBeNull();
  });

  it('are not led astray by odd declarations', () => {
    const odd = JSON.parse(
      '{"prompts":true,"resources":[],"logging":1,"extensions":{"__proto__":{"polluted":true}},"tools":null}',
    ) as Record<string, unknown>;
    const view = viewOf({ a: { capabilities: odd }, b: { capabilities: odd } });
    expect(Object.hasOwn(view.capabilities.extensions as object, '__proto__')).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(view.capabilities).toMatchObject({
      prompts: { listChanged: true },
      resources: { listChanged: true },
    });
    expect(view.capabilities.logging).toBeUndefined();
  });
});

describe('the capabilities of one server', () => {
  it('are its own words, and that lists may change', () => {
    const capabilities = {
      prompts: {},
      tools: { listChanged: false, extra: 1 },
      unheardOf: { deep: [1] },
      logging: {},
    };
    const view = catalogOf({ a: { capabilities } }).view(serverScope('a'));
    expect(view.capabilities).toEqual({
      prompts: { listChanged: true },
      tools: { listChanged: true, extra: 1 },
      unheardOf: { deep: [1] },
      logging: {},
    });
    expect(view.capabilitiesOf('a')).toBe(capabilities);
  });
});

describe('instructions', () => {
  it('stand under the name of their server, or alone on its own', () => {
    const catalog = catalogOf({ a: { instructions: 'Be brief.' }, b: {}, c: { instructions: 'Be kind.' } });
    expect(catalog.view(ALL).instructions).toBe('## a\n\nBe brief.\n\n## c\n\nBe kind.');
    expect(catalog.view(serverScope('a')).instructions).toBe('Be brief.');
    expect(catalog.view(serverScope('b')).instructions).toBeNull();
    expect(viewOf({ b: {} }).instructions).toBeNull();
  });
});

describe('caching hints', () => {
  it.each([
    ['nobody promises anything', [], { ttlMs: 0, cacheScope: 'private' }],
    [
      'the least time',
      [
        { ttlMs: 5_000, cacheScope: 'public' },
        { ttlMs: 9, cacheScope: 'public' },
      ],
      { ttlMs: 9, cacheScope: 'public' },
    ],
    [
      'the most private',
      [
        { ttlMs: 5, cacheScope: 'public' },
        { ttlMs: 9, cacheScope: 'private' },
      ],
      { ttlMs: 5, cacheScope: 'private' },
    ],
    [
      'nonsense counts as nothing',
      [{ ttlMs: Number.POSITIVE_INFINITY, cacheScope: 'public' }],
      { ttlMs: 0, cacheScope: 'public' },
    ],
    ['less than nothing too', [{ ttlMs: -5, cacheScope: 'public' }], { ttlMs: 0, cacheScope: 'public' }],
  ] as const)('%s', (_what, hints, expected) => {
    const servers = Object.fromEntries(hints.map((hint, i) => [`s${i}`, { caching: caching(hint) }]));
    expect(viewOf(servers).caching.tools).toEqual(expected);
  });

  it('are of the servers that have such a list', () => {
    const hint = { ttlMs: 60_000, cacheScope: 'public' } as const;
    const view = viewOf({ a: { caching: caching(hint) }, b: { capabilities: { prompts: {} } } });
    expect(view.caching.tools).toEqual(hint);
    expect(view.caching.prompts).toEqual({ ttlMs: 0, cacheScope: 'private' });
  });

  it('are private where a client sees something of its own', () => {
    const hint = caching({ ttlMs: 60_000, cacheScope: 'public' });
    const catalog = catalogOf({ a: { caching: hint } });
    catalog.setOwnListing('p', 'a', listing({ caching: hint, tools: tools('mine') }));
    expect(catalog.view(ALL, 'p').caching.tools).toEqual({ ttlMs: 60_000, cacheScope: 'private' });
    expect(catalog.view(ALL, 'q').caching.tools.cacheScope).toBe('public');
  });
});
