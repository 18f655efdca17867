import { describe, expect, expectTypeOf, it } from 'vitest';
import { createCatalog } from '../../main/catalog/catalog.ts';
import type { View as BuiltView } from '../../main/catalog/view.ts';
import type { View as WantedView } from '../../main/gateway/ports.ts';
import { readPage } from '../../main/protocol/listing.ts';
import { ALL, profileScope, serverScope } from '../../main/protocol/scope.ts';
import { catalogOf, items, listed, listing, resources, tools } from './listings.ts';

const echo = items(
  'tools',
  '{"x-unknown":[1],"name":"echo","inputSchema":{"type":"object","maximum":9007199254740993},"_meta":{}}',
);

describe('the merged view', () => {
  it('is what the gateway asks for', () => {
    expectTypeOf<BuiltView>().toEqualTypeOf<WantedView>();
  });

  it('changes only the name in the bytes that a server sent', () => {
    const catalog = catalogOf({ a: { tools: echo } });
    expect(catalog.view(ALL).lists.tools.toString()).toBe(
      '{"tools":[{"x-unknown":[1],"name":"a__echo","inputSchema":{"type":"object","maximum":9007199254740993},"_meta":{}}]}',
    );
    expect(catalog.view(serverScope('a')).lists.tools.toString()).toBe(
      `{"tools":[${echo[0]?.bytes.toString()}]}`,
    );
  });

  it('routes equal tool names of two servers to their own servers', () => {
    const view = catalogOf({ a: { tools: echo }, b: { tools: echo } }).view(ALL);
    expect(view.tool('a__echo')).toMatchObject({ server: 'a', name: 'echo' });
    expect(view.tool('b__echo')).toMatchObject({ server: 'b', name: 'echo' });
    expect(view.tool('b__echo')?.key?.toString()).toBe('"echo"');
    expect(view.tool('echo')).toBeNull();
  });

  it('keeps the order of the configuration and of each server, whoever connects first', () => {
    const catalog = createCatalog({ hidden: () => false });
    catalog.setOrder(['b', 'a', 'late']);
    catalog.setListing('a', listing({ tools: tools('z', 'y') }));
    catalog.setListing('b', listing({ tools: tools('2', '1') }));
    expect(listed(catalog.view(ALL), 'tools', 'name')).toEqual(['b__2', 'b__1', 'a__z', 'a__y']);
    expect(catalog.view(ALL).servers).toEqual(['b', 'a']);
    catalog.setOrder(['a', 'b']);
    expect(listed(catalog.view(ALL), 'tools', 'name')).toEqual(['a__z', 'a__y', 'b__2', 'b__1']);
  });

  it('hides a switched-off tool from the list and knows no way to it', () => {
    const view = catalogOf({ a: { tools: echo } }, (server, tool) => server === 'a' && tool === 'echo').view(
      ALL,
    );
    expect(view.lists.tools.toString()).toBe('{"tools":[]}');
    expect(view.tool('a__echo')).toBeNull();
  });

  it('is the same object until something changed', () => {
    const catalog = catalogOf({ a: { tools: tools('t') } });
    const view = catalog.view(ALL, 'someone');
    expect(catalog.view(ALL)).toBe(view);
    catalog.setListing('a', listing({ tools: tools('t') }));
    expect(catalog.view(ALL)).toBe(view);
    catalog.setListing('a', listing({ tools: tools('u') }));
    expect(catalog.view(ALL)).not.toBe(view);
  });

  it('gives the input schema of a listed tool, and null for anything else', () => {
    const view = catalogOf({ a: { tools: echo, prompts: items('prompts', { name: 'p' }) } }).view(ALL);
    const route = view.tool('a__echo');
    expect(route && view.inputSchemaOf(route)).toEqual({ type: 'object', maximum: 9007199254740992 });
    const prompt = view.prompt('a__p');
    expect(prompt && view.inputSchemaOf(prompt)).toBeNull();
    expect(view.inputSchemaOf({ server: 'a', name: 'echo', key: null })).toBeNull();
  });
});

describe('the view of one server', () => {
  it('lets everything through to it, listed or not', () => {
    const view = catalogOf({ a: { tools: echo } }).view(serverScope('a'));
    expect(view.tool('unlisted')).toEqual({ server: 'a', name: 'unlisted', key: null });
    expect(view.prompt('p')).toEqual({ server: 'a', name: 'p', key: null });
    expect(view.resource('gatehouse://b/x')).toEqual({ server: 'a', name: 'gatehouse://b/x', key: null });
    expect(view.template('x://{y}')).toEqual({ server: 'a', name: 'x://{y}', key: null });
    expect(view.exposedUri('a', 'gatehouse://b/x')).toBe('gatehouse://b/x');
    const answer = Buffer.from('{"result":{"contents":[{"uri":"gatehouse://b/x"}]}}');
    expect(view.exposeLinks('a', answer)).toBe(answer);
  });

  it('reaches no unlisted tool past a switch that is off', () => {
    const view = catalogOf({ a: { tools: echo } }, () => true).view(serverScope('a'));
    expect(view.tool('ECHO')).toBeNull();
    expect(view.tool('echo')).toBeNull();
  });
});

