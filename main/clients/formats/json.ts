/**
 * JSON with or without comments. The entry goes in as the first of its object, on a line of its own where the file has
 * lines: there it touches no other entry's comma or comment, and taking it out again leaves what was there. Pure.
 */
import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
} from 'jsonc-parser';
import {
  cannotEdit,
  type Editor,
  type Entry,
  eolOf,
  isMap,
  type JsonValue,
  placeOf,
  type Slot,
  sameValue,
  syntaxFault,
  TRANSPORT_KEYS,
  unexpectedShape,
} from './editor.ts';

/** Kinds of the scanner; its enum is const and does not survive bundling file by file. */
const COMMA = 5;
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const LINE_BREAK = 14;
const TRIVIA = 15;
/** The parser's complaint about a file without any value. */
const VALUE_EXPECTED = 4;

export const jsonEditor: Editor = {
  parse(text) {
    const root = treeOf(text);
    return root === null ? null : (getNodeValue(root) as unknown);
  },
  put(text, slot, entry) {
    const root = treeOf(text);
    if (root === null)
      return `${withBreak(text)}${pretty({ [slot.root]: { [slot.name]: entry } }, text)}${eolOf(text)}`;
    const all = only(root, slot.root);
    if (all === undefined) return insertFirst(text, root, slot.root, { [slot.name]: entry }, true);
    if (all.type === 'null') return replace(text, all, { [slot.name]: entry });
    const old = only(all, slot.name);
    if (old === undefined) return insertFirst(text, all, slot.name, entry, false);
    return old.type === 'object' ? update(text, slot, entry) : replace(text, old, entry);
  },
  drop(text, slot, rootToo) {
    const root = treeOf(text);
    const all = root === null ? undefined : only(root, slot.root);
    if (root === null || all === undefined) return text;
    const alone = all.children?.length === 1;
    return rootToo && alone ? removeKey(text, root, slot.root) : removeKey(text, all, slot.name);
  },
};

/** Null for a file without a value. */
function treeOf(text: string): Node | null {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  } catch (cause) {
    // The parser recurses: thousands of brackets exhaust the stack.
    throw syntaxFault('JSON', 1, 1, cause);
  }
  const [first] = errors;
  if (root === undefined && errors.every(({ error }) => Number(error) === VALUE_EXPECTED)) return null;
  if (first === undefined && root !== undefined) return root;
  const { line, column } = placeOf(text, first?.offset ?? 0);
  throw syntaxFault('JSON', line, column);
}

/** The value of a key; a key that is there twice would hide one of the two. */
function only(object: Node, key: string): Node | undefined {
  if (object.type !== 'object') throw unexpectedShape(key);
  const found = (object.children ?? []).filter((property) => property.children?.[0]?.value === key);
  if (found.length > 1) throw cannotEdit();
  return found[0]?.children?.[1];
}

