/**
 * What an editor of one file format can do: put one entry into a client's own file, or take it out, and leave every other
 * character alone. Each edit is checked by parsing the result, so that a surprising file is refused and never harmed. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { GatehouseError } from '../../protocol/error.ts';

/** A value as JSON has it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
/** One entry of a client's file. */
export type Entry = { readonly [key: string]: JsonValue };

/** Where servers stand in a file, and the name of one. */
export interface Slot {
  /** The key at the top of the file that holds all servers; one key even when it has dots in it. */
  readonly root: string;
  readonly name: string;
  /** `list`: the servers are a list of entries with `name`; only some YAML files have one. */
  readonly kind: 'map' | 'list';
}

/** One file format. Texts are without byte order mark. */
export interface Editor {
  /**
   * The whole file as a value; null for an empty one.
   *
   * @throws GatehouseError `clients.syntax`
   */
  parse(text: string): unknown;
  /** The text with the entry put in; of an entry that is there, keys that we do not know stay. */
  put(text: string, slot: Slot, entry: Entry): string;
  /** The text without the entry; with `rootToo` also without the root key, when nothing is left in it. */
  drop(text: string, slot: Slot, rootToo: boolean): string;
}

/** Keys by which files say how a server is reached; what an old entry had of them must not contradict the new one. */
export const TRANSPORT_KEYS: readonly string[] = [
  'type',
  'transport',
  'source',
  'command',
  'cmd',
  'args',
  'url',
  'uri',
  'httpUrl',
  'serverUrl',
  'headers',
  'http_headers',
  'bearer_token_env_var',
];

/** True for what JSON calls an object. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The value at a slot of a parsed file; undefined when there is none. */
export function valueIn(file: unknown, slot: Slot): unknown {
  const all = isMap(file) && Object.hasOwn(file, slot.root) ? file[slot.root] : undefined;
  if (slot.kind === 'list')
    return Array.isArray(all) ? all.find((one) => isMap(one) && one.name === slot.name) : undefined;
  return isMap(all) && Object.hasOwn(all, slot.name) ? all[slot.name] : undefined;
}

/** Puts and checks. @throws GatehouseError `clients.syntax`, `clients.unexpected_shape`, `clients.cannot_edit` */
export function safePut(editor: Editor, text: string, slot: Slot, entry: Entry): string {
  const before = editor.parse(text);
  checkShape(before, slot);
  const after = edited(() => editor.put(text, slot, entry));
  const now = parsedAgain(editor, after);
  const found = valueIn(now, slot);
  if (!isMap(found) || !holds(found, entry) || !sameRest(before, now, slot)) throw cannotEdit();
  return after;
}

/** Takes out and checks; the same text when the entry is not there. @throws as `safePut` */
export function safeDrop(editor: Editor, text: string, slot: Slot, rootToo: boolean): string {
  const before = editor.parse(text);
  if (valueIn(before, slot) === undefined) return text;
  const after = edited(() => editor.drop(text, slot, rootToo));
  const now = parsedAgain(editor, after);
  if (valueIn(now, slot) !== undefined || !sameRest(before, now, slot)) throw cannotEdit();
  return after;
}

/** A file that has something else where its servers should be. */
export function unexpectedShape(root: string): GatehouseError {
  return new GatehouseError({
    code: 'clients.unexpected_shape',
    message: '"{key}" in this file is not what its program expects there.',
    remedy: 'Correct it by hand, or copy the entry and paste it in; nothing was changed.',
    values: { key: root },
  });
}

/** An edit whose result would not be what was meant. */
export function cannotEdit(cause?: unknown): GatehouseError {
  return new GatehouseError({
    code: 'clients.cannot_edit',
    message: 'This file is written in a way that cannot be changed safely.',
    remedy: 'Copy the entry and paste it in by hand; nothing was changed.',
    cause,
  });
}

/** A file that its own format does not allow. Never quotes it: it may hold keys. */
export function syntaxFault(format: string, line: number, column: number, cause?: unknown): GatehouseError {
  return new GatehouseError({
    code: 'clients.syntax',
    message: 'The file is not valid {format} at line {line}, column {column}.',
    remedy: 'Correct it there or just before; nothing was changed.',
    values: { format, line, column },
    cause,
  });
}

/** One-based line and column of an offset. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** How the file ends its lines. */
export function eolOf(text: string): string {
  return /\r\n|\n/.exec(text)?.[0] ?? '\n';
}

function checkShape(file: unknown, slot: Slot): void {
  if (file === null || file === undefined) return;
  if (!isMap(file)) throw unexpectedShape(slot.root);
  const all = Object.hasOwn(file, slot.root) ? file[slot.root] : null;
  if (all === null || all === undefined) return;
  if (slot.kind === 'list' ? !Array.isArray(all) : !isMap(all)) throw unexpectedShape(slot.root);
}

function edited(run: () => string): string {
  try {
    return run();
  } catch (error) {
    throw error instanceof GatehouseError ? error : cannotEdit(error);
  }
}

function parsedAgain(editor: Editor, text: string): unknown {
  try {
    return editor.parse(text);
  } catch (cause) {
    throw cannotEdit(cause);
  }
}

/** Every key of `entry` is in `found` with its value; in objects, further keys may be there. */
function holds(found: unknown, entry: JsonValue): boolean {
  if (!isMap(entry)) return isDeepStrictEqual(found, entry);
  if (!isMap(found)) return false;
  return Object.entries(entry as Entry).every(
    ([key, value]) => Object.hasOwn(found, key) && holds(found[key], value),
  );
}

/** Equal as data; parsers give objects of different prototypes. */
export function sameValue(a: unknown, b: JsonValue | undefined): boolean {
  if (b === undefined || a === undefined) return a === b;
  return holds(a, b) && (!isMap(a) || !isMap(b) || Object.keys(a).length === Object.keys(b).length);
}

/** All but the slot is as before; a root key that holds nothing counts as none. */
function sameRest(before: unknown, after: unknown, slot: Slot): boolean {
  const [a, b] = [withoutSlot(before, slot), withoutSlot(after, slot)];
  return isDeepStrictEqual(a, b) && JSON.stringify(keysOf(a)) === JSON.stringify(keysOf(b));
}

function keysOf(value: unknown): string[] {
  return isMap(value) ? Object.keys(value) : [];
}

function withoutSlot(file: unknown, slot: Slot): Readonly<Record<string, unknown>> {
  if (!isMap(file)) return {};
  const { [slot.root]: all, ...rest } = file;
  const others = Array.isArray(all)
    ? all.filter((one) => !(isMap(one) && one.name === slot.name))
    : isMap(all)
      ? Object.entries(all).filter(([key]) => key !== slot.name)
      : [];
  // Pairs, so that their order counts.
  return others.length === 0 ? rest : { ...rest, [slot.root]: others };
}
