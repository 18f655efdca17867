/**
 * The first words with a server: `initialize` (lifecycle section), then every page of everything it lists.
 */
import { GatehouseError } from '../protocol/error.ts';
import { valueAt } from '../protocol/json.ts';
import {
  LIST_KINDS,
  LIST_METHODS,
  type ListedItem,
  type ListKind,
  readPage,
  type ServerListing,
  UNCACHED,
} from '../protocol/listing.ts';
import { isSessionVersion, LATEST_SESSION_VERSION } from '../protocol/versions.ts';
import type { Connection } from './connection.ts';

/** Milliseconds for the answer to `initialize`: first starts download packages. */
const INITIALIZE_MS = 120_000;
/** Milliseconds for one page of a list. */
const LIST_MS = 60_000;
/** Pages of one list; a server that pages on for ever is cut off here. */
const MAX_PAGES = 1_000;
/** Items of one list in all. */
const MAX_ITEMS = 20_000;

/** Initializes the session and reads all lists. Rejects with a GatehouseError. */
export async function greet(
  connection: Connection,
  clientInfo: { readonly name: string; readonly version: string },
): Promise<ServerListing> {
  const answer = await connection.request(
    'initialize',
    { protocolVersion: LATEST_SESSION_VERSION, capabilities: {}, clientInfo },
    INITIALIZE_MS,
  );
  const result = valueAt(answer.bytes, answer.start, answer.end) as Record<string, unknown>;
  if (!isSessionVersion(result.protocolVersion)) {
    throw new GatehouseError({
      code: 'upstream.protocol_mismatch',
      message: `The server speaks protocol revision "${String(result.protocolVersion)}", which Gatehouse does not.`,
      remedy: 'Update the server, or Gatehouse.',
    });
  }
  connection.notify('notifications/initialized');
  const capabilities = asRecord(result.capabilities);
  const lists = await Promise.all(LIST_KINDS.map((kind) => readList(connection, kind, capabilities)));
  const [tools = [], prompts = [], resources = [], resourceTemplates = []] = lists;
  return {
    tools,
    prompts,
    resources,
    resourceTemplates,
    capabilities,
    instructions: typeof result.instructions === 'string' ? result.instructions : null,
    serverInfo: asRecord(result.serverInfo),
    protocolVersion: result.protocolVersion,
    era: 'legacy',
    caching: { tools: UNCACHED, prompts: UNCACHED, resources: UNCACHED, resourceTemplates: UNCACHED },
  };
}

/** Every item of one list; empty when the server does not declare the capability. */
export async function readList(
  connection: Connection,
  kind: ListKind,
  capabilities: Readonly<Record<string, unknown>>,
): Promise<readonly ListedItem[]> {
  const capability = kind === 'resourceTemplates' ? 'resources' : kind;
  if (capabilities[capability] === undefined) return [];
  const items: ListedItem[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES && items.length < MAX_ITEMS; pages++) {
    const params = cursor === null ? {} : { cursor };
    let answer: Awaited<ReturnType<Connection['request']>>;
    try {
      answer = await connection.request(LIST_METHODS[kind], params, LIST_MS);
    } catch (error) {
      // Many servers declare resources and know no templates.
      if (isMethodNotFound(error) && kind === 'resourceTemplates') return [];
      throw error;
    }
    const page = readPage(kind, answer.bytes, answer.start, answer.end);
    if (page === null) {
      throw new GatehouseError({
        code: 'upstream.bad_list',
        message: `The server's answer to "${LIST_METHODS[kind]}" is not a list.`,
        remedy: 'Update the server; its log may tell more.',
      });
    }
    items.push(...page.items);
    if (page.nextCursor === null || seen.has(page.nextCursor)) return items;
    seen.add(page.nextCursor);
    cursor = page.nextCursor;
  }
  return items;
}

function isMethodNotFound(error: unknown): boolean {
  return (
    error instanceof GatehouseError &&
    error.code === 'upstream.answered_error' &&
    asRecord(error.cause).code === -32601
  );
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
