/**
 * What of a server's words is approved: which members of a definition its fingerprint covers, and the one form of it that
 * is kept, shown and sent. Pure.
 *
 * The fingerprint of a tool, prompt or resource template covers all of its definition, annotations and members that
 * nobody knows included, except `icons` and those members of `_meta` on which no client is known to act: servers put
 * into these what is new with every start, and nobody would look at the hundredth question. They need not be covered,
 * because an approved definition is sent on as the bytes that were approved, whatever the server says there now.
 */
import { createHash } from 'node:crypto';
import { type ListedItem, type ListKind, readItem } from '../protocol/listing.ts';
import { fingerprint } from './fingerprint.ts';

/** What is approved: listed things, the server's instructions, and what it calls itself. */
export const DEFINED_KINDS = [
  'tools',
  'prompts',
  'resources',
  'resourceTemplates',
  'instructions',
  'info',
] as const;

export type DefinedKind = (typeof DEFINED_KINDS)[number];

type Values = Readonly<Record<string, unknown>>;

/** A time that cannot be read as a sentence. */
const PLAIN_TIME = /^[0-9TZ:.+-]{1,40}$/;

/**
 * The fingerprint of a listed thing: 64 hexadecimal digits. `item` is as `cleaned` gives it. Of a resource its size and
 * the time of its last change are left out: they tell of its content.
 */
export function fingerprintOf(kind: DefinedKind, item: Pick<ListedItem, 'bytes' | 'value'>): string {
  try {
    return fingerprint(covered(kind, item.value));
  } catch {
    // Such as 1e999, which is JSON and no number: then every byte counts.
    return createHash('sha256').update(kind).update('\0').update(item.bytes).digest('hex');
  }
}

/**
 * The item with each key of each object once, the last one, as it is read here: a reader that lets the first one win
 * would see another definition than the one that was approved.
 */
export function cleaned(kind: ListKind, item: ListedItem): ListedItem {
  if (countMembers(item.bytes) === membersIn(item.value)) return item;
  return readItem(kind, Buffer.from(JSON.stringify(item.value))) ?? item;
}

/** A definition that is no listed thing, as one. */
export function definitionOf(key: string, value: Values): ListedItem {
  return { bytes: Buffer.from(JSON.stringify(value)), key, keyStart: 0, keyEnd: 0, value };
}

/** The members that the fingerprint covers. */
function covered(kind: DefinedKind, value: Values): Values {
  switch (kind) {
    case 'tools':
    case 'prompts':
    case 'resourceTemplates': {
      const { icons: _icons, _meta, ...rest } = value;
      const acted = isRecord(_meta) ? Object.entries(_meta).filter(([key]) => isActedOn(key)) : [];
      return acted.length === 0 ? rest : { ...rest, _meta: Object.fromEntries(acted) };
    }
    case 'resources': {
      const { size, annotations, ...rest } = value;
      const sized = size === undefined || typeof size === 'number' ? rest : value;
      if (!isRecord(annotations)) return annotations === undefined ? sized : { ...sized, annotations };
      const { lastModified, ...hints } = annotations;
      const dated = typeof lastModified === 'string' && PLAIN_TIME.test(lastModified);
      return { ...sized, annotations: dated ? hints : annotations };
    }
    case 'info': {
      const { version: _version, icons: _icons, ...rest } = value;
      return rest;
    }
    case 'instructions':
      return value;
  }
}

/** Members of `_meta` with which clients do something: the pages of MCP Apps and of ChatGPT, and the words beside them. */
function isActedOn(key: string): boolean {
  return key === 'ui' || key.startsWith('ui/') || key.startsWith('openai/') || key.startsWith('mcpui');
}

/** Members of all objects in the JSON text, repeated ones too: as many as colons that stand in no string. */
function countMembers(bytes: Buffer): number {
  let count = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const c = bytes[at];
    if (inString) {
      if (c === 0x5c) at++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x3a) count++;
  }
  return count;
}

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) count += membersIn(inner);
  return count;
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
