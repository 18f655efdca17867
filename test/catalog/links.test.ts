import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayHoldUris, skip, urisIn } from '../../main/catalog/links.ts';
import { ALL, profileScope } from '../../main/protocol/scope.ts';
import { catalogOf, items, listed, resources, templates, viewOf } from './listings.ts';

const view = () =>
  viewOf({
    a: { resources: resources('x:1', 'a:1'), resourceTemplates: templates('t://{id}') },
    b: { resources: resources('x:1', 'b:1', 'ui://page') },
    c: { resources: resources('ui://page') },
  });
const link = (uri: string) => ({ type: 'resource_link', uri, name: 'n' });
const message = (result: unknown) => Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
const expose = (server: string, result: unknown): unknown =>
  (JSON.parse(view().exposeLinks(server, message(result)).toString()) as { result: unknown }).result;

describe('links in answers', () => {
  it.each([
    ['a link', { content: [link('x:1')] }, { content: [link('gatehouse://b/x:1')] }],
    [
      'an embedded resource',
      { content: [{ type: 'resource', resource: { uri: 'x:1', text: 'uri' } }] },
      { content: [{ type: 'resource', resource: { uri: 'gatehouse://b/x:1', text: 'uri' } }] },
    ],
    [
      'messages of a prompt',
      {
        messages: [
          { role: 'user', content: link('x:1') },
          { role: 'user', content: [link('t://5')] },
        ],
      },
      {
        messages: [
          { role: 'user', content: link('gatehouse://b/x:1') },
          { role: 'user', content: [link('gatehouse://b/t://5')] },
        ],
      },
    ],
    [
      'contents of a resource',
      {
        contents: [
          { uri: 'x:1', blob: 'AA==' },
          { uri: 'a:1', text: '' },
        ],
      },
      {
        contents: [
          { uri: 'gatehouse://b/x:1', blob: 'AA==' },
          { uri: 'gatehouse://b/a:1', text: '' },
        ],
      },
    ],
  ])('%s that would lead to another server says whose it is', (_what, before, after) => {
    expect(expose('b', before)).toEqual(after);
  });

  it('pages of MCP Apps keep their scheme', () => {
    expect(
      expose('c', { _meta: { ui: { resourceUri: 'ui://page' }, 'ui/resourceUri': 'ui://page' } }),
    ).toEqual({
      _meta: { ui: { resourceUri: 'ui://gatehouse/c/page' }, 'ui/resourceUri': 'ui://gatehouse/c/page' },
    });
  });

  it('is not touched where it leads to the same server, nor anything that only looks like a link', () => {
    const answer = message({
      content: [
        link('x:1'),
        { type: 'text', text: '{"uri":"b:1"}', uri: 'b:1' },
        { type: 'resource_link', uri: 5 },
        { type: 'later', nested: { uri: 'b:1' } },
        [link('b:1')],
        'uri',
      ],
      structuredContent: { uri: 'b:1', content: [link('b:1')], resourceUri: 'b:1' },
      contents: { uri: 'a:1' },
      uri: 'b:1',
    });
    expect(view().exposeLinks('a', answer)).toBe(answer);
  });

  it('changes nothing but the URIs, byte for byte', () => {
    const before =
      '{"result" : {"big":9007199254740993, "content":[ {"uri":"x:\\u0031","x":1.0,"type":"resource_\\u006cink"}\n]},"id":"7"}';
    expect(view().exposeLinks('b', Buffer.from(before)).toString()).toBe(
      before.replace('"x:\\u0031"', '"gatehouse://b/x:1"'),
    );
  });

  it('sees keys that are spelled with escapes, and both of a repeated key', () => {
    const spelled = '{"result":{"c\\u006fntents":[{"\\u0075r\\u0069":"x:1","uri":"a:1"}]}}';
    expect(view().exposeLinks('b', Buffer.from(spelled)).toString()).toBe(
      spelled.replace('x:1', 'gatehouse://b/x:1').replace('a:1', 'gatehouse://b/a:1'),
    );
    const last = '{"result":{"contents":[{"ur\\u0069":"x:1"}]}}';
    expect(view().exposeLinks('b', Buffer.from(last)).toString()).toContain('gatehouse://b/x:1');
  });

  it.each([
    '',
    '{',
    '{"result":{"contents":[{"uri":"x:1"',
    '{"result":{"contents":[{"uri":"x:1\\q"}]}}',
    '["ri"]',
  ])('gives malformed input back as it is: %s', (text) => {
    const bytes = Buffer.from(text);
    expect(view().exposeLinks('b', bytes)).toBe(bytes);
  });

  it('takes what needs no look back at once', () => {
    expect(mayHoldUris(message({ content: [{ type: 'text', text: 'The "uri" of <it>' }] }))).toBe(false);
    expect(mayHoldUris(Buffer.from('{"result":"\\u003ca\\u003e"}'))).toBe(false);
    expect(mayHoldUris(Buffer.from('{"\\u0075":1}'))).toBe(true);
  });
});

