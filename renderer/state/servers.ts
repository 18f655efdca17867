/** What the list of servers says: which ones need you, what a search finds, and the sentence above. Pure. */
import type { ServerState, ServerView } from '../../preload/contract.ts';

/** The list in its two groups, each by name. */
export interface ServerGroups {
  readonly attention: readonly ServerView[];
  readonly others: readonly ServerView[];
}

const waiting: Readonly<Record<ServerState, boolean>> = {
  disabled: false,
  quarantined: true,
  starting: false,
  'signing-in': true,
  ready: false,
  retrying: false,
  failed: true,
  stopped: false,
};

/** True when nothing goes on without you. */
export function needsAttention(server: ServerView): boolean {
  return waiting[server.state];
}

/** Both groups, sorted by name the way people sort. */
export function groupServers(servers: readonly ServerView[], locale: string): ServerGroups {
  const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const sorted = [...servers].sort((a, b) => compare(a.name, b.name));
  return {
    attention: sorted.filter(needsAttention),
    others: sorted.filter((server) => !needsAttention(server)),
  };
}

/** Those whose name or source holds every word of the query. An empty query finds all. */
export function findServers(servers: readonly ServerView[], query: string): readonly ServerView[] {
  return findByWords(servers, query, (server) => [server.name, server.source]);
}

/** Those of which every word of the query is somewhere in the texts; case and accents do not count. */
export function findByWords<T>(
  items: readonly T[],
  query: string,
  textsOf: (item: T) => readonly string[],
): readonly T[] {
  const words = plain(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) {
    return items;
  }
  return items.filter((item) => {
    const texts = textsOf(item).map(plain);
    return words.every((word) => texts.some((text) => text.includes(word)));
  });
}

function plain(text: string): string {
  // Most texts hold nothing that would change, and thousands of them are looked through with each letter.
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The numbers of the sentence above the list. */
export interface ServerSummary {
  readonly total: number;
  readonly ready: number;
  /** Tools that clients can use now: those that are on, of servers that are ready. */
  readonly toolsOn: number;
}

/** Counts what clients can use now. */
export function summarize(servers: readonly ServerView[]): ServerSummary {
  const ready = servers.filter((server) => server.state === 'ready');
  return {
    total: servers.length,
    ready: ready.length,
    toolsOn: ready.reduce((sum, server) => sum + server.toolsOn, 0),
  };
}

/** Words that say nothing about a server among others. */
const COMMON: ReadonlySet<string> = new Set(['mcp', 'server', 'servers', 'the']);

/**
 * Up to three letters for a server without an icon: the first of its first two telling words, or its first two. What is
 * numbered keeps its number, by which alone such names are told apart; one letter beside one figure reads as another figure.
 */
export function monogram(name: string): string {
  const all = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const telling = all.filter((word) => /\p{L}/u.test(word) && !COMMON.has(word.toLowerCase()));
  const words = telling.length > 0 ? telling : all;
  const [first = name, second] = words;
  const number = /\p{N}+$/u.exec(all.at(-1) ?? '')?.[0] ?? '';
  const stem = [...first].filter((letter) => /\p{L}/u.test(letter));
  const letters =
    number !== '' && stem.length > 1
      ? [...stem.slice(0, Math.max(0, 3 - number.length)), ...[...number].slice(-3)]
      : second === undefined
        ? [...first].slice(0, 2)
        : [[...first][0], [...second][0]];
  return letters.join('').toLowerCase();
}
