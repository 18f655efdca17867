import { describe, expect, it } from 'vitest';
import { createLearned } from '../../main/catalog/learned.ts';

describe('what was learned', () => {
  it('is the first server s, and is not taken over', () => {
    const learned = createLearned();
    expect(learned.claim('x:1', 'a')).toBe(true);
    expect(learned.claim('x:1', 'a')).toBe(true);
    expect(learned.claim('x:1', 'b')).toBe(false);
    expect(learned.ownerOf('x:1')).toBe('a');
    expect(learned.ownerOf('x:2')).toBeNull();
  });

  it('loses first what was not used for longest', () => {
    const learned = createLearned(3);
    for (const uri of ['1', '2', '3']) learned.claim(uri, 'a');
    learned.ownerOf('1');
    learned.claim('4', 'a');
    expect(['1', '2', '3', '4'].map(learned.ownerOf)).toEqual(['a', null, 'a', 'a']);
    expect(learned.size).toBe(3);
  });

  it('flood: a server that mentions very many pushes out its own only', () => {
    const learned = createLearned();
    learned.claim('bank:1', 'bank');
    for (let i = 0; i < 25_000; i++) learned.claim(`evil:${i}`, 'evil');
    expect(learned.size).toBe(10_000);
    expect(learned.ownerOf('bank:1')).toBe('bank');
    expect(learned.ownerOf('evil:24999')).toBe('evil');
    expect(learned.ownerOf('evil:0')).toBeNull();
  });

  it('keeps no URI of unreasonable length', () => {
    expect(createLearned().claim(`x:${'y'.repeat(5_000)}`, 'a')).toBe(false);
  });

  it('forgets a server that is gone', () => {
    const learned = createLearned();
    learned.claim('x:1', 'a');
    learned.forget('a');
    expect(learned.ownerOf('x:1')).toBeNull();
    expect(learned.claim('x:1', 'b')).toBe(true);
  });
});