describe('links that nobody lists', () => {
  it('stay, and lead to the server that named them', () => {
    const catalog = catalogOf({ a: {}, b: {} });
    const answer = message({ content: [link('new:1')] });
    expect(catalog.view(ALL).resource('new:1')).toBeNull();
    expect(catalog.view(ALL).exposeLinks('b', answer)).toBe(answer);
    expect(catalog.view(ALL).resource('new:1')).toEqual({ server: 'b', name: 'new:1', key: null });
    expect(catalog.view(ALL).exposeLinks('a', answer).toString()).toContain('gatehouse://a/new:1');
  });

  it('are known in every view that has the server, and only there', () => {
    const catalog = catalogOf({ a: {}, b: {} });
    catalog.setProfiles(new Map([['a', { servers: ['a'], prefix: true }]]));
    catalog.view(ALL).exposeLinks('b', message({ content: [link('new:1')] }));
    const onlyA = catalog.view(profileScope('a'));
    expect(onlyA.resource('new:1')).toBeNull();
    const other = onlyA.exposeLinks('a', message({ content: [link('new:1')] }));
    expect(other.toString()).toContain('gatehouse://a/new:1');
    catalog.setListing('b', null);
    expect(catalog.view(ALL).resource('new:1')).toBeNull();
    catalog.view(ALL).exposeLinks('a', message({ content: [link('new:1')] }));
    expect(catalog.view(ALL).resource('new:1')).toMatchObject({ server: 'a', key: null });
  });

  it('say whose they are when they are too long to remember', () => {
    const uri = `new:${'x'.repeat(5_000)}`;
    expect(view().exposedUri('b', uri)).toBe(`gatehouse://b/${uri}`);
  });
});

describe('pages of tools', () => {
  const tool = (name: string, page: string) => ({
    name,
    _meta: { ui: { resourceUri: page }, 'ui/resourceUri': page },
  });
  const pages = (server: ReturnType<typeof viewOf>) =>
    (listed(server, 'tools', '_meta') as { ui: { resourceUri: string }; 'ui/resourceUri': string }[]).map(
      (meta) => {
        expect(meta['ui/resourceUri']).toBe(meta.ui.resourceUri);
        return meta.ui.resourceUri;
      },
    );

  it('are written as in the list of resources, and lead to the tool s server when no list has them', () => {
    const merged = viewOf({
      a: { tools: items('tools', tool('t', 'ui://one'), tool('u', 'ui://unlisted')) },
      b: {
        tools: items('tools', tool('t', 'ui://one'), tool('u', 'ui://unlisted')),
        resources: resources('ui://one'),
      },
    });
    expect(pages(merged)).toEqual([
      'ui://gatehouse/a/one',
      'ui://unlisted',
      'ui://one',
      'ui://gatehouse/b/unlisted',
    ]);
    expect(pages(merged).map((uri) => merged.resource(uri)?.server)).toEqual(['a', 'a', 'b', 'b']);
    expect(merged.resource('ui://gatehouse/b/unlisted')?.name).toBe('ui://unlisted');
  });

  it('are replaced wherever they stand in the item', () => {
    const first =
      '{"_meta":{"ui":{"resourceUri":"ui://p","x":[]}},"name":"t","inputSchema":{"type":"object"}}';
    const merged = viewOf({ a: { resources: resources('ui://p') }, b: { tools: items('tools', first) } });
    expect(merged.lists.tools.toString()).toBe(
      `{"tools":[${first.replace('ui://p', 'ui://gatehouse/b/p').replace('"t"', '"b__t"')}]}`,
    );
  });

  it('of one server alone stay as they are', () => {
    const catalog = catalogOf({ a: { tools: items('tools', tool('t', 'ui://gatehouse/x/y')) } });
    const scope = { kind: 'server', key: '=a', server: 'a' } as const;
    expect(pages(catalog.view(scope))).toEqual(['ui://gatehouse/x/y']);
  });
});

describe('whatever servers answer', () => {
  const uri = fc.constantFrom(
    'x:1',
    'x:2',
    'x:3',
    't:1',
    't:2',
    'ui://p',
    'gatehouse://a/x:1',
    'ui://gatehouse/b/p',
    'new:1',
    'new:2',
    'ü"\\',
  );
  const server = fc.constantFrom('a', 'b', 'c');
  const lists = fc.record({ a: fc.array(uri), b: fc.array(uri), c: fc.array(uri) });
  const answers = fc.array(fc.tuple(server, fc.array(uri, { maxLength: 5 })), { maxLength: 8 });

  it('each link, read, leads to the server it came from', () => {
    fc.assert(
      fc.property(lists, answers, (all, said) => {
        const merged = viewOf(
          Object.fromEntries(
            Object.entries(all).map(([name, uris]) => [
              name,
              {
                resources: resources(...uris),
                resourceTemplates: templates(...(name === 'b' ? ['t:{n}'] : [])),
              },
            ]),
          ),
        );
        for (const [name, uris] of said) {
          const bytes = merged.exposeLinks(name, message({ content: uris.map(link) }));
          const { result } = JSON.parse(bytes.toString()) as { result: { content: { uri: string }[] } };
          expect(
            result.content.map((item) => {
              const route = merged.resource(item.uri);
              expect(route?.key?.toString() ?? JSON.stringify(item.uri)).toBe(JSON.stringify(route?.name));
              return [route?.server, route?.name];
            }),
          ).toEqual(uris.map((own) => [name, own]));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('values are skipped as JSON.parse reads them, and nothing makes the walk throw', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, text) => {
        const padded = JSON.stringify([JSON.parse(json), `${text}${'\\'.repeat(50)}"`.repeat(3)]);
        const bytes = Buffer.from(`${padded}, "more"`);
        expect(skip(bytes, 0)).toBe(Buffer.byteLength(padded));
        for (const end of [1, 3, 7, 20]) urisIn(bytes.subarray(0, -end), 'answer');
      }),
      { numRuns: 200 },
    );
  });
});
