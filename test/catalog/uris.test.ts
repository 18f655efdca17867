import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressedUri, looksAddressed, readAddressed } from '../../main/catalog/uris.ts';
import { listed, resources, templates, viewOf } from './listings.ts';

/** Halves of surrogate pairs too, which no UTF-8 can hold. */
const anyUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

describe('addresses of ours', () => {
  it('give back the server and its URI, whatever they are', () => {
    const uri = fc.oneof(fc.string({ unit: anyUnit }), fc.constantFrom('ui://x/y', 'ui://', 'UI://x'));
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), uri, (server, own) => {
        const address = addressedUri(server, own);
        expect(looksAddressed(address)).toBe(true);
        expect(readAddressed(address)).toEqual({ server, uri: own });
        expect(readAddressed(addressedUri('outer', address))).toEqual({ server: 'outer', uri: address });
      }),
    );
  });

  it('keep the scheme of pages, without which hosts of MCP Apps refuse them', () => {
    expect(addressedUri('maps', 'ui://map/view.html')).toBe('ui://gatehouse/maps/map/view.html');
    expect(readAddressed('gatehouse://maps/ui://map/view.html')).toEqual({
      server: 'maps',
      uri: 'ui://map/view.html',
    });
  });

  it.each(['x:1', 'gatehouse://', 'gatehouse://a', 'gatehouse://%/x', 'ui://other/a/b'])(
    'are not %s',
    (uri) => {
      expect(readAddressed(uri)).toBeNull();
    },
  );
});

describe('resources of several servers', () => {
  it('keep a URI that is unique, and the first of two that are not', () => {
    const view = viewOf({
      a: { resources: resources('x:1', 'a:only') },
      b: { resources: resources('x:1', 'b:only') },
    });
    expect(listed(view, 'resources', 'uri')).toEqual(['x:1', 'a:only', 'gatehouse://b/x:1', 'b:only']);
    expect(view.resource('x:1')).toEqual({ server: 'a', name: 'x:1', key: null });
    expect(view.resource('gatehouse://b/x:1')).toEqual({
      server: 'b',
      name: 'x:1',
      key: Buffer.from('"x:1"'),
    });
    expect(view.exposedUri('a', 'x:1')).toBe('x:1');
    expect(view.exposedUri('b', 'x:1')).toBe('gatehouse://b/x:1');
  });

  it('are reached by their address also when the URI is unique or not listed at all', () => {
    const view = viewOf({ a: { resources: resources('x:1') }, b: {} });
    expect(view.resource('gatehouse://a/x:1')).toMatchObject({ server: 'a', name: 'x:1' });
    expect(view.resource('gatehouse://b/other:"ü"')?.key?.toString()).toBe('"other:\\"ü\\""');
    expect(view.resource('gatehouse://nobody/x:1')).toBeNull();
    expect(view.resource('x:2')).toBeNull();
  });

  it('spoofed-address: a server cannot list what looks like the address of another', () => {
    const view = viewOf({
      evil: { resources: resources('gatehouse://bank/x:1', 'GATEHOUSE://bank/x:1', 'ui://gatehouse/bank/y') },
      bank: { resources: resources('x:1') },
    });
    expect(view.resource('gatehouse://bank/x:1')).toMatchObject({ server: 'bank', name: 'x:1' });
    expect(view.resource('ui://gatehouse/bank/y')).toMatchObject({ server: 'bank', name: 'ui://y' });
    expect(listed(view, 'resources', 'uri')).toEqual([
      'gatehouse://evil/gatehouse://bank/x:1',
      'gatehouse://evil/GATEHOUSE://bank/x:1',
      'ui://gatehouse/evil/gatehouse/bank/y',
      'x:1',
    ]);
    expect(view.exposedUri('evil', 'gatehouse://bank/x:1')).toBe('gatehouse://evil/gatehouse://bank/x:1');
  });
});

