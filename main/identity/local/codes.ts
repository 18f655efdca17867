/**
 * Authorization codes: good once, for a minute, for the client and the way back that they were made for (RFC 6749 section
 * 4.1.2). One that is shown again ends what it has opened. In memory alone.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../protocol/clock.ts';
import type { SignInChoice, SigningClient } from '../sign-in-tokens.ts';
import { hashOf, secret } from '../token-text.ts';

/** Milliseconds. */
const GOOD_MS = 60_000;
/** How long a spent one is known. Milliseconds. */
const KNOWN_MS = 10 * 60_000;
/** Codes that are known at once. */
const MOST = 200;

/** What a code stands for. */
export interface Grant {
  readonly client: SigningClient;
  readonly choice: SignInChoice;
  /** PKCE, S256. */
  readonly challenge: string;
}

interface Entry {
  readonly grant: Grant;
  readonly until: number;
  spent: boolean;
  /** The sign-in that it has opened. */
  opened: Promise<string | null> | null;
}

/** See above. */
export interface Codes {
  issue(grant: Grant): string;
  /**
   * What it stands for, the first time; `spent` tells what it opened then. Null when it is none. Whatever comes of the
   * request, it is good no more.
   */
  take(code: string): { readonly grant: Grant } | { readonly spent: Promise<string | null> | null } | null;
  /** Tells what a code has opened. */
  opened(code: string, signIn: Promise<string | null>): void;
}

export function createCodes(clock: Clock): Codes {
  const codes = new Map<string, Entry>();
  const forget = (): void => {
    const now = clock.now();
    for (const [hash, { until }] of codes) if (until + KNOWN_MS <= now) codes.delete(hash);
    while (codes.size >= MOST) codes.delete(codes.keys().next().value ?? '');
  };
  return {
    issue(grant) {
      forget();
      const code = secret();
      codes.set(hashOf(code), { grant, until: clock.now() + GOOD_MS, spent: false, opened: null });
      return code;
    },
    take(code) {
      const entry = codes.get(hashOf(code));
      if (entry === undefined) return null;
      if (entry.spent) return { spent: entry.opened };
      entry.spent = true;
      return entry.until > clock.now() ? { grant: entry.grant } : null;
    },
    opened(code, signIn) {
      const entry = codes.get(hashOf(code));
      if (entry !== undefined) entry.opened = signIn;
    },
  };
}

/** Whether the verifier is the one of the challenge (RFC 7636 section 4.6). */
export function isVerifier(verifier: string, challenge: string): boolean {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false;
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}
