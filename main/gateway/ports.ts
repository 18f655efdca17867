/**
 * What the gateway needs from the rest of the house. The gateway is the side that clients connect to: it checks who
 * calls, keeps sessions, and hands requests on as bytes.
 */
import type { Ask, AskHandle, Forward, ForwardHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import type { Caching, ListKind } from '../protocol/listing.ts';
import type { LogLevel, Peer } from '../protocol/peer.ts';
import type { Scope } from '../protocol/scope.ts';
import type { SignInPort } from './sign-in-port.ts';

/** Where a name leads. */
export interface Route {
  readonly server: string;
  /** The server's own name for it. */
  readonly name: string;
  /** `name` as JSON bytes, ready to be spliced in; null when the client already uses it. */
  readonly key: Buffer | null;
}

/** What a scope offers at one moment. */
export interface View {
  /** The whole result object of each list method, in the terms of the legacy revisions. */
  readonly lists: Readonly<Record<ListKind, Buffer>>;
  readonly caching: Readonly<Record<ListKind, Caching>>;
  /** Merged from what the servers of the view declare. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | null;
  /** The servers of the view that are listed now, in order. */
  readonly servers: readonly string[];
  tool(name: string): Route | null;
  prompt(name: string): Route | null;
  resource(uri: string): Route | null;
  /** A resource template by its exact text, for completion. */
  template(uriTemplate: string): Route | null;
  /** How clients of this view write a URI of this server. */
  exposedUri(server: string, uri: string): string;
  /**
   * The answer of a server to a call, with URIs in it (links, embedded resources) written as this view's clients must
   * write them to reach the same server. The same buffer when nothing changes.
   */
  exposeLinks(server: string, answer: Buffer): Buffer;
  /** What one server of the view declares; null when it is not listed. */
  capabilitiesOf(server: string): Readonly<Record<string, unknown>> | null;
  /** The tool's own definition, for `x-mcp-header`; null when there is none. */
  inputSchemaOf(route: Route): unknown;
}

/** What is kept from clients, and why. */
export interface Refusal {
  readonly server: string;
  /** The server's own name for it. */
  readonly name: string;
  readonly error: GatehouseError;
}

/** Who calls. */
export interface Caller {
  /** Stable id of the client; `local` where no token is asked for. */
  readonly id: string;
}

/** One caller that is here. */
export interface Here {
  readonly caller: string;
  /** Epoch milliseconds of its last request. */
  readonly lastUsed: number;
  /** It has a session, or something under way. */
  readonly open: boolean;
}

/** What a person is shown of a call. */
export interface PersonAsk {
  /** Stable id of the client. */
  readonly client: string;
  /** What it calls itself; null when it has not said. */
  readonly clientName: string | null;
  /** Its connection; `peerGone` tells of its end by the same key. */
  readonly session: string;
  readonly server: string;
  /** The server's own name of the tool. */
  readonly tool: string;
  /** Raw JSON; null when there are none. */
  readonly args: Buffer | null;
}

/** One finished request, for the activity log. */
export interface CallRecord {
  readonly at: number;
  readonly client: string;
  /** What it calls itself; null when it has not said. */
  readonly clientName: string | null;
  readonly session: string;
  readonly server: string;
  readonly method: string;
  /** Tool or prompt name or URI as the server knows it. */
  readonly tool: string;
  readonly outcome: 'ok' | 'tool-error' | 'error' | 'refused' | 'cancelled';
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** How a person let it through; null where nobody was asked, or it was refused. */
  readonly approval: CallAllowance['by'] | null;
}

/** What lets a call through that a person is asked about. */
export interface CallAllowance {
  /** This call, the same one in this session, or the same one always. */
  readonly by: 'once' | 'session' | 'always';
  /** Why it counts no more, such as that the tool has changed; else null. */
  stands(): GatehouseError | null;
}

/** Something that happened at the door, for the activity log. */
export interface DoorNote {
  readonly kind: 'connection';
  readonly action: 'session.opened' | 'session.closed' | 'client.refused';
  readonly client: string;
  readonly clientName?: string | null;
  readonly session: string;
  /** The server whose own route it is; empty otherwise. */
  readonly server: string;
  readonly outcome: 'ok' | 'refused';
  readonly errorCode: string | null;
}

/** The gateway's view of the house. */
export interface GatewayPorts {
  readonly clock: Clock;
  readonly log: { debug(fields: object, text: string): void; warn(fields: object, text: string): void };
  /** Our own name and version. */
  readonly serverInfo: { readonly name: string; readonly title: string; readonly version: string };
  /** True when a server of this name may be reached by its own route. */
  hasServer(name: string): boolean;
  hasProfile(name: string): boolean;
  /** What a server calls itself, for `initialize` on its own route. */
  infoOf(server: string): Readonly<Record<string, unknown>> | null;
  /** True when the server answers by event streams. */
  streams(server: string): boolean;
  /**
   * What this client sees in the scope. The same object until something changed. For servers whose sessions are not
   * shared, what its own session lists, as soon as there is one.
   */
  view(scope: Scope, peer: Peer): View;
  watch(scope: Scope, peer: Peer, listener: (kinds: readonly ListKind[]) => void): () => void;
  /**
   * Settles when every server of the scope has connected or failed once (own sessions of this peer included), or a
   * short bound has passed; null when there is nothing to wait for.
   */
  settled(scope: Scope, peer: Peer): Promise<void> | null;
  /**
   * Null when the call may pass; synchronous map lookups only. Whether the tool is approved, switched on and offered
   * needs no look-up: a view has a way only to such.
   */
  admitTool(caller: Caller, route: Route): GatehouseError | null;
  /** True when a person is to be asked before this call; synchronous map lookups only. */
  asksFirst(caller: Caller, route: Route): boolean;
  /**
   * Lets a call wait for a person. What allowed it where that was before, an error when it cannot wait. `decided` is called
   * once, and never before this returns: with what lets it go, or with the refusal.
   */
  askPerson(
    call: PersonAsk,
    decided: (refusal: GatehouseError | null, allowed: CallAllowance | null) => void,
  ): { cancel(): void } | GatehouseError | CallAllowance;
  /** Null when anything at all may be asked of the server; else it is held back, and nothing reaches it. */
  admitServer(server: string): GatehouseError | null;
  /** Why the view has no way to a tool or prompt of this exposed name, where that is the user's will; else null. */
  refusal(scope: Scope, peer: Peer, method: string, name: string): Refusal | null;
  forward(server: string, request: Forward): ForwardHandle;
  /**
   * Subscribes the peer to a resource by the server's own URI; counted, restored after a reconnect. Rejects with a
   * GatehouseError or a ServerError. Twice for one peer counts once.
   */
  subscribe(server: string, uri: string, peer: Peer): Promise<void>;
  unsubscribe(server: string, uri: string, peer: Peer): Promise<void>;
  /** The most verbose level that anybody wants of this server; null when nobody has said. Restored after a reconnect. */
  setLogLevel(server: string, level: LogLevel | null): void;
  /** A notification of a client, such as `notifications/roots/list_changed`, for one server. */
  notifyServer(server: string, peer: Peer, message: Buffer): void;
  /** The peer is gone: its subscriptions and its own sessions end. */
  peerGone(peer: Peer): void;
  /** Settles when credentials can be checked; null when they can already. */
  opening(): Promise<void> | null;
  /** Null when the credentials are not good for the scope. */
  authenticate(scope: Scope, authorization: string | undefined, apiKey: string | undefined): Caller | null;
  /** What this caller sees in place of the scope it asks for; null when that is nothing. Absent: all of it. */
  narrow?(caller: Caller, scope: Scope): Scope | null;
  /** Signing in at this endpoint; absent where it asks for no token. */
  readonly signIn?: SignInPort;
  /** Told who comes, who goes and who is refused. */
  noted?(note: DoorNote): void;
  /**
   * Called after the answer has left, with the request and the answer as they were (null where there is none); whoever
   * wants to keep something of them copies it at once.
   */
  record(call: CallRecord, request: Buffer | null, answer: Buffer | null): void;
  sessionsChanged(open: number): void;
  /** A client has begun a session, or a stateless one is new; `info` is what it says of itself. */
  clientCame(caller: Caller, info: Readonly<Record<string, unknown>> | null): void;
  /**
   * When a client sent its last request, epoch milliseconds: told once a minute for whoever is here, and when one goes, so
   * that no request has to.
   */
  clientUsed(caller: Caller, at: number): void;
}

/** Bounds of the door. */
export interface GatewayLimits {
  /** Bytes of one message. */
  readonly bodyBytes: number;
  /** Sessions open at once. */
  readonly sessions: number;
  /** Calls of one client under way at once; more wait in the queue. */
  readonly callsPerClient: number;
  /** Calls of one client that may wait; more are refused with a retryable error. */
  readonly queuePerClient: number;
  /** A session nobody used for this long is closed, unless its stream is open. Milliseconds. */
  readonly sessionIdleMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  bodyBytes: 32 * 1024 * 1024,
  sessions: 10_000,
  callsPerClient: 1_024,
  queuePerClient: 4_096,
  sessionIdleMs: 60 * 60_000,
};

/** What comes from servers outside of any call; the gateway gives it to whom it concerns. */
export interface FromServers {
  /**
   * A notification of a server. `peerKey` names the client whose own session it came on; null for a shared one. List
   * changes, progress and cancellations do not come this way.
   */
  notification(server: string, peerKey: string | null, method: string, message: Buffer): void;
  /**
   * A request of a server while no call of it is under way that could have caused it. Null when it is nobody's: it is
   * then refused, never sent to all.
   */
  ask(server: string, peerKey: string | null, ask: Ask): AskHandle | null;
}
