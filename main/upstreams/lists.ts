/**
 * Reading what a server lists: every page of every list that its capabilities promise.
 */
import { GatehouseError } from '../protocol/error.ts';
import { paramHeaders } from '../protocol/headers.ts';
import { memberSpans, valueAt } from '../protocol/json.ts';
import {
  type Caching,
  LIST_KINDS,
  LIST_METHODS,
  type ListedItem,
  type ListKind,
  readPage,
  type ServerListing,
  UNCACHED,
} from '../protocol/listing.ts';
import type { Connection, RawResult } from './connection.ts';
import { errorCodeOf, type Greeting } from './handshake.ts';

/** Milliseconds for one page of a list. */
const LIST_MS = 60_000;
/** Pages of one list; a server that pages on for ever is cut off here. */
const MAX_PAGES = 1_000;
/** Items of one list in all. */
const MAX_ITEMS = 20_000;

/** One whole list. */
interface ReadList {
  readonly items: readonly ListedItem[];
  readonly caching: Caching;
}

/** Some or all lists of a server. */
export type Lists = Readonly<Partial<Record<ListKind, ReadList>>>;

/** Reads them side by side. `note` is told of what must not be listed. Rejects as `readList` does. */
export async function readLists(
  connection: Connection,
  greeting: Greeting,
  kinds: readonly ListKind[],
  note: (text: string) => void,
): Promise<Lists> {
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const list = await readList(greeting, kind);
      const strict = kind === 'tools' && connection.heads && greeting.era === 'modern';
      return [kind, strict ? { ...list, items: withoutBadHeaders(list.items, note) } : list] as const;
    }),
  );
  return Object.fromEntries(lists);
}

/** What is known of a server before its lists are read. */
export function emptyListing({
  capabilities,
  instructions,
  serverInfo,
  revision,
  era,
  speech,
}: Greeting): ServerListing {
  return {
    tools: [],
    prompts: [],
    resources: [],
    resourceTemplates: [],
    capabilities,
    instructions,
    serverInfo,
    protocolVersion: revision,
    streams: speech.streams,
    era,
    caching: { tools: UNCACHED, prompts: UNCACHED, resources: UNCACHED, resourceTemplates: UNCACHED },
  };
}

/** The listing with these lists in place of the former ones. */
export function withLists(listing: ServerListing, lists: Lists): ServerListing {
  const items: Partial<Record<ListKind, ReadList['items']>> = {};
  const caching = { ...listing.caching };
  for (const kind of LIST_KINDS) {
    const list = lists[kind];
    if (list === undefined) continue;
    items[kind] = list.items;
    caching[kind] = list.caching;
  }
  return { ...listing, ...items, caching };
}

/** Every item of one list; empty when the server does not declare the capability. Rejects with a GatehouseError. */
async function readList({ speech, capabilities }: Greeting, kind: ListKind): Promise<ReadList> {
  const capability = kind === 'resourceTemplates' ? 'resources' : kind;
  const items: ListedItem[] = [];
  let caching: Caching | null = null;
  if (capabilities[capability] === undefined) return { items, caching: UNCACHED };
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES && items.length < MAX_ITEMS; pages++) {
    let answer: RawResult;
    try {
      answer = await speech.request(LIST_METHODS[kind], cursor === null ? {} : { cursor }, LIST_MS);
    } catch (error) {
      // Many servers declare resources and know no templates.
      if (errorCodeOf(error) === -32601 && kind === 'resourceTemplates') break;
      throw error;
    }
    const page = readPage(kind, answer.bytes, answer.start, answer.end, MAX_ITEMS - items.length);
    if (page === null) {
      throw new GatehouseError({
        code: 'upstream.bad_list',
        message: `The server's answer to "${LIST_METHODS[kind]}" is not a list.`,
        remedy: 'Update the server; its log may tell more.',
      });
    }
    for (const item of page.items) items.push(item);
    caching = stricter(caching, speech.era === 'modern' ? cachingOf(answer) : UNCACHED);
    if (page.nextCursor === null || seen.has(page.nextCursor)) break;
    seen.add(page.nextCursor);
    cursor = page.nextCursor;
  }
  return { items, caching: caching ?? UNCACHED };
}

/**
 * The tools without those whose `x-mcp-header` annotations are invalid, which must not be listed from a server over
 * HTTP (streamable HTTP section, "Schema Extension"). `note` is told of each.
 */
function withoutBadHeaders(
  tools: readonly ListedItem[],
  note: (text: string) => void,
): readonly ListedItem[] {
  return tools.filter((tool) => {
    const headers = paramHeaders(tool.value.inputSchema);
    if (typeof headers !== 'string') return true;
    note(`the tool "${tool.key.slice(0, 200)}" is left out: ${headers}`);
    return false;
  });
}

/** The hints of one page (caching section). */
function cachingOf({ bytes, start, end }: RawResult): Caching {
  const members = memberSpans(bytes, start, end);
  const read = (key: string): unknown => {
    const span = members?.get(key);
    return span === undefined ? undefined : valueAt(bytes, span.start, span.end);
  };
  const ttlMs = read('ttlMs');
  return {
    ttlMs: typeof ttlMs === 'number' && ttlMs > 0 && Number.isFinite(ttlMs) ? ttlMs : 0,
    cacheScope: read('cacheScope') === 'public' ? 'public' : 'private',
  };
}

function stricter(a: Caching | null, b: Caching): Caching {
  if (a === null) return b;
  return {
    ttlMs: Math.min(a.ttlMs, b.ttlMs),
    cacheScope: a.cacheScope === 'public' ? b.cacheScope : 'private',
  };
}
