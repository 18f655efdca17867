/**
 * `trust.json` on disk: whom the user trusts, what he has switched off, renamed or kept from a client. The last good file
 * is kept as a copy, since a tool that was switched off must not come back because a file broke.
 */
import { z } from 'zod';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { NameFilter } from '../protocol/glob.ts';
import { readDurable } from './durable.ts';

/** Version of the file's shape. */
const VERSION = 1;

const filterSchema = z.object({ allow: z.array(z.string()).nullable(), block: z.array(z.string()) });

const fileSchema = z.object({
  version: z.literal(VERSION),
  servers: z.array(
    z.object({
      name: z.string(),
      trust: z.enum(['trusted', 'quarantined']).optional(),
      disabledTools: z.array(z.string()).optional(),
      filter: filterSchema.optional(),
      overrides: z
        .array(
          z.object({
            tool: z.string(),
            name: z.string().nullable(),
            title: z.string().nullable(),
            description: z.string().nullable(),
          }),
        )
        .optional(),
      approvals: z.literal(true).optional(),
    }),
  ),
  clients: z.array(z.object({ client: z.string(), filter: filterSchema })).optional(),
});

/** What clients see of a tool in place of its server's words; null keeps them. */
export interface ToolOverride {
  readonly name: string | null;
  readonly title: string | null;
  readonly description: string | null;
}

/** What is kept of one server; names of servers that the configuration no longer has are kept as well. */
export interface ServerDecisions {
  /** null when nothing was decided. */
  readonly trust: 'trusted' | 'quarantined' | null;
  readonly disabledTools: ReadonlySet<string>;
  readonly filter: NameFilter | null;
  /** Under the server's own names of its tools. */
  readonly overrides: ReadonlyMap<string, ToolOverride>;
  /** True once there is a file of its approvals. */
  readonly approvals: boolean;
}

/** Everything that was decided. */
export interface Decisions {
  readonly servers: ReadonlyMap<string, ServerDecisions>;
  /** What each client may use, as patterns of `server/tool`. */
  readonly clients: ReadonlyMap<string, NameFilter>;
}

/** What was read, and what was wrong with the file. */
export interface TrustFile {
  readonly decisions: Decisions;
  /** True when there was neither the file nor its copy: nothing was ever decided, or somebody has deleted both. */
  readonly missing: boolean;
  readonly problem: GatehouseError | null;
}

/**
 * Reads `file`. A damaged one is set aside as `<file>.damaged-<time>` and the copy of the last good one is used.
 *
 * @throws GatehouseError `trust.unreadable` when neither can be used: to go on would switch everything on
 */
export function readTrust(file: string, clock: Clock): TrustFile {
  const found = readDurable(file, clock.now(), parse);
  switch (found.kind) {
    case 'good':
      return { decisions: found.value, missing: false, problem: null };
    case 'missing':
      return { decisions: { servers: new Map(), clients: new Map() }, missing: true, problem: null };
    case 'lost':
      throw unreadable(file, found.cause);
    case 'restored':
      return {
        decisions: found.value,
        missing: false,
        problem: new GatehouseError({
          code: 'trust.file_restored',
          form: 'switches',
          message: `The file of tool switches ${found.was === 'damaged' ? 'was damaged' : 'was gone'}; its last good copy is in use.`,
          remedy: 'Check the switches that you changed last.',
        }),
      };
  }
}

function parse(text: string): Decisions {
  const { servers, clients } = fileSchema.parse(JSON.parse(text));
  return {
    servers: new Map(
      servers.map(({ name, trust, disabledTools, filter, overrides, approvals }) => [
        name,
        {
          trust: trust ?? null,
          disabledTools: new Set(disabledTools),
          filter: filter ?? null,
          overrides: new Map((overrides ?? []).map(({ tool, ...override }) => [tool, override])),
          approvals: approvals ?? false,
        },
      ]),
    ),
    clients: new Map((clients ?? []).map(({ client, filter }) => [client, filter])),
  };
}

/** The text of the file. */
export function renderTrust({ servers, clients }: Decisions): string {
  const file = {
    version: VERSION,
    servers: [...servers].map(([name, { trust, disabledTools, filter, overrides, approvals }]) => ({
      name,
      ...(trust === null ? {} : { trust }),
      ...(disabledTools.size === 0 ? {} : { disabledTools: [...disabledTools].sort() }),
      ...(filter === null ? {} : { filter }),
      ...(overrides.size === 0
        ? {}
        : { overrides: [...overrides].map(([tool, override]) => ({ tool, ...override })) }),
      ...(approvals ? { approvals } : {}),
    })),
    ...(clients.size === 0 ? {} : { clients: [...clients].map(([client, filter]) => ({ client, filter })) }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function unreadable(file: string, cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'trust.unreadable',
    message: 'The file of tool switches {file} is damaged, and so is its copy.',
    remedy: 'Put one of them back from a backup. Deleting both switches every tool on again.',
    values: { file },
    cause,
  });
}
