/**
 * Goose (`extensions`) and Continue (a list under `mcpServers`), both in YAML. Pure.
 */
import { membersOf, otherSettings } from './clients.ts';
import { given, withHeader } from './common.ts';
import type { Dialect, DraftEntry, DraftServer } from './dialect.ts';
import { readEntryOf } from './entries.ts';
import { createNames } from './names.ts';
import { type Item, isObject, plainText } from './reader.ts';

/** Kinds of extensions that only Goose itself can run. */
const INSIDE = new Set(['builtin', 'platform', 'frontend', 'inline_python']);

export const goose: Dialect = {
  id: 'goose',
  title: 'Goose',
  recognizes: (root, format) =>
    format === 'yaml' &&
    (isObject(root.extensions) || Array.isArray(root.mcpServers) || isObject(root.mcpServers)),
  read(reader) {
    reader.useReferences(plainText);
    const { root } = reader;
    const names = createNames();
    const members = [...membersOf(root, 'extensions'), ...membersOf(root, 'mcpServers')];
    const servers = members.flatMap(({ name: written, item }): DraftServer[] => {
      const kind = item.text('type') ?? '';
      if (INSIDE.has(kind)) {
        item.fault(null, 'It is a part of Goose, which only Goose can run.');
        return [];
      }
      const name = names.take(written);
      if (name !== written) item.changed(null, `It is called "${name}" here.`);
      return [{ name, path: item.path, entry: readExtension(item) }];
    });
    otherSettings(root, ['extensions', 'mcpServers']);
    return { servers };
  },
};

function readExtension(item: Item): DraftEntry {
  const entry = readEntryOf(item, { plainUrl: null, timeout: 'seconds' });
  let { env } = entry;
  for (const name of item.texts('env_keys') ?? []) {
    if (env !== undefined && Object.hasOwn(env, name)) continue;
    env = { ...env, [name]: `\${keyring:${name}}` };
    item.changed('env_keys', `Goose keeps these itself; store each here: gatehouse secret set NAME`);
  }
  let { headers } = entry;
  // Continue puts them there.
  for (const [name, value] of Object.entries(item.object('requestOptions')?.table('headers') ?? {}))
    headers = withHeader(headers, name, value);
  return { ...entry, ...given({ env, headers }) };
}