describe('profiles', () => {
  const servers = {
    a: { tools: tools('one', 'both') },
    b: { tools: tools('both') },
    c: { tools: tools('t') },
  };

  it('show the servers that they name, in the order of the configuration', () => {
    const catalog = catalogOf(servers);
    catalog.setProfiles(new Map([['work', { servers: ['b', 'nobody', 'a'], prefix: true }]]));
    expect(listed(catalog.view(profileScope('work')), 'tools', 'name')).toEqual([
      'a__one',
      'a__both',
      'b__both',
    ]);
    expect(catalog.view(profileScope('work')).tool('c__t')).toBeNull();
    expect(catalog.view(profileScope('other')).servers).toEqual([]);
  });

  it('show bare names where they are unique within the profile', () => {
    const catalog = catalogOf(servers);
    catalog.setProfiles(new Map([['work', { servers: ['a', 'b'], prefix: false }]]));
    const view = catalog.view(profileScope('work'));
    expect(listed(view, 'tools', 'name')).toEqual(['one', 'a__both', 'b__both']);
    expect(view.tool('one')).toMatchObject({ server: 'a', name: 'one', key: null });
    expect(view.tool('both')).toBeNull();
  });

  it('tell those who watch them when they change, and nobody else', () => {
    const catalog = catalogOf(servers);
    catalog.setProfiles(new Map([['work', { servers: ['a'], prefix: true }]]));
    const heard: string[] = [];
    catalog.watch(profileScope('work'), 'p', (kinds) => heard.push(`work ${kinds.join()}`));
    catalog.watch(ALL, 'p', (kinds) => heard.push(`all ${kinds.join()}`));
    catalog.setProfiles(new Map([['work', { servers: ['a', 'b'], prefix: true }]]));
    expect(heard).toEqual(['work tools']);
    catalog.setProfiles(new Map([['work', { servers: ['b', 'a'], prefix: true }]]));
    expect(heard).toEqual(['work tools']);
    catalog.setListing('c', null);
    expect(heard).toEqual(['work tools', 'all tools']);
    catalog.setListing('b', null);
    expect(heard.slice(2).sort()).toEqual(['all tools', 'work tools']);
  });
});

describe('watching', () => {
  it('tells of what can be seen, once, and of nothing else', () => {
    let hidden = false;
    const catalog = catalogOf({ a: { tools: echo } }, () => hidden);
    catalog.setOrder(['a', 'b']);
    const all: string[][] = [];
    const onlyB: string[][] = [];
    catalog.watch(ALL, '', (kinds) => all.push([...kinds]));
    const stop = catalog.watch(serverScope('b'), '', (kinds) => onlyB.push([...kinds]));
    catalog.setListing('a', listing({ tools: echo, instructions: 'Others.' }));
    expect(all).toEqual([]);
    hidden = true;
    catalog.filtersChanged();
    expect(all).toEqual([['tools']]);
    expect(onlyB).toEqual([]);
    catalog.setListing('b', listing({ resources: resources('x:1') }));
    expect(all.at(-1)).toEqual(['resources']);
    expect(onlyB).toEqual([['resources']]);
    stop();
    stop();
    catalog.setListing('b', null);
    expect(onlyB).toHaveLength(1);
  });

  it('takes listeners that come, go and look while they are told', () => {
    const catalog = catalogOf({ a: { tools: tools('t') } });
    const heard: unknown[] = [];
    const stop = catalog.watch(ALL, 'p', () => {
      stop();
      heard.push(listed(catalog.view(ALL, 'p'), 'tools', 'name'));
      catalog.watch(ALL, 'p', () => heard.push('later'));
    });
    catalog.setListing('a', listing({ tools: tools('u') }));
    expect(heard).toEqual([['a__u']]);
    catalog.setListing('a', listing({ tools: tools('v') }));
    expect(heard).toEqual([['a__u'], 'later']);
  });
});

describe('readPage', () => {
  it('leaves out items without a key and gives the cursor', () => {
    const bytes = Buffer.from(
      '{"tools":[{"name":"a"},{"title":"no name"},{"name":5},{"name":"b"}],"nextCursor":"2"}',
    );
    const page = readPage('tools', bytes, 0, bytes.length);
    expect(page?.items.map((item) => item.key)).toEqual(['a', 'b']);
    expect(page?.nextCursor).toBe('2');
  });

  it.each(['{}', '{"tools":{}}', '[]', '{"tools":[1,]}'])('is null for %s', (text) => {
    expect(readPage('tools', Buffer.from(text), 0, text.length)).toBeNull();
  });
});
