/**
 * Who may use the gateway, as the configuration file says it: `auth`, `trustedHosts`, and a server's own address.
 * Schemas, types and the rules that a schema cannot say. Pure.
 */
import { z } from 'zod';
import type { ConfigPath } from './error.ts';
import type { ConfigTree } from './tree.ts';

/** `auth` in the file. */
export interface AuthConfig {
  /** The token of the merged endpoint, possibly a reference; null lets Gatehouse make one. */
  readonly token: string | null;
  /** Further tokens of the merged endpoint, possibly references. */
  readonly tokens: readonly string[];
  /** null means the default: required. */
  readonly required: boolean | null;
  /** True also takes a token as `?key=` in the address. */
  readonly inQuery: boolean;
  /** True also takes a token as a part of the path, `/NAME/TOKEN/mcp`. */
  readonly inPath: boolean;
}

const IN_ADDRESS =
  'Addresses end up in logs and histories: only for clients that cannot send headers. Default `false`.';

export const authSchema = z
  .strictObject({
    token: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The token that clients send. Best a reference such as `${keyring:gatehouse}`. Without it Gatehouse makes one.',
      ),
    tokens: z.array(z.string().min(1)).optional().describe('Further tokens that are as good as `token`.'),
    required: z
      .boolean()
      .optional()
      .describe(
        'Whether clients must send the token. Default `true`; `false` is refused on addresses other than loopback.',
      ),
    inQuery: z
      .boolean()
      .optional()
      .describe(`Whether a token may also stand in the address, as \`?key=TOKEN\`. ${IN_ADDRESS}`),
    inPath: z
      .boolean()
      .optional()
      .describe(
        `Whether a token that opens a server may also stand in its path, \`/NAME/TOKEN/mcp\`. ${IN_ADDRESS}`,
      ),
  })
  .optional()
  .describe('Who may use the gateway.');

/** The keys of `auth`, for hints at misspelled ones. */
export const AUTH_KEYS: readonly string[] = Object.keys(authSchema.unwrap().shape);

/** `trustedHosts` in the file. */
export const trustedHostsSchema = z
  .array(z.string().min(1))
  .optional()
  .describe(
    'Host names beside those of this computer under which the gateway is reached, such as behind a reverse proxy. `.example.com` stands for every name below it; with a port only that one counts.',
  );

/** `route` of a server in the file. */
export const routeSchema = z
  .string()
  .min(1)
  .max(512)
  .optional()
  .describe("Another path of the server's own address, beside its name: `team/files` for `/team/files/mcp`.");

/**
 * The checked `auth`.
 *
 * @throws ConfigError `config.invalid_value` at a token that could not travel in a header
 */
export function readAuth(tree: ConfigTree, auth: z.infer<typeof authSchema>): AuthConfig {
  if (auth?.token !== undefined) checkToken(tree, ['auth', 'token'], auth.token);
  for (const [index, token] of (auth?.tokens ?? []).entries()) {
    checkToken(tree, ['auth', 'tokens', index], token);
  }
  return {
    token: auth?.token ?? null,
    tokens: auth?.tokens ?? [],
    required: auth?.required ?? null,
    inQuery: auth?.inQuery ?? false,
    inPath: auth?.inPath ?? false,
  };
}

/** Whether a text holds a reference that is resolved only when it is needed. */
export function hasReference(text: string): boolean {
  return text.includes('${');
}

/** Refuses a token that could not travel in a header. */
export function checkToken(tree: ConfigTree, path: ConfigPath, token: string): void {
  if (!hasReference(token) && !/^[\x21-\x7e]+$/.test(token)) {
    throw tree.fault(
      path,
      'config.invalid_value',
      'A token is one word of ASCII characters without spaces.',
      'Choose another token.',
    );
  }
}

/**
 * The checked `trustedHosts`, in small letters.
 *
 * @throws ConfigError `config.invalid_value` at what is no host name
 */
export function readTrustedHosts(tree: ConfigTree, hosts: readonly string[] | undefined): string[] {
  return (hosts ?? []).map((host, index) => {
    if (isHostPattern(host)) return host.toLowerCase();
    throw tree.fault(
      ['trustedHosts', index],
      'config.invalid_value',
      'This is not a host name such as mcp.example.com.',
      'Write the name alone, without http:// and path; for all names below one write .example.com.',
    );
  });
}

/** Whether `text` is a host name or address, with or without a dot before and a port behind it. */
export function isHostPattern(text: string): boolean {
  return /^(\.?[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/.test(text);
}

/**
 * The checked `route` of a server.
 *
 * @throws ConfigError `config.invalid_value` at what could climb in a path or not be written in one
 */
export function readRoute(tree: ConfigTree, path: ConfigPath, route: string | undefined): string | null {
  if (route === undefined) return null;
  if (isRoute(route)) return route;
  throw tree.fault(
    [...path, 'route'],
    'config.invalid_value',
    'This cannot be the path of a server.',
    'Write words with "/" between them, such as team/files; no "." or "..", no spaces, no backslash.',
  );
}

/** Whether `text` is one path segment or several that are neither empty nor `.` or `..`. */
export function isRoute(text: string): boolean {
  return text
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\{}?#%\s\p{C}]/u.test(part));
}
