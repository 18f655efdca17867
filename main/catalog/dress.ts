/**
 * A listed tool as the user wants clients to see it: with another title or description in its bytes, and another name
 * beside them. The original stays what trust knows. Pure.
 */
import { type ListedItem, readItem } from '../protocol/listing.ts';
import { type MemberChanges, rawJson, setMembers } from '../protocol/members.ts';

/** What takes the place of the server's words; null keeps them. */
export interface Dress {
  readonly name: string | null;
  readonly title: string | null;
  readonly description: string | null;
}

/** The tools with what the user says of them; the same array when he says nothing. */
export function dressed(
  tools: readonly ListedItem[],
  dresses: ReadonlyMap<string, Dress>,
): readonly ListedItem[] {
  if (dresses.size === 0) return tools;
  let changed = false;
  const out = tools.map((tool) => {
    const dress = dresses.get(tool.key);
    if (dress === undefined) return tool;
    changed = true;
    return dressOne(tool, dress);
  });
  return changed ? out : tools;
}

function dressOne(tool: ListedItem, { name, title, description }: Dress): ListedItem {
  const changes: Record<string, Buffer> = {};
  if (title !== null) changes.title = rawJson(title);
  if (description !== null) changes.description = rawJson(description);
  const worded = withMembers(tool, changes);
  return name === null || name === tool.key ? worded : { ...worded, alias: name };
}

function withMembers(tool: ListedItem, changes: MemberChanges): ListedItem {
  if (Object.keys(changes).length === 0) return tool;
  return readItem('tools', setMembers(tool.bytes, 0, tool.bytes.length, changes)) ?? tool;
}
