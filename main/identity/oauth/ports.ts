/**
 * What signing in to remote servers needs from the outside, and what it is told of a server. Types only.
 */
import type { Clock } from '../../protocol/clock.ts';
import type { Way } from '../../protocol/exchange.ts';

/** How to sign in to one server, every reference in it resolved. */
export interface OAuthSettings {
  /** `authorization-code` asks a person; `client-credentials` is for machines. */
  readonly grant: 'authorization-code' | 'client-credentials';
  /** Null registers a client, or uses `clientMetadataUrl`. */
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  /** PEM or JWK with which the client proves itself (RFC 7523); null for none. */
  readonly privateKey: string | null;
  /** The algorithm of `privateKey`, such as RS256 or ES256. */
  readonly keyAlgorithm: string;
  /** An https address at which the client describes itself (client id metadata document); null for none. */
  readonly clientMetadataUrl: string | null;
  /** Null leaves them to the server. */
  readonly scopes: readonly string[] | null;
  /** Where the browser is sent back to; null for an address of our own choice on this computer. */
  readonly redirectUri: string | null;
  /** Further parameters of every request to the authorization server. */
  readonly extraParams: Readonly<Record<string, string>>;
  /** The authorization server, for servers that do not name theirs; null for the one that they name. */
  readonly issuer: string | null;
}

/** A remote server as configured now. */
export interface OAuthTarget {
  readonly url: string;
  readonly settings: OAuthSettings;
  /** How its authorization server is reached. Throws a GatehouseError where the proxy for it cannot be used. */
  wayTo(address: URL): Way;
}

/** Texts that are kept under a name, encrypted. Every call rejects with a GatehouseError of its own room. */
export interface RecordStore {
  read(name: string): Promise<string | null>;
  /** Settles when the new text would survive a crash. */
  write(name: string, text: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Runs `work` while no other process runs such work under this name. */
  exclusive<T>(name: string, work: (courier: Courier) => Promise<T>): Promise<T>;
}

/** Carries token requests whose answers must not be lost, even when this process is killed meanwhile. */
export interface Courier {
  /** Posts, and keeps the answer until `settle`; `about` finds it again. */
  post(about: string, request: CourierRequest): Promise<Response>;
  kept(about: string): Promise<Response | null>;
  settle(): Promise<void>;
}

/** One token request. */
export interface CourierRequest {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
  /** Milliseconds for the answer. */
  readonly limitMs: number;
  readonly way: Way;
}

/** How signing in to one server stands, for people. Never holds a token. */
export interface SignInView {
  /** `none`: never needed so far; `waiting`: a browser is open; `needed`: somebody has to sign in. */
  readonly state: 'none' | 'waiting' | 'signed-in' | 'needed';
  /** Host of the authorization server; null until it is known. */
  readonly provider: string | null;
  readonly scopes: readonly string[];
  /** Epoch milliseconds when the access token expires; null when that is not said. */
  readonly expiresAt: number | null;
  /** Whether it is renewed without anybody's help. */
  readonly renews: boolean;
  readonly problem: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

/** What signing in needs. */
export interface SignInDeps {
  readonly clock: Clock;
  readonly log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
  readonly store: RecordStore;
  /** The server as configured now; null when there is no such remote server, or it is not to be signed in to. */
  target(server: string): Promise<OAuthTarget | null>;
  /** Opens an address in the person's browser; null where there is none. */
  readonly openBrowser: ((url: string) => Promise<void>) | null;
  /** The state of a server's sign-in has changed. */
  changed(server: string, view: SignInView): void;
  /** Somebody has signed in: whoever waits for the server may try again. */
  signedIn(server: string): void;
}
