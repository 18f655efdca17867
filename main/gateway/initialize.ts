/**
 * The handshake of the sessionful revisions (lifecycle section, "Initialization"): what the client says of itself, and
 * what it is told.
 */
import type { GatehouseError } from '../protocol/error.ts';
import { valueAt } from '../protocol/json.ts';
import type { LogLevel, Peer } from '../protocol/peer.ts';
import type { MessageScan } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { negotiate } from '../protocol/versions.ts';
import type { GatewayPorts } from './ports.ts';
import { invalidParams } from './refusals.ts';

/** What is kept for as long as the session lasts must be small. Bytes of `params`. */
const LARGEST = 64 * 1024;

/** The client of a session, which may change its level. */
export interface SessionPeer extends Peer {
  logLevel: LogLevel | null;
}

/** Reads the client's own words; an error when they are too many. What is missing or of a wrong type counts as unsaid. */
export function readInitialize(bytes: Buffer, scan: MessageScan, key: string): SessionPeer | GatehouseError {
  if (scan.paramsEnd - scan.paramsStart > LARGEST) {
    return invalidParams(`"initialize" takes at most ${LARGEST / 1024} KiB of params.`);
  }
  const params = scan.paramsStart < 0 ? null : asRecord(valueAt(bytes, scan.paramsStart, scan.paramsEnd));
  return {
    key,
    client: key,
    era: 'legacy',
    revision: negotiate(params?.protocolVersion),
    info: asRecord(params?.clientInfo),
    capabilities: asRecord(params?.capabilities) ?? {},
    logLevel: null,
  };
}

/** The result of `initialize`, serialized. */
export function initializeResult(ports: GatewayPorts, scope: Scope, peer: Peer): string {
  const view = ports.view(scope, peer);
  const own = scope.kind === 'server' ? ports.infoOf(scope.server) : null;
  return JSON.stringify({
    protocolVersion: peer.revision,
    capabilities: view.capabilities,
    serverInfo: own ?? ports.serverInfo,
    ...(view.instructions === null ? {} : { instructions: view.instructions }),
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}
