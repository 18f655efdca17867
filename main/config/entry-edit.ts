/**
 * Changes a server of the file to another entry, key by key, so that comments and formatting of what stays are kept; and the
 * entry as it is shown to be edited, its keys hidden. Pure.
 */
import { GatehouseError } from '../protocol/error.ts';
import { editText, findEntry, isObject } from './edit.ts';
import type { ConfigPath } from './error.ts';
import { findEntryKeys } from './keys.ts';
import { withoutMark } from './read.ts';
import { parseConfigTree } from './tree.ts';

/** The entry of a server as the file has it, without its name; null when it is not there. */
export function entryOf(text: string, file: string, name: string): Readonly<Record<string, unknown>> | null {
  const root = parseConfigTree(withoutMark(text), file).value;
  const found = findEntry(root, name);
  const entry = found === null ? null : found.path.reduce<unknown>((at, step) => (at as Steps)[step], root);
  if (!isObject(entry)) return null;
  const { name: own, ...rest } = entry;
  return found?.path[1] === name && own !== undefined ? entry : rest;
}

/** The text with server `name` having `next` as its entry. Returns null when no such server is there. */
export function editEntry(
  text: string,
  file: string,
  name: string,
  next: Readonly<Record<string, unknown>>,
): string | null {
  const root = parseConfigTree(withoutMark(text), file).value;
  const found = findEntry(root, name);
  const before = entryOf(text, file, name);
  if (found === null || before === null) return null;
  return changed(text, found.path, before, next);
}

/** An entry with its keys hidden, and what stands for each. */
export interface MaskedEntry {
  readonly entry: Readonly<Record<string, unknown>>;
  /** What `(hidden 1)`, `(hidden 2)` and so on stand for. */
  readonly values: readonly string[];
  /** How such a mark begins; longer where the entry says so itself. */
  readonly mark: string;
}

/** Hides every key that stands in it in plain text. */
export function maskEntry(name: string, entry: Readonly<Record<string, unknown>>): MaskedEntry {
  let mark = '(hidden ';
  while (JSON.stringify(entry).includes(mark)) mark = `(${mark}`;
  const copy = structuredClone(entry) as Record<string, unknown>;
  const values: string[] = [];
  const places = new Map<string, ReturnType<typeof findEntryKeys>>();
  for (const key of findEntryKeys(name, entry)) {
    const id = JSON.stringify(key.path);
    places.set(id, [...(places.get(id) ?? []), key]);
  }
  for (const keys of places.values()) {
    const [first] = keys;
    if (first === undefined) continue;
    let shown = '';
    let from = 0;
    for (const { start, end } of [...keys].sort((a, b) => a.start - b.start)) {
      values.push(first.text.slice(start, end));
      shown += `${first.text.slice(from, start)}${mark}${values.length})`;
      from = end;
    }
    put(copy, first.path, shown + first.text.slice(from));
  }
  return { entry: copy, values, mark };
}

/**
 * The edited entry with what was hidden in its place again.
 *
 * @throws GatehouseError `config.hidden_unknown` at a mark that stands for nothing
 */
export function unmaskEntry<T>(edited: T, { values, mark }: MaskedEntry): T {
  const found = new RegExp(`${mark.replace(/[()]/g, '\\$&')}(\\d+)\\)`, 'g');
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replace(found, (whole, number: string) => {
        const hidden = values[Number(number) - 1];
        if (hidden === undefined) throw unknownMark(whole);
        return hidden;
      });
    }
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)]));
  };
  return walk(edited) as T;
}

type Steps = Readonly<Record<string | number, unknown>>;

/** Only what differs is written; objects are gone into, lists are written whole. */
function changed(
  text: string,
  path: ConfigPath,
  before: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
): string {
  let edited = text;
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(next, key)) edited = editText(edited, [...path, key], undefined);
  }
  for (const [key, value] of Object.entries(next)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (JSON.stringify(old) === JSON.stringify(value)) continue;
    if (isObject(old) && isObject(value)) edited = changed(edited, [...path, key], old, value);
    else edited = editText(edited, [...path, key], value);
  }
  return edited;
}

function put(root: unknown, path: ConfigPath, text: string): void {
  let at = root as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  const last = path.at(-1);
  if (last !== undefined) at[last] = text;
}

function unknownMark(mark: string): GatehouseError {
  return new GatehouseError({
    code: 'config.hidden_unknown',
    message: '"{mark}" stands for no key of this server.',
    remedy: 'Write the key itself, or a reference such as ${keyring:name}.',
    values: { mark },
  });
}
