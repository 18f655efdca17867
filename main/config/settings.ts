/**
 * The settings of the door and of profiles in the configuration file: schemas, types and the rules that a schema cannot
 * say. Pure.
 */
import { z } from 'zod';
import { profileToolsSchema, readToolFilter, type ToolFilterConfig } from './tool-rules.ts';
import type { ConfigTree } from './tree.ts';

/** A named choice of servers with an address of its own, `/p/NAME/mcp`. */
export interface ProfileConfig {
  readonly name: string;
  readonly servers: readonly string[];
  /** False shows bare names where they are unique within the profile. */
  readonly prefix: boolean;
  /** Patterns of `server/tool`. */
  readonly tools: ToolFilterConfig;
}

/** Bounds of the gateway, as the file gives them; null means the default. */
export interface LimitsConfig {
  readonly bodyBytes: number | null;
  readonly sessions: number | null;
  readonly callsPerClient: number | null;
  readonly queuePerClient: number | null;
  readonly sessionIdleMs: number | null;
}

const count = (most: number) => z.int().min(1).max(most).optional();

/** `limits` in the file. */
export const limitsSchema = z
  .strictObject({
    bodyBytes: count(1024 * 1024 * 1024).describe(
      'Longest message that a client may send, in bytes. Default 33554432 (32 MiB).',
    ),
    sessions: count(1_000_000).describe('Sessions open at once. Default 10000.'),
    callsPerClient: count(65_536).describe('Calls of one client under way at once; more wait. Default 1024.'),
    queuePerClient: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe(
        'Calls of one client that may wait; more are refused with an error that says to try again. Default 4096.',
      ),
    sessionIdleMinutes: count(10_080).describe('Minutes after which an unused session ends. Default 60.'),
  })
  .optional()
  .describe('Bounds of the gateway.');

const profileSchema = z.strictObject({
  servers: z.array(z.string().min(1)).describe('The names of its servers.'),
  prefix: z
    .boolean()
    .optional()
    .describe(
      'Whether names begin with the name of their server. Default `true`; `false` shows bare names where they are unique.',
    ),
  tools: profileToolsSchema,
});

/** `profiles` in the file. */
export const profilesSchema = z
  .record(z.string(), profileSchema)
  .optional()
  .describe('Named choices of servers, each with an address of its own: `/p/NAME/mcp`.');

/** `basePath` in the file. */
export const basePathSchema = z
  .string()
  .optional()
  .describe(
    'A path before all others, such as `/gatehouse`, for use behind a reverse proxy. Default: none; a change needs a restart.',
  );

/** The checked `limits`. */
export function readLimits(limits: z.infer<typeof limitsSchema>): LimitsConfig {
  const minutes = limits?.sessionIdleMinutes;
  return {
    bodyBytes: limits?.bodyBytes ?? null,
    sessions: limits?.sessions ?? null,
    callsPerClient: limits?.callsPerClient ?? null,
    queuePerClient: limits?.queuePerClient ?? null,
    sessionIdleMs: minutes === undefined ? null : minutes * 60_000,
  };
}

/**
 * The checked `profiles`, in the order of the file.
 *
 * @throws ConfigError `config.invalid_value` at a name that cannot stand in a path, or at a server that is not there
 */
export function readProfiles(
  tree: ConfigTree,
  profiles: z.infer<typeof profilesSchema>,
  servers: ReadonlySet<string>,
): ProfileConfig[] {
  return Object.entries(profiles ?? {}).map(([name, profile]) => {
    if (!/^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/.test(name) || name === '.' || name === '..') {
      throw tree.fault(
        ['profiles', name],
        'config.invalid_value',
        `${JSON.stringify(name)} cannot be the name of a profile.`,
        'Names have 1 to 64 characters of A-Z a-z 0-9 _ . - and do not begin with "-".',
      );
    }
    for (const [index, server] of profile.servers.entries()) {
      if (servers.has(server)) continue;
      throw tree.fault(
        ['profiles', name, 'servers', index],
        'config.invalid_value',
        `There is no server ${JSON.stringify(server)}.`,
        'Write one of the names under "mcpServers".',
      );
    }
    const tools = readToolFilter(profile.tools);
    return { name, servers: profile.servers, prefix: profile.prefix ?? true, tools };
  });
}

/**
 * The checked `basePath`: empty, or beginning with a slash and without one at its end.
 *
 * @throws ConfigError `config.invalid_value`
 */
export function readBasePath(tree: ConfigTree, basePath: string | undefined): string {
  if (basePath === undefined || basePath === '' || basePath === '/') return '';
  const path = basePath.endsWith('/') ? basePath.slice(0, -1) : basePath;
  if (/^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(path)) return path;
  throw tree.fault(
    ['basePath'],
    'config.invalid_value',
    'This is not a path such as /gatehouse.',
    'Begin with "/"; use letters, digits, "-", "_", "." and "~".',
  );
}
