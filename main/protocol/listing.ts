/**
 * What a server lists (tools, prompts, resources, templates), kept as the server's own bytes so that nothing it said
 * is lost, with the one member that routing rewrites marked.
 */
import { isUtf8 } from 'node:buffer';
import { arraySpans, memberSpans, stringAt, valueAt } from './json.ts';
import type { Era } from './peer.ts';

/** The four kinds of things that servers list. */
export const LIST_KINDS = ['tools', 'prompts', 'resources', 'resourceTemplates'] as const;

export type ListKind = (typeof LIST_KINDS)[number];

/** The list method of each kind. */
export const LIST_METHODS: Readonly<Record<ListKind, string>> = {
  tools: 'tools/list',
  prompts: 'prompts/list',
  resources: 'resources/list',
  resourceTemplates: 'resources/templates/list',
};

/** Which member of an item is its key. */
const KEY_MEMBER: Readonly<Record<ListKind, string>> = {
  tools: 'name',
  prompts: 'name',
  resources: 'uri',
  resourceTemplates: 'uriTemplate',
};

/** One listed thing. */
export interface ListedItem {
  /** The item's own JSON, byte for byte as the server sent it. */
  readonly bytes: Buffer;
  /** Its name, URI or URI template. */
  readonly key: string;
  /** Span of the key's JSON string in `bytes`. */
  readonly keyStart: number;
  readonly keyEnd: number;
  /** The same item parsed, for screens and for trust; never sent on. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The name that the user gave it in place of its own. */
  readonly alias?: string;
}

/** How long a list may be kept, and by whom (caching section, revision 2026-07-28). */
export interface Caching {
  /** Milliseconds, 0 or more. */
  readonly ttlMs: number;
  readonly cacheScope: 'public' | 'private';
}

/** What a list without caching hints is taken for. */
export const UNCACHED: Caching = { ttlMs: 0, cacheScope: 'private' };

/** Everything one server offers. */
export interface ServerListing {
  readonly tools: readonly ListedItem[];
  readonly prompts: readonly ListedItem[];
  readonly resources: readonly ListedItem[];
  readonly resourceTemplates: readonly ListedItem[];
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | null;
  readonly serverInfo: Readonly<Record<string, unknown>>;
  readonly protocolVersion: string;
  readonly era: Era;
  /** It answers by event streams: a client of it alone is answered in the same form. */
  readonly streams: boolean;
  /** Hints for each list; `UNCACHED` where the server gave none. */
  readonly caching: Readonly<Record<ListKind, Caching>>;
}

/** One page of a list result. */
export interface ListPage {
  readonly items: readonly ListedItem[];
  readonly nextCursor: string | null;
}

/**
 * Reads one page of a list out of the result span of an answer, `most` items at most; null when it is no such page.
 * Items without a string key are left out: nobody could call them. So are items that are not UTF-8: a client that reads
 * strictly would lose the lists of all other servers with them.
 */
export function readPage(
  kind: ListKind,
  bytes: Buffer,
  start: number,
  end: number,
  most = Number.POSITIVE_INFINITY,
): ListPage | null {
  const result = memberSpans(bytes, start, end);
  const list = result?.get(kind);
  if (result === null || list === undefined) return null;
  const spans = arraySpans(bytes, list.start, list.end);
  if (spans === null) return null;
  const items: ListedItem[] = [];
  for (const span of spans) {
    if (items.length >= most) break;
    if (!isUtf8(bytes.subarray(span.start, span.end))) continue;
    // A copy, so that one kept item does not keep the whole answer in memory.
    const item = readItem(kind, Buffer.from(bytes.subarray(span.start, span.end)));
    if (item !== null) items.push(item);
  }
  const cursor = result.get('nextCursor');
  const next = cursor === undefined ? null : valueAt(bytes, cursor.start, cursor.end);
  return { items, nextCursor: typeof next === 'string' ? next : null };
}

/** Reads one item; null when it has no key of the right type. */
export function readItem(kind: ListKind, bytes: Buffer): ListedItem | null {
  const members = memberSpans(bytes, 0, bytes.length);
  const key = members?.get(KEY_MEMBER[kind]);
  if (key === undefined || bytes[key.start] !== 0x22) return null;
  const value = valueAt(bytes, 0, bytes.length) as Record<string, unknown>;
  return { bytes, key: stringAt(bytes, key.start, key.end), keyStart: key.start, keyEnd: key.end, value };
}
