import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPending } from '../../main/upstreams/pending.ts';

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
            expect(id).not.toBeNull();
            expect(given).not.toContain(id);
            given.push(id ?? -1);
            model.set(id ?? -1, `v${given.length - 1}`);
          } else {
            const id = given[Math.abs(action) % Math.max(1, given.length)] ?? 12_345;
            if (action >= 0) expect(pending.get(id)).toBe(model.get(id) ?? null);
            else {
              expect(pending.take(id)).toBe(model.get(id) ?? null);
              model.delete(id);
            }
          }
          expect(pending.size).toBe(model.size);
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
    for (let i = 0; i < 65_536; i++) expect(pending.add(i)).not.toBeNull();
    expect(pending.add(0)).toBeNull();
  });
});
