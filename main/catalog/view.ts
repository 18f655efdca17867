/**
 * What one kind of client may see: the merged lists, ready as bytes, and the way from each exposed name to its server.
 * A view never changes; when something changed, a new one is built and compared.
 */
import { type Caching, LIST_KINDS, type ListKind } from '../protocol/listing.ts';
import { type Edit, splice } from '../protocol/wire.ts';
import { type EntriesOf, type Entry, ListedRoute, type Route } from './entries.ts';
import type { Learned } from './learned.ts';
import { mayHoldUris, urisIn } from './links.ts';
import { listBody, type Piece, pieceOf } from './lists.ts';
import {
  mergedCaching,
  mergedCapabilities,
  mergedInstructions,
  ownCapabilities,
  type ViewPart,
} from './merge.ts';
import { type Names, type Naming, nameAll } from './naming.ts';
import { buildUris, type UriTable } from './resources.ts';

/** What a view is built of. */
export interface ViewOptions {
  /** The server whose bare view this is; null for servers side by side. */
  readonly alone: string | null;
  /** How tools and prompts of servers side by side are called. */
  readonly naming: Naming;
  readonly entriesOf: EntriesOf;
  readonly learned: Learned;
  /** A view whose lists are used where they are equal. */
  readonly like: View | null;
  /** True hides the tool; its name stays its own. */
  hidden(server: string, tool: string): boolean;
}

/** An immutable view. */
export interface View {
  /** The whole result object of each list method, in the terms of the legacy revisions. */
  readonly lists: Readonly<Record<ListKind, Buffer>>;
  readonly caching: Readonly<Record<ListKind, Caching>>;
  /** Merged from what the servers of the view declare. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | null;
  /** The servers of the view that are listed now, in order. */
  readonly servers: readonly string[];
  tool(name: string): Route | null;
  prompt(name: string): Route | null;
  resource(uri: string): Route | null;
  /** A resource template by its exact text, for completion. */
  template(uriTemplate: string): Route | null;
  /** How clients of this view write a URI of this server. */
  exposedUri(server: string, uri: string): string;
  /**
   * The answer of a server to a call, the whole message or its result, with URIs in it (links, embedded resources) written as this
   * view's clients must write them to reach the same server. The same buffer when nothing changes.
   */
  exposeLinks(server: string, answer: Buffer): Buffer;
  /** What one server of the view declares; null when it is not listed. */
  capabilitiesOf(server: string): Readonly<Record<string, unknown>> | null;
  /** The input schema of a listed tool, for `x-mcp-header`; null when there is none. */
  inputSchemaOf(route: Route): unknown;
}

/** Builds the view of `parts`, in their order. */
export function buildView(parts: readonly ViewPart[], options: ViewOptions): View {
  return options.alone === null ? mergedView(parts, options) : bareView(parts, options, options.alone);
}

/** The kinds of list that differ between two views. */
export function changedKinds(before: View, after: View): readonly ListKind[] {
  return LIST_KINDS.filter((kind) => !sameBytes(before.lists[kind], after.lists[kind]));
}

function mergedView(parts: readonly ViewPart[], options: ViewOptions): View {
  const { hidden, learned, naming } = options;
  const entries = (kind: ListKind): (readonly Entry[])[] =>
    groupsOf(kind, parts, options.entriesOf, 'others');
  const resources = entries('resources');
  const templates = entries('resourceTemplates');
  const uris = buildUris(
    parts.map(({ server }, index) => ({
      server,
      resources: resources[index] ?? [],
      templates: templates[index] ?? [],
    })),
    learned,
  );
  const tools = nameAll(entries('tools'), naming);
  const prompts = nameAll(entries('prompts'), naming);
  const shown = tools.named.filter(({ entry }) => !hidden(entry.server, entry.item.key));
  const routes = shown.length === tools.named.length ? tools.routes : routesOf(shown);
  return {
    ...common(parts, options, {
      tools: shown.map(({ entry, exposed }) => pieceOf(entry.item, exposed, pageEdits(entry, uris))),
      prompts: prompts.named.map(({ entry, exposed }) => pieceOf(entry.item, exposed)),
      resources: uris.resources.map(({ item, exposed }) => pieceOf(item, exposed)),
      resourceTemplates: uris.templates.map(({ item, exposed }) => pieceOf(item, exposed)),
    }),
    capabilities: mergedCapabilities(parts),
    instructions: mergedInstructions(parts),
    tool: (name) => routes.get(name) ?? null,
    prompt: (name) => prompts.routes.get(name) ?? null,
    resource: uris.route,
    template: uris.template,
    exposedUri: uris.expose,
    exposeLinks: (server, answer) => (mayHoldUris(answer) ? exposeLinks(server, answer, uris) : answer),
  };
}

