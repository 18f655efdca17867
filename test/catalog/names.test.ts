import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposedName, MAX_NAME } from '../../main/catalog/names.ts';

const server = fc.stringMatching(/^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/);
const tool = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[A-Za-z0-9_-]{1,80}$/), server);

describe('exposedName', () => {
  it('fits every client: at most 64 of [A-Za-z0-9_.-]', () => {
    fc.assert(
      fc.property(server, tool, (s, t) => {
        const name = exposedName(s, t);
        expect(name.length).toBeLessThanOrEqual(MAX_NAME);
        expect(name).toMatch(/^[A-Za-z0-9_.-]+$/);
      }),
    );
  });

  it('shadowed-tool-name: two pairs never share a name, however servers and tools are called', () => {
    const tricky = fc.constantFrom('a', 'a_', '_', 'a__b', 'b', '_b', '__b', 'b__c', 'c', 'ä', 'a b');
    fc.assert(
      fc.property(fc.tuple(tricky, tricky), fc.tuple(tricky, tricky), ([s1, t1], [s2, t2]) => {
        fc.pre(s1 !== s2 || t1 !== t2);
        expect(exposedName(s1, t1)).not.toBe(exposedName(s2, t2));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is readable where it can be and the same every time', () => {
    expect(exposedName('github', 'create_issue')).toBe('github__create_issue');
    expect(exposedName('s', 'x'.repeat(80))).toBe(exposedName('s', 'x'.repeat(80)));
    expect(exposedName('s', 'x'.repeat(80))).toMatch(/^s__x+_x[0-9a-f]{8}$/);
  });
});
