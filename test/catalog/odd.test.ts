import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { ALL, serverScope } from '../../main/protocol/scope.ts';
import { catalogOf, items, listed, listing, resources, templates, tools, viewOf } from './listings.ts';

describe('odd items', () => {
  it('repeated-key: what is shown to clients has each key once, as it was read here', () => {
    const catalog = catalogOf({
      a: {
        tools: items(
          'tools',
          '{"name":"harmless","description":"one","na\\u006de":"real","description":"two","__proto__":{"x":1},"inputSchema":{"type":"object"}}',
        ),
      },
    });
    const expected = (name: string) =>
      `{"tools":[{"name":"${name}","description":"two","__proto__":{"x":1},"inputSchema":{"type":"object"}}]}`;
    expect(catalog.view(ALL).lists.tools.toString()).toBe(expected('a__real'));
    expect(catalog.view(serverScope('a')).lists.tools.toString()).toBe(expected('real'));
    expect(catalog.view(ALL).tool('a__real')?.name).toBe('real');
  });

  it('are left out when nobody could name them, and no others with them', () => {
    const view = viewOf({
      a: {
        tools: items('tools', '{"name":5}', '{"title":"t"}', '[]', '{"name":"ok"}', '{"name":null}'),
        resources: items('resources', '{"name":"no uri"}', '{"uri":["x"]}', '{"uri":"x:1"}'),
      },
    });
    expect(listed(view, 'tools', 'name')).toEqual(['a__ok']);
    expect(listed(view, 'resources', 'uri')).toEqual(['x:1']);
  });

  it('with names that no text can hold stay callable', () => {
    const lone = ['\ud800', '\udfff', '\ud800x'];
    const view = viewOf({ a: { tools: tools(...lone) } });
    const names = listed(view, 'tools', 'name') as string[];
    expect(names.map((name) => view.tool(name)?.name)).toEqual(lone);
    expect(view.tool(names[0] ?? '')?.key?.toString()).toBe('"\\ud800"');
  });

  it('of some megabytes pass', () => {
    const huge = { name: 'x'.repeat(1_000_000), description: 'd'.repeat(3_000_000) };
    const view = viewOf({ a: { tools: items('tools', huge), resources: resources(`x:${huge.name}`) } });
    const [name] = listed(view, 'tools', 'name') as string[];
    expect(name).toHaveLength(64);
    expect(view.tool(name ?? '')?.name).toBe(huge.name);
    expect(view.resource(`x:${huge.name}`)?.server).toBe('a');
  });
});

describe('very many', () => {
  const many = (prefix: string) => Array.from({ length: 20_000 }, (_, i) => `${prefix}${i}`);

  // The bounds are far above what it takes (0.5 s) and far below what anything quadratic would (minutes).
  it('20,000 items of each kind on two servers are all there, in time', { timeout: 60_000 }, () => {
    const parts = {
      tools: tools(...many('t')),
      resources: resources(...many('x:')),
      resourceTemplates: templates(...many('y:').map((text) => `${text}/{id}`)),
    };
    const catalog = catalogOf({ a: parts, b: parts });
    const before = performance.now();
    const view = catalog.view(ALL);
    expect(listed(view, 'tools', 'name')).toHaveLength(40_000);
    expect(new Set(listed(view, 'resources', 'uri')).size).toBe(40_000);
    expect(new Set(listed(view, 'resourceTemplates', 'uriTemplate')).size).toBe(40_000);
    const links = many('y:').map((uri) => ({ type: 'resource_link', uri: `${uri}/1`, name: 'n' }));
    const answer = Buffer.from(JSON.stringify({ result: { content: links } }));
    expect(view.exposeLinks('b', answer).toString()).toContain('"gatehouse://b/y:7/1"');
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it('a rebuild of 1,000 tools on 10 servers takes milliseconds', () => {
    const names = Array.from({ length: 10 }, (_, i) => `server${i}`);
    const own = Array.from({ length: 100 }, (_, i) => `tool-${i}`);
    const catalog = catalogOf(Object.fromEntries(names.map((name) => [name, { tools: tools(...own) }])));
    catalog.view(ALL);
    const times = Array.from({ length: 20 }, (_, i) => {
      catalog.setListing('server3', listing({ tools: tools(...own, `new-${i}`) }));
      const before = performance.now();
      catalog.view(ALL);
      return performance.now() - before;
    });
    expect(Math.min(...times)).toBeLessThan(20);
  });
});
