/**
 * One server's items made ready for views: repeated keys settled, names worked out, routes made. Done once for each list
 * that a server sends and shared by all views that show it.
 */
import { skipSpace } from '../protocol/json.ts';
import { type ListedItem, type ListKind, readItem } from '../protocol/listing.ts';
import { soundItem } from '../protocol/sound.ts';
import { skip, type UriSpan, urisIn } from './links.ts';
import { exposedName } from './names.ts';

/** Where a name or URI leads. */
export interface Route {
  readonly server: string;
  /** The server's own name for it. */
  readonly name: string;
  /** `name` as JSON bytes, ready to be spliced in; null when the client already uses it. */
  readonly key: Buffer | null;
}

/** A route to something that is listed. */
export class ListedRoute implements Route {
  readonly server: string;
  readonly name: string;
  readonly key: Buffer | null;
  readonly item: ListedItem;

  constructor(server: string, item: ListedItem, key: Buffer | null) {
    this.server = server;
    this.name = item.key;
    this.key = key;
    this.item = item;
  }
}

/** One item of one server. */
export class Entry {
  readonly server: string;
  readonly item: ListedItem;
  /** URIs in a tool's definition: the pages of MCP Apps. */
  readonly links: readonly UriSpan[];
  private prefixed: string | null = null;
  private same: Route | null = null;
  private renamed: Route | null = null;

  constructor(server: string, item: ListedItem, links: readonly UriSpan[]) {
    this.server = server;
    this.item = item;
    this.links = links;
  }

  /** What it is called: as its server calls it, or as the user does. */
  get label(): string {
    return this.item.alias ?? this.item.key;
  }

  /** Its name among those of other servers. */
  get exposed(): string {
    this.prefixed ??= exposedName(this.server, this.label);
    return this.prefixed;
  }

  /** The route of `name`, whatever clients call it by. */
  route(name: string): Route {
    if (name === this.item.key) {
      this.same ??= new ListedRoute(this.server, this.item, null);
      return this.same;
    }
    this.renamed ??= new ListedRoute(this.server, this.item, Buffer.from(JSON.stringify(this.item.key)));
    return this.renamed;
  }
}

/**
 * The entries of one list, the same array for the same list: as the server wrote them, or, among those of other servers,
 * without what would make a client refuse all of them.
 */
export type EntriesOf = (
  kind: ListKind,
  server: string,
  items: readonly ListedItem[],
  among: 'alone' | 'others',
) => readonly Entry[];

interface Made {
  readonly kind: ListKind;
  readonly server: string;
  readonly entries: readonly Entry[];
}

/** A maker that remembers what it made for as long as the list lives. */
export function createEntries(): EntriesOf {
  const made = new WeakMap<readonly ListedItem[], Made[]>();
  const sound = new WeakMap<readonly ListedItem[], readonly ListedItem[]>();
  const soundOf = (kind: ListKind, items: readonly ListedItem[]): readonly ListedItem[] => {
    const known = sound.get(items);
    if (known !== undefined) return known;
    const kept = items.map((item) => soundItem(kind, item)).filter((item) => item !== null);
    const same = kept.length === items.length && kept.every((item, index) => item === items[index]);
    const list = same ? items : kept;
    sound.set(items, list);
    return list;
  };
  return (kind, server, all, among) => {
    const items = among === 'alone' ? all : soundOf(kind, all);
    const known = made.get(items) ?? [];
    const found = known.find((one) => one.kind === kind && one.server === server);
    if (found !== undefined) return found.entries;
    const entries = makeEntries(kind, server, items);
    made.set(items, [...known, { kind, server, entries }]);
    return entries;
  };
}

/** Of items with one key the first counts: the others could not be reached. */
function makeEntries(kind: ListKind, server: string, items: readonly ListedItem[]): readonly Entry[] {
  const seen = new Set<string>();
  const entries: Entry[] = [];
  for (const listed of items) {
    if (seen.has(listed.key)) continue;
    seen.add(listed.key);
    const item = withUniqueKeys(kind, listed);
    entries.push(new Entry(server, item, kind === 'tools' ? linksOf(item) : []));
  }
  return entries;
}

function linksOf(item: ListedItem): readonly UriSpan[] {
  const meta = item.value._meta;
  return typeof meta === 'object' && meta !== null ? urisIn(item.bytes, 'tool') : [];
}

/**
 * The item with each key once, the last one, as it was read here: a client that lets the first one win would see
 * another name or description than was approved.
 */
function withUniqueKeys(kind: ListKind, item: ListedItem): ListedItem {
  if (countMembers(item.bytes) === Object.keys(item.value).length) return item;
  const once = readItem(kind, Buffer.from(JSON.stringify(item.value)));
  if (once === null) return item;
  return item.alias === undefined ? once : { ...once, alias: item.alias };
}

/** Members of the object, repeated ones too. */
function countMembers(bytes: Buffer): number {
  const { length } = bytes;
  let at = skipSpace(bytes, skipSpace(bytes, 0, length) + 1, length);
  if (bytes[at] === 0x7d) return 0;
  for (let count = 1; ; count++) {
    at = skipSpace(bytes, skip(bytes, at), length);
    at = skipSpace(bytes, skip(bytes, skipSpace(bytes, at + 1, length)), length);
    if (bytes[at] !== 0x2c) return count;
    at = skipSpace(bytes, at + 1, length);
  }
}
