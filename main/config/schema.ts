/**
 * What the configuration file may hold, twice: as zod schemas of the file (the trust edge, from which the published
 * JSON schema and the documentation are made) and as the types that the rest of Gatehouse works with. Pure.
 */
import { z } from 'zod';
import { type AuthConfig, authSchema, routeSchema, trustedHostsSchema } from './access.ts';
import { type AdminConfig, adminSchema } from './admin.ts';
import { type ApprovalConfig, approvalSchema } from './approval.ts';
import {
  dockerIsolationSchema,
  type IsolationConfig,
  type IsolationDefaults,
  isolationSchema,
  serverIsolationSchema,
} from './isolation.ts';
import { type OAuthConfig, oauthSchema } from './oauth.ts';
import { type ActivityConfig, activitySchema } from './recording.ts';
import { remoteShape, type TlsConfig } from './remote-keys.ts';
import {
  basePathSchema,
  type LimitsConfig,
  limitsSchema,
  type ProfileConfig,
  profilesSchema,
} from './settings.ts';
import { type TerminalConfig, terminalSchema } from './terminal.ts';
import { type ToolRules, toolRulesSchema } from './tool-rules.ts';
import { type UpkeepConfig, upkeepShape } from './upkeep.ts';

declare const serverNameBrand: unique symbol;

/** The name of one server: 1 to 64 characters of `[A-Za-z0-9_.-]`; made only by `parseServerName`. */
export type ServerName = string & { readonly [serverNameBrand]: true };

