/**
 * What clients that check types expect of listed things. Such a client refuses a whole list for one wrong member, so
 * where servers are listed side by side, one server's slip would take the others' things with it. Pure.
 */
import type { ListedItem, ListKind } from './listing.ts';
import { readItem } from './listing.ts';
import { type MemberChanges, memberOf, setMembers } from './members.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const number: Check = (value) => typeof value === 'number';
const record: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** An object whose named members, where it has them, pass. */
const withMembers =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    record(value) && Object.entries(checks).every(([key, check]) => absentOr(check, (value as Values)[key]));

type Values = Readonly<Record<string, unknown>>;

const icon: Check = (value) =>
  withMembers({ mimeType: text, sizes: listOf(text), theme: text })(value) && text((value as Values).src);
const toolHints = withMembers({
  title: text,
  readOnlyHint: flag,
  destructiveHint: flag,
  idempotentHint: flag,
  openWorldHint: flag,
});
const contentHints = withMembers({ audience: listOf(text), priority: number, lastModified: text });
const argument: Check = (value) =>
  withMembers({ title: text, description: text, required: flag })(value) && text((value as Values).name);
const schemaMembers: Check = (value) =>
  record(value) && Object.values(value as Values).every((one) => typeof one === 'object' && one !== null);
const objectSchema: Check = (value) =>
  withMembers({ properties: schemaMembers, required: listOf(text) })(value) &&
  (value as Values).type === 'object';

/** Members without which an item is of no use; an item is left out when one of them is wrong. */
const NEEDED: Readonly<Record<ListKind, Readonly<Record<string, Check>>>> = {
  tools: { inputSchema: objectSchema },
  prompts: {},
  resources: { name: text },
  resourceTemplates: { name: text },
};

const COMMON = { title: text, description: text, icons: listOf(icon), _meta: record };
const ABOUT_CONTENT = { ...COMMON, mimeType: text, annotations: contentHints };

/** Members that an item can do without; one of a wrong type is left out. */
const OPTIONAL: Readonly<Record<ListKind, Readonly<Record<string, Check>>>> = {
  tools: { ...COMMON, annotations: toolHints, outputSchema: record, execution: record },
  prompts: { ...COMMON, arguments: listOf(argument) },
  resources: { ...ABOUT_CONTENT, size: number },
  resourceTemplates: ABOUT_CONTENT,
};

/** The item itself, or put right in what is wrong in it; null when nothing useful is left. */
export function soundItem(kind: ListKind, listed: ListedItem): ListedItem | null {
  const item = kind === 'tools' ? withSchema(listed) : kind === 'prompts' ? listed : withName(kind, listed);
  const { value } = item;
  for (const [key, check] of Object.entries(NEEDED[kind])) if (!check(value[key])) return null;
  const wrong = Object.entries(OPTIONAL[kind]).filter(([key, check]) => !absentOr(check, value[key]));
  return wrong.length === 0
    ? item
    : changed(kind, item, Object.fromEntries(wrong.map(([key]) => [key, null])));
}

/** Arguments are always an object: a schema that does not say so, or none at all, means that. */
function withSchema(item: ListedItem): ListedItem {
  const { bytes, value } = item;
  const schema = value.inputSchema ?? {};
  if (!record(schema) || (schema as Values).type !== undefined) return item;
  const said = memberOf(bytes, 0, bytes.length, 'inputSchema') ?? bytes.subarray(0, 0);
  const inputSchema = setMembers(said, 0, said.length, { type: Buffer.from('"object"') });
  return changed('tools', item, { inputSchema });
}

/** What has a URI and no name is called by its URI. */
function withName(kind: ListKind, item: ListedItem): ListedItem {
  if (item.value.name !== undefined && item.value.name !== null) return item;
  return changed(kind, item, { name: Buffer.from(JSON.stringify(item.key)) });
}

function changed(kind: ListKind, item: ListedItem, changes: MemberChanges): ListedItem {
  return readItem(kind, setMembers(item.bytes, 0, item.bytes.length, changes)) ?? item;
}

function absentOr(check: Check, value: unknown): boolean {
  return value === undefined || check(value);
}
