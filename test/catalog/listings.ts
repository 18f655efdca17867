/**
 * Listings for tests, made of JSON texts or of plain values.
 */
import { createCatalog } from '../../main/catalog/catalog.ts';
import type { View } from '../../main/catalog/view.ts';
import {
  type ListedItem,
  type ListKind,
  readItem,
  type ServerListing,
  UNCACHED,
} from '../../main/protocol/listing.ts';
import { ALL } from '../../main/protocol/scope.ts';

/** Items as a server sends them; values are written as compact JSON. */
export function items(kind: ListKind, ...values: readonly unknown[]): ListedItem[] {
  return values
    .map((value) => readItem(kind, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))))
    .filter((item) => item !== null);
}

export function tools(...names: readonly string[]): ListedItem[] {
  return items('tools', ...names.map((name) => ({ name, inputSchema: { type: 'object' } })));
}

export function resources(...uris: readonly string[]): ListedItem[] {
  return items('resources', ...uris.map((uri) => ({ uri, name: 'n' })));
}

export function templates(...texts: readonly string[]): ListedItem[] {
  return items('resourceTemplates', ...texts.map((uriTemplate) => ({ uriTemplate, name: 'n' })));
}

export function listing(parts: Partial<ServerListing> = {}): ServerListing {
  return {
    tools: [],
    prompts: [],
    resources: [],
    resourceTemplates: [],
    capabilities: { tools: {} },
    instructions: null,
    serverInfo: {},
    protocolVersion: '2025-11-25',
    era: 'legacy',
    streams: false,
    caching: { tools: UNCACHED, prompts: UNCACHED, resources: UNCACHED, resourceTemplates: UNCACHED },
    ...parts,
  };
}

/** A catalog of these servers, in their order. */
export function catalogOf(
  servers: Readonly<Record<string, Partial<ServerListing>>>,
  hidden: (server: string, tool: string) => boolean = () => false,
): ReturnType<typeof createCatalog> {
  const catalog = createCatalog({ hidden: (_scope, server, tool) => hidden(server, tool) });
  catalog.setOrder(Object.keys(servers));
  for (const [name, parts] of Object.entries(servers)) catalog.setListing(name, listing(parts));
  return catalog;
}

/** The merged view of these servers. */
export function viewOf(servers: Readonly<Record<string, Partial<ServerListing>>>): View {
  return catalogOf(servers).view(ALL);
}

/** One member of each item of a view's list. */
export function listed(view: View, kind: ListKind, member: string): unknown[] {
  const result = JSON.parse(view.lists[kind].toString()) as Record<string, Record<string, unknown>[]>;
  return (result[kind] ?? []).map((item) => item[member]);
}
