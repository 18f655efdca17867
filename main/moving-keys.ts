/**
 * Moves keys that stand in the configuration file in plain text into the store of secrets, and leaves references. Every
 * secret is stored before the file is touched, so that a crash loses none. Holds nothing open.
 */
import { editText } from './config/edit.ts';
import { readText, replace } from './config/file.ts';
import { type FoundKey, findKeys, withReferences } from './config/keys.ts';
import { parseConfig } from './config/read.ts';
import { parseConfigTree } from './config/tree.ts';
import { GatehouseError } from './protocol/error.ts';

/** A key as people see it: never its value. */
export interface KeyPlace {
  /** Where it stands, such as `mcpServers.github.env.GITHUB_TOKEN`. */
  readonly place: string;
  /** The secret that it became, or may become. */
  readonly secret: string;
}

/** The part of a store that is used. */
interface Store {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
}

/** The keys of the file. Rejects with a ConfigError when it cannot be read. */
export async function keysOfFile(file: string): Promise<readonly KeyPlace[]> {
  return named(found(await readText(file), file)).map(({ place, secret }) => ({ place, secret }));
}

/**
 * Moves them all; gives what was moved. Rejects with `config.changed_meanwhile` (nothing is lost), a ConfigError for a
 * faulty file, or as the store does; the file is then as it was.
 */
export async function moveKeys(file: string, store: Store): Promise<readonly KeyPlace[]> {
  const before = await readText(file);
  const keys = named(found(before, file));
  const moved: (KeyPlace & { readonly key: FoundKey })[] = [];
  for (const { key, place, secret } of keys) {
    const name = await free(secret, key.value, store);
    await store.set(name, key.value);
    moved.push({ key, place, secret: name });
  }
  let text = before;
  for (const group of byPath(moved)) {
    const path = group[0]?.key.path ?? [];
    const value = withReferences(
      group.map(({ key }) => key),
      group.map(({ secret }) => secret),
    );
    text = editText(text, path, value);
  }
  parseConfig(text, file);
  if (text !== before && !(await replace(file, before, text))) {
    throw new GatehouseError({
      code: 'config.changed_meanwhile',
      message: 'The configuration file was changed while its keys were moved; it was left as it is.',
      remedy: 'Try again.',
    });
  }
  return moved.map(({ place, secret }) => ({ place, secret }));
}

function found(text: string, file: string): readonly FoundKey[] {
  // Faults, and files of other programs, are told before anything is moved.
  parseConfig(text, file);
  return findKeys(parseConfigTree(text.replace(/^\uFEFF/, ''), file).value);
}

function named(keys: readonly FoundKey[]): readonly (KeyPlace & { readonly key: FoundKey })[] {
  return keys.map((key) => {
    const [first, step] = key.path;
    const at = first === 'mcpServers' ? `mcpServers.${String(step)}.${key.place}` : key.place;
    return { key, place: at, secret: key.suggested };
  });
}

/** The name, or one beside it where another value has it. */
async function free(name: string, value: string, store: Store): Promise<string> {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}-${number}`;
    const there = await store.get(tried);
    if (there === null || there === value) return tried;
  }
}

function byPath<T extends { readonly key: FoundKey }>(moved: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of moved) {
    const id = JSON.stringify(one.key.path);
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  return [...groups.values()];
}
