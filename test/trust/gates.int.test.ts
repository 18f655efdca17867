/** What passes the gates: nothing but what was approved, byte for byte, by whatever way it is looked at. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedItem } from '../../main/protocol/listing.ts';
import { ALL, profileScope, scopeOf, serverScope } from '../../main/protocol/scope.ts';
import { items, listing } from '../catalog/listings.ts';
import { peer } from '../fakes/call.ts';
import { type House, openHouse } from './house.ts';

let house: House;

beforeEach(async () => {
  house = await openHouse();
});

afterEach(() => house.close());

function tool(name: string, more: object = {}): ListedItem {
  const [item] = items('tools', { name, inputSchema: { type: 'object' }, ...more });
  if (item === undefined) throw new Error('no item');
  return item;
}

const list = (...tools: readonly ListedItem[]): void =>
  house.gatekeeping.gates.listing('s', null, listing({ tools }));

/** Everything that any view shows. */
function shown(): string {
  return [ALL, serverScope('s')]
    .map((scope) => {
      const { lists, instructions } = house.gatekeeping.catalog.view(scope);
      return Object.values(lists).map(String).join() + String(instructions);
    })
    .join();
}

async function heldOf(key: string): Promise<{ kind: 'tools'; key: string; fingerprint: string }[]> {
  const held = await house.held('s');
  return held.filter((item) => item.key === key) as { kind: 'tools'; key: string; fingerprint: string }[];
}

describe('the first list', () => {
  it('of a trusted server passes, later additions wait', async () => {
    list(tool('a'));
    list(tool('a'), tool('b', { description: 'SECRET' }));
    expect(house.names('tools')).toEqual(['s__a']);
    expect(shown()).not.toContain('SECRET');
    expect(house.refused('s', 'b')).toBe('trust.pending');
    expect(house.events.at(-1)).toMatchObject({ name: 's', on: 1, total: 2, waiting: 1 });
    await house.command('approvals.approve', { server: 's', items: await heldOf('b') });
    expect(house.names('tools')).toEqual(['s__a', 's__b']);
    expect(house.refused('s', 'b')).toBeNull();
  });

  it('may be empty until the server is signed in to', () => {
    list();
    list(tool('a'));
    expect(house.names('tools')).toEqual(['s__a']);
    house.gatekeeping.gates.listing(
      's',
      null,
      listing({ tools: [tool('a')], prompts: items('prompts', { name: 'p' }) }),
    );
    expect(house.names('prompts')).toEqual([]);
  });

  it('is kept over a restart', async () => {
    list(tool('a', { description: 'one' }));
    await house.restart();
    list(tool('a', { description: 'other' }));
    expect(house.refused('s', 'a')).toBe('trust.changed');
  });
});

describe('a change', () => {
  it.each([
    ['description', { description: 'x' }],
    ['title', { title: 'x' }],
    ['input schema', { inputSchema: { type: 'object', properties: { a: { description: 'x' } } } }],
    ['output schema', { outputSchema: { type: 'object' } }],
    ['readOnlyHint', { annotations: { readOnlyHint: true } }],
    ['destructiveHint', { annotations: { destructiveHint: false } }],
    ['member that nobody knows', { future: 'x' }],
    ['page', { _meta: { ui: { resourceUri: 'ui://x' } } }],
  ])('of the %s is held', (_what, more) => {
    list(tool('a'), tool('b'));
    list(tool('a', more), tool('b'));
    expect(house.names('tools')).toEqual(['s__b']);
    expect(house.refused('s', 'a')).toBe('trust.changed');
  });

  it.each([
    ['icons', { icons: [{ src: 'https://x/1' }] }, { icons: [{ src: 'https://x/2' }] }],
    ['members of _meta without a meaning', { _meta: { at: 'one' } }, { _meta: { at: 'IGNORE ALL' } }],
  ])('of %s asks nobody, and is not passed on', (_what, before, after) => {
    list(tool('a', before));
    const approved = shown();
    list(tool('a', after));
    expect(shown()).toBe(approved);
    expect(house.refused('s', 'a')).toBeNull();
  });

  it('of the order of keys, or hidden in a repeated key, changes nothing that clients get', () => {
    const [before] = items('tools', '{"name":"a","description":"fine","inputSchema":{"type":"object"}}');
    const [after] = items(
      'tools',
      '{"inputSchema":{"x":"EVIL","type":"object","x":1},"name":"a","description":"EVIL","description":"fine"}',
    );
    const [twin] = items(
      'tools',
      '{"inputSchema":{"type":"object"},"description":"EVIL","name":"a","description":"fine"}',
    );
    if (before === undefined || after === undefined || twin === undefined) throw new Error('no item');
    list(before);
    const approved = shown();
    list(twin);
    expect(shown()).toBe(approved);
    list(after);
    expect(house.refused('s', 'a')).toBe('trust.changed');
    expect(shown()).not.toContain('EVIL');
  });

  it('taken back by the server passes again', () => {
    list(tool('a'));
    list(tool('a', { description: 'x' }));
    list(tool('a'));
    expect(house.refused('s', 'a')).toBeNull();
  });

  it('passes where the file says so, but not what is blocked', async () => {
    list(tool('a'), tool('b'));
    list(tool('a', { description: 'x' }), tool('b'));
    await house.command('approvals.block', { server: 's', items: await heldOf('a') });
    house.configure({ s: { trust: 'auto' } });
    list(tool('a', { description: 'x' }), tool('b', { description: 'y' }), tool('c'));
    expect(house.names('tools')).toEqual(['s__b', 's__c']);
    expect(house.refused('s', 'a')).toBe('trust.blocked');
    list(tool('b'), tool('c'));
    expect(house.refused('s', 'a')).toBe('unknown');
  });
});

