/** From where a client may be let in. */
import { describe, expect, it } from 'vitest';
import { mayDecide } from '../main/local-sign-in.ts';

const allow = { allow: true, profile: null, permission: 'read' } as const;
const deny = { allow: false } as const;

describe('letting a client in', () => {
  it('is for the window where there is one, and for the web admin where there is none', () => {
    expect(mayDecide('desktop', 'web', allow)).toBe(false);
    expect(mayDecide('desktop', 'window', allow)).toBe(true);
    expect(mayDecide('desktop', 'cli', allow)).toBe(true);
    expect(mayDecide('headless', 'web', allow)).toBe(true);
  });

  it('is never needed to deny it', () => {
    for (const mode of ['desktop', 'headless'] as const) {
      for (const by of ['window', 'tray', 'web', 'cli'] as const)
        expect(mayDecide(mode, by, deny)).toBe(true);
    }
  });
});
