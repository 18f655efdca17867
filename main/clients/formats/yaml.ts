/**
 * YAML: the entry goes in as the first below its root key. The library finds the places and checks the result; the text is
 * changed only there, since writing a whole document anew would change how the rest is written. Pure.
 */
import {
  isScalar,
  isSeq,
  isMap as isYamlMap,
  LineCounter,
  type Pair,
  parseAllDocuments,
  stringify,
  type YAMLMap,
} from 'yaml';
import {
  cannotEdit,
  type Editor,
  type Entry,
  eolOf,
  isMap,
  type JsonValue,
  type Slot,
  syntaxFault,
  TRANSPORT_KEYS,
} from './editor.ts';

type Found = Pair<unknown, unknown>;

export const yamlEditor: Editor = {
  parse(text) {
    return documentOf(text)?.toJS({ maxAliasCount: 100 }) ?? null;
  },
  put(text, slot, entry) {
    const top = topOf(text);
    const pair = top === null ? undefined : pairOf(top, slot.root);
    if (pair === undefined) return append(text, top, slot, entry);
    const key = offsetOf(pair.key);
    const column = columnOf(text, key);
    const { value } = pair;
    if (value === null || (isScalar(value) && value.value === null)) {
      return below(text, key, block(slot, entry, `${column}  `, '  ', eolOf(text)));
    }
    if (isYamlMap(value) && slot.kind === 'map') {
      const old = pairOf(value, slot.name);
      if (old !== undefined) return update(text, old.value, entry);
      return insert(text, key, value, slot, entry);
    }
    if (isSeq(value) && slot.kind === 'list') {
      const item = value.items.find((one) => isYamlMap(one) && one.get('name') === slot.name);
      if (isYamlMap(item)) return update(text, item, entry);
      return insert(text, key, value, slot, entry);
    }
    throw cannotEdit();
  },
  drop(text, slot, rootToo) {
    const top = topOf(text);
    const pair = top === null ? undefined : pairOf(top, slot.root);
    const value = pair?.value;
    if (pair === undefined || !(isYamlMap(value) || isSeq(value))) throw cannotEdit();
    if (rootToo && value.items.length === 1) return removeLines(text, offsetOf(pair.key));
    if (isSeq(value)) {
      const item = value.items.find((one) => isYamlMap(one) && one.get('name') === slot.name);
      if (!isYamlMap(item)) throw cannotEdit();
      return value.flow === true
        ? removeFlow(text, item.range)
        : removeLines(text, text.lastIndexOf('-', offsetOf(item)));
    }
    const own = pairOf(value, slot.name);
    if (own === undefined) throw cannotEdit();
    if (value.flow !== true) return removeLines(text, offsetOf(own.key));
    const end = rangeOf(own.value)?.[1] ?? null;
    return removeFlow(text, end === null ? null : [offsetOf(own.key), end, end]);
  },
};

/** Null for an empty file. */
function documentOf(text: string): ReturnType<typeof parseAllDocuments>[number] | null {
  const lines = new LineCounter();
  const all = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const [first, second] = Array.isArray(all) ? all : [];
  const error = first?.errors[0] ?? second?.errors[0];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw syntaxFault('YAML', line, col);
  }
  if (second !== undefined) throw cannotEdit();
  return first ?? null;
}

function topOf(text: string): YAMLMap | null {
  const contents = documentOf(text)?.contents ?? null;
  if (contents === null || (isScalar(contents) && contents.value === null)) return null;
  if (!isYamlMap(contents)) throw cannotEdit();
  return contents as YAMLMap;
}

function append(text: string, top: YAMLMap | null, slot: Slot, entry: Entry): string {
  const eol = eolOf(text);
  if (top?.flow === true) {
    const at = offsetOf(top) + 1;
    const inner = slot.kind === 'list' ? [{ name: slot.name, ...entry }] : { [slot.name]: entry };
    const comma = top.items.length === 0 ? '' : ', ';
    return `${text.slice(0, at)}${JSON.stringify(slot.root)}: ${JSON.stringify(inner)}${comma}${text.slice(at)}`;
  }
  const [first] = top?.items ?? [];
  const column = first === undefined ? '' : columnOf(text, offsetOf(first.key));
  const own = text === '' || text.endsWith('\n') ? '' : eol;
  return `${text}${own}${column}${keyText(slot.root)}:${block(slot, entry, `${column}  `, '  ', eol)}${eol}`;
}

/** As the first of a map or list that has some already, or is written `{}` or `[]`. */
function insert(
  text: string,
  key: number,
  value: { readonly items: readonly unknown[]; flow?: boolean | undefined },
  slot: Slot,
  entry: Entry,
): string {
  if (value.flow === true) {
    const at = offsetOf(value) + 1;
    const comma = value.items.length === 0 ? '' : ', ';
    const one =
      slot.kind === 'list'
        ? JSON.stringify({ name: slot.name, ...entry })
        : `${JSON.stringify(slot.name)}: ${JSON.stringify(entry)}`;
    return text.slice(0, at) + one + comma + text.slice(at);
  }
  const [first] = value.items;
  const inner = isYamlMap(value) ? offsetOf((first as Found).key) : text.lastIndexOf('-', offsetOf(first));
  const indent = columnOf(text, inner);
  const step = indent.length > columnOf(text, key).length ? indent.slice(columnOf(text, key).length) : '  ';
  return below(text, key, block(slot, entry, indent, step, eolOf(text)));
}

