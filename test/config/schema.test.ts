import { describe, expect, it } from 'vitest';
import { parseServerName } from '../../main/config/schema.ts';

describe('parseServerName', () => {
  it.each(['a', 'A.b_c-9', '_x', '...', '9', 'x'.repeat(64)])('accepts %s', (name) => {
    expect(parseServerName(name)).toBe(name);
  });
  it.each(['', '.', '..', '-a', 'a b', 'a/b', 'é', 'x'.repeat(65), '__proto__', 'a\n'])(
    'refuses %j',
    (name) => {
      expect(parseServerName(name)).toBeNull();
    },
  );
});
