/**
 * The editing of servers, tied to the rest: a server's entry is shown with its keys hidden, and what comes back is written
 * into the configuration, its new keys into the secrets. The pool starts a changed server anew. Holds nothing open.
 */
import { createHash } from 'node:crypto';
import type { EditingDeps } from './api/editing.ts';
import { entryOf, maskEntry, unmaskEntry } from './config/entry-edit.ts';
import { readText } from './config/file.ts';
import { entryChanged, foreignFile } from './config/refused-writes.ts';
import { parseConfigTree } from './config/tree.ts';
import type { Configuration } from './configuration.ts';
import { type KeyStore, writeWithKeys } from './kept-keys.ts';
import { GatehouseError, problemOf } from './protocol/error.ts';

/** What it ties together. */
export interface ServerEditingDeps {
  readonly config: Pick<Configuration, 'file' | 'origin' | 'editServer'>;
  secrets(): Promise<KeyStore>;
}

type Entry = Readonly<Record<string, unknown>>;

/** What the commands do. */
export function openServerEditing({ config, secrets }: ServerEditingDeps): EditingDeps {
  const current = async (server: string): Promise<Entry> => {
    const entry = entryOf(await readText(config.file), config.file, server);
    if (entry !== null) return entry;
    throw gone(server);
  };
  return {
    async read(server) {
      const { dialect } = config.origin;
      if (dialect !== null) {
        const locked = problemOf(foreignFile(config.file, dialect.title));
        return { text: '', digest: '', hidden: 0, locked };
      }
      const entry = await current(server);
      const masked = maskEntry(server, entry);
      const text = JSON.stringify(masked.entry, null, 2);
      return { text, digest: digestOf(entry), hidden: masked.values.length, locked: null };
    },
    async save({ server, text, digest, keepKeys }) {
      const before = await current(server);
      if (digestOf(before) !== digest) throw entryChanged(server);
      const next = unmaskEntry(objectIn(text), maskEntry(server, before));
      const store = keepKeys ? await secrets() : null;
      await writeWithKeys(store, server, next, (whole) =>
        config.editServer(server, whole, (now) => digestOf(now) === digest),
      );
    },
  };
}

function objectIn(text: string): Entry {
  const { value } = parseConfigTree(text, 'this entry');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Entry;
  throw new GatehouseError({
    code: 'config.invalid_value',
    form: 'entry',
    message: 'The entry of a server is one object in { }.',
    remedy: 'Write for example { "command": "npx", "args": ["-y", "some-server"] }.',
  });
}

function digestOf(entry: Entry): string {
  return createHash('sha256').update(JSON.stringify(entry)).digest('hex');
}

function gone(server: string): GatehouseError {
  return new GatehouseError({
    code: 'config.no_such_server',
    message: 'The configuration has no server called "{server}".',
    remedy: 'It may just have been removed; look at the list of servers again.',
    values: { server },
  });
}