/** A server that is a local program. References such as `${env:NAME}` are still unresolved here. */
export interface StdioTransport {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute (a relative one in the file counts from the file's directory), or beginning with a reference. */
  readonly cwd: string | null;
}

/** A server at an address. `auto` tries streamable HTTP first and falls back to SSE. */
export interface RemoteTransport {
  readonly kind: 'http' | 'sse' | 'auto';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsConfig;
  /** How it is signed in to; null for not at all. */
  readonly oauth: OAuthConfig | null;
}

/** One server as the file describes it. */
export interface ServerConfig extends UpkeepConfig {
  readonly name: ServerName;
  readonly enabled: boolean;
  readonly transport: StdioTransport | RemoteTransport;
  /** Tokens that open this server's own route: null inherits `auth`, an empty list opens it to everyone. */
  readonly authTokens: readonly string[] | null;
  readonly session: 'shared' | 'per-client';
  readonly protocol: 'auto' | 'legacy' | 'modern';
  readonly quarantined: boolean;
  /** What becomes of a definition that was not approved yet: held for the user, or approved by itself. */
  readonly trust: 'manual' | 'auto';
  readonly tools: ToolRules;
  readonly isolation: IsolationConfig;
  /** A path of the server's own address beside its name, such as `team/files`. */
  readonly route: string | null;
  /** True ends a `serve` that cannot reach the server at its start. */
  readonly required: boolean;
}

/** The whole file. */
export interface GatehouseConfig {
  /** `host:port`, or null for the default address. */
  readonly listen: string | null;
  readonly auth: AuthConfig;
  /** Names under which the gateway is reached, beside those of this computer; in small letters. */
  readonly trustedHosts: readonly string[];
  /** Empty, or such as `/gatehouse`. */
  readonly basePath: string;
  readonly admin: AdminConfig;
  readonly limits: LimitsConfig;
  readonly approval: ApprovalConfig;
  readonly isolation: IsolationDefaults;
  readonly activity: ActivityConfig;
  readonly terminal: TerminalConfig;
  readonly profiles: readonly ProfileConfig[];
  /** In the order of the file. */
  readonly servers: readonly ServerConfig[];
}

/** The name as a `ServerName`, or null when it breaks the rules. Uniqueness is for the caller. */
export function parseServerName(name: string): ServerName | null {
  // A leading '-' would read as a flag on a command line; '.' and '..' would climb in a route.
  if (!/^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/.test(name) || name === '.' || name === '..') return null;
  return name === '__proto__' ? null : (name as ServerName);
}

const text = z.string();

const serverShape = {
  command: text.min(1).optional().describe('The program to start. Either this or `url`.'),
  args: z.array(text).optional().describe('Its arguments, one by one; no shell reads them.'),
  env: z
    .record(text, text)
    .optional()
    .describe('Environment variables for the program, on top of a small safe set. Values are text.'),
  cwd: text
    .min(1)
    .optional()
    .describe("Its working directory; a relative one counts from this file's directory."),
  working_dir: text.min(1).optional().describe('Another spelling of `cwd`.'),
  url: text
    .min(1)
    .optional()
    .describe('The address of a remote server, `http://` or `https://`. Either this or `command`.'),
  headers: z.record(text, text).optional().describe('HTTP headers for every request to `url`.'),
  ...remoteShape,
  type: z
    .enum(['stdio', 'http', 'streamable-http', 'sse'])
    .optional()
    .describe(
      'How to talk to it. Without it, `command` means `stdio`, and `url` tries streamable HTTP, then SSE.',
    ),
  transport: z
    .enum(['stdio', 'http', 'streamable-http', 'sse'])
    .optional()
    .describe('Another spelling of `type`.'),
  oauth: oauthSchema,
  enabled: z.boolean().optional().describe('Whether the server runs. Default `true`.'),
  disabled: z.boolean().optional().describe('The opposite of `enabled`, as some clients write it.'),
  authTokens: z
    .array(text.min(1))
    .optional()
    .describe(
      "Tokens that open this server's own route. Without it `auth` counts; an empty list opens it to everyone.",
    ),
  session: z
    .enum(['shared', 'per-client'])
    .optional()
    .describe('One session with the server for all clients, or one for each. Default `shared`.'),
  protocol: z
    .enum(['auto', 'legacy', 'modern'])
    .optional()
    .describe(
      'Which protocol revisions to speak with it: `legacy` (2024-11-05 to 2025-11-25, with `initialize`), `modern` (2026-07-28), or `auto`, which finds out. Default `auto`.',
    ),
  ...upkeepShape,
  quarantined: z
    .boolean()
    .optional()
    .describe(
      'Hold the server back until you approve it. Default `false`: what you write here yourself is trusted.',
    ),
  trust: z
    .enum(['manual', 'auto'])
    .optional()
    .describe(
      'What happens when a trusted server adds a tool or changes one: `manual` holds it until you approve it, `auto` lets it pass. Default `manual`.',
    ),
  tools: toolRulesSchema,
  isolation: serverIsolationSchema,
  route: routeSchema,
  required: z
    .boolean()
    .optional()
    .describe(
      'Whether `gatehouse serve` ends when this server cannot be reached at the start. Default `false`.',
    ),
};

const nameField = text
  .min(1)
  .max(64)
  .describe('The name of the server: 1 to 64 of `A-Z a-z 0-9 _ . -`, not beginning with `-`.');

/** One entry of the map form. */
export const serverSchema = z.strictObject(serverShape);

/** One entry of the list form: the same with a name. */
export const namedServerSchema = z.strictObject({ name: nameField, ...serverShape });

/** One entry as the file has it, either form. */
export type ServerEntry = z.infer<typeof serverSchema>;

/** Both forms of the list of servers. */
const serversMap = z.record(text, serverSchema).describe('Each server under its name.');
const serversList = z.array(namedServerSchema).describe('Each server with its `name`.');

const topShape = {
  $schema: text.optional().describe('The address of the JSON schema, for editors. Gatehouse ignores it.'),
  listen: text
    .optional()
    .describe('The address of the gateway, `host:port`. Default `127.0.0.1:4180`; port 0 picks a free one.'),
  auth: authSchema,
  trustedHosts: trustedHostsSchema,
  basePath: basePathSchema,
  admin: adminSchema,
  limits: limitsSchema,
  approval: approvalSchema,
  isolation: isolationSchema,
  docker_isolation: dockerIsolationSchema,
  activity: activitySchema,
  terminal: terminalSchema,
  profiles: profilesSchema,
};

/** The file with servers as a map, as Claude Desktop writes them. */
export const mapFileSchema = z.strictObject({ ...topShape, mcpServers: serversMap.optional() });

/** The file with servers as a list. */
export const listFileSchema = z.strictObject({ ...topShape, mcpServers: serversList.optional() });

/** Both forms in one; for the published JSON schema only, since a union's complaints name no place. */
export const fileSchema = z.strictObject({
  ...topShape,
  mcpServers: z
    .union([serversMap, serversList])
    .optional()
    .describe('The servers behind the gateway: a map from name to server, or a list of servers with `name`.'),
});
