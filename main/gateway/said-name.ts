/**
 * What a client calls itself. Its own words, cut and never trusted: they name nobody, and are only shown as what it says.
 * Pure.
 */
import type { Peer } from '../protocol/peer.ts';

/** UTF-16 units. */
const LONGEST = 200;

/** Null when it has not said. */
export function saidName({ info }: Pick<Peer, 'info'>): string | null {
  const { title, name } = info ?? {};
  const said = typeof title === 'string' && title !== '' ? title : name;
  return typeof said === 'string' && said !== '' ? said.slice(0, LONGEST) : null;
}
