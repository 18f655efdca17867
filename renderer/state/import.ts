/** Bringing servers in, as its dialog shows it. Pure. */
import type { ImportableView } from '../../preload/views/import.ts';

/** Where a server stands: each client once, and its name there where that is another one. */
export function placesOf({ name, from }: Pick<ImportableView, 'name' | 'from'>): readonly string[] {
  return [...new Set(from.map((one) => (one.name === name ? one.label : `${one.label} (${one.name})`)))];
}

/** Whether all of them are chosen. */
export function isWhole(servers: readonly ImportableView[], chosen: ReadonlySet<string>): boolean {
  return servers.length > 0 && servers.every(({ name }) => chosen.has(name));
}
