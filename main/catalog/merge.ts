/**
 * What several servers say of themselves, said as one: capabilities, instructions, caching hints. Deterministic: in the
 * order of servers.
 */
import { type Caching, type ListKind, type ServerListing, UNCACHED } from '../protocol/listing.ts';

/** One server's share of a view. */
export interface ViewPart {
  readonly server: string;
  readonly listing: ServerListing;
  /** True when this is what one client's own session lists, and no other client sees it. */
  readonly own?: boolean;
  /** False when what the server does not list must not be reached: something of it is held back. */
  readonly open?: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Capabilities with a meaning of their own below; of the others only these are served side by side. */
const UNITED = ['completions', 'logging', 'tasks', 'extensions', 'experimental'] as const;
/** Capabilities of lists; Gatehouse always tells when one changes. */
const LISTED = ['tools', 'prompts', 'resources'] as const;
/** Deeper objects of capabilities are not united: the first server's is taken. */
const MAX_DEPTH = 8;

/**
 * The union. The merged endpoint always says that it has tools which may change, since servers come and go; the rest
 * only when some server has it.
 */
export function mergedCapabilities(parts: readonly ViewPart[]): Values {
  const merged: Record<string, unknown> = { tools: { listChanged: true } };
  const declared = parts.map((part) => part.listing.capabilities);
  if (declared.some((one) => one.prompts !== undefined)) merged.prompts = { listChanged: true };
  if (declared.some((one) => one.resources !== undefined)) {
    const subscribe = declared.some((one) => isRecord(one.resources) && one.resources.subscribe === true);
    merged.resources = { listChanged: true, ...(subscribe ? { subscribe } : {}) };
  }
  for (const name of UNITED) {
    const said = declared.map((one) => one[name]).filter(isRecord);
    if (said.length > 0) merged[name] = said.reduce((all, one) => unite(all, one, MAX_DEPTH) as Values);
  }
  return merged;
}

/** What one server declares, word by word, and that its lists may change, since the user may change them too. */
export function ownCapabilities(declared: Values): Values {
  const own: Record<string, unknown> = { ...declared };
  for (const name of LISTED) {
    const said = declared[name];
    if (said !== undefined) own[name] = { ...(isRecord(said) ? said : {}), listChanged: true };
  }
  return own;
}

/** Both: objects by member, lists with each element once, true before false; else the first. */
function unite(first: unknown, second: unknown, depth: number): unknown {
  if (Array.isArray(first) && Array.isArray(second)) {
    const known = new Set(first.map((one) => JSON.stringify(one)));
    return [...first, ...second.filter((one) => !known.has(JSON.stringify(one)))];
  }
  if (isRecord(first) && isRecord(second) && depth > 0) {
    const all = new Map(Object.entries(first));
    for (const [key, value] of Object.entries(second)) {
      all.set(key, all.has(key) ? unite(all.get(key), value, depth - 1) : value);
    }
    // `fromEntries` also takes a key named `__proto__`.
    return Object.fromEntries(all);
  }
  return first === false && second === true ? true : first;
}

/** Each server's instructions under its name; null when there are none. */
export function mergedInstructions(parts: readonly ViewPart[]): string | null {
  const said = parts.filter((part) => part.listing.instructions !== null);
  if (said.length === 0) return null;
  return said.map((part) => `## ${part.server}\n\n${part.listing.instructions}`).join('\n\n');
}

/**
 * How long the list may be kept, and by whom: as the strictest of the servers that have such a list says. Without any,
 * nothing is promised: a server may come at any time. What the user switches is told by `list_changed`, as everything.
 */
export function mergedCaching(kind: ListKind, parts: readonly ViewPart[]): Caching {
  const capability = kind === 'resourceTemplates' ? 'resources' : kind;
  const having = parts.filter((part) => part.listing.capabilities[capability] !== undefined);
  if (having.length === 0) return UNCACHED;
  const ttls = having.map((part) => part.listing.caching[kind].ttlMs);
  const shared = having.every(
    (part) => part.own !== true && part.listing.caching[kind].cacheScope === 'public',
  );
  const least = Math.min(...ttls);
  const ttlMs = Number.isSafeInteger(least) ? Math.max(0, least) : 0;
  return { ttlMs, cacheScope: shared ? 'public' : 'private' };
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
