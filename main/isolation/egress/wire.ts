/**
 * What the gateway and its egress proxy say to each other, as lines of JSON: orders to it, reports from it. Pure.
 */
import type { HostRule } from './rules.ts';

/** What one server may reach. */
export interface ServerOrder {
  /** One for each running container: a server may run several times. */
  readonly id: string;
  readonly server: string;
  /** The proxy's own IPv4 address in the private network of this server. */
  readonly address: string;
  /** null permits every public host, to learn which are needed. */
  readonly rules: readonly HostRule[] | null;
}

/** The complete orders; what is not named any more is closed. */
export interface Orders {
  readonly servers: readonly ServerOrder[];
}

/** Why a host was refused. */
export type Refusal = 'not-listed' | 'private' | 'unknown' | 'unreachable' | 'too-many';

/** What the proxy tells. */
export type Report =
  | { readonly kind: 'ready' }
  /** The orders with this number of servers are in force. */
  | { readonly kind: 'obeyed'; readonly servers: number }
  /** They could not be put in force. */
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'host';
      readonly server: string;
      readonly host: string;
      /** null when only its name was asked for. */
      readonly port: number | null;
      /** null when it was reached. */
      readonly refused: Refusal | null;
    };

/** Ports on which the proxy listens for every server, besides those of its rules. */
export const PROXY_PORT = 3128;
export const WEB_PORTS: readonly number[] = [80, 443];
