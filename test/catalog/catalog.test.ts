import { describe, expect, it } from 'vitest';
import { createCatalog } from '../../main/catalog/catalog.ts';
import { templateMatcher } from '../../main/catalog/template.ts';
import {
  type ListedItem,
  type ListKind,
  readItem,
  readPage,
  type ServerListing,
  UNCACHED,
} from '../../main/protocol/listing.ts';
import { ALL, serverScope } from '../../main/protocol/scope.ts';

function items(kind: ListKind, ...texts: string[]): ListedItem[] {
  return texts.map((text) => readItem(kind, Buffer.from(text))).filter((item) => item !== null);
}

function listing(parts: Partial<ServerListing>): ServerListing {
  return {
    tools: [],
    prompts: [],
    resources: [],
    resourceTemplates: [],
    capabilities: { tools: {} },
    instructions: null,
    serverInfo: {},
    protocolVersion: '2025-11-25',
    era: 'legacy',
    caching: { tools: UNCACHED, prompts: UNCACHED, resources: UNCACHED, resourceTemplates: UNCACHED },
    ...parts,
  };
}

const echo = items(
  'tools',
  '{"x-unknown":[1],"name":"echo","inputSchema":{"maximum":9007199254740993},"_meta":{}}',
);

describe('the merged view', () => {
  it('changes only the name in the bytes that a server sent', () => {
    const catalog = createCatalog({ hidden: () => false });
    catalog.setOrder(['a']);
    catalog.setListing('a', listing({ tools: echo }));
    expect(catalog.view(ALL).lists.tools.toString()).toBe(
      '{"tools":[{"x-unknown":[1],"name":"a__echo","inputSchema":{"maximum":9007199254740993},"_meta":{}}]}',
    );
    expect(catalog.view(serverScope('a')).lists.tools.toString()).toContain('"name":"echo"');
  });

  it('routes equal tool names of two servers to their own servers', () => {
    const catalog = createCatalog({ hidden: () => false });
    catalog.setOrder(['a', 'b']);
    catalog.setListing('a', listing({ tools: echo }));
    catalog.setListing('b', listing({ tools: echo }));
    const view = catalog.view(ALL);
    expect(view.tool('a__echo')).toMatchObject({ server: 'a', name: 'echo' });
    expect(view.tool('b__echo')?.key?.toString()).toBe('"echo"');
    expect(view.tool('echo')).toBeNull();
  });

  it('hides a switched-off tool from the list but still knows where it leads', () => {
    const catalog = createCatalog({ hidden: (server, tool) => server === 'a' && tool === 'echo' });
    catalog.setOrder(['a']);
    catalog.setListing('a', listing({ tools: echo }));
    const view = catalog.view(ALL);
    expect(view.lists.tools.toString()).toBe('{"tools":[]}');
    expect(view.tool('a__echo')).not.toBeNull();
  });

  it('tells watchers of what they can see, once, and of nothing else', () => {
    let hidden = false;
    const catalog = createCatalog({ hidden: () => hidden });
    catalog.setOrder(['a', 'b']);
    catalog.setListing('a', listing({ tools: echo }));
    const all: string[][] = [];
    const onlyB: string[][] = [];
    catalog.watch(ALL, '', (kinds) => all.push([...kinds]));
    const stop = catalog.watch(serverScope('b'), '', (kinds) => onlyB.push([...kinds]));
    catalog.setListing('a', listing({ tools: echo }));
    expect(all).toEqual([]);
    hidden = true;
    catalog.filtersChanged();
    expect(all).toEqual([['tools']]);
    expect(onlyB).toEqual([]);
    catalog.setListing('b', listing({ resources: items('resources', '{"uri":"x:1","name":"n"}') }));
    expect(all.at(-1)).toEqual(['resources']);
    expect(onlyB).toEqual([['resources']]);
    stop();
    catalog.setListing('b', null);
    expect(onlyB).toHaveLength(1);
  });

  it('declares what is really there, and tools always, since servers come and go', () => {
    const catalog = createCatalog({ hidden: () => false });
    expect(catalog.view(ALL).capabilities).toEqual({ tools: { listChanged: true } });
    catalog.setOrder(['a']);
    catalog.setListing('a', listing({ capabilities: { prompts: {} }, instructions: 'Be brief.' }));
    const view = catalog.view(ALL);
    expect(view.capabilities).toEqual({ tools: { listChanged: true }, prompts: { listChanged: true } });
    expect(view.instructions).toBe('## a\n\nBe brief.');
    expect(catalog.view(serverScope('a')).capabilities).toEqual({
      prompts: { listChanged: true },
    });
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

describe('templateMatcher', () => {
  it.each([
    ['file:///{path}', 'file:///a/b', true],
    ['file:///{path}', 'http:///a', false],
    ['x://{a}/mid/{b}/end', 'x://1/mid/2/end', true],
    ['x://{a}/mid/{b}/end', 'x://1/2/end', false],
    ['x://fixed', 'x://fixed', true],
    ['{everything}', 'anything', false],
    ['a{x}a', 'a', false],
  ])('%s matches %s: %s', (template, uri, expected) => {
    expect(templateMatcher(template)(uri)).toBe(expected);
  });
});
