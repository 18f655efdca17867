/**
 * YAML and TOML as trees whose parts know their place, like those of JSON. Pure.
 */
import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { ConfigError, type ConfigPath, pathText } from '../error.ts';
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
 * Parses TOML 1.0.
 *
 * @throws ConfigError `config.syntax` at the first fault
 */
export function parseTomlTree(text: string, file: string): ConfigTree {
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: '1.0' });
  } catch (cause) {
    if (!(cause instanceof ParseError)) throw tooDeep(file, cause);
    throw new ConfigError({
      code: 'config.syntax',
      message: 'This is not valid TOML.',
      remedy: 'Correct it there or just before.',
      file,
      line: cause.lineNumber,
      column: cause.column + 1,
      cause,
    });
  }
  const places = new Map<string, number>();
  const note = (path: ConfigPath, at: number): void => {
    const key = JSON.stringify(path);
    if (!places.has(key)) places.set(key, at);
  };
  const walkBody = (body: readonly AST.TOMLNode[], base: ConfigPath): void => {
    for (const node of body) {
      if (node.type === 'TOMLTable') {
        note(node.resolvedKey, node.range[0]);
        for (let length = 1; length < node.resolvedKey.length; length++)
          note(node.resolvedKey.slice(0, length), node.range[0]);
        walkBody(node.body, node.resolvedKey);
      } else if (node.type === 'TOMLKeyValue') {
        let path = base;
        for (const key of node.key.keys) {
          path = [...path, key.type === 'TOMLBare' ? key.name : String(key.value)];
          note(path, key.range[0]);
        }
        walkValue(node.value, path);
      }
    }
  };
  const walkValue = (value: AST.TOMLContentNode, path: ConfigPath): void => {
    if (path.length > MAX_DEPTH) throw tooDeep(file);
    if (value.type === 'TOMLInlineTable') walkBody(value.body, path);
    if (value.type === 'TOMLArray') {
      for (const [index, one] of value.elements.entries()) {
        note([...path, index], one.range[0]);
        walkValue(one, [...path, index]);
      }
    }
  };
  walkBody(program.body[0].body, []);
  for (const key of places.keys()) {
    if (key.includes('"__proto__"')) throw unusable(file);
  }
  return treeFrom(plain(getStaticTOMLValue(program)), places, text, file);
}

/** Dates and big numbers become text; nothing keeps a prototype of its own. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  }
  return scalar(value);
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
    message: '"__proto__" cannot be used as a key.',
    remedy: 'Remove it.',
    file,
    line: 1,
    column: 1,
  });
}
