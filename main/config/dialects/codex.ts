/**
 * Codex: `[mcp_servers.NAME]` in its TOML file. Also Mistral Vibe's list of the same name. Pure.
 */
import { membersOf, otherSettings } from './clients.ts';
import { given, withHeader } from './common.ts';
import type { Dialect, DraftEntry, DraftServer } from './dialect.ts';
import { readEntryOf } from './entries.ts';
import { createNames } from './names.ts';
import { type Item, plainText } from './reader.ts';

export const codex: Dialect = {
  id: 'codex',
  title: 'Codex',
  recognizes: (root) => typeof root.mcp_servers === 'object' && root.mcp_servers !== null,
  read(reader) {
    reader.useReferences(plainText);
    const { root } = reader;
    const names = createNames();
    const servers = membersOf(root, 'mcp_servers').map(({ name: written, item }): DraftServer => {
      const name = names.take(written);
      const entry = readServer(item);
      if (name !== written) item.changed(null, `It is called "${name}" here.`);
      return { name, path: item.path, entry };
    });
    otherSettings(root, ['mcp_servers']);
    return { servers };
  },
};

function readServer(item: Item): DraftEntry {
  const entry = readEntryOf(item, { plainUrl: 'http', timeout: 'seconds' });
  let { headers, env } = entry;
  const variable = item.text('bearer_token_env_var');
  if (variable !== undefined && variable !== '') {
    headers = withHeader(headers, 'Authorization', `Bearer \${env:${variable}}`);
    item.understood('bearer_token_env_var', 'The variable is looked up at each start.');
  }
  for (const [name, value] of Object.entries(item.table('http_headers') ?? {}))
    headers = withHeader(headers, name, value);
  for (const [name, of] of Object.entries(item.table('env_http_headers') ?? {}))
    headers = withHeader(headers, name, `\${env:${of}}`);
  for (const name of item.texts('env_vars') ?? []) env = { ...env, [name]: `\${env:${name}}` };
  if (item.has('headers')) item.changed('headers', 'Codex itself takes "http_headers" only.');
  return { ...entry, ...given({ headers, env }) };
}
