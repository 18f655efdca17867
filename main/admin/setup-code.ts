/**
 * The code that is shown where Gatehouse was started, and that proves to the web admin that whoever sets its first password
 * sits there. Good once, and only as long as there is no password. Lives in memory.
 */
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** Without letters and digits that look alike. 20 of 31 are some 99 bits. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const GROUPS = 4;
const GROUP = 5;

/** One code. */
export interface SetupCode {
  /** As a person reads it, in groups: `ABCDE-FGHJK-MNPQR-STUVW`. */
  readonly text: string;
  /** Whether it is the code; case, spaces and hyphens do not count. Never again once it was spent. */
  fits(shown: string): boolean;
  /** It has done its work. */
  spend(): void;
}

/** A new one, of 25 random letters and digits; nothing but this object knows it. */
export function createSetupCode(): SetupCode {
  const groups = Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
  );
  const expected = digest(groups.join(''));
  let spent = false;
  return {
    text: groups.join('-'),
    fits: (shown) => timingSafeEqual(digest(shown.replace(/[\s-]/g, '').toUpperCase()), expected) && !spent,
    spend() {
      spent = true;
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