function insertFirst(text: string, object: Node, key: string, value: JsonValue, isRoot: boolean): string {
  const [first] = object.children ?? [];
  const open = object.offset + 1;
  const close = object.offset + object.length - 1;
  const at = endOfOpeningLine(text, open, first?.offset ?? close);
  const comma = first === undefined ? '' : ',';
  if (at !== null) {
    const eol = text.startsWith('\r\n', at) ? '\r\n' : '\n';
    const own = first === undefined ? null : indentIfAlone(text, first.offset);
    const indent = own ?? lineIndent(text, object.offset) + stepOf(text);
    return splice(text, at, at, `${eol}${indent}${property(key, value, text, indent, eol)}${comma}`);
  }
  if (first !== undefined) {
    const space = /[ \t]/.test(text[open] ?? '') ? ' ' : '';
    return splice(text, open, open, `${space}${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  }
  if (!isRoot && !/[\r\n]/.test(text.trim())) {
    return splice(text, close, close, `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  }
  const eol = eolOf(text);
  const outer = lineIndent(text, object.offset);
  const indent = outer + stepOf(text);
  return splice(
    text,
    close,
    close,
    `${eol}${indent}${property(key, value, text, indent, eol)}${eol}${outer}`,
  );
}

/** Offset of the line's end when nothing but space and comments stands between `from` and it; null when something does. */
function endOfOpeningLine(text: string, from: number, to: number): number | null {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  while (scanner.getPosition() < to) {
    const kind = Number(scanner.scan());
    if (kind === LINE_BREAK) return scanner.getTokenOffset();
    if (kind !== TRIVIA && kind !== LINE_COMMENT && kind !== BLOCK_COMMENT) return null;
  }
  return null;
}

function removeKey(text: string, object: Node, key: string): string {
  const all = object.children ?? [];
  const index = all.findIndex((property) => property.children?.[0]?.value === key);
  const node = all[index];
  if (node === undefined) return text;
  const end = node.offset + node.length;
  const comma = commaAfter(text, end, object.offset + object.length - 1);
  const before = text.slice(object.offset + 1, node.offset);
  // Back to the end of the line before, where the key stands on its own line; else only the space in front of it.
  const space = /(?:\r\n|\r|\n)?[ \t]*$/.exec(before)?.[0] ?? '';
  const start = node.offset - space.length;
  const previous = all[index - 1];
  if (all.length === 1) {
    const inside =
      text.slice(object.offset + 1, start) + text.slice(comma ?? end, object.offset + object.length - 1);
    if (inside.trim() === '') return splice(text, object.offset + 1, object.offset + object.length - 1, '');
  }
  if (comma !== null || previous === undefined) return splice(text, start, comma ?? end, '');
  // The last one takes the comma of the one before with it.
  const last = commaAfter(text, previous.offset + previous.length, node.offset);
  const cut = splice(text, start, end, '');
  return last === null ? cut : splice(cut, last - 1, last, '');
}

/** Offset past the next comma; null when `to` comes first. */
function commaAfter(text: string, from: number, to: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  return Number(scanner.scan()) === COMMA && scanner.getPosition() <= to ? scanner.getPosition() : null;
}

/** Key by key, so that what others have written into the entry stays. */
function update(text: string, slot: Slot, entry: Entry): string {
  let now = text;
  const own = (...inner: string[]): Node | undefined => {
    const root = treeOf(now);
    return root === null ? undefined : findNodeAtLocation(root, [slot.root, slot.name, ...inner]);
  };
  const set = (object: Node, key: string, value: JsonValue): void => {
    const there = only(object, key);
    if (there === undefined) now = insertFirst(now, object, key, value, false);
    else if (!sameValue(getNodeValue(there), value)) now = replace(now, there, value);
  };
  for (const key of TRANSPORT_KEYS) {
    const object = own();
    if (object === undefined) throw cannotEdit();
    if (!Object.hasOwn(entry, key) && only(object, key) !== undefined) now = removeKey(now, object, key);
  }
  for (const [key, value] of Object.entries(entry).reverse()) {
    const object = own();
    if (object === undefined) throw cannotEdit();
    const there = only(object, key);
    if (there?.type === 'object' && isMap(value)) {
      for (const [inner, one] of Object.entries(value)) {
        const map = own(key);
        if (map !== undefined) set(map, inner, one as JsonValue);
      }
    } else set(object, key, value);
  }
  return now;
}

function replace(text: string, node: Node, value: JsonValue): string {
  const end = node.offset + node.length;
  const eol = eolOf(text);
  const written = indented(value, text, lineIndent(text, node.offset), eol);
  const wasOneLine = node.type === 'array' && !text.slice(node.offset, end).includes(eol);
  return splice(text, node.offset, end, wasOneLine ? onOneLine(value) : written);
}

function property(key: string, value: JsonValue, text: string, indent: string, eol: string): string {
  return `${JSON.stringify(key)}: ${indented(value, text, indent, eol)}`;
}

function indented(value: JsonValue, text: string, indent: string, eol: string): string {
  return JSON.stringify(value, null, stepOf(text)).replaceAll('\n', `${eol}${indent}`);
}

function onOneLine(value: JsonValue): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value.map((one) => JSON.stringify(one)).join(', ')}]`;
}

function pretty(value: JsonValue, text: string): string {
  return indented(value, text, '', eolOf(text));
}

/** One step of indentation: that of the first indented line. */
function stepOf(text: string): string {
  const indent = /^([ \t]+)["}\]]/m.exec(text)?.[1] ?? '  ';
  return indent.startsWith('\t') ? '\t' : indent.slice(0, 8);
}

function lineIndent(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** The indent of the line when nothing else stands before `offset` on it. */
function indentIfAlone(text: string, offset: number): string | null {
  const before = text.slice(lineStart(text, offset), offset);
  return /^[ \t]*$/.test(before) ? before : null;
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** Comments in a file without a value stay above the new one. */
function withBreak(text: string): string {
  return text.trim() === '' || text.endsWith('\n') ? text : `${text}${eolOf(text)}`;
}

function splice(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}