/** One server alone, as if there were nothing between: what it does not list is its own affair too. */
function bareView(parts: readonly ViewPart[], options: ViewOptions, server: string): View {
  const { hidden } = options;
  const entries = (kind: ListKind): (readonly Entry[])[] => groupsOf(kind, parts, options.entriesOf, 'alone');
  const tools = nameAll(entries('tools'), 'bare');
  const prompts = nameAll(entries('prompts'), 'bare');
  const shown = tools.named.filter(({ entry }) => !hidden(entry.server, entry.item.key));
  const all = (kind: ListKind): Piece[] =>
    entries(kind).flatMap((group) => group.map(({ item }) => pieceOf(item, item.key)));
  // Where something is held or switched off, a server that is lax about spelling must not be reached past that.
  const open = parts[0]?.open !== false && shown.length === tools.named.length;
  const routes = routesOf(shown);
  const straight = (name: string): Route => ({ server, name, key: null });
  const listing = parts[0]?.listing;
  return {
    ...common(parts, options, {
      tools: shown.map(({ entry, exposed }) => pieceOf(entry.item, exposed)),
      prompts: prompts.named.map(({ entry, exposed }) => pieceOf(entry.item, exposed)),
      resources: all('resources'),
      resourceTemplates: all('resourceTemplates'),
    }),
    capabilities: ownCapabilities(listing?.capabilities ?? {}),
    instructions: listing?.instructions ?? null,
    tool: (name) => routes.get(name) ?? (open && !hidden(server, name) ? straight(name) : null),
    prompt: (name) => prompts.routes.get(name) ?? (open ? straight(name) : null),
    resource: straight,
    template: straight,
    exposedUri: (_server, uri) => uri,
    exposeLinks: (_server, answer) => answer,
  };
}

/** The ways to what is shown, and to nothing else. */
function routesOf(shown: Names['named']): ReadonlyMap<string, Route> {
  return new Map(shown.map(({ entry, exposed }) => [exposed, entry.route(exposed)]));
}

type Pieces = Readonly<Record<ListKind, readonly Piece[]>>;

function common(
  parts: readonly ViewPart[],
  { like }: ViewOptions,
  pieces: Pieces,
): Pick<View, 'lists' | 'caching' | 'servers' | 'capabilitiesOf' | 'inputSchemaOf'> {
  return {
    lists: byKind((kind) => {
      const body = listBody(kind, pieces[kind]);
      return like !== null && sameBytes(body, like.lists[kind]) ? like.lists[kind] : body;
    }),
    caching: byKind((kind) => mergedCaching(kind, parts)),
    servers: parts.map((part) => part.server),
    capabilitiesOf: (server) => parts.find((part) => part.server === server)?.listing.capabilities ?? null,
    inputSchemaOf: (route) => (route instanceof ListedRoute ? (route.item.value.inputSchema ?? null) : null),
  };
}

function groupsOf(
  kind: ListKind,
  parts: readonly ViewPart[],
  entriesOf: EntriesOf,
  among: 'alone' | 'others',
): (readonly Entry[])[] {
  return parts.map(({ server, listing }) => entriesOf(kind, server, listing[kind], among));
}

function byKind<T>(make: (kind: ListKind) => T): Readonly<Record<ListKind, T>> {
  return {
    tools: make('tools'),
    prompts: make('prompts'),
    resources: make('resources'),
    resourceTemplates: make('resourceTemplates'),
  };
}

/** The pages of a tool, written as in every other place of the view. */
function pageEdits(entry: Entry, uris: UriTable): readonly Edit[] {
  return entry.links.flatMap((link) => {
    const exposed = uris.exposePage(entry.server, link.uri);
    return exposed === link.uri ? [] : [uriEdit(link.start, link.end, exposed)];
  });
}

function exposeLinks(server: string, answer: Buffer, uris: UriTable): Buffer {
  const edits: Edit[] = [];
  for (const { start, end, uri } of urisIn(answer, 'answer')) {
    const exposed = uris.expose(server, uri);
    if (exposed !== uri) edits.push(uriEdit(start, end, exposed));
  }
  return edits.length === 0 ? answer : splice(answer, edits);
}

function uriEdit(start: number, end: number, uri: string): Edit {
  return { start, end, text: Buffer.from(JSON.stringify(uri)) };
}

function sameBytes(one: Buffer, other: Buffer): boolean {
  return one === other || one.equals(other);
}
