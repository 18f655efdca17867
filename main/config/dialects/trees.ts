/**
 * YAML and TOML as trees whose parts know their place, like those of JSON. Pure.
 */
import { parse, TomlError } from 'smol-toml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { ConfigError, type ConfigPath, pathText } from '../error.ts';
import { scanToml, type TomlTable } from '../toml-scan.ts';
import { type ConfigTree, lineIndex, MAX_DEPTH } from '../tree.ts';

/**
 * Parses YAML 1.2, one document, without tags that make anything but data.
 *
 * @throws ConfigError `config.syntax` at the first fault, `config.duplicate_key`
 */
export function parseYamlTree(text: string, file: string): ConfigTree {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    customTags: [],
  });
  const [first] = document.errors;
  if (first !== undefined) {
    const { line, col } = lines.linePos(first.pos[0]);
    const twice = first.code === 'DUPLICATE_KEY';
    throw new ConfigError({
      code: twice ? 'config.duplicate_key' : 'config.syntax',
      message: twice ? 'A key is there twice.' : 'This is not valid YAML.',
      remedy: twice ? 'Remove or rename one of them.' : 'Correct it there or just before.',
      file,
      line,
      column: col,
    });
  }
  const places = new Map<string, number>();
  const walk = (node: unknown, path: ConfigPath): unknown => {
    if (path.length > MAX_DEPTH) throw tooDeep(file);
    // Aliases are followed by nobody here: they are how small files become large ones.
    if (isAlias(node))
      throw fault(file, lines, node.range?.[0] ?? 0, 'An alias ("*name") is not followed here.');
    if (isMap(node)) {
      const entries: [string, unknown][] = [];
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : null;
        const at = isScalar(key) ? (key.range?.[0] ?? 0) : (node.range?.[0] ?? 0);
        if (name === null) throw fault(file, lines, at, 'A key must be text.');
        if (name === '__proto__') throw fault(file, lines, at, 'This cannot be used as a key.');
        const here = [...path, name];
        places.set(JSON.stringify(here), at);
        entries.push([name, walk(value, here)]);
      }
      return Object.fromEntries(entries);
    }
    if (isSeq(node)) {
      return node.items.map((one, index) => {
        const here = [...path, index];
        places.set(JSON.stringify(here), (one as Node | null)?.range?.[0] ?? 0);
        return walk(one, here);
      });
    }
    return isScalar(node) ? scalar(node.value) : null;
  };
  return treeFrom(walk(document.contents, []), places, text, file);
}

/**
 * Parses TOML. What stands inside of lists and of tables on one line has the place of its key.
 *
 * @throws ConfigError `config.syntax` at the first fault, `config.unknown_key`
 */
export function parseTomlTree(text: string, file: string): ConfigTree {
  let value: unknown;
  try {
    value = plain(parse(text, { integersAsBigInt: 'asNeeded' }), file);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    if (!(cause instanceof TomlError)) throw tooDeep(file, cause);
    throw new ConfigError({
      code: 'config.syntax',
      message: 'This is not valid TOML.',
      remedy: 'Correct it there or just before.',
      file,
      line: cause.line,
      column: cause.column,
      cause,
    });
  }
  const places = new Map<string, number>();
  const note = (path: ConfigPath, at: number): void => {
    for (let length = 1; length <= path.length; length++) {
      const key = JSON.stringify(path.slice(0, length));
      if (!places.has(key)) places.set(key, at);
    }
  };
  const locate = tablePaths();
  try {
    for (const table of scanToml(text)) {
      const base = locate(table);
      note(base, table.start);
      for (const { key, start } of table.pairs) note([...base, ...key], start);
    }
  } catch {
    // Places are for people only: what the scan does not know, such as rare escapes in keys, is read all the same.
  }
  return treeFrom(value, places, text, file);
}

/** Gives the path of each table, asked for in their order: `[[a]]` is one more of a list, `[a.b]` is in its last. */
function tablePaths(): (table: TomlTable) => ConfigPath {
  const lists = new Map<string, number>();
  return ({ path, isList }) => {
    const whole: (string | number)[] = [];
    for (const [index, step] of path.entries()) {
      whole.push(step);
      const id = JSON.stringify(whole);
      if (isList && index === path.length - 1) lists.set(id, (lists.get(id) ?? -1) + 1);
      const last = lists.get(id);
      if (last !== undefined) whole.push(last);
    }
    return whole;
  };
}

/** Dates and big numbers become text; nothing keeps a prototype of its own. @throws ConfigError */
function plain(value: unknown, file: string, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw tooDeep(file);
  if (Array.isArray(value)) return value.map((one) => plain(one, file, depth + 1));
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return scalar(value);
  if (Object.hasOwn(value, '__proto__')) throw unusable(file);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one, file, depth + 1)]));
}

function scalar(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'undefined':
      return null;
    default:
      return value === null ? null : String(value);
  }
}

function treeFrom(
  value: unknown,
  places: ReadonlyMap<string, number>,
  text: string,
  file: string,
): ConfigTree {
  const placeAt = lineIndex(text);
  const offsetOf = (path: ConfigPath): number => {
    for (let length = path.length; length > 0; length--) {
      const at = places.get(JSON.stringify(path.slice(0, length)));
      if (at !== undefined) return at;
    }
    return 0;
  };
  return {
    file,
    value,
    offsetOf,
    placeOf: (path) => placeAt(offsetOf(path)),
    placeOfKey: (path) => placeAt(offsetOf(path)),
    fault: (path, code, message, remedy) =>
      new ConfigError({
        code,
        message,
        remedy,
        file,
        ...placeAt(offsetOf(path)),
        key: pathText(path) || null,
      }),
  };
}

function fault(file: string, lines: LineCounter, at: number, message: string): ConfigError {
  const { line, col } = lines.linePos(at);
  return new ConfigError({
    code: 'config.syntax',
    message,
    remedy: 'Write it out in another way.',
    file,
    line,
    column: col,
  });
}

function tooDeep(file: string, cause?: unknown): ConfigError {
  return new ConfigError({
    code: 'config.syntax',
    message: 'The file nests its parts far too deeply.',
    remedy: 'Correct it.',
    file,
    line: 1,
    column: 1,
    cause,
  });
}

function unusable(file: string): ConfigError {
  return new ConfigError({
    code: 'config.unknown_key',
    values: { key: '__proto__' },
    message: '{key} cannot be used as a key.',
    remedy: 'Remove it.',
    file,
    line: 1,
    column: 1,
  });
}
