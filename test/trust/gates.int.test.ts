/** What passes the gates: nothing but what was approved, byte for byte, by whatever way it is looked at. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedItem } from '../../main/protocol/listing.ts';
import { ALL, serverScope } from '../../main/protocol/scope.ts';
import { items, listing } from '../catalog/listings.ts';
import { type House, openHouse, tool } from './house.ts';

let house: House;

beforeEach(async () => {
  house = await openHouse();
});

afterEach(() => house.close());

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

  it('database-deleted: stays so when the file of decisions and its copy are gone, until it is released', async () => {
    list(tool('a'));
    await house.command('server.quarantine', { server: 's' });
    await house.restart('trust.json', 'trust.json.backup');
    list(tool('a'));
    expect([house.names('tools'), house.refused('s', 'a')]).toEqual([[], 'trust.server_quarantined']);
    await house.command('server.release', { server: 's', digest: null, except: [] });
    list(tool('a'));
    expect(house.refused('s', 'a')).toBeNull();
    await house.restart('trust.json', 'trust.json.backup');
    expect(house.gatekeeping.gates.isQuarantined('s')).toBe(false);
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
