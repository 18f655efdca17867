/** For loops that compare very many times: what `expect` costs beyond the comparison is most of the time there. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** What `expect(actual).toEqual(expected)` says; asks it only where the two are not the same to the last detail. */
export function expectSame(actual: unknown, expected: unknown, what?: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, what).toEqual(expected);
}
