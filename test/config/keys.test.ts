/** Which texts of a configuration are keys, and what stays around them. */
import { expect, it } from 'vitest';
import { findEntryKeys, findKeys, withReferences } from '../../main/config/keys.ts';

const GITHUB = `ghp_${'a1B2c3D4'.repeat(5)}`;

/** Each text as it is left, and what its keys are. */
function left(entry: object): [string, string, string[]][] {
  const byText = new Map<string, ReturnType<typeof findEntryKeys>>();
  for (const key of findEntryKeys('srv', entry)) {
    const id = key.path.join('.');
    byText.set(id, [...(byText.get(id) ?? []), key]);
  }
  return [...byText].map(([path, keys]) => [
    path,
    withReferences(
      keys,
      keys.map(({ suggested }) => suggested),
    ),
    keys.map(({ value }) => value),
  ]);
}

it.each<[string, object, [string, string, string[]][]]>([
  [
    'a variable by its name',
    { env: { API_KEY: 'plainword' } },
    [['env.API_KEY', '${keyring:srv-api_key}', ['plainword']]],
  ],
  ['a variable by its looks', { env: { GH: GITHUB } }, [['env.GH', '${keyring:srv-gh}', [GITHUB]]]],
  [
    'a header, its scheme left',
    { headers: { Authorization: 'Bearer abc123' } },
    [['headers.Authorization', 'Bearer ${keyring:srv-authorization}', ['abc123']]],
  ],
  ['an argument with =', { args: ['--token=abcd'] }, [['args.0', '--token=${keyring:srv-token}', ['abcd']]]],
  [
    'an argument behind its flag',
    { args: ['-v', '--api-key', 'abcd'] },
    [['args.2', '${keyring:srv-api-key}', ['abcd']]],
  ],
  [
    'a header among arguments, as mcp-remote has it',
    { args: ['mcp-remote', 'https://x/mcp', '--header', 'Authorization: Bearer abc123'] },
    [['args.3', 'Authorization: Bearer ${keyring:srv-header}', ['abc123']]],
  ],
  [
    'a password in an address',
    { env: { DATABASE_URL: 'postgres://ada:hunter2@db:5432/x' } },
    [['env.DATABASE_URL', 'postgres://ada:${keyring:srv-database_url}@db:5432/x', ['hunter2']]],
  ],
  [
    'parameters of an address, each',
    { url: 'https://x/mcp?api_key=abcd&page=2&token=efgh' },
    [['url', 'https://x/mcp?api_key=${keyring:srv-url}&page=2&token=${keyring:srv-url}', ['abcd', 'efgh']]],
  ],
  [
    'a part of a path that nobody wrote by hand',
    { url: 'https://x/s/NzY1ZDk4OTctY2JkNi00YTk5LWFkNmQ/mcp' },
    [['url', 'https://x/s/${keyring:srv-url}/mcp', ['NzY1ZDk4OTctY2JkNi00YTk5LWFkNmQ']]],
  ],
  [
    'secrets for signing in',
    { oauth: { clientId: 'app', clientSecret: 'shhh', privateKey: '-----BEGIN PRIVATE KEY-----\nx' } },
    [
      ['oauth.clientSecret', '${keyring:srv-clientsecret}', ['shhh']],
      ['oauth.privateKey', '${keyring:srv-privatekey}', ['-----BEGIN PRIVATE KEY-----\nx']],
    ],
  ],
  ['tokens of its own', { authTokens: ['abcd'] }, [['authTokens.0', '${keyring:srv-auth-token}', ['abcd']]]],
  [
    'what is written escaped, as it is meant',
    { env: { TOKEN: 'a$${b}c' } },
    [['env.TOKEN', '${keyring:srv-token}', ['a${b}c']]],
  ],
])('%s', (_name, entry, expected) => {
  expect(left(entry)).toEqual(expected);
});

it.each([
  { env: { API_KEY: '${keyring:x}', TOKEN: 'Bearer ${env:T}', PASSWORD: '' } },
  { env: { API_KEY: '<your key>', TOKEN: 'YOUR_TOKEN', SECRET: '****' } },
  {
    env: {
      NODE_ENV: 'production',
      HOME: '/home/ada/some/long/path/of/mine',
      ID: '9f8c3c52-7a3e-4f0e-9c1b-0e5e7a5b9d11',
    },
  },
  {
    command: 'npx',
    args: [
      '-y',
      '@modelcontextprotocol/server-filesystem@2026.8.31',
      '/home/ada/Documents',
      '/tmp/gatehouse-desktop-DFigys/tmp/notes-Uk4P8Yp6heQz81',
    ],
  },
  { url: 'https://mcp.example.com/v1/organizations/acme-international/mcp?page_token=&mode=read' },
  { oauth: { clientId: 'abc', scopes: ['read'] }, tools: { deny: ['token'] } },
  null,
  'text',
])('nothing is taken for a key in %j', (entry) => {
  expect(findEntryKeys('srv', entry)).toEqual([]);
});

it('finds those of servers in either form, and the token of the endpoint', () => {
  const env = { KEY: 'abcd', TOKEN: 'efgh' };
  const places = (root: unknown) => findKeys(root).map(({ path }) => path.join('.'));
  expect(places({ mcpServers: { a: { env } }, auth: { token: 'ijklmn' } })).toEqual([
    'mcpServers.a.env.TOKEN',
    'auth.token',
  ]);
  expect(places({ mcpServers: [{ name: 'a', env }] })).toEqual(['mcpServers.0.env.TOKEN']);
  expect(places([])).toEqual([]);
});
