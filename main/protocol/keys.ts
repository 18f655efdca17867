/**
 * Recognizing the few names that the envelope scan looks for, by comparing bytes: making a string of every key would cost
 * more than all the rest of a scan.
 */
import { stringAt } from './json.ts';

/** The longest name that counts is `progressToken`; with every character escaped it has 13 * 6 bytes. */
const LONGEST_KEY = 78;

/**
 * What `keyName` gives for a key that differs from one that counts in nothing but large and small letters (`Name`): there
 * are readers, Go's among them, to whom both are one.
 */
export const TWIN = 'twin';

/** The name of the key in `[start, end)`, quotes included; `TWIN`, or an empty one when it is none that counts. */
export function keyName(bytes: Buffer, start: number, end: number): string {
  const known = KEYS_BY_LENGTH[end - start - 2];
  if (known !== undefined) {
    for (const key of known) if (spells(bytes, start + 1, key.bytes)) return key.name;
    for (const key of known) if (spellsLoosely(bytes, start + 1, key.bytes)) return TWIN;
  }
  if (end - start - 2 > LONGEST_KEY) return '';
  for (let at = start + 1; at < end - 1; at++) {
    const c = bytes[at] as number;
    if (c === 0x5c || c >= 0x80) return keyOf(stringAt(bytes, start, end));
  }
  return '';
}

/** The same for a text that had to be made of it. To some readers `\u017f` is an s and `\u212a` a k. */
function keyOf(text: string): string {
  const known = KEYS_BY_LENGTH[text.length];
  if (known === undefined) return '';
  const plain = text.toUpperCase().toLowerCase();
  for (const { name } of known) {
    if (text === name) return name;
    if (plain === name.toLowerCase()) return TWIN;
  }
  return '';
}

interface KnownText {
  readonly name: string;
  readonly bytes: Buffer;
}

function byLength(names: readonly string[]): (readonly KnownText[] | undefined)[] {
  const table: KnownText[][] = [];
  for (const name of names) {
    const texts = table[name.length] ?? [];
    texts.push({ name, bytes: Buffer.from(name) });
    table[name.length] = texts;
  }
  return table;
}

const KEYS_BY_LENGTH = byLength([
  'id',
  'ref',
  'uri',
  'name',
  'task',
  '_meta',
  'error',
  'method',
  'params',
  'result',
  'taskId',
  'jsonrpc',
  'arguments',
  'requestId',
  'progressToken',
]);

/** The methods that come often; others become strings of their own. */
const METHODS_BY_LENGTH = byLength([
  'tools/call',
  'prompts/get',
  'resources/read',
  'tools/list',
  'notifications/progress',
  'notifications/message',
]);

function spells(bytes: Buffer, at: number, word: Buffer): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
  return true;
}

/** The same letters, large or small. Other signs that differ in that bit alone (`@` and a backquote) stand in no key. */
function spellsLoosely(bytes: Buffer, at: number, word: Buffer): boolean {
  for (let i = 0; i < word.length; i++) {
    if (((bytes[at + i] as number) | 0x20) !== ((word[i] as number) | 0x20)) return false;
  }
  return true;
}

/** The method's name; empty when the value is no string. */
export function methodAt(bytes: Buffer, start: number, end: number): string {
  if (bytes[start] !== 0x22) return '';
  const known = METHODS_BY_LENGTH[end - start - 2];
  if (known !== undefined) {
    for (const method of known) if (spells(bytes, start + 1, method.bytes)) return method.name;
  }
  return stringAt(bytes, start, end);
}
