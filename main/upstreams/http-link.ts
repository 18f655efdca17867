/**
 * The streamable HTTP transport (transports section): each message of ours is a POST, its answer one JSON body or a
 * stream of events of its own.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { HttpTarget } from './http-target.ts';
import type { Link, LinkEvents } from './link.ts';

/** Makes a link; nothing is sent before the first message. Rejects when the address or a header cannot be used. */
export async function openHttpLink(_target: HttpTarget, _clock: Clock, _events: LinkEvents): Promise<Link> {
  throw new GatehouseError({
    code: 'upstream.transport_unsupported',
    message: 'This version of Gatehouse runs stdio servers only; this server is remote.',
    remedy: 'Switch the server off until an update brings remote servers.',
  });
}
