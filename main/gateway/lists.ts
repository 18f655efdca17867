/**
 * The lists of a session: which method asks for which, what offers it, and what tells that it has changed.
 */
import { LIST_KINDS, LIST_METHODS, type ListKind } from '../protocol/listing.ts';
import { memberOf } from '../protocol/members.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { notification } from '../protocol/wire.ts';

/** A Map: the method is the client's word, and `__proto__` is a word too. */
const KINDS: ReadonlyMap<string, ListKind> = new Map(LIST_KINDS.map((kind) => [LIST_METHODS[kind], kind]));

/** The capability that offers each list; also the word in the notification of its changes. */
const OFFERED_BY: Readonly<Record<ListKind, string>> = {
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

/** What tells a client that these lists have changed. */
export function changeNotices(kinds: readonly ListKind[]): Buffer[] {
  const words = new Set(kinds.map((kind) => OFFERED_BY[kind]));
  return [...words].map((word) => notification(`notifications/${word}/list_changed`));
}
