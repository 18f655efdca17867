/** What clients see of tools beside approvals: switches, filters of server, profile and client, other names and words. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedItem } from '../../main/protocol/listing.ts';
import { ALL, profileScope, scopeOf, serverScope } from '../../main/protocol/scope.ts';
import { listing } from '../catalog/listings.ts';
import { peer } from '../fakes/call.ts';
import { type House, openHouse, tool } from './house.ts';

let house: House;

beforeEach(async () => {
  house = await openHouse();
});

afterEach(() => house.close());

const list = (...tools: readonly ListedItem[]): void =>
  house.gatekeeping.gates.listing('s', null, listing({ tools }));

describe('what is changed about one server', () => {
  it('leaves the others alone, whether it is listed first, switched, filtered or configured', async () => {
    await house.close();
    house = await openHouse({ s: {}, t: {}, u: {} });
    const { gates } = house.gatekeeping;
    const t = listing({ tools: [tool('a')] });
    gates.listing('t', null, t);
    const released = gates.screened('t', null);
    house.events.length = 0;
    const told = (): string[] => [...new Set(house.events.splice(0).map(({ name }) => name))];
    list(tool('get_a'), tool('set_a'));
    // That it is approved is on disk now, and that there is such a file.
    await gates.approvals('s').close();
    await gates.trust.noteApprovals('s');
    expect(told()).toEqual(['s']);
    await gates.trust.setToolEnabled('s', 'get_a', false);
    expect(told()).toEqual(['s']);
    await house.command('tool.setFilter', { server: 's', filter: { allow: null, block: ['x'] } });
    expect(told()).toEqual(['s']);
    house.configure({ s: { tools: { block: ['set_*'] } }, t: {}, u: {} });
    expect(told()).toEqual(['s']);
    house.configure({ s: { tools: { block: ['set_*'] } }, t: { enabled: false }, u: {}, v: {} });
    expect(told()).toEqual(['v']);
    expect(gates.screened('t', null)).toBe(released);
    house.configure({ t: { quarantined: true }, u: {}, v: {} });
    expect(told()).toEqual(['s', 't']);
    expect(house.names('tools')).toEqual([]);
  });
});

describe('switches, filters and other words', () => {
  it('leave a tool out, live and with a reason', async () => {
    list(tool('get_a'), tool('get_b'), tool('set_a'));
    const told: unknown[] = [];
    house.gatekeeping.catalog.watch(ALL, 'p', (kinds) => told.push(kinds));
    await house.command('tool.setFilter', { server: 's', filter: { allow: ['get_*'], block: ['*_b'] } });
    expect(house.names('tools')).toEqual(['s__get_a']);
    expect(house.refused('s', 'set_a')).toBe('trust.tool_filtered');
    expect(told).toEqual([['tools']]);
    await house.gatekeeping.gates.trust.setToolEnabled('s', 'get_a', false);
    expect(house.refused('s', 'get_a')).toBe('trust.tool_off');
    await house.gatekeeping.gates.trust.setToolEnabled('s', 'set_a', false);
    expect(told).toHaveLength(2);
  });

  it('of the file and of a profile count too', () => {
    list(tool('get_a'), tool('set_a'));
    house.configure(
      { s: { tools: { block: ['set_*'] } }, t: {} },
      { profiles: { p: { servers: ['s'], tools: { allow: ['s/get_b'] } } } },
    );
    expect(house.names('tools')).toEqual(['s__get_a']);
    expect(house.names('tools', { kind: 'profile', key: '@p', profile: 'p' })).toEqual([]);
  });

  it("may be one client's alone", async () => {
    list(tool('a'), tool('b'));
    const mine = scopeOf(ALL, 'me');
    const told: string[] = [];
    house.gatekeeping.catalog.watch(mine, 'p1', () => told.push('me'));
    house.gatekeeping.catalog.watch(scopeOf(ALL, 'you'), 'p2', () => told.push('you'));
    await house.command('client.setFilter', { client: 'me', filter: { allow: null, block: ['s/a'] } });
    expect(house.names('tools', mine)).toEqual(['s__b']);
    expect(house.names('tools', scopeOf(ALL, 'you'))).toEqual(['s__a', 's__b']);
    expect(told).toEqual(['me']);
    expect(house.gatekeeping.catalog.view(mine).tool('s__a')).toBeNull();
    await house.restart();
    list(tool('a'), tool('b'));
    expect(house.names('tools', mine)).toEqual(['s__b']);
  });

  it('other-profile: of the profile that a client is held to count wherever it looks', () => {
    list(tool('a'), tool('b'));
    const profile = { name: 'p', servers: ['s'], prefix: true, tools: { allow: null, block: ['s/b'] } };
    house.configure({ s: {} }, { profiles: { p: { servers: ['s'], tools: { block: ['s/b'] } } } });
    const { gatekeeping } = house;
    gatekeeping.setProfiles(
      new Map([
        ['p', profile],
        ['~me', { ...profile, name: '~me' }],
      ]),
      new Map([['me', 'p']]),
    );
    for (const scope of [ALL, serverScope('s'), profileScope('p'), profileScope('~me')]) {
      const mine = scopeOf(scope, 'me');
      const prefix = scope.kind === 'server' ? '' : 's__';
      expect(house.names('tools', mine)).toEqual([`${prefix}a`]);
      expect(gatekeeping.catalog.view(mine).tool(`${prefix}b`)).toBeNull();
      const refusal = gatekeeping.refusal(['s'], mine, peer('p'), 'tools/call', `${prefix}b`);
      expect(refusal?.error.code).toBe('trust.tool_filtered');
    }
    expect(house.names('tools', scopeOf(ALL, 'you'))).toEqual(['s__a', 's__b']);
    // Held to it no more: told at once.
    const told: string[] = [];
    gatekeeping.catalog.watch(scopeOf(ALL, 'me'), 'p1', () => told.push('me'));
    gatekeeping.catalog.watch(scopeOf(ALL, 'you'), 'p2', () => told.push('you'));
    gatekeeping.setProfiles(new Map(), new Map());
    expect(told).toEqual(['me']);
    expect(house.names('tools', scopeOf(ALL, 'me'))).toEqual(['s__a', 's__b']);
  });

  it('rename and describe a tool, whose approval still binds to its own words', async () => {
    list(tool('a', { description: 'own' }), tool('b'));
    const words = { tool: 'a', name: 'read', title: null, description: 'mine' };
    await house.command('tool.setOverride', { server: 's', override: words });
    expect(house.names('tools')).toEqual(['s__read', 's__b']);
    const shown = house.gatekeeping.catalog.view(ALL).lists.tools.toString();
    expect(shown).toContain('mine');
    expect(shown).not.toContain('own');
    const view = house.gatekeeping.catalog.view(ALL);
    expect(view.tool('s__a')).toBeNull();
    expect(view.tool('s__read')).toMatchObject({ server: 's', name: 'a', key: Buffer.from('"a"') });
    list(tool('a', { description: 'EVIL' }), tool('b'));
    expect(house.names('tools')).toEqual(['s__b']);
    await expect(
      house.command('tool.setOverride', { server: 's', override: { ...words, name: 'b' } }),
    ).rejects.toMatchObject({ code: 'trust.name_taken' });
  });

  it('never give one name to two tools, nor a call to the other one', async () => {
    list(tool('a'), tool('b'));
    house.configure({ s: { tools: { overrides: { a: { name: 'b' } } } } });
    const alone = house.gatekeeping.catalog.view(serverScope('s'));
    const names = house.names('tools', serverScope('s')) as string[];
    expect(new Set(names).size).toBe(2);
    expect(names.map((name) => alone.tool(name)?.name).sort()).toEqual(['a', 'b']);
  });
});
