/**
 * Which server a URI leads to in one view of several servers, and how each server's URIs are written there. A URI stays
 * as it is when it leads to its own server; else it is put behind an address that says whose it is (see uris.ts).
 */
import type { ListedItem } from '../protocol/listing.ts';
import type { Entry, Route } from './entries.ts';
import type { Learned } from './learned.ts';
import { createTemplateTable } from './template.ts';
import { addressedUri, looksAddressed, readAddressed } from './uris.ts';

/** One server's share. */
export interface ResourcePart {
  readonly server: string;
  readonly resources: readonly Entry[];
  readonly templates: readonly Entry[];
}

/** A listed resource or template and the URI that clients see. */
export interface SeenUri {
  readonly item: ListedItem;
  readonly exposed: string;
}

/** The URIs of one view. */
export interface UriTable {
  readonly resources: readonly SeenUri[];
  readonly templates: readonly SeenUri[];
  route(uri: string): Route | null;
  template(text: string): Route | null;
  /** How a URI of the server is written; notes one that nobody owns as mentioned by it. */
  expose(server: string, uri: string): string;
  /** The same for the page of a listed tool: it is the tool's server's for as long as the view lives. */
  exposePage(server: string, uri: string): string;
}

/**
 * Builds the table. Of a URI that two servers list, or of templates that one URI could belong to, the first server
 * keeps its own. An exact resource goes before templates.
 */
export function buildUris(parts: readonly ResourcePart[], learned: Learned): UriTable {
  const servers = new Set(parts.map((part) => part.server));
  const owners = new Map<string, string>();
  const bareTemplates = new Map<string, string>();
  const pages = new Map<string, string>();
  const table = createTemplateTable();
  const resources: SeenUri[] = [];
  const templates: SeenUri[] = [];

  for (const { server, resources: entries } of parts) {
    for (const { item } of entries) {
      const bare = !looksAddressed(item.key) && !owners.has(item.key);
      if (bare) owners.set(item.key, server);
      resources.push({ item, exposed: bare ? item.key : addressedUri(server, item.key) });
    }
  }
  for (const { server, templates: entries } of parts) {
    const added = table.add(
      server,
      entries.map(({ item }) => item.key).filter((text) => !looksAddressed(text)),
    );
    for (const { item } of entries) {
      const bare = added.has(item.key);
      if (bare) bareTemplates.set(item.key, server);
      templates.push({ item, exposed: bare ? item.key : addressedUri(server, item.key) });
    }
  }

  const listedOwner = (uri: string): string | null =>
    owners.get(uri) ?? table.ownerOf(uri) ?? pages.get(uri) ?? null;
  const addressed = (text: string): Route | null => {
    const found = readAddressed(text);
    if (found === null || !servers.has(found.server)) return null;
    return { server: found.server, name: found.uri, key: Buffer.from(JSON.stringify(found.uri)) };
  };
  /** The URI as it is when `claim` gives it to the server, else addressed. */
  const write = (server: string, uri: string, claim: (uri: string, server: string) => boolean): string => {
    if (!servers.has(server)) return uri;
    if (looksAddressed(uri)) return addressedUri(server, uri);
    const owner = listedOwner(uri);
    return owner === server || (owner === null && claim(uri, server)) ? uri : addressedUri(server, uri);
  };

  return {
    resources,
    templates,
    route(uri) {
      const direct = addressed(uri);
      if (direct !== null) return direct;
      const owner = listedOwner(uri) ?? learned.ownerOf(uri);
      return owner !== null && servers.has(owner) ? { server: owner, name: uri, key: null } : null;
    },
    template(text) {
      const owner = bareTemplates.get(text);
      return owner === undefined ? addressed(text) : { server: owner, name: text, key: null };
    },
    expose: (server, uri) => write(server, uri, learned.claim),
    exposePage: (server, uri) => write(server, uri, () => pages.set(uri, server) === pages),
  };
}
