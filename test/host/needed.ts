/**
 * Tests that need something which may not be there: they are skipped then, and the list at the end says why, which
 * `describe.skipIf` cannot tell.
 */
import { describe, it } from 'vitest';

/** @param missing what is not there, for a person; null when all is there and the tests run */
export function describeUnless(missing: string | null, name: string, tests: () => void): void {
  if (missing === null) describe(name, tests);
  else it(`${name}: all tests`, ({ skip }) => skip(missing));
}
