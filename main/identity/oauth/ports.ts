/**
 * What signing in to remote servers needs from the outside, and what it is told of a server. Types only.
 */
import type { SignInView } from '../../../preload/views/sign-in.ts';
import type { OAuthConfig } from '../../config/oauth.ts';
import type { Clock } from '../../protocol/clock.ts';
import type { Way } from '../../protocol/exchange.ts';
import type { Vault } from '../../secrets/vault.ts';

/** How to sign in to one server, every reference in it resolved. */
export type OAuthSettings = OAuthConfig;

/** A remote server as configured now. */
export interface OAuthTarget {
  readonly url: string;
  readonly settings: OAuthSettings;
  /** How its authorization server is reached. Throws a GatehouseError where the proxy for it cannot be used. */
  wayTo(address: URL): Way;
}

/** What signing in needs. */
export interface SignInDeps {
  readonly clock: Clock;
  readonly log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
  readonly store: Vault;
  /** The server as configured now; null when there is no such remote server, or it is not to be signed in to. */
  target(server: string): Promise<OAuthTarget | null>;
  /** Opens an address in the person's browser; null where there is none. */
  readonly openBrowser: ((url: string) => Promise<void>) | null;
  /** The state of a server's sign-in has changed. */
  changed(server: string, view: SignInView): void;
  /** Somebody has signed in: whoever waits for the server may try again. */
  signedIn(server: string): void;
}
