/**
 * `oauth` of a remote server in the configuration file: the schema and the rules that a schema cannot say. Pure.
 */
import { z } from 'zod';
import type { ConfigPath } from './error.ts';
import type { ConfigTree } from './tree.ts';

/** How to sign in to one server. Texts may hold references. */
export interface OAuthConfig {
  readonly grant: 'authorization-code' | 'client-credentials';
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly privateKey: string | null;
  readonly keyAlgorithm: string;
  readonly clientMetadataUrl: string | null;
  readonly scopes: readonly string[] | null;
  readonly redirectUri: string | null;
  readonly extraParams: Readonly<Record<string, string>>;
  readonly issuer: string | null;
}

/** What servers get that say nothing. */
const DEFAULT_OAUTH: OAuthConfig = {
  grant: 'authorization-code',
  clientId: null,
  clientSecret: null,
  privateKey: null,
  keyAlgorithm: 'RS256',
  clientMetadataUrl: null,
  scopes: null,
  redirectUri: null,
  extraParams: {},
  issuer: null,
};

/** Parameters that the flow itself sets. */
const RESERVED = new Set([
  'client_id',
  'client_secret',
  'redirect_uri',
  'response_type',
  'grant_type',
  'code',
  'code_verifier',
  'code_challenge',
  'code_challenge_method',
  'state',
  'scope',
  'refresh_token',
  'client_assertion',
  'client_assertion_type',
]);

const text = z.string().min(1);
const params = z.record(z.string(), z.string());

const settingsSchema = z.strictObject({
  enabled: z.boolean().optional().describe('Whether the server may be signed in to. Default `true`.'),
  grant: z
    .enum(['authorization-code', 'client-credentials'])
    .optional()
    .describe(
      'Who signs in: a person in a browser (`authorization-code`), or Gatehouse itself with a secret or key of its own (`client-credentials`). Default `authorization-code`.',
    ),
  clientId: text
    .optional()
    .describe('The id of an application that you have registered. Without it Gatehouse registers itself.'),
  client_id: text.optional().describe('Another spelling of `clientId`.'),
  clientSecret: text.optional().describe('Its secret. Best a reference such as `${keyring:name}`.'),
  client_secret: text.optional().describe('Another spelling of `clientSecret`.'),
  privateKey: text
    .optional()
    .describe(
      'A private key (PEM, or a JWK) with which it proves itself instead of a secret. Best a reference such as `${keyring:name}`.',
    ),
  keyAlgorithm: text.optional().describe('The algorithm of `privateKey`. Default `RS256`.'),
  clientMetadataUrl: text
    .optional()
    .describe(
      'An https address at which the client describes itself; used where the authorization server takes that.',
    ),
  scopes: z
    .array(text)
    .optional()
    .describe('The permissions to ask for. Without it, those that the server asks for.'),
  redirectUri: text
    .optional()
    .describe(
      'Where the browser is sent back to. Default: an address on this computer whose port stays the same. For one elsewhere, paste the last address of the browser with `gatehouse auth paste`.',
    ),
  redirect_uri: text.optional().describe('Another spelling of `redirectUri`.'),
  extraParams: params
    .optional()
    .describe('Further parameters for the authorization server, such as `audience` or `resource`.'),
  extra_params: params.optional().describe('Another spelling of `extraParams`.'),
  issuer: text
    .optional()
    .describe('The address of the authorization server, for servers that do not name theirs.'),
  pkce_enabled: z.boolean().optional().describe('Read and ignored: PKCE is always used.'),
});

/** `oauth` in the file. */
export const oauthSchema = settingsSchema
  .optional()
  .describe('How to sign in to a remote server. Not needed where the server tells how.');

type Entry = z.infer<typeof oauthSchema>;
type Settings = z.infer<typeof settingsSchema>;

/** Keys that have two spellings: ours and that of mcpproxy. */
const SPELLINGS = [
  ['clientId', 'client_id'],
  ['clientSecret', 'client_secret'],
  ['redirectUri', 'redirect_uri'],
  ['extraParams', 'extra_params'],
] as const satisfies readonly (readonly [keyof Settings, keyof Settings])[];

/**
 * The checked settings at `path`; null when the server is not to be signed in to.
 *
 * @throws ConfigError `config.invalid_value`
 */
export function readOAuth(tree: ConfigTree, path: ConfigPath, entry: Entry): OAuthConfig | null {
  if (entry === undefined) return DEFAULT_OAUTH;
  if (entry.enabled === false) return null;
  const fault = (key: string, what: string, remedy: string): Error =>
    tree.fault([...path, key], 'config.invalid_value', what, remedy);
  for (const [ours, other] of SPELLINGS) {
    if (entry[ours] !== undefined && entry[other] !== undefined) {
      throw fault(other, `"${ours}" and "${other}" say the same.`, `Keep only "${ours}".`);
    }
  }
  const extraKey = entry.extraParams === undefined ? 'extra_params' : 'extraParams';
  const extraParams = entry.extraParams ?? entry.extra_params ?? {};
  for (const name of Object.keys(extraParams)) {
    if (!RESERVED.has(name.toLowerCase())) continue;
    throw tree.fault(
      [...path, extraKey, name],
      'config.invalid_value',
      `"${name}" is set by Gatehouse itself.`,
      name === 'scope' ? 'Use "scopes".' : 'Remove it, or use the key of "oauth" for it.',
    );
  }
  for (const key of ['clientMetadataUrl', 'issuer', 'redirectUri', 'redirect_uri'] as const) {
    const value = entry[key];
    if (value === undefined || value.includes('${')) continue;
    const wanted = key === 'clientMetadataUrl' ? /^https:\/\// : /^https?:\/\//;
    if (!wanted.test(value) || !isUrl(value)) {
      throw fault(
        key,
        `"${key}" is not an address of the right kind.`,
        'Write it whole, with https:// (or http:// on this computer).',
      );
    }
  }
  const clientId = entry.clientId ?? entry.client_id ?? null;
  const clientSecret = entry.clientSecret ?? entry.client_secret ?? null;
  const privateKey = entry.privateKey ?? null;
  if (
    entry.grant === 'client-credentials' &&
    (clientId === null || (clientSecret === null && privateKey === null))
  ) {
    throw fault(
      'grant',
      'A machine needs "clientId" and either "clientSecret" or "privateKey".',
      'Add them.',
    );
  }
  return {
    grant: entry.grant ?? 'authorization-code',
    clientId,
    clientSecret,
    privateKey,
    keyAlgorithm: entry.keyAlgorithm ?? DEFAULT_OAUTH.keyAlgorithm,
    clientMetadataUrl: entry.clientMetadataUrl ?? null,
    scopes: entry.scopes ?? null,
    redirectUri: entry.redirectUri ?? entry.redirect_uri ?? null,
    extraParams: { ...extraParams },
    issuer: entry.issuer ?? null,
  };
}

function isUrl(text: string): boolean {
  try {
    return new URL(text).host !== '';
  } catch {
    return false;
  }
}
