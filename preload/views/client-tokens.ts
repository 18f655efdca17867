/**
 * What commands about clients with tokens of their own carry. Types only.
 */

/** What a client may call, by what tools say of themselves; each includes the ones before. */
export type ClientPermission = 'read' | 'write' | 'destructive';

/** What a client may do. */
export interface ClientScope {
  /** Servers that it may use; null for all. */
  readonly servers: readonly string[] | null;
  /** The profile that it is held to; null for none. */
  readonly profile: string | null;
  readonly permission: ClientPermission;
  /** Epoch milliseconds; null never. */
  readonly expiresAt: number | null;
}

/** One client with a token of its own. The token itself is not kept. */
export interface ClientTokenView extends ClientScope {
  readonly name: string;
  readonly createdAt: number;
  readonly rotatedAt: number | null;
  /** When it last came in with its token; null when it never did. */
  readonly lastSeen: number | null;
  readonly revokedAt: number | null;
  /** Set for a client that signs in by itself. */
  readonly signedIn: {
    /** As whom it has registered: an id that was made here, or the address of its document. */
    readonly clientId: string;
    /** The path that it was let in to, such as `/mcp`. */
    readonly resource: string;
    /** The last first; none when it has signed out. Epoch milliseconds. */
    readonly signIns: readonly { readonly at: number; readonly until: number; readonly redirect: string }[];
  } | null;
}

/** Commands about clients with tokens of their own. */
export interface ClientTokenCommands {
  'clientToken.list': { args: Record<string, never>; value: readonly ClientTokenView[] };
  /** The token is shown once: only its hash is kept. */
  'clientToken.check': { args: { client: string; token: string }; value: boolean };
  'clientToken.create': { args: ClientScope & { client: string }; value: { readonly token: string } };
  'clientToken.rotate': { args: { client: string }; value: { readonly token: string } };
  'clientToken.revoke': { args: { client: string }; value: null };
  'clientToken.change': { args: ClientScope & { client: string }; value: null };
  'clientToken.remove': { args: { client: string }; value: null };
}
