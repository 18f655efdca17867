/**
 * What people copy from pages: one server alone, servers without `mcpServers` around them, or a key with its server and
 * no braces. Such a text is put where a whole file would have it, and its parts keep their places. Pure.
 */
import type { ConfigPath } from '../error.ts';
import { type ConfigTree, type Place, parseConfigTree } from '../tree.ts';
import { isObject } from './reader.ts';

/** What a server that has no name is called. */
const NAMELESS = 'server';
/** Under one of these every server says how it is reached. */
const REACHED = ['command', 'cmd', 'url', 'httpUrl', 'serverUrl', 'uri'];

/** Whether the text is a key with its object, such as `"fetch": { ... }`, which is JSON once braces are around it. */
export function isBraceless(text: string): boolean {
  return /^\s*"(?:[^"\\\n]|\\.)*"\s*:\s*\{/.test(text);
}

/**
 * Parses such a text.
 *
 * @throws ConfigError as `parseConfigTree` does
 */
export function parseBraceless(text: string, file: string): ConfigTree {
  const tree = parseConfigTree(`{${text}}`, file);
  // The brace is ours, so the first line begins one further to the left.
  const back = ({ line, column }: Place): Place => ({
    line,
    column: line === 1 ? Math.max(1, column - 1) : column,
  });
  return {
    ...tree,
    placeOf: (path) => back(tree.placeOf(path)),
    placeOfKey: (path) => back(tree.placeOfKey(path)),
  };
}

/** The tree of the whole file that the fragment is a part of; null when `tree` is no fragment. */
export function wholeOf(tree: ConfigTree): ConfigTree | null {
  const { value } = tree;
  if (Array.isArray(value)) {
    return value.length > 0 && value.every(isServer) ? around(tree, { mcpServers: value }, 1) : null;
  }
  if (!isObject(value) || 'mcpServers' in value) return null;
  if (isServer(value)) {
    const named = typeof value.name === 'string' && value.name !== '';
    return around(tree, { mcpServers: named ? [value] : { [NAMELESS]: value } }, 2);
  }
  const members = Object.values(value);
  return members.length > 0 && members.every(isServer) ? around(tree, { mcpServers: value }, 1) : null;
}

function isServer(value: unknown): boolean {
  return isObject(value) && REACHED.some((key) => isReached(value[key]));
}

function isReached(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'))
  );
}

/** `whole` with the places of `tree`, which stands `depth` steps down in it. */
function around(tree: ConfigTree, whole: unknown, depth: number): ConfigTree {
  const inner = (path: ConfigPath): ConfigPath => path.slice(depth);
  return {
    file: tree.file,
    value: whole,
    offsetOf: (path) => tree.offsetOf(inner(path)),
    placeOf: (path) => tree.placeOf(inner(path)),
    placeOfKey: (path) => tree.placeOfKey(inner(path)),
    fault: (path, code, message, remedy) => tree.fault(inner(path), code, message, remedy),
  };
}
