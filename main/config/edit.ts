/**
 * Changes one value in the text of the file and leaves every other character alone. Pure.
 */
import { applyEdits, findNodeAtLocation, type JSONPath, modify, parseTree } from 'jsonc-parser';
import type { ConfigPath } from './error.ts';
import { type Habits, insertKey } from './insert.ts';
import { withoutMark } from './read.ts';
import { parseConfigTree } from './tree.ts';

/**
 * The text with `value` at `path`; `undefined` removes the key. Comments, order and formatting of the rest stay.
 *
 * @param text a valid file; a byte order mark and its line ends are kept
 */
export function editText(text: string, path: ConfigPath, value: unknown): string {
  const body = withoutMark(text);
  const mark = text.slice(0, text.length - body.length);
  return mark + editBody(body, path, value);
}

/**
 * The text with the switch of server `name` set: the key `enabled` is written, and `disabled`, its opposite from other
 * clients, is removed so that the two cannot contradict each other. Returns null when no such server is there.
 */
export function editSwitch(text: string, file: string, name: string, enabled: boolean): string | null {
  const entry = findEntry(parseConfigTree(withoutMark(text), file).value, name);
  if (entry === null) return null;
  const cleaned = entry.hasDisabled ? editText(text, [...entry.path, 'disabled'], undefined) : text;
  return editText(cleaned, [...entry.path, 'enabled'], enabled);
}

/** The text without the key `quarantined` of server `name`. Returns null when no such server is there. */
export function editReleased(text: string, file: string, name: string): string | null {
  const entry = findEntry(parseConfigTree(withoutMark(text), file).value, name);
  return entry === null ? null : editText(text, [...entry.path, 'quarantined'], undefined);
}

/**
 * The text with server `name` held to these hosts: its `isolation` gets `"network": "allowlist"` and them as `allow`;
 * other spellings of the network are removed. Returns null when no such server is there.
 */
export function editAllowed(
  text: string,
  file: string,
  name: string,
  allow: readonly string[],
): string | null {
  const entry = findEntry(parseConfigTree(withoutMark(text), file).value, name);
  if (entry === null) return null;
  const at = [...entry.path, 'isolation'];
  const cleaned = entry.isolation.has('network_mode')
    ? editText(text, [...at, 'network_mode'], undefined)
    : text;
  return editText(editText(cleaned, [...at, 'network'], 'allowlist'), [...at, 'allow'], [...allow]);
}

/** A server of the file. */
export interface Entry {
  readonly path: ConfigPath;
  readonly hasDisabled: boolean;
  /** The keys of its `isolation`. */
  readonly isolation: ReadonlySet<string>;
}

/** Where server `name` stands in the parsed file; null when it is not there. */
export function findEntry(root: unknown, name: string): Entry | null {
  const servers = isObject(root) ? root.mcpServers : undefined;
  if (Array.isArray(servers)) {
    const index = servers.findIndex((entry) => isObject(entry) && entry.name === name);
    return index < 0 ? null : entryAt(['mcpServers', index], servers[index]);
  }
  if (!isObject(servers) || !Object.hasOwn(servers, name)) return null;
  return entryAt(['mcpServers', name], servers[name]);
}

function entryAt(path: ConfigPath, entry: unknown): Entry {
  const isolation = isObject(entry) && isObject(entry.isolation) ? Object.keys(entry.isolation) : [];
  return {
    path,
    hasDisabled: isObject(entry) && Object.hasOwn(entry, 'disabled'),
    isolation: new Set(isolation),
  };
}

/** True for what JSON writes with braces. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function editBody(text: string, path: ConfigPath, value: unknown): string {
  const steps: JSONPath = [...path];
  const habits = habitsOf(text);
  const key = path.at(-1);
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (value !== undefined && typeof key === 'string' && root && !findNodeAtLocation(root, steps)) {
    const parent = path.length === 1 ? root : findNodeAtLocation(root, steps.slice(0, -1));
    if (parent?.type === 'object' && parent.children?.length)
      return insertKey(text, parent, key, value, habits);
  }
  const tabs = habits.indent.startsWith('\t');
  const formattingOptions = {
    insertSpaces: !tabs,
    tabSize: tabs ? 2 : habits.indent.length,
    eol: habits.eol,
  };
  return applyEdits(text, modify(text, steps, value, { formattingOptions }));
}

/** The habits of the text: its line ends and the indent of its first indented line. */
function habitsOf(text: string): Habits {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return { indent: indent.startsWith('\t') ? '\t' : indent, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
