/**
 * The state machine of approvals, walked at random through the commands, the files and the catalog: whatever the order of
 * lists, decisions and restarts, nothing is shown or reached that was not let in in this very form.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListedItem } from '../../main/protocol/listing.ts';
import { ALL, serverScope } from '../../main/protocol/scope.ts';
import { fingerprintOf } from '../../main/trust/definition.ts';
import { listing } from '../catalog/listings.ts';
import { type House, openHouse, tool } from './house.ts';

describe('by whatever way', () => {
  const VERSIONS = 4;
  const versionOf = (name: string, version: number): ListedItem =>
    tool(name, { description: `v${version}`, annotations: { readOnlyHint: version % 2 === 0 } });

  type Step =
    | { readonly do: 'list'; readonly versions: readonly (number | null)[] }
    | { readonly do: 'approve'; readonly tool: number; readonly shown: number }
    | { readonly do: 'block' | 'unblock' | 'revert'; readonly tool: number }
    | { readonly do: 'restart' | 'quarantine' | 'release' };
  const index = fc.nat({ max: 1 });
  const version = fc.nat({ max: VERSIONS - 1 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('list'),
        versions: fc.tuple(fc.option(version), fc.option(version)),
      }) as fc.Arbitrary<Step>,
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('approve'), tool: index, shown: version }) as fc.Arbitrary<Step>,
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('block', 'unblock', 'revert'),
        tool: index,
      }) as fc.Arbitrary<Step>,
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('restart', 'quarantine', 'release') }) as fc.Arbitrary<Step>,
    },
  );
  const NAMES = ['a', 'b'] as const;

  it('nothing is shown or reached that was not approved in this very form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const world = await openHouse();
        try {
          await walk(world, steps);
        } finally {
          await world.close();
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  async function walk(world: House, steps: readonly Step[]): Promise<void> {
    const fingerprints = new Map<string, string>();
    /** What the user, or the first list, has let in; told by what he did and not by what the gates say. */
    const granted = new Set<string>();
    const blocked = new Set<string>();
    let now: (number | null)[] = [null, null];
    let first = true;
    let quarantined = false;
    const relist = (): void => {
      const tools = NAMES.flatMap((name, at) => {
        const listed = now[at];
        return listed == null ? [] : [versionOf(name, listed)];
      });
      if (first && tools.length > 0 && !quarantined) {
        first = false;
        NAMES.forEach((name, at) => void (now[at] == null || granted.add(`${name}${now[at]}`)));
      }
      world.gatekeeping.gates.listing('s', null, listing({ tools }));
    };
    for (const name of NAMES) {
      for (let v = 0; v < VERSIONS; v++) {
        fingerprints.set(`${name}${v}`, fingerprintOf('tools', versionOf(name, v)));
      }
    }
    for (const one of steps) {
      const name = 'tool' in one ? (NAMES[one.tool] ?? 'a') : 'a';
      const at = NAMES.indexOf(name);
      switch (one.do) {
        case 'list':
          now = [...one.versions];
          relist();
          break;
        case 'approve': {
          const shownItem = {
            kind: 'tools' as const,
            key: name,
            fingerprint: fingerprints.get(`${name}${one.shown}`) ?? '',
          };
          const went = await world.command('approvals.approve', { server: 's', items: [shownItem] }).then(
            () => true,
            () => false,
          );
          // It goes exactly when what was shown is what stands there.
          expect(went).toBe(!quarantined && now[at] === one.shown);
          if (went) {
            granted.add(`${name}${one.shown}`);
            blocked.delete(name);
            expect(world.refused('s', name)).toBeNull();
          }
          break;
        }
        case 'block': {
          const fingerprint = fingerprints.get(`${name}${now[at] ?? 0}`) ?? '';
          await world
            .command('approvals.block', { server: 's', items: [{ kind: 'tools', key: name, fingerprint }] })
            .then(
              () => blocked.add(name),
              () => undefined,
            );
          break;
        }
        case 'unblock':
          await world.command('approvals.unblock', { server: 's', kind: 'tools', key: name });
          blocked.delete(name);
          break;
        case 'revert':
          await world
            .command('approvals.revert', { server: 's', kind: 'tools', key: name })
            .catch(() => undefined);
          break;
        case 'quarantine':
          await world.command('server.quarantine', { server: 's' });
          quarantined = true;
          break;
        case 'release':
          if (quarantined) await world.command('server.release', { server: 's', digest: null, except: [] });
          quarantined = false;
          relist();
          break;
        case 'restart':
          await world.restart();
          relist();
          break;
      }
      for (const scope of [ALL, serverScope('s')]) {
        const view = world.gatekeeping.catalog.view(scope);
        const listed = JSON.parse(view.lists.tools.toString()) as {
          tools: { name: string; description: string }[];
        };
        const seen = listed.tools.map((one) => `${one.name.replace('s__', '')}${one.description.slice(1)}`);
        for (const each of seen) {
          expect(granted, `${each} was shown`).toContain(each);
          expect(blocked).not.toContain(each[0]);
        }
        if (quarantined) expect(seen).toEqual([]);
        for (const [place, each] of NAMES.entries()) {
          const reached = view.tool(scope === ALL ? `s__${each}` : each) !== null;
          // Unlisted names lead on only while everything is as it was at first.
          if (!reached || quarantined) continue;
          if (now[place] != null)
            expect(granted, `${each}${now[place]} was reached`).toContain(`${each}${now[place]}`);
          else expect([...granted].some((one) => one.startsWith(each))).toBe(false);
        }
      }
    }
  }
});
