/**
 * TOML: the entry is a table of its own at the end of the file. No library keeps the formatting of the rest, so one reads
 * and checks, and the place of the edit is found by our own scan. Pure.
 */
import { parse, TomlError } from 'smol-toml';
import { endOfLine, scanToml, type TomlTable } from '../../config/toml-scan.ts';
import {
  cannotEdit,
  type Editor,
  type Entry,
  eolOf,
  isMap,
  type JsonValue,
  type Slot,
  sameValue,
  syntaxFault,
  TRANSPORT_KEYS,
  valueIn,
} from './editor.ts';

export const tomlEditor: Editor = {
  parse(text) {
    try {
      return parse(text, { integersAsBigInt: 'asNeeded' });
    } catch (error) {
      if (error instanceof TomlError) throw syntaxFault('TOML', error.line, error.column);
      throw syntaxFault('TOML', 1, 1, error);
    }
  },
  put(text, slot, entry) {
    const old = valueIn(tomlEditor.parse(text), slot);
    if (old === undefined) return append(text, slot, entry);
    const table = ownTable(text, slot);
    if (table !== null) return update(text, slot, entry, old);
    const pair = inlinePair(text, slot);
    if (pair === null || !isMap(old)) throw cannotEdit();
    const kept = Object.entries(old).filter(([key]) => !TRANSPORT_KEYS.includes(key));
    const merged = { ...(Object.fromEntries(kept) as Entry), ...entry };
    return text.slice(0, pair.valueStart) + written(merged) + text.slice(pair.end);
  },
  drop(text, slot) {
    const tables = scanToml(text).filter(({ path }) => isUnder(path, slot));
    if (tables.length > 0) return removeTables(text, tables);
    const pair = inlinePair(text, slot);
    if (pair === null) throw cannotEdit();
    return removeLine(text, pair.start, pair.end);
  },
};

function append(text: string, slot: Slot, entry: Entry): string {
  const eol = eolOf(text);
  const own = text === '' || text.endsWith('\n') ? '' : eol;
  const blank = text.trim() === '' ? '' : eol;
  const lines = Object.entries(entry).map(([key, value]) => `${bare(key)} = ${written(value)}`);
  return `${text}${own}${blank}${[`[${bare(slot.root)}.${bare(slot.name)}]`, ...lines].join(eol)}${eol}`;
}

/** Value by value, so that keys of others and comments stay. */
function update(text: string, slot: Slot, entry: Entry, old: unknown): string {
  let now = text;
  const was = isMap(old) ? old : {};
  for (const key of Object.keys(was)) {
    if (TRANSPORT_KEYS.includes(key) && !sameValue(was[key], entry[key])) now = removeKey(now, slot, key);
  }
  for (const [key, value] of Object.entries(entry)) {
    if (sameValue(was[key], value)) continue;
    now = removeKey(now, slot, key);
    const table = ownTable(now, slot);
    if (table === null) throw cannotEdit();
    const at = endOfLine(now, table.headerEnd);
    now = `${now.slice(0, at)}${eolOf(now)}${bare(key)} = ${written(value)}${now.slice(at)}`;
  }
  return now;
}

function removeKey(text: string, slot: Slot, key: string): string {
  const tables = scanToml(text).filter(({ path }) => isUnder(path, slot));
  const inner = tables.filter(({ path }) => path[2] === key);
  if (inner.length > 0) return removeTables(text, inner);
  const pair = tables.find(({ path }) => path.length === 2)?.pairs.find((one) => one.key[0] === key);
  return pair === undefined ? text : removeLine(text, pair.start, pair.end);
}

/** From the back, so that the places in front stay true; each takes the blank line before it along. */
function removeTables(text: string, tables: readonly TomlTable[]): string {
  let now = text;
  for (const table of [...tables].reverse()) {
    const end = endOfLine(now, table.end);
    const before = now.slice(0, table.start).replace(/(\r?\n)[ \t]*\r?\n$/, '$1');
    now = before + now.slice(end).replace(/^\r?\n/, '');
  }
  return now;
}

function removeLine(text: string, start: number, end: number): string {
  const indent = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return text.slice(0, start - indent) + text.slice(endOfLine(text, end)).replace(/^\r?\n/, '');
}

function ownTable(text: string, slot: Slot): TomlTable | null {
  return (
    scanToml(text).find(({ path, isList }) => !isList && path.length === 2 && isUnder(path, slot)) ?? null
  );
}

/** `name = {...}` below `[root]`. */
function inlinePair(text: string, slot: Slot): TomlTable['pairs'][number] | null {
  const table = scanToml(text).find(({ path }) => path.length === 1 && path[0] === slot.root);
  return table?.pairs.find(({ key }) => key.length === 1 && key[0] === slot.name) ?? null;
}

function isUnder(path: readonly string[], slot: Slot): boolean {
  return path[0] === slot.root && path[1] === slot.name;
}

function bare(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key);
}

/** A basic string; it takes JSON's escapes, and forbids one character more. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

function written(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(written).join(', ')}]`;
  if (value === null) throw cannotEdit();
  if (typeof value !== 'object') return String(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${bare(key)} = ${written(inner as JsonValue)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}