describe('words beside tools', () => {
  it('of prompts, templates and instructions are held when they change', () => {
    const with_ = (text: string) =>
      listing({
        prompts: items('prompts', { name: 'p', description: text }),
        resourceTemplates: items('resourceTemplates', { uriTemplate: 'x://{a}', name: text }),
        instructions: text,
      });
    house.gatekeeping.gates.listing('s', null, with_('fine'));
    expect(shown()).toContain('fine');
    house.gatekeeping.gates.listing('s', null, with_('EVIL'));
    expect(shown()).not.toContain('EVIL');
    expect(house.names('prompts')).toEqual([]);
    expect(house.events.at(-1)?.waiting).toBe(3);
    const view = house.gatekeeping.catalog.view(serverScope('s'));
    expect(view.prompt('p')).toBeNull();
  });

  it('of resources are left out, and the resource stays readable', () => {
    const with_ = (text: string, annotations: object = {}) =>
      listing({
        resources: items('resources', { uri: 'x:1', name: text, title: text, size: 1, annotations }),
      });
    house.gatekeeping.gates.listing('s', null, with_('fine', { lastModified: '2026-01-01T00:00:00Z' }));
    house.gatekeeping.gates.listing('s', null, with_('fine', { lastModified: '2026-02-01T00:00:00Z' }));
    expect(shown()).toContain('2026-02-01');
    house.gatekeeping.gates.listing('s', null, with_('fine', { lastModified: 'EVIL words' }));
    expect(shown()).not.toContain('EVIL');
    house.gatekeeping.gates.listing('s', null, with_('EVIL'));
    expect(shown()).not.toContain('EVIL');
    expect(house.names('resources')).toEqual(['x:1']);
    expect(house.gatekeeping.catalog.view(ALL).resource('x:1')).not.toBeNull();
    expect(house.events.at(-1)?.waiting).toBe(0);
  });

  it('of the server about itself stand as they were approved, its version apart', () => {
    const info = () => house.gatekeeping.catalog.listing('s')?.serverInfo;
    house.gatekeeping.gates.listing('s', null, listing({ serverInfo: { name: 'n', version: '1' } }));
    house.gatekeeping.gates.listing('s', null, listing({ serverInfo: { name: 'n', version: '2.0.0-rc.1' } }));
    expect(info()).toEqual({ name: 'n', version: '2.0.0-rc.1' });
    house.gatekeeping.gates.listing(
      's',
      null,
      listing({ serverInfo: { name: 'EVIL', title: 'EVIL', version: 'EVIL words' } }),
    );
    expect(JSON.stringify(info())).not.toContain('EVIL');
  });
});

describe("one client's own session", () => {
  it('is held to what was approved of the shared one', async () => {
    list(tool('a'));
    const { gatekeeping } = house;
    gatekeeping.gates.listing('s', 'p', listing({ tools: [tool('a', { description: 'EVIL' }), tool('b')] }));
    const view = gatekeeping.catalog.view(serverScope('s'), 'p');
    expect(view.lists.tools.toString()).toBe('{"tools":[]}');
    expect(view.tool('a')).toBeNull();
    expect(view.tool('b')).toBeNull();
    expect(await heldOf('a')).toHaveLength(1);
    gatekeeping.gates.listing('s', 'p', null);
    expect(await house.held('s')).toEqual([]);
  });
});

