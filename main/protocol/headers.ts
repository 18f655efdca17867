/**
 * The headers in which modern streamable HTTP repeats parts of a request (streamable HTTP section, "Request Metadata").
 */

/** Where a tool's argument is repeated in a header. */
export interface ParamHeader {
  /** The full header name, such as `Mcp-Param-Region`. */
  readonly header: string;
  /** Property names from the root of the arguments. */
  readonly path: readonly string[];
  readonly type: 'string' | 'integer' | 'boolean';
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;
const ENCODED = /^=\?base64\?(.*)\?=$/s;
/** Deeper schemas are hostile. */
const MAX_DEPTH = 32;

/** A value as it may stand in a header: plain where that is safe, else in the Base64 form. */
export function encodeHeader(value: string): string {
  if ((PLAIN.test(value) || value === '') && !ENCODED.test(value)) return value;
  return `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

/** The value that a header stands for; null when it is malformed. Node gives header values as Latin-1. */
export function decodeHeader(text: string): string | null {
  const match = ENCODED.exec(text);
  if (match === null) return /^[\x20-\x7e\t]*$/.test(text) ? text : null;
  const encoded = match[1] ?? '';
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer skips what is not Base64, and does without padding; such a header is malformed.
  if (bytes.toString('base64') !== encoded) return null;
  const value = bytes.toString('utf8');
  return Buffer.from(value, 'utf8').equals(bytes) ? value : null;
}

/**
 * The arguments of a tool that go into headers, from its input schema. A string tells what makes the definition
 * invalid: such a tool must not be listed to clients over HTTP.
 */
export function paramHeaders(inputSchema: unknown): readonly ParamHeader[] | string {
  const found: ParamHeader[] = [];
  const names = new Set<string>();
  const problem = walk(inputSchema, [], true, found, names, 0);
  return problem ?? found;
}

function walk(
  schema: unknown,
  path: readonly string[],
  reachable: boolean,
  found: ParamHeader[],
  names: Set<string>,
  depth: number,
): string | null {
  if (typeof schema !== 'object' || schema === null || depth > MAX_DEPTH) return null;
  if (Array.isArray(schema)) {
    for (const item of schema) {
      const problem = walk(item, path, false, found, names, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  const record = schema as Readonly<Record<string, unknown>>;
  const name = record['x-mcp-header'];
  if (name !== undefined) {
    const problem = problemOf(name, record.type, reachable && path.length > 0, names);
    if (problem !== null) return `x-mcp-header at /${path.join('/')}: ${problem}`;
    found.push({
      header: `Mcp-Param-${String(name)}`,
      path,
      type: record.type as ParamHeader['type'],
    });
  }
  for (const [key, value] of Object.entries(record)) {
    if (VALUES.has(key)) continue;
    if (key === 'properties' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [property, below] of Object.entries(value)) {
        const problem = walk(below, [...path, property], reachable, found, names, depth + 1);
        if (problem !== null) return problem;
      }
    } else {
      const problem = walk(value, path, false, found, names, depth + 1);
      if (problem !== null) return problem;
    }
  }
  return null;
}

/** Keywords that hold values, not schemas. */
const VALUES = new Set(['default', 'const', 'enum', 'examples', 'x-mcp-header']);

function problemOf(name: unknown, type: unknown, reachable: boolean, names: Set<string>): string | null {
  if (typeof name !== 'string' || !TOKEN.test(name)) return 'the name is no header token';
  if (!reachable) return 'the property cannot be reached by properties alone';
  if (type !== 'string' && type !== 'integer' && type !== 'boolean') return 'the type is not primitive';
  const lower = name.toLowerCase();
  if (names.has(lower)) return 'the name occurs twice';
  names.add(lower);
  return null;
}

/** The argument at the path as header text; null when it is absent, null, or of a type that has no header form. */
export function headerText(args: unknown, param: ParamHeader): string | null {
  let value: unknown = args;
  for (const key of param.path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null;
}
