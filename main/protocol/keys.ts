/**
 * Recognizing the few names that the envelope scan looks for, by comparing bytes: making a string of every key would cost
 * more than all the rest of a scan.
 */
import { stringAt } from './json.ts';

/** The longest name that counts is `progressToken`; with every character escaped it has 13 * 6 bytes. */
const LONGEST_KEY = 78;

/** The name of the key in `[start, end)`, quotes included, or an empty one when it is none that counts. */
export function keyName(bytes: Buffer, start: number, end: number): string {
  const known = KEYS_BY_LENGTH[end - start - 2];
  if (known !== undefined) {
    for (const key of known) if (spells(bytes, start + 1, key.bytes)) return key.name;
  }
  if (end - start - 2 > LONGEST_KEY) return '';
  for (let at = start + 1; at < end - 1; at++) {
    if (bytes[at] === 0x5c) return stringAt(bytes, start, end);
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
  'uri',
  'name',
  '_meta',
  'error',
  'method',
  'params',
  'result',
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

/** The method's name; empty when the value is no string. */
export function methodAt(bytes: Buffer, start: number, end: number): string {
  if (bytes[start] !== 0x22) return '';
  const known = METHODS_BY_LENGTH[end - start - 2];
  if (known !== undefined) {
    for (const method of known) if (spells(bytes, start + 1, method.bytes)) return method.name;
  }
  return stringAt(bytes, start, end);
}
