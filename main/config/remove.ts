/**
 * Takes a server out of the text of the file, and puts it back as it was. Pure.
 */
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { editText, findEntry, isObject } from './edit.ts';
import type { ConfigPath } from './error.ts';
import { withoutMark } from './read.ts';
import { parseConfigTree } from './tree.ts';

/** A server that was taken out, with what brings it back. Holds what the file held, so it may hold keys. */
export interface RemovedServer {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly entry: unknown;
  /** The profiles that had it. */
  readonly profiles: readonly string[];
}

/** The text without server `name`, in its list and in every profile. Null when no such server is there. */
export function editRemoved(text: string, file: string, name: string): RemovedServer | null {
  const root = parseConfigTree(withoutMark(text), file).value;
  const found = findEntry(root, name);
  if (found === null) return null;
  let after = Array.isArray(valueAt(root, found.path.slice(0, -1)))
    ? withoutItem(text, found.path)
    : editText(text, found.path, undefined);
  const profiles: string[] = [];
  for (const { profile, path, at } of placesIn(root, name)) {
    profiles.push(profile);
    // From the last one on, so that the places before it stay what they were.
    for (const index of [...at].reverse()) after = withoutItem(after, [...path, index]);
  }
  return { name, before: text, after, entry: valueAt(root, found.path), profiles };
}

/**
 * The text with the server in it again: the very text of before where nothing else has changed since, and else with its
 * entry at the end. Null when there is a server of this name.
 */
export function editRestored(text: string, file: string, removed: RemovedServer): string | null {
  const { name, before, after, entry, profiles } = removed;
  if (text === after) return before;
  const root = parseConfigTree(withoutMark(text), file).value;
  if (findEntry(root, name) !== null) return null;
  const servers = isObject(root) ? root.mcpServers : undefined;
  let restored = Array.isArray(servers)
    ? editText(text, ['mcpServers', -1], isObject(entry) ? { name, ...entry } : entry)
    : editText(text, ['mcpServers', name], withoutName(entry));
  const known = isObject(root) && isObject(root.profiles) ? root.profiles : {};
  for (const profile of profiles) {
    const its = Object.hasOwn(known, profile) ? known[profile] : undefined;
    if (isObject(its) && Array.isArray(its.servers) && !its.servers.includes(name)) {
      restored = editText(restored, ['profiles', profile, 'servers', -1], name);
    }
  }
  return restored;
}

/** The text without one item of an array. The library leaves a bracket too few where the last one stands on the same line. */
function withoutItem(text: string, path: ConfigPath): string {
  const body = withoutMark(text);
  const mark = text.length - body.length;
  const root = parseTree(body, [], { allowTrailingComma: true });
  const item = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  const items = item?.parent?.children ?? [];
  const at = item === undefined ? -1 : items.indexOf(item);
  if (item === undefined || at < 0) return text;
  const [last, next] = [items[at - 1], items[at + 1]];
  const end = item.offset + item.length;
  const [from, to] =
    next !== undefined
      ? [item.offset, next.offset]
      : [last === undefined ? item.offset : last.offset + last.length, end];
  return text.slice(0, mark + from) + text.slice(mark + to);
}

interface Place {
  readonly profile: string;
  readonly path: ConfigPath;
  readonly at: readonly number[];
}

function placesIn(root: unknown, name: string): Place[] {
  const profiles = isObject(root) && isObject(root.profiles) ? root.profiles : {};
  return Object.entries(profiles).flatMap(([profile, value]) => {
    const servers: unknown = isObject(value) ? value.servers : undefined;
    if (!Array.isArray(servers)) return [];
    const at = servers.flatMap((server: unknown, index) => (server === name ? [index] : []));
    return at.length === 0 ? [] : [{ profile, path: ['profiles', profile, 'servers'], at }];
  });
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** In the map its name is the key. */
function withoutName(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const { name: _name, ...rest } = entry;
  return rest;
}
