import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPending } from '../../main/upstreams/pending.ts';
import { expectSame } from '../fakes/same.ts';

describe('createPending', () => {
  it('behaves like a map whose ids are never used twice', () => {
    const step = fc.oneof(
      fc.constant('add' as const),
      fc.nat({ max: 50 }),
      fc.nat({ max: 50 }).map((n) => -n - 1),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pending = createPending<string>();
        const model = new Map<number, string>();
        const given: number[] = [];
        for (const action of steps) {
          if (action === 'add') {
            const id = pending.add(`v${given.length}`);
            expectSame(id !== null && !given.includes(id), true, 'an id that was never given');
            given.push(id ?? -1);
            model.set(id ?? -1, `v${given.length - 1}`);
          } else {
            const id = given[Math.abs(action) % Math.max(1, given.length)] ?? 12_345;
            if (action >= 0) expectSame(pending.get(id), model.get(id) ?? null);
            else {
              expectSame(pending.take(id), model.get(id) ?? null);
              model.delete(id);
            }
          }
          expectSame(pending.size, model.size);
        }
        const seen = new Map<number, string>();
        pending.each((value, id) => seen.set(id, value));
        expect(seen).toEqual(model);
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 60, 65_536])('knows nothing of the id %d', (id) => {
    expect(createPending().get(id)).toBeNull();
    expect(createPending().take(id)).toBeNull();
  });

  it('has an end, which it tells', () => {
    const pending = createPending<number>();
    for (let i = 0; i < 65_536; i++) expectSame(pending.add(i) === null, false);
    expect(pending.add(0)).toBeNull();
  });
});
