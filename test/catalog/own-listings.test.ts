import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ALL, serverScope } from '../../main/protocol/scope.ts';
import { catalogOf, listed, listing, resources, tools } from './listings.ts';

describe('what one client alone is listed', () => {
  it('is in its views and in nobody else s', () => {
    const catalog = catalogOf({ a: { tools: tools('t') }, b: { tools: tools('t') } });
    catalog.setOwnListing('p', 'a', listing({ tools: tools('t', 'mine') }));
    expect(listed(catalog.view(ALL, 'p'), 'tools', 'name')).toEqual(['a__t', 'a__mine', 'b__t']);
    expect(listed(catalog.view(serverScope('a'), 'p'), 'tools', 'name')).toEqual(['t', 'mine']);
    expect(listed(catalog.view(ALL, 'q'), 'tools', 'name')).toEqual(['a__t', 'b__t']);
    expect(catalog.view(serverScope('b'), 'p')).toBe(catalog.view(serverScope('b')));
    expect(catalog.listing('a')?.tools).toHaveLength(1);
    catalog.setOwnListing('p', 'a', null);
    expect(catalog.view(ALL, 'p')).toBe(catalog.view(ALL));
  });

  it('works for a server that lists nothing to all', () => {
    const catalog = catalogOf({});
    catalog.setOrder(['a']);
    catalog.setOwnListing('p', 'a', listing({ tools: tools('mine') }));
    expect(catalog.view(ALL, 'p').tool('a__mine')).toMatchObject({ server: 'a', name: 'mine' });
    expect(catalog.view(ALL, 'q').servers).toEqual([]);
  });

  it('is the common view when it is equal, and one view for all who see the same', () => {
    const catalog = catalogOf({ a: { tools: tools('t') }, b: { resources: resources('x:1') } });
    catalog.setOwnListing('p', 'a', listing({ tools: tools('t') }));
    expect(catalog.view(ALL, 'p')).toBe(catalog.view(ALL));
    catalog.setOwnListing('q', 'a', listing({ tools: tools('other') }));
    catalog.setOwnListing('r', 'a', listing({ tools: tools('other') }));
    expect(catalog.view(ALL, 'r')).toBe(catalog.view(ALL, 'q'));
    expect(catalog.view(ALL, 'q').lists.resources).toBe(catalog.view(ALL).lists.resources);
  });

  it('is told to this client exactly when it sees something else', () => {
    const catalog = catalogOf({ a: { tools: tools('t') }, b: {} });
    const heard: string[] = [];
    for (const peer of ['p', 'q']) {
      for (const scope of [ALL, serverScope('a'), serverScope('b')]) {
        catalog.watch(scope, peer, (kinds) => heard.push(`${peer} ${scope.key} ${kinds.join()}`));
      }
    }
    catalog.setOwnListing('p', 'a', listing({ tools: tools('t') }));
    expect(heard).toEqual([]);
    catalog.setOwnListing('p', 'a', listing({ tools: tools('mine') }));
    expect(heard.splice(0)).toEqual(['p * tools', 'p =a tools']);
    // What all others are listed is no concern of this client's now.
    catalog.setListing('a', listing({ tools: tools('u') }));
    expect(heard.splice(0)).toEqual(['q * tools', 'q =a tools']);
    catalog.setOwnListing('p', 'a', listing({ tools: tools('u') }));
    expect(heard.splice(0)).toEqual(['p * tools', 'p =a tools']);
    catalog.setOwnListing('p', 'a', null);
    expect(heard).toEqual([]);
    catalog.setListing('b', listing({ resources: resources('x:1') }));
    expect(heard.sort()).toEqual(['p * resources', 'p =b resources', 'q * resources', 'q =b resources']);
  });

  it('does not keep a client from what other servers change', () => {
    const catalog = catalogOf({ a: {}, b: {} });
    catalog.setOwnListing('p', 'a', listing({ tools: tools('mine') }));
    catalog.view(ALL, 'p');
    catalog.setListing('b', listing({ tools: tools('t') }));
    expect(listed(catalog.view(ALL, 'p'), 'tools', 'name')).toEqual(['a__mine', 'b__t']);
  });
});

describe('a client that is gone', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  it('leaves nothing of its views and listings behind', async () => {
    const catalog = catalogOf({ a: { tools: tools('t') } });
    const gone: WeakRef<object>[] = [];
    const visit = (peer: string): void => {
      const own = listing({ tools: tools('t', peer) });
      const stop = catalog.watch(ALL, peer, () => undefined);
      catalog.setOwnListing(peer, 'a', own);
      gone.push(new WeakRef(own), new WeakRef(own.tools), new WeakRef(catalog.view(ALL, peer)));
      catalog.setOwnListing(peer, 'a', null);
      stop();
    };
    for (let i = 0; i < 50; i++) visit(`peer-${i}`);
    await expect
      .poll(async () => {
        await nextTurn();
        collect();
        return gone.filter((ref) => ref.deref() !== undefined).length;
      })
      .toBe(0);
  });

  it('leaves not even its name behind', async () => {
    const catalog = catalogOf({ a: {} });
    const own = listing({ tools: tools('mine') });
    const visits = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const peer = `peer-${i}`;
        const stop = catalog.watch(ALL, peer, () => undefined);
        catalog.setOwnListing(peer, 'a', own);
        catalog.setOwnListing(peer, 'a', null);
        stop();
      }
    };
    visits(100);
    collect();
    const before = process.memoryUsage().heapUsed;
    visits(10_000);
    // One entry of a map for each would be more than 1.5 MB.
    await expect
      .poll(async () => {
        await nextTurn();
        collect();
        return process.memoryUsage().heapUsed - before;
      })
      .toBeLessThan(1_000_000);
  });
});
