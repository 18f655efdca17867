/**
 * Reading a JSON schema from outside: references within it, `allOf` and siblings brought together into one plain schema.
 * A schema comes from a server that may mean harm, so every step is bounded. Pure.
 */

/** A JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** One schema, as an object. */
export type Schema = Readonly<Record<string, unknown>>;

/** References and `allOf` in a row that are followed. */
const MOST_STEPS = 24;
/** Parts of one `allOf`. */
const MOST_PARTS = 32;
/** Steps of a pointer. */
const MOST_SEGMENTS = 64;

/** An object that is no list, else null. */
export function asSchema(value: unknown): Schema | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : null;
}

/** A list, else an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/**
 * The schema without references and `allOf` at its top; null where that cannot be worked out (a reference to elsewhere,
 * in a circle, to nothing).
 */
export function plainSchema(root: unknown, schema: unknown): Schema | null {
  return plain(root, schema, { left: MOST_STEPS });
}

function plain(root: unknown, value: unknown, steps: { left: number }): Schema | null {
  const schema = asSchema(value);
  if (schema === null) return null;
  steps.left -= 1;
  if (steps.left < 0) return null;
  let out: Schema = schema;
  if (schema.$ref !== undefined || schema.$dynamicRef !== undefined) {
    const target = plain(root, pointedAt(root, schema.$ref), steps);
    if (target === null) return null;
    out = merged(target, without(schema, ['$ref']));
  }
  const parts = asList(out.allOf);
  if (out.allOf === undefined) return out;
  if (parts.length > MOST_PARTS) return null;
  let whole = without(out, ['allOf']);
  for (const part of parts) {
    const read = plain(root, part, steps);
    if (read === null) return null;
    whole = merged(whole, read);
  }
  return whole;
}

/** Both at once, the second on top: their properties and what they require are brought together. */
export function merged(under: Schema, over: Schema): Schema {
  const properties = asSchema(under.properties);
  const more = asSchema(over.properties);
  const required = [...asList(under.required), ...asList(over.required)];
  return {
    ...under,
    ...over,
    ...(properties === null || more === null ? {} : { properties: bothProperties(properties, more) }),
    ...(required.length === 0 ? {} : { required }),
  };
}

function bothProperties(under: Schema, over: Schema): Schema {
  const both = new Map<string, unknown>(Object.entries(under));
  for (const [name, schema] of Object.entries(over)) {
    const before = asSchema(both.get(name));
    const now = asSchema(schema);
    both.set(name, before === null || now === null ? schema : { allOf: [before, now] });
  }
  // Not by assignment: a property may be called `__proto__`.
  return Object.fromEntries(both);
}

/** A schema that lacks these keys. */
export function without(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}

/** RFC 6901 as a fragment; only within the schema itself. */
function pointedAt(root: unknown, ref: unknown): unknown {
  if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref) || ref.length > 2_000) return null;
  const segments = ref.split('/').slice(1);
  if (segments.length > MOST_SEGMENTS) return null;
  let at: unknown = root;
  for (const segment of segments) {
    const key = decoded(segment).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as Schema)[key];
  }
  return at;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