/** Behind the line of `key`, whose comment stays there. */
function below(text: string, key: number, lines: string): string {
  const end = lineEnd(text, key);
  return text.slice(0, end) + lines + text.slice(end);
}

/** The entry as lines, each with its line break in front. */
function block(slot: Slot, entry: Entry, indent: string, step: string, eol: string): string {
  const pairs = Object.entries(entry);
  if (slot.kind === 'list') {
    return [['name', slot.name] as const, ...pairs]
      .map(
        ([key, value], index) =>
          `${eol}${indent}${index === 0 ? '- ' : '  '}${keyText(key)}: ${scalar(value)}`,
      )
      .join('');
  }
  const lines = pairs.map(([key, value]) => `${eol}${indent}${step}${keyText(key)}: ${scalar(value)}`);
  return `${eol}${indent}${keyText(slot.name)}:${lines.join('')}`;
}

function update(text: string, value: unknown, entry: Entry): string {
  if (!isYamlMap(value) || value.flow === true) {
    const range = rangeOf(value);
    if (range === null) throw cannotEdit();
    const old: unknown = isYamlMap(value) ? value.toJSON() : {};
    const kept = Object.entries(isMap(old) ? old : {}).filter(([key]) => !TRANSPORT_KEYS.includes(key));
    const merged = { ...Object.fromEntries(kept), ...entry };
    return `${text.slice(0, range[0])}${JSON.stringify(merged)}${text.slice(range[1])}`;
  }
  const [first] = value.items as Found[];
  if (first === undefined) throw cannotEdit();
  return updateMap(text, value as YAMLMap, entry, columnOf(text, offsetOf(first.key)).length);
}

/** Edits from the back, so that the places in front stay true. */
function updateMap(text: string, map: YAMLMap, entry: Entry, column: number): string {
  const edits: { at: number; end: number; by: string }[] = [];
  for (const pair of map.items as Found[]) {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    const start = offsetOf(pair.key);
    const colon = text.indexOf(':', rangeOf(pair.key)?.[1] ?? start) + 1;
    const end = contentEnd(text, start, column);
    const value = entry[name];
    if (value !== undefined) edits.push({ at: colon, end, by: ` ${scalar(value)}` });
    else if (TRANSPORT_KEYS.includes(name)) edits.push({ at: start, end, by: '' });
  }
  let now = text;
  const [first] = map.items as Found[];
  const had = new Set((map.items as Found[]).map(({ key }) => (isScalar(key) ? String(key.value) : '')));
  const missing = Object.entries(entry).filter(([key]) => !had.has(key));
  for (const { at, end, by } of edits.reverse()) {
    now = by === '' ? removeLines(now, at) : now.slice(0, at) + by + now.slice(end);
  }
  if (first === undefined || missing.length === 0) return now;
  const at = offsetOf(first.key);
  const lines = missing.map(
    ([key, value]) => `${keyText(key)}: ${scalar(value)}${eolOf(text)}${' '.repeat(column)}`,
  );
  return now.slice(0, at) + lines.join('') + now.slice(at);
}

/** Removes the lines of a key or list item and of everything indented below it. */
function removeLines(text: string, at: number): string {
  const end = contentEnd(text, at, columnOf(text, at).length);
  const start = at - columnOf(text, at).length;
  // The line break in front goes, or at the start of the file the one behind.
  if (start === 0) return text.slice(end).replace(/^\r?\n/, '');
  return text.slice(0, start).replace(/\r?\n$/, '') + text.slice(end);
}

/** The end of the last line that is indented deeper than `column`, from the line of `at` on. */
function contentEnd(text: string, at: number, column: number): number {
  let end = lineEnd(text, at);
  for (let next = end; next < text.length; ) {
    const start = text.indexOf('\n', next) + 1;
    if (start === 0) break;
    next = lineEnd(text, start);
    const line = text.slice(start, next);
    if (line.trim() === '') continue;
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    // A list may stand below its key without being indented.
    if (
      indent < column ||
      (indent === column && !/^ *- /.test(line)) ||
      (text[at] === '-' && indent <= column)
    )
      break;
    end = next;
  }
  return end;
}

function removeFlow(text: string, range: readonly number[] | null | undefined): string {
  const [start, end] = range ?? [];
  if (start === undefined || end === undefined) throw cannotEdit();
  const after = /^\s*,[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  if (after > 0) return text.slice(0, start) + text.slice(end + after);
  return text.slice(0, start).replace(/,[ \t]*$/, '') + text.slice(end);
}

function pairOf(map: YAMLMap, key: string): Found | undefined {
  const found = (map.items as Found[]).filter((pair) => isScalar(pair.key) && pair.key.value === key);
  if (found.length > 1) throw cannotEdit();
  return found[0];
}

/** One line of YAML. */
function scalar(value: JsonValue): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const plain = stringify(value, { lineWidth: 0 }).trimEnd();
  return plain.includes('\n') ? JSON.stringify(value) : plain;
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key);
}

function rangeOf(node: unknown): readonly [number, number, number] | null {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  return range ?? null;
}

function offsetOf(node: unknown): number {
  const range = rangeOf(node);
  if (range === null) throw cannotEdit();
  return range[0];
}

/** The space before `offset` on its line; what else stands there (a dash) counts as space. */
function columnOf(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start, offset).replace(/[^ \t]/g, ' ');
}

function lineEnd(text: string, offset: number): number {
  const at = /\r?\n/g;
  at.lastIndex = offset;
  return at.exec(text)?.index ?? text.length;
}
