/**
 * Every string of a definition with its place and its part: names of members too, since a model reads those as well.
 * Bounded in depth, in number and in length, so that no definition can hold up the scanner. Pure.
 */

/** What a string is for. */
export type Role = 'name' | 'text' | 'slot' | 'key' | 'default' | 'choice' | 'address';

/** One string of a definition. */
export interface Piece {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly role: Role;
  readonly text: string;
  /** The name of the argument that it belongs to; empty outside of schemas. */
  readonly argument: string;
}

/** A default that is no string. */
export interface Default {
  readonly pointer: string;
  readonly argument: string;
  readonly value: unknown;
}

/** What was read of a definition. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly defaults: readonly Default[];
  /** True when a bound was met, so that not everything was read. */
  readonly cut: boolean;
}

const DEPTH = 48;
const STRINGS = 20_000;
/** UTF-16 units read of one definition. */
export const MOST_READ = 256 * 1024;

/** Members that hold names by which code and models call things. */
const NAME_MEMBERS = new Set(['name']);
const SKIPPED = new Set(['$schema', '$id', '$ref', 'type', 'format', 'pattern', 'icons', 'mimeType']);
const CHOICES = new Set(['enum', 'examples', 'example', 'const', 'anyOf']);

/** Reads a definition as `JSON.parse` gives it. */
export function piecesOf(definition: unknown): Pieces {
  const pieces: Piece[] = [];
  const defaults: Default[] = [];
  let left = MOST_READ;
  let cut = false;

  const add = (pointer: string, role: Role, text: string, argument: string): void => {
    if (text === '') return;
    if (left <= 0 || pieces.length >= STRINGS) {
      cut = true;
      return;
    }
    const read = text.length > left ? text.slice(0, left) : text;
    if (read.length < text.length) cut = true;
    left -= read.length;
    pieces.push({ pointer, role, text: read, argument });
  };

  const walk = (
    value: unknown,
    pointer: string,
    role: Role,
    argument: string,
    depth: number,
    named: boolean,
  ): void => {
    if (typeof value === 'string') return add(pointer, role, value, argument);
    if (value === null || typeof value !== 'object') return;
    if (depth > DEPTH) {
      cut = true;
      return;
    }
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length && !(cut && left <= 0); at += 1) {
        walk(value[at], `${pointer}/${at}`, role, argument, depth + 1, false);
      }
      return;
    }
    for (const [member, inner] of Object.entries(value)) {
      if (cut && left <= 0) return;
      const place = `${pointer}/${escaped(member)}`;
      if (named) {
        // The members of `properties` are arguments, whatever they are called.
        add(place, 'key', member, member);
        walk(inner, place, 'slot', member, depth + 1, false);
        continue;
      }
      if (member === 'default') defaults.push({ pointer: place, argument, value: inner });
      const properties = member === 'properties' || member === 'patternProperties';
      if (SKIPPED.has(member) && typeof inner === 'string') {
        if (member !== 'pattern' && inner.length > 200) add(place, 'text', inner, argument);
        continue;
      }
      if (depth > 1 && !KNOWN.has(member)) add(place, 'key', member, argument);
      walk(inner, place, roleOf(member, role), argument, depth + 1, properties && typeof inner === 'object');
    }
  };

  if (typeof definition === 'string') add('', 'text', definition, '');
  else if (definition !== null && typeof definition === 'object') {
    // Arguments of prompts are a list of names and descriptions.
    walk(definition, '', 'text', '', 0, false);
  }
  return { pieces, defaults, cut };
}

/** Members whose names say nothing of their own. */
const KNOWN = new Set([
  'type',
  'description',
  'title',
  'properties',
  'required',
  'items',
  'enum',
  'default',
  'examples',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'format',
  'pattern',
  'additionalProperties',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  '$ref',
  '$defs',
  'definitions',
  '$schema',
  'name',
  'exclusiveMinimum',
  'exclusiveMaximum',
]);

function roleOf(member: string, role: Role): Role {
  if (NAME_MEMBERS.has(member)) return 'name';
  if (member === 'uri' || member === 'uriTemplate') return 'address';
  if (member === 'default') return 'default';
  if (CHOICES.has(member) && member !== 'anyOf') return role === 'default' ? role : 'choice';
  if (member === 'arguments') return 'slot';
  return role;
}

function escaped(member: string): string {
  return member.replaceAll('~', '~0').replaceAll('/', '~1');
}
