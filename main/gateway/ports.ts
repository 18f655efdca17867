/**
 * What the gateway needs from the rest of the house. The gateway is the side that clients connect to: it checks who
 * calls, keeps sessions, and hands requests on as bytes.
 */
import type { Forward, ForwardHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import type { ListKind } from '../protocol/listing.ts';

/** What a client sees: all servers together, or one server alone. */
export type Scope = { readonly kind: 'all' } | { readonly kind: 'server'; readonly server: string };

/** Where a name leads. */
export interface Route {
  readonly server: string;
  readonly name: string;
  readonly key: Buffer | null;
}

/** What a scope offers at one moment. */
export interface View {
  readonly lists: Readonly<Record<ListKind, Buffer>>;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | null;
  tool(name: string): Route | null;
  prompt(name: string): Route | null;
  resource(uri: string): Route | null;
}

/** Who calls. */
export interface Caller {
  /** Stable id of the client; `local` where no token is asked for. */
  readonly id: string;
}

/** One finished request, for the activity log. */
export interface CallRecord {
  readonly at: number;
  readonly client: string;
  readonly session: string;
  readonly server: string;
  readonly method: string;
  /** Tool or prompt name or URI as the server knows it. */
  readonly target: string;
  readonly outcome: 'ok' | 'tool-error' | 'error' | 'refused' | 'cancelled';
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** The gateway's view of the house. */
export interface GatewayPorts {
  readonly clock: Clock;
  readonly log: { debug(fields: object, text: string): void; warn(fields: object, text: string): void };
  /** Our own name and version. */
  readonly serverInfo: { readonly name: string; readonly title: string; readonly version: string };
  /** True when a server of this name may be reached by its own route. */
  hasServer(name: string): boolean;
  /** What a server calls itself, for `initialize` on its own route. */
  infoOf(server: string): Readonly<Record<string, unknown>> | null;
  view(scope: Scope): View;
  watch(scope: Scope, listener: (kinds: readonly ListKind[]) => void): () => void;
  /** Settles when every server of the scope has connected or failed once, or a short bound has passed. */
  settled(scope: Scope): Promise<void> | null;
  /** Null when the call may pass; synchronous map lookups only. */
  admitTool(caller: Caller, route: Route): GatehouseError | null;
  forward(server: string, request: Forward): ForwardHandle;
  /** Settles when credentials can be checked; null when they can already. */
  opening(): Promise<void> | null;
  /** Null when the credentials are not good for the scope. */
  authenticate(scope: Scope, authorization: string | undefined, apiKey: string | undefined): Caller | null;
  /** Called after the answer has left. */
  record(call: CallRecord): void;
  sessionsChanged(open: number): void;
}
