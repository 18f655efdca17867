import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposedName } from '../../main/catalog/names.ts';
import type { View } from '../../main/catalog/view.ts';
import { ALL, profileScope } from '../../main/protocol/scope.ts';
import { catalogOf, items, listed, tools, viewOf } from './listings.ts';

const long = 'x'.repeat(60);
/** Two names of the server `s` whose short forms are equal. */
const TWINS = [`${long}12048`, `${long}136202`] as const;

/** Halves of surrogate pairs too, which no UTF-8 can hold. */
const anyUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

describe('names that meet', () => {
  it('hash-collision: the second of two equal short forms gets another name', () => {
    expect(exposedName('s', TWINS[0])).toBe(exposedName('s', TWINS[1]));
    const view = viewOf({ s: { tools: tools(...TWINS) } });
    const names = listed(view, 'tools', 'name') as string[];
    expect(new Set(names).size).toBe(2);
    expect(names.map((name) => view.tool(name)?.name)).toEqual([...TWINS]);
    const again = viewOf({ s: { tools: tools(...TWINS) } });
    expect(listed(again, 'tools', 'name')).toEqual(names);
  });

  it('shadowed-tool-name: a tool that is named like the short form of another does not take its place', () => {
    const short = exposedName('a__b', 'c');
    const view = viewOf({ a: { tools: tools(short.slice('a__'.length)) }, a__b: { tools: tools('c') } });
    expect(view.tool(short)).toMatchObject({ server: 'a__b', name: 'c' });
    expect(listed(view, 'tools', 'name')).toHaveLength(2);
  });

  it('shadowed-tool-name: a bare name that spells the prefixed name of another one gives way', () => {
    const servers = { b: { tools: tools('a__echo', 'echo') }, a: { tools: tools('echo') } };
    const catalog = catalogOf(servers);
    catalog.setProfiles(new Map([['free', { servers: ['a', 'b'], prefix: false }]]));
    const view = catalog.view(profileScope('free'));
    expect(view.tool('a__echo')).toMatchObject({ server: 'a', name: 'echo' });
    expect(listed(view, 'tools', 'name')).toEqual(['b__a__echo', 'b__echo', 'a__echo']);
  });

  it('lists a tool that its server lists twice once, as it came first', () => {
    const view = viewOf({
      s: { tools: items('tools', '{"name":"t","title":"first"}', '{"name":"t","title":"second"}') },
    });
    expect(listed(view, 'tools', 'title')).toEqual(['first']);
  });

  it('tells a tool and a prompt of one name apart', () => {
    const view = viewOf({ s: { tools: tools('x'), prompts: items('prompts', { name: 'x' }) } });
    expect(listed(view, 'prompts', 'name')).toEqual(['s__x']);
    expect(view.prompt('s__x')).not.toBe(view.tool('s__x'));
  });

  it('shows a name that not every client takes by its short form', () => {
    const catalog = catalogOf({ s: { tools: tools('räksmörgås', long + long) } });
    catalog.setProfiles(new Map([['free', { servers: ['s'], prefix: false }]]));
    for (const name of listed(catalog.view(profileScope('free')), 'tools', 'name')) {
      expect(name).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
    }
  });
});

describe('whatever servers and tools are called', () => {
  const server = fc.constantFrom('a', 'a__b', 'b', '_', 'a_', 'long-server-name', '__', 'a__b__c');
  const tricky = fc.constantFrom('a', 'b', 'c', 'b__c', 'a__b', 'a__b__c', '_b', '', '__proto__', ...TWINS);
  const shortForm = fc.tuple(server, tricky).map(([s, t]) => exposedName(s, t));
  const tool = fc.oneof(
    tricky,
    fc.string({ unit: anyUnit }),
    shortForm,
    shortForm.map((name) => name.slice(3)),
  );
  const servers = fc.uniqueArray(fc.tuple(server, fc.array(tool, { maxLength: 12 })), {
    selector: ([name]) => name,
    maxLength: 6,
  });

  const holds = (view: View, all: readonly (readonly [string, readonly string[]])[]): void => {
    for (const [kind, route] of [
      ['tools', view.tool],
      ['prompts', view.prompt],
    ] as const) {
      const names = listed(view, kind, 'name') as string[];
      expect(new Set(names).size).toBe(names.length);
      const back = names.map((name) => {
        const found = route(name);
        expect(found?.key?.toString() ?? JSON.stringify(name)).toBe(JSON.stringify(found?.name));
        return [found?.server, found?.name];
      });
      expect(back).toEqual(all.flatMap(([name, own]) => [...new Set(own)].map((one) => [name, one])));
    }
  };

  it('every exposed name leads back to its own, and each thing is listed once', () => {
    fc.assert(
      fc.property(servers, (all) => {
        const catalog = catalogOf(
          Object.fromEntries(
            all.map(([name, own]) => [
              name,
              { tools: tools(...own), prompts: items('prompts', ...own.map((one) => ({ name: one }))) },
            ]),
          ),
        );
        const names = all.map(([name]) => name);
        catalog.setProfiles(new Map([['free', { servers: names, prefix: false }]]));
        holds(catalog.view(ALL), all);
        holds(catalog.view(profileScope('free')), all);
      }),
      { numRuns: 200 },
    );
  });
});