describe('a decision', () => {
  it('about another definition than the one that stands there is refused, and so is the whole lot', async () => {
    list(tool('a'));
    list(tool('a'), tool('b', { description: 'one' }), tool('c'));
    const before = [...(await heldOf('b')), ...(await heldOf('c'))];
    list(tool('a'), tool('b', { description: 'other' }), tool('c'));
    await expect(house.command('approvals.approve', { server: 's', items: before })).rejects.toMatchObject({
      code: 'trust.stale',
    });
    expect(house.names('tools')).toEqual(['s__a']);
  });

  it('is recorded with who, when and the words before and after', async () => {
    list(tool('a', { description: 'one' }));
    list(tool('a', { description: 'two' }));
    await house.command('approvals.approve', { server: 's', items: await heldOf('a') });
    await house.restart();
    const [last] = await house.command('approvals.history', { server: 's', limit: 1 });
    expect(last).toMatchObject({
      act: 'approve',
      by: 'cli',
      kind: 'tools',
      key: 'a',
      before: { description: 'one' },
      after: { description: 'two' },
    });
    expect(house.noted.at(-1)).toMatchObject({
      kind: 'decision',
      action: 'tools.approve',
      client: 'cli',
      server: 's',
      tool: 'a',
    });
  });

  it('can be taken back: what was approved before counts again', async () => {
    list(tool('a', { description: 'one' }));
    list(tool('a', { description: 'two' }));
    await house.command('approvals.approve', { server: 's', items: await heldOf('a') });
    await house.command('approvals.revert', { server: 's', kind: 'tools', key: 'a' });
    expect(house.refused('s', 'a')).toBe('trust.changed');
    list(tool('a', { description: 'one' }));
    expect(house.refused('s', 'a')).toBeNull();
    await house.command('approvals.revert', { server: 's', kind: 'tools', key: 'a' });
    expect(house.refused('s', 'a')).toBe('trust.pending');
    await expect(
      house.command('approvals.revert', { server: 's', kind: 'tools', key: 'a' }),
    ).rejects.toMatchObject({ code: 'trust.nothing_to_revert' });
  });

  it('to block holds what was approved; ending it gives back what was approved, and no more', async () => {
    list(tool('a'), tool('b'));
    const { fingerprint } = await house.command('approvals.show', { server: 's', kind: 'tools', key: 'a' });
    await house.command('approvals.block', {
      server: 's',
      items: [{ kind: 'tools', key: 'a', fingerprint }],
    });
    expect(house.refused('s', 'a')).toBe('trust.blocked');
    list(tool('a', { description: 'x' }), tool('b'));
    expect(house.refused('s', 'a')).toBe('trust.blocked');
    await house.command('approvals.unblock', { server: 's', kind: 'tools', key: 'a' });
    expect(house.refused('s', 'a')).toBe('trust.changed');
    list(tool('a'), tool('b'));
    expect(house.refused('s', 'a')).toBeNull();
  });
});

describe('a server that is held back', () => {
  it('shows nothing, is refused by name, and comes back with what an inspection has shown', async () => {
    house.configure({ s: { quarantined: true } });
    list(tool('a', { description: 'EVIL' }));
    expect(shown()).not.toContain('EVIL');
    expect(house.refused('s', 'a')).toBe('trust.server_quarantined');
    house.inspected = listing({ tools: [tool('a'), tool('b'), tool('c')] });
    const inspection = await house.command('server.inspect', { server: 's', where: 'host' });
    expect(inspection.items.map((item) => item.key)).toEqual(['a', 'b', 'c', '']);
    await house.command('server.release', {
      server: 's',
      digest: inspection.digest,
      except: [{ kind: 'tools', key: 'b' }],
    });
    list(tool('a'), tool('b'), tool('c', { description: 'EVIL' }), tool('d'));
    expect(house.names('tools')).toEqual(['s__a']);
    expect(house.refused('s', 'b')).toBe('trust.pending');
    expect(house.refused('s', 'c')).toBe('trust.changed');
  });

  it('is not released on another look than the one that was shown, nor inspected where it must not run', async () => {
    house.configure({ s: { quarantined: true } });
    await expect(house.command('server.inspect', { server: 's', where: 'container' })).rejects.toMatchObject({
      code: 'trust.no_container',
    });
    house.inspected = listing({ tools: [tool('a')] });
    const first = await house.command('server.inspect', { server: 's', where: 'host' });
    house.inspected = listing({ tools: [tool('a', { description: 'x' })] });
    await house.command('server.inspect', { server: 's', where: 'host' });
    await expect(
      house.command('server.release', { server: 's', digest: first.digest, except: [] }),
    ).rejects.toMatchObject({ code: 'trust.stale' });
    expect(house.gatekeeping.gates.isQuarantined('s')).toBe(true);
  });

  it('can be any server, at any time', async () => {
    list(tool('a'));
    await house.command('server.quarantine', { server: 's' });
    expect(house.names('tools')).toEqual([]);
    list(tool('a'));
    expect(house.names('tools')).toEqual([]);
    await house.restart();
    list(tool('a'));
    expect(house.refused('s', 'a')).toBe('trust.server_quarantined');
    await house.command('server.release', { server: 's', digest: null, except: [] });
    list(tool('a'), tool('b'));
    expect(house.names('tools')).toEqual(['s__a']);
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
    expect(shown()).toContain('mine');
    expect(shown()).not.toContain('own');
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
