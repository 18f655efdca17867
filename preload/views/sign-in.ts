/** What screens show of signing in to remote servers. Types only. */
import type { Problem } from './said.ts';

/** How signing in to one server stands. Never holds a token. */
export interface SignInView {
  /** `none`: not needed so far; `waiting`: a browser is open; `needed`: somebody has to sign in. */
  readonly state: 'none' | 'waiting' | 'signed-in' | 'needed';
  /** Host of the authorization server; null until it is known. */
  readonly provider: string | null;
  /** What was granted, or else asked for. */
  readonly scopes: readonly string[];
  /** Epoch milliseconds when what the server was given expires; null when that is not said. */
  readonly expiresAt: number | null;
  /** Whether it is renewed without anybody's help. */
  readonly renews: boolean;
  /** Why somebody has to sign in, or why that failed. */
  readonly problem: Problem | null;
}

/** A sign-in that was begun. */
export interface SignInStart {
  /** The address for the browser; empty when no person is needed. */
  readonly url: string;
  /** Whether a browser was opened with it on the computer that Gatehouse runs on. */
  readonly opened: boolean;
}

/** Commands about signing in. */
export interface SignInCommands {
  /** Begins a sign-in, or opens the one under way again. `fresh` forgets earlier registrations with the provider. */
  'server.signIn': { args: { server: string; fresh?: boolean | undefined }; value: SignInStart };
  /** Settles when the sign-in under way has come to its end; at once when none is. */
  'server.awaitSignIn': { args: { server: string }; value: null };
  /** Gives up the sign-in under way; nothing when none is. */
  'server.cancelSignIn': { args: { server: string }; value: null };
  /** Takes the address at which a browser elsewhere has ended; settles when the server may be used. */
  'server.completeSignIn': { args: { server: string; address: string }; value: null };
  /** Forgets what was granted, and tells the provider. */
  'server.signOut': { args: { server: string }; value: null };
}
