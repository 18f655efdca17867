/**
 * JSONC text to a value whose every part knows its place, so that each complaint names line, column and key. Pure.
 */
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { ConfigError, type ConfigPath, pathText } from './error.ts';

/** One-based place in a text; columns count UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A parsed file. Objects in `value` have no prototype. */
export interface ConfigTree {
  readonly file: string;
  readonly value: unknown;
  /** The offset of the value at `path`, or of its nearest existing parent. */
  offsetOf(path: ConfigPath): number;
  /** The place of the value at `path`, or of its nearest existing parent. */
  placeOf(path: ConfigPath): Place;
  /** The place of the key that leads to `path` (for an entry of a list: of the entry). */
  placeOfKey(path: ConfigPath): Place;
  /** An error at the value of `path`. */
  fault(path: ConfigPath, code: string, message: string, remedy: string): ConfigError;
}

/** Deepest nesting that is read; the schema itself needs six. */
export const MAX_DEPTH = 64;

/**
 * Parses JSON with comments and trailing commas.
 *
 * @throws ConfigError `config.syntax` at the first fault, `config.duplicate_key` for a key that is there twice
 */
export function parseConfigTree(text: string, file: string): ConfigTree {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  } catch (cause) {
    // The parser recurses: thousands of brackets exhaust the stack.
    throw tooDeep(file, cause);
  }
  const first = errors[0];
  if (first !== undefined || root === undefined) {
    const place = placeAt(text, first?.offset ?? 0);
    const blank = text.trim() === '';
    throw new ConfigError({
      ...(blank
        ? {
            code: 'config.syntax',
            form: 'empty',
            message: 'The file is empty.',
            remedy: 'Write at least {} into it.',
          }
        : {
            code: 'config.syntax',
            message: `This is not valid JSON: ${sentence(first)}.`,
            remedy: 'Correct it there or just before.',
          }),
      file,
      ...place,
    });
  }
  refuseTrickyKeys(root, [], text, file);
  return treeOf(root, text, file);
}

function treeOf(root: Node, text: string, file: string): ConfigTree {
  const nodeOf = (path: ConfigPath): Node => {
    for (let length = path.length; length > 0; length--) {
      const node = findNodeAtLocation(root, path.slice(0, length));
      if (node !== undefined) return node;
    }
    return root;
  };
  const at = lineIndex(text);
  const placeOf = (path: ConfigPath): Place => at(nodeOf(path).offset);
  return {
    file,
    value: getNodeValue(root),
    offsetOf: (path) => nodeOf(path).offset,
    placeOf,
    placeOfKey(path) {
      const node = nodeOf(path);
      const property = node.parent?.type === 'property' ? node.parent : node;
      return at(property.offset);
    },
    fault(path, code, message, remedy) {
      const key = pathText(path) || null;
      const named = key === null ? { form: 'file' } : { values: { key } };
      return new ConfigError({ code, message, remedy, ...named, file, ...placeOf(path), key });
    },
  };
}

/** Duplicates would silently hide all but the last, and `__proto__` would not be data. */
function refuseTrickyKeys(node: Node, path: ConfigPath, text: string, file: string): void {
  if (path.length > MAX_DEPTH) throw tooDeep(file, undefined, placeAt(text, node.offset));
  if (node.type === 'array') {
    for (const [index, child] of (node.children ?? []).entries()) {
      refuseTrickyKeys(child, [...path, index], text, file);
    }
    return;
  }
  if (node.type !== 'object') return;
  const seen = new Map<string, number>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (keyNode === undefined || valueNode === undefined) continue;
    const key = String(keyNode.value);
    const here = [...path, key];
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw new ConfigError({
        code: 'config.duplicate_key',
        message: '{key} is there twice; the first is on line {line}.',
        remedy: 'Remove or rename one of them.',
        values: { key: pathText(here), line: placeAt(text, earlier).line },
        file,
        ...placeAt(text, keyNode.offset),
        key: pathText(here),
      });
    }
    if (key === '__proto__') {
      throw new ConfigError({
        code: 'config.unknown_key',
        message: '{key} cannot be used as a key.',
        remedy: 'Remove it.',
        values: { key: pathText(here) },
        file,
        ...placeAt(text, keyNode.offset),
        key: pathText(here),
      });
    }
    seen.set(key, keyNode.offset);
    refuseTrickyKeys(valueNode, here, text, file);
  }
}

function tooDeep(file: string, cause: unknown, place: Place = { line: 1, column: 1 }): ConfigError {
  return new ConfigError({
    code: 'config.syntax',
    message: 'The file nests its brackets far too deeply.',
    remedy: 'Correct the brackets.',
    file,
    ...place,
    cause,
  });
}

/** The place of an offset; `\n`, `\r\n` and a lone `\r` each end a line. */
function placeAt(text: string, offset: number): Place {
  return lineIndex(text)(offset);
}

/** Finds places in a text, however many are asked for. */
export function lineIndex(text: string): (offset: number) => Place {
  let starts: number[] | null = null;
  return (offset) => {
    if (starts === null) {
      starts = [0];
      for (const end of text.matchAll(/\r\n|\r|\n/g)) starts.push(end.index + end[0].length);
    }
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** The parser's code (`CommaExpected`) as words (`comma expected`). */
function sentence(error: ParseError | undefined): string {
  if (error === undefined) return 'a value is missing';
  return printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}
