import { describe, expect, it } from 'vitest';
import { judge, medians } from './verdict.mjs';

const figure = {
  id: 'rate',
  title: 'calls per second',
  unit: '/s',
  better: 'more' as const,
  targets: [
    { kind: 'ratio' as const, bound: 'least' as const, limit: 2, against: ['one', 'other'] },
    { kind: 'value' as const, bound: 'least' as const, limit: 100 },
  ],
};

describe('verdicts of the benchmark', () => {
  it('compares within each round, with the best of the others, before it takes the median', () => {
    const rounds = [
      { gatehouse: 300, one: 100, other: 50 },
      { gatehouse: 90, one: 10, other: 30 },
      { gatehouse: 400, one: 400, other: 1 },
    ];
    const [ratio, value] = judge(figure, { rounds, failed: {} });
    expect(ratio).toMatchObject({ value: 3, met: true, target: '>= 2 x any bridge' });
    expect(value).toMatchObject({ value: 300, met: true });
    expect(medians({ rounds })).toEqual({ gatehouse: 300, one: 100, other: 30 });
  });

  it('says that a target is missed, and leaves open what has nothing to compare with', () => {
    const [ratio, value] = judge(figure, { rounds: [{ gatehouse: 99 }], failed: {} });
    expect(ratio).toMatchObject({ value: null, met: null });
    expect(value).toMatchObject({ value: 99, met: false });
  });
});