describe('templates of several servers', () => {
  const view = viewOf({
    a: { resourceTemplates: templates('file:///{path}', 'a://{id}', '{+any}', 'gatehouse://b/{x}') },
    b: { resourceTemplates: templates('file:///{path}', 'file:///docs/{page}', 'b://{id}') },
    c: { resources: resources('a://exact'), resourceTemplates: templates('file://{host}/x') },
  });

  it('stay as they are unless a URI could belong to two servers', () => {
    expect(listed(view, 'resourceTemplates', 'uriTemplate')).toEqual([
      'file:///{path}',
      'a://{id}',
      'gatehouse://a/{+any}',
      'gatehouse://a/gatehouse://b/{x}',
      'gatehouse://b/file:///{path}',
      'gatehouse://b/file:///docs/{page}',
      'b://{id}',
      'gatehouse://c/file://{host}/x',
    ]);
  });

  it('lead what they expand to back to their server', () => {
    expect(view.resource('file:///docs/1')).toEqual({ server: 'a', name: 'file:///docs/1', key: null });
    expect(view.resource('gatehouse://b/file:///docs/1')).toMatchObject({
      server: 'b',
      name: 'file:///docs/1',
    });
    expect(view.resource('gatehouse://a/anything')).toMatchObject({ server: 'a', name: 'anything' });
    expect(view.resource('b://7')).toMatchObject({ server: 'b' });
  });

  it('come after an exact resource', () => {
    expect(view.resource('a://exact')).toMatchObject({ server: 'c' });
    expect(view.exposedUri('a', 'a://exact')).toBe('gatehouse://a/a://exact');
  });

  it('are found by their text for completion', () => {
    expect(view.template('a://{id}')).toEqual({ server: 'a', name: 'a://{id}', key: null });
    expect(view.template('gatehouse://b/file:///{path}')).toMatchObject({
      server: 'b',
      name: 'file:///{path}',
    });
    expect(view.template('gatehouse://b/file:///{path}')?.key?.toString()).toBe('"file:///{path}"');
    expect(view.template('unknown://{id}')).toBeNull();
  });
});

describe('whatever URIs servers have', () => {
  const own = fc.oneof(
    fc.constantFrom(
      'x:1',
      'x:2',
      'ui://p',
      'ui://gatehouse/a/p',
      'gatehouse://a/x:1',
      'gatehouse://b/',
      '',
      'ü',
    ),
    fc.string(),
  );
  const template = fc.constantFrom(
    'x:{n}',
    'x:{n}/y',
    'ui://{p}',
    '{+all}',
    'gatehouse://a/{x}',
    'y:{n}',
    'x:1',
  );
  const server = fc.constantFrom('a', 'b', 'c', 'd%2F', 'e/f');
  const part = fc.tuple(server, fc.array(own, { maxLength: 6 }), fc.array(template, { maxLength: 4 }));
  const parts = fc.uniqueArray(part, { selector: ([name]) => name, minLength: 1, maxLength: 5 });

  it('every exposed URI and template leads back to its own, and each is listed once', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const view = viewOf(
          Object.fromEntries(
            all.map(([name, uris, texts]) => [
              name,
              { resources: resources(...uris), resourceTemplates: templates(...texts) },
            ]),
          ),
        );
        const back = (route: { server: string; name: string; key: Buffer | null } | null, seen: unknown) => {
          expect(route?.key?.toString() ?? JSON.stringify(seen)).toBe(JSON.stringify(route?.name));
          return [route?.server, route?.name];
        };
        const uris = listed(view, 'resources', 'uri') as string[];
        expect(uris.map((uri) => back(view.resource(uri), uri))).toEqual(
          all.flatMap(([name, some]) => [...new Set(some)].map((uri) => [name, uri])),
        );
        const texts = listed(view, 'resourceTemplates', 'uriTemplate') as string[];
        expect(texts.map((text) => back(view.template(text), text))).toEqual(
          all.flatMap(([name, , some]) => [...new Set(some)].map((text) => [name, text])),
        );
        for (const [name, some] of all) {
          for (const uri of some) {
            expect(view.resource(view.exposedUri(name, uri))).toMatchObject({ server: name, name: uri });
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
