/**
 * Reading what a server lists: every page of every list that its capabilities promise.
 */
import type { Clock } from '../protocol/clock.ts';
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
import { soundItem } from '../protocol/sound.ts';
import type { Connection, RawResult } from './connection.ts';
import { errorCodeOf, type Greeting } from './handshake.ts';
import { timedOut } from './problems.ts';

/** Milliseconds for one page of a list, and for all pages of one together. */
const PAGE_MS = 60_000;
const LIST_MS = 120_000;
/** Pages of one list; a server that pages on for ever is cut off here. */
const MAX_PAGES = 1_000;
/** Items with a flaw that are noted. */
const MAX_NOTES = 20;
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
  connection: Pick<Connection, 'heads'>,
  greeting: Greeting,
  kinds: readonly ListKind[],
  note: (text: string) => void,
  clock: Clock,
): Promise<Lists> {
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const list = await readList(greeting, kind, clock);
      noteFlaws(kind, list.items, note);
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
async function readList({ speech, capabilities }: Greeting, kind: ListKind, clock: Clock): Promise<ReadList> {
  const capability = kind === 'resourceTemplates' ? 'resources' : kind;
  const items: ListedItem[] = [];
  let caching: Caching | null = null;
  if (capabilities[capability] === undefined) return { items, caching: UNCACHED };
  const seen = new Set<string>();
  let cursor: string | null = null;
  const until = clock.now() + LIST_MS;
  for (let pages = 0; pages < MAX_PAGES && items.length < MAX_ITEMS; pages++) {
    let answer: RawResult;
    const timeoutMs = Math.min(PAGE_MS, until - clock.now());
    if (timeoutMs <= 0) throw timedOut(LIST_MS);
    try {
      answer = await speech.request(LIST_METHODS[kind], cursor === null ? {} : { cursor }, timeoutMs);
    } catch (error) {
      // Many servers declare resources and know no templates.
      if (errorCodeOf(error) === -32601 && kind === 'resourceTemplates') break;
      throw error;
    }
    const page = readPage(kind, answer.bytes, answer.start, answer.end, MAX_ITEMS - items.length);
    if (page === null) {
      throw new GatehouseError({
        code: 'upstream.bad_list',
        message: 'The server\'s answer to "{method}" is not a list.',
        values: { method: LIST_METHODS[kind] },
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

/** Notes what clients of several servers see otherwise, or not at all; they must not lose everything by it. */
function noteFlaws(kind: ListKind, items: readonly ListedItem[], note: (text: string) => void): void {
  let noted = 0;
  for (const item of items) {
    const sound = soundItem(kind, item);
    if (sound === item) continue;
    const what = sound === null ? 'left out' : 'put right';
    note(
      `${kind}: "${item.key.slice(0, 200)}" is ${what} among other servers: it has members of a wrong type`,
    );
    if (++noted === MAX_NOTES) return;
  }
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
