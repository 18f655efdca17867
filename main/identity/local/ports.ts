/**
 * What signing in at our own endpoint needs from the outside, and what goes in and out of it. Types only.
 */
import type { Clock } from '../../protocol/clock.ts';
import type { Scope } from '../../protocol/scope.ts';
import type { SignInChoice, SignInTokens } from '../sign-in-tokens.ts';

/** A request, its Host and Origin checked already. */
export interface WebRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  /** The Host header: a name of this computer. */
  readonly host: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** Ends when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a client may call, by what tools say of themselves; each includes the ones before. */
export type Permission = SignInChoice['permission'];

/** A client that has registered, or whose document was read. */
export interface KnownClient {
  readonly clientId: string;
  /** What it calls itself: a claim. Null when it has not said. */
  readonly name: string | null;
  readonly redirects: readonly string[];
  /** It is the document at this address that says so, so that who serves it stands for it. */
  readonly isDocument: boolean;
}

/** What somebody has to decide about. Never changes while it waits. */
export interface Consent {
  readonly id: string;
  readonly client: KnownClient;
  readonly redirect: string;
  /** The path that it wants to use, and what that stands for. */
  readonly resource: string;
  readonly scope: Scope;
  readonly asks: Permission;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until: number;
}

/** How a sign-in went, for the activity log. `client` is its name in the list, or what it calls itself. */
export interface SignInNote {
  readonly action: 'client.signed_in' | 'client.sign_in_refused' | 'client.signed_out';
  readonly client: string;
  readonly errorCode: string | null;
  readonly detail: string;
}

/** What is needed. */
export interface LocalSignInDeps {
  readonly clock: Clock;
  readonly basePath: string;
  /** Where registrations are kept. Absolute. */
  readonly file: string;
  tokens(): Promise<SignInTokens>;
  /** What a path of the endpoint stands for; null when clients cannot connect there. */
  scopeAt(path: string): Scope | null;
  /** Reads the document of a client; null where that cannot be done here. */
  readonly readDocument: ((url: string, signal: AbortSignal) => Promise<unknown>) | null;
  /** Rejects when there is no such server or profile. */
  check(choice: SignInChoice): Promise<void>;
  /** What waits has changed. */
  changed(): void;
  noted(note: SignInNote): void;
  readonly log: { warn(fields: object, text: string): void };
}
