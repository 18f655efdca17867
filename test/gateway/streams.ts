/** What the tests of streams that outlive their connections say on them, and what they read off them. */
import type { Forwarded } from '../fakes/gateway-ports.ts';
import type { Exchange } from './front-door.ts';

/** How long a call waits for a client that has hung up. */
export const GRACE_MS = 30_000;

/** A notification with this number. */
export const note = (n: number): string => `{"jsonrpc":"2.0","method":"notifications/x","params":{"n":${n}}}`;

/** The server says that on the stream of the call. */
export function tell({ sink }: Forwarded, n: number): void {
  sink.notify(Buffer.from(note(n)), 'notifications/x');
}

/** The numbers of the notifications that came, and the results. */
export const numbers = (exchange: Exchange): unknown[] =>
  exchange.messages().map(({ params, result }) => (params as { n?: number } | undefined)?.n ?? result);

/** The ids of the events that came; empty for those without. */
export const ids = (exchange: Exchange): string[] => exchange.events.map(({ id }) => id ?? '');

export const last = (exchange: Exchange): string => ids(exchange).at(-1) ?? '';
