/**
 * Requests of our own in the terms of either era: as they are, or with what a stateless request says of its sender.
 */
import type { CallSink, ForwardHandle } from '../protocol/call.ts';
import { META } from '../protocol/modern.ts';
import type { Era } from '../protocol/peer.ts';
import type { Connection, RawResult } from './connection.ts';
import type { RequestHead } from './link.ts';

/** Our name and version. */
export interface OwnInfo {
  readonly name: string;
  readonly version: string;
}

/** What servers may ask of clients of ours taken together: each may have a client that can do it. */
export const OWN_CAPABILITIES = {
  roots: { listChanged: true },
  sampling: { tools: {}, context: {} },
  elicitation: { form: {}, url: {} },
} as const;

/** How we ask one server. */
export interface Speech {
  readonly era: Era;
  /** As `Connection.streams`. */
  readonly streams: boolean;
  /** As `Connection.request`. */
  request(method: string, params: Readonly<Record<string, unknown>>, timeoutMs: number): Promise<RawResult>;
  /** As `Connection.open`. */
  open(method: string, params: Readonly<Record<string, unknown>>, sink: CallSink): ForwardHandle;
}

/** Requests as they are: the session says who sends them. */
export function legacySpeech(connection: Connection): Speech {
  return {
    era: 'legacy',
    get streams() {
      return connection.streams;
    },
    request: (method, params, timeoutMs) => connection.request(method, params, timeoutMs, null),
    open: (method, params, sink) => connection.open(method, params, null, sink),
  };
}

/** Requests that say of themselves who sends them, in the revision `version` (2026-07-28). */
export function modernSpeech(connection: Connection, info: OwnInfo, version: string): Speech {
  const _meta = {
    [META.version]: version,
    [META.clientInfo]: info,
    // Roots have no settings in these revisions.
    [META.clientCapabilities]: { ...OWN_CAPABILITIES, roots: {} },
  };
  const head = (method: string): RequestHead | null =>
    connection.heads ? { method, name: null, params: null } : null;
  return {
    era: 'modern',
    get streams() {
      return connection.streams;
    },
    request: (method, params, timeoutMs) =>
      connection.request(method, { ...params, _meta }, timeoutMs, head(method)),
    open: (method, params, sink) => connection.open(method, { ...params, _meta }, head(method), sink),
  };
}
