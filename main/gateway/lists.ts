/**
 * The lists that clients ask for: which method asks for which, what offers it, and what tells that it has changed.
 */
import { LIST_KINDS, LIST_METHODS, type ListKind } from '../protocol/listing.ts';
import { memberOf } from '../protocol/members.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { notification } from '../protocol/wire.ts';

/** A Map: the method is the client's word, and `__proto__` is a word too. */
const KINDS: ReadonlyMap<string, ListKind> = new Map(LIST_KINDS.map((kind) => [LIST_METHODS[kind], kind]));

/** A capability that offers lists; also the word by which clients are told of, and listen for, their changes. */
export type ListWord = 'tools' | 'prompts' | 'resources';

export const LIST_WORDS: readonly ListWord[] = ['tools', 'prompts', 'resources'];

const OFFERED_BY: Readonly<Record<ListKind, ListWord>> = {
  tools: 'tools',
  prompts: 'prompts',
  resources: 'resources',
  resourceTemplates: 'resources',
};

/** The kind that a list method asks for; null for other methods. */
export function listKind(method: string): ListKind | null {
  return KINDS.get(method) ?? null;
}

/** True when these capabilities of a server offer the list. */
export function offersList(capabilities: Readonly<Record<string, unknown>>, kind: ListKind): boolean {
  return capabilities[OFFERED_BY[kind]] !== undefined;
}

/** Our own lists are one page, so that no cursor of ours is ever out there. */
export function hasCursor(message: Buffer, scan: MessageScan): boolean {
  return memberOf(message, scan.paramsStart, scan.paramsEnd, 'cursor') !== null;
}

/** The words for these lists, each once. */
export function wordsFor(kinds: readonly ListKind[]): ReadonlySet<ListWord> {
  return new Set(kinds.map((kind) => OFFERED_BY[kind]));
}

/** What tells a client that lists have changed. */
export function changeNotice(word: ListWord): Buffer {
  return notification(`notifications/${word}/list_changed`);
}
