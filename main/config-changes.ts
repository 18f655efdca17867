/** What differs between two configurations, by names alone: values may be secrets. Pure. */
import type { GatehouseConfig } from './config/schema.ts';

/** Differences that are named; of more only the number is told. */
const MOST = 100;

/**
 * One line for each key, server and profile that differs, such as `servers.files: added` or `servers.web: transport, trust`,
 * in the words of `GatehouseConfig`. Empty when both say the same.
 */
export function changesOf(before: GatehouseConfig, after: GatehouseConfig): readonly string[] {
  const { servers, profiles, ...rest } = before;
  const { servers: nextServers, profiles: nextProfiles, ...nextRest } = after;
  const all = [
    ...keysThatDiffer(rest, nextRest),
    ...named('servers', servers, nextServers),
    ...named('profiles', profiles, nextProfiles),
  ];
  return all.length <= MOST ? all : [...all.slice(0, MOST), `and ${all.length - MOST} more`];
}

interface Named {
  readonly name: string;
}

function named(what: string, before: readonly Named[], after: readonly Named[]): string[] {
  const next = new Map(after.map((one) => [one.name, one]));
  const known = new Set(before.map(({ name }) => name));
  return [
    ...before.flatMap((one) => {
      const now = next.get(one.name);
      if (now === undefined) return [`${what}.${one.name}: removed`];
      const keys = keysThatDiffer(one, now);
      return keys.length === 0 ? [] : [`${what}.${one.name}: ${keys.join(', ')}`];
    }),
    ...after.filter(({ name }) => !known.has(name)).map(({ name }) => `${what}.${name}: added`),
  ];
}

function keysThatDiffer(before: object, after: object): string[] {
  const [was, is] = [before, after] as readonly Readonly<Record<string, unknown>>[];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(was?.[key]) !== JSON.stringify(is?.[key]));
}
