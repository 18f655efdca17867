/**
 * What one kind of client may see: the merged lists, ready as bytes, and the way from each exposed name to its server.
 * A view never changes; when something changed, a new one is built and compared.
 */
import {
  type Caching,
  LIST_KINDS,
  type ListedItem,
  type ListKind,
  type ServerListing,
  UNCACHED,
} from '../protocol/listing.ts';
import { splice } from '../protocol/wire.ts';
import { exposedName } from './names.ts';
import { templateMatcher } from './template.ts';

/** Where a name or URI leads. */
export interface Route {
  readonly server: string;
  /** The server's own name for it. */
  readonly name: string;
  /** `name` as JSON bytes, ready to be spliced in; null when the client already uses it. */
  readonly key: Buffer | null;
}

/** One server's share of a view. */
export interface ViewPart {
  readonly server: string;
  readonly listing: ServerListing;
}

/** What decides how a view is built. */
export interface ViewOptions {
  /** False shows bare names: the view of one server alone. */
  readonly prefix: boolean;
  /** True hides the tool from the list; its route stays, so that a call can be told why it is refused. */
  hidden(server: string, tool: string): boolean;
}

/** An immutable view. */
export interface View {
  /** The whole result object of each list method. */
  readonly lists: Readonly<Record<ListKind, Buffer>>;
  readonly caching: Readonly<Record<ListKind, Caching>>;
  readonly servers: readonly string[];
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | null;
  tool(name: string): Route | null;
  prompt(name: string): Route | null;
  resource(uri: string): Route | null;
  template(uriTemplate: string): Route | null;
  exposedUri(server: string, uri: string): string;
  exposeLinks(server: string, answer: Buffer): Buffer;
  capabilitiesOf(server: string): Readonly<Record<string, unknown>> | null;
  inputSchemaOf(route: Route): unknown;
}

/** Builds the view of `parts`, in their order. Of two equal names or URIs the first keeps it. */
export function buildView(parts: readonly ViewPart[], options: ViewOptions): View {
  const tools = new Map<string, Route>();
  const prompts = new Map<string, Route>();
  const resources = new Map<string, Route>();
  const templates = new Map<string, { route: Route; matches: (uri: string) => boolean }>();
  const items: Record<ListKind, Buffer[]> = { tools: [], prompts: [], resources: [], resourceTemplates: [] };

  const named = (
    kind: 'tools' | 'prompts',
    part: ViewPart,
    item: ListedItem,
    map: Map<string, Route>,
  ): void => {
    const exposed = options.prefix ? exposedName(part.server, item.key) : item.key;
    if (map.has(exposed)) return;
    const same = exposed === item.key;
    map.set(exposed, {
      server: part.server,
      name: item.key,
      key: same ? null : Buffer.from(JSON.stringify(item.key)),
    });
    if (kind === 'tools' && options.hidden(part.server, item.key)) return;
    items[kind].push(
      same
        ? item.bytes
        : splice(item.bytes, [
            { start: item.keyStart, end: item.keyEnd, text: Buffer.from(JSON.stringify(exposed)) },
          ]),
    );
  };
  for (const part of parts) {
    for (const item of part.listing.tools) named('tools', part, item, tools);
    for (const item of part.listing.prompts) named('prompts', part, item, prompts);
    for (const item of part.listing.resources) {
      if (resources.has(item.key)) continue;
      resources.set(item.key, { server: part.server, name: item.key, key: null });
      items.resources.push(item.bytes);
    }
    for (const item of part.listing.resourceTemplates) {
      if (templates.has(item.key)) continue;
      const route: Route = { server: part.server, name: item.key, key: null };
      templates.set(item.key, { route, matches: templateMatcher(item.key) });
      items.resourceTemplates.push(item.bytes);
    }
  }

  const lists = Object.fromEntries(LIST_KINDS.map((kind) => [kind, listBody(kind, items[kind])])) as Record<
    ListKind,
    Buffer
  >;
  const caching = Object.fromEntries(LIST_KINDS.map((kind) => [kind, UNCACHED])) as Record<ListKind, Caching>;
  return {
    lists,
    caching,
    servers: parts.map((part) => part.server),
    template: (uriTemplate) => templates.get(uriTemplate)?.route ?? null,
    exposedUri: (_server, uri) => uri,
    exposeLinks: (_server, answer) => answer,
    capabilitiesOf: (server) => parts.find((part) => part.server === server)?.listing.capabilities ?? null,
    inputSchemaOf: (route) =>
      parts
        .find((part) => part.server === route.server)
        ?.listing.tools.find((tool) => tool.key === route.name)?.value.inputSchema,
    capabilities: mergedCapabilities(parts, options.prefix),
    instructions: mergedInstructions(parts, options.prefix),
    tool: (name) => tools.get(name) ?? null,
    prompt: (name) => prompts.get(name) ?? null,
    resource(uri) {
      const exact = resources.get(uri);
      if (exact !== undefined) return exact;
      for (const template of templates.values()) if (template.matches(uri)) return template.route;
      return null;
    },
  };
}

/** The kinds of list that differ between two views. */
export function changedKinds(before: View, after: View): readonly ListKind[] {
  return LIST_KINDS.filter((kind) => !before.lists[kind].equals(after.lists[kind]));
}

function listBody(kind: ListKind, items: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [Buffer.from(`{"${kind}":[`)];
  items.forEach((item, index) => {
    if (index > 0) pieces.push(COMMA);
    pieces.push(item);
  });
  pieces.push(Buffer.from(']}'));
  return Buffer.concat(pieces);
}

const COMMA = Buffer.from(',');

/**
 * The merged endpoint always says that it has tools which may change, since servers come and go; prompts and
 * resources only when some server has them. One server's own view says what that server says of these three.
 */
function mergedCapabilities(parts: readonly ViewPart[], merged: boolean): Record<string, unknown> {
  const has = (name: string): boolean => parts.some((part) => part.listing.capabilities[name] !== undefined);
  const capabilities: Record<string, unknown> = {};
  if (merged || has('tools')) capabilities.tools = { listChanged: true };
  if (has('prompts')) capabilities.prompts = { listChanged: true };
  if (has('resources')) capabilities.resources = { listChanged: true };
  return capabilities;
}

function mergedInstructions(parts: readonly ViewPart[], merged: boolean): string | null {
  const said = parts.filter((part) => part.listing.instructions !== null);
  if (said.length === 0) return null;
  if (!merged) return said[0]?.listing.instructions ?? null;
  return said.map((part) => `## ${part.server}\n\n${part.listing.instructions}`).join('\n\n');
}
