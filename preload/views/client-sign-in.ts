/** What screens show of clients that want to sign in. Types only. */
import type { ClientPermission } from './client-tokens.ts';

/** A client that waits to be let in. What is shown of it never changes. */
export interface WaitingSignInView {
  /** Short, and shown in the browser too; a decision names it. */
  readonly id: string;
  /** What it calls itself: a claim. Null when it has not said. */
  readonly name: string | null;
  /** The host that stands for that claim; null when nobody does. */
  readonly vouchedBy: string | null;
  /** Where the browser goes back to. */
  readonly redirect: string;
  /** `loopback` is a program that listens on this computer, `app` one that the system opens. */
  readonly redirectKind: 'loopback' | 'app';
  /** The most that it asks for. */
  readonly asks: ClientPermission;
  /** The one server, or the profile, that it wants; null for both is everything. */
  readonly server: string | null;
  readonly profile: string | null;
  /** What it may be held to; empty where there is nothing to choose. */
  readonly profiles: readonly string[];
  /** What was chosen for it before; null when it is new. */
  readonly before: {
    readonly client: string;
    readonly profile: string | null;
    readonly permission: ClientPermission;
  } | null;
  /** Epoch milliseconds; denied at `until` unless somebody decides. */
  readonly since: number;
  readonly until: number;
}

/** What is decided; the permission is at most what it asks for. */
export type SignInDecisionView =
  | { readonly allow: false }
  | { readonly allow: true; readonly profile: string | null; readonly permission: ClientPermission };

/** Commands about clients that want to sign in. */
export interface ClientSignInCommands {
  /** The oldest first. */
  'clientSignIn.waiting': { args: Record<string, never>; value: readonly WaitingSignInView[] };
  'clientSignIn.decide': { args: { id: string; decision: SignInDecisionView }; value: null };
  /** The profiles of the configuration. */
  'profile.list': { args: Record<string, never>; value: readonly string[] };
}
