/**
 * One change of one client's file: worked out on what was seen, so that it can be shown first; then made, with a copy of
 * the old file kept; later taken back. Nothing is changed that was not shown.
 */
import { createNames } from '../config/dialects/names.ts';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { Backup, BackupMeta, Backups } from './backups.ts';
import { OUR_NAME } from './entries.ts';
import {
  type Editor,
  type Entry,
  isMap,
  type JsonValue,
  type Slot,
  safeDrop,
  safePut,
  valueIn,
} from './formats/editor.ts';
import { jsonEditor } from './formats/json.ts';
import { tomlEditor } from './formats/toml.ts';
import { yamlEditor } from './formats/yaml.ts';
import type { ClientSpec } from './spec.ts';
import { changedMeanwhile, hashOf, look, NO_FILE, replace, type Seen, textOf } from './target.ts';

/** A change that can be made. */
export interface Plan {
  readonly seen: Seen;
  readonly action: BackupMeta['action'];
  readonly slot: Slot;
  readonly before: string;
  /** Null removes the file, which we had made. */
  readonly after: string | null;
  /** The entries that are touched. */
  readonly names: readonly string[];
}

/** What making changes needs. */
export interface ChangeDeps {
  readonly backups: Backups;
  readonly clock: Clock;
  readonly appVersion: string;
}

/** What reads and edits files of a format. */
export function editorOf(format: ClientSpec['format']): Editor {
  switch (format) {
    case 'json':
      return jsonEditor;
    case 'toml':
      return tomlEditor;
    case 'yaml':
      return yamlEditor;
  }
}

/** Where in a client's file the entry of a name stands. */
export function slotOf(spec: ClientSpec, name: string): Slot {
  return { root: spec.root, name, kind: spec.list === true ? 'list' : 'map' };
}

/** The entry of a name in a file; undefined when there is none. @throws as `textOf` and `parse` do */
export function entryIn(spec: ClientSpec, seen: Seen, name: string): unknown {
  return valueIn(editorOf(spec.format).parse(textOf(seen).text), slotOf(spec, name));
}

/**
 * The names under which entries stand in a file, from what they are called when they are brought in, which may differ where a
 * name was none for us. What is not there, and our own entry, are left out.
 *
 * @throws as `textOf` and `parse` do
 */
export function entriesCalled(spec: ClientSpec, seen: Seen, called: readonly string[]): readonly string[] {
  if (called.length === 0) return [];
  const value = editorOf(spec.format).parse(textOf(seen).text);
  const servers = isMap(value) ? value[spec.root] : undefined;
  const written = Array.isArray(servers)
    ? servers.flatMap((one: unknown) => (isMap(one) && typeof one.name === 'string' ? [one.name] : []))
    : Object.keys(isMap(servers) ? servers : {});
  return written.filter(
    (name) => name !== OUR_NAME && (called.includes(name) || called.includes(createNames().take(name))),
  );
}

/** Puts our entry in, and takes out those of `without`. @throws as `look` and `safePut` do */
export function planConnect(
  spec: ClientSpec,
  seen: Seen,
  name: string,
  entry: Entry,
  without: readonly string[] = [],
): Plan {
  const editor = editorOf(spec.format);
  const { mark, text } = textOf(seen);
  let now = safePut(editor, text, slotOf(spec, name), entry);
  for (const other of without) now = safeDrop(editor, now, slotOf(spec, other), false);
  const action = without.length === 0 ? 'connect' : 'replace';
  return {
    seen,
    action,
    slot: slotOf(spec, name),
    before: mark + text,
    after: mark + now,
    names: [name, ...without],
  };
}

/**
 * Takes our entry out. A file that nobody has touched since we put it in becomes, byte for byte, what it was before.
 *
 * @throws as `look` and `safeDrop` do
 */
export async function planDisconnect(
  spec: ClientSpec,
  seen: Seen,
  name: string,
  backups: Backups,
): Promise<Plan> {
  const slot = slotOf(spec, name);
  const { mark, text } = textOf(seen);
  const before = mark + text;
  const connects = (await backups.of(spec.id)).filter(
    ({ meta }) => meta.undone === null && meta.action === 'connect' && meta.file === seen.file,
  );
  const plan = (after: string | null): Plan => ({
    seen,
    action: 'disconnect',
    slot,
    before,
    after,
    names: [name],
  });
  const [last] = connects;
  if (last !== undefined && last.meta.afterHash === seen.hash) {
    if (!last.meta.existed) return plan(null);
    const old = (await last.original()).toString('utf8');
    if (!hasEntry(spec, old, slot)) return plan(old);
  }
  const first = connects.at(-1);
  const rootToo = first !== undefined && !(await hadRoot(spec, first));
  return plan(mark + safeDrop(editorOf(spec.format), text, slot, rootToo));
}

/**
 * Makes the change, after a copy of the old file is safe. False, and nothing is written, when there is nothing to change.
 *
 * @throws as `replace` and `Backups.keep` do
 */
export async function make(client: string, spec: ClientSpec, plan: Plan, deps: ChangeDeps): Promise<boolean> {
  const { seen } = plan;
  const after = plan.after === null ? null : Buffer.from(plan.after, 'utf8');
  if (after === null ? !seen.exists : seen.exists && after.equals(seen.bytes)) return false;
  let kept: Backup | null = null;
  try {
    await replace(seen, after, deps.clock, async () => {
      kept = await deps.backups.keep(metaOf(client, spec, plan, after, deps), seen.bytes);
    });
  } catch (error) {
    const now = await look(seen.file).catch(() => null);
    if (kept !== null && now?.hash === seen.hash) await deps.backups.forget(kept);
    throw error;
  }
  return true;
}

/**
 * Takes the newest change that still stands back: byte for byte where nobody has touched the file since, else only the
 * entries that it was about.
 *
 * @returns which way it went
 * @throws GatehouseError `clients.nothing_to_undo`, `clients.file_gone`, and as `replace` does
 */
export async function takeBack(client: string, deps: ChangeDeps): Promise<{ file: string; exact: boolean }> {
  const backup = (await deps.backups.of(client)).find(({ meta }) => meta.undone === null);
  if (backup === undefined) {
    throw new GatehouseError({
      code: 'clients.nothing_to_undo',
      message: 'There is no change of this client that could be taken back.',
      remedy: 'Nothing has to be done.',
    });
  }
  const { meta } = backup;
  const original = await backup.original();
  const seen = await look(meta.file);
  const exact = seen.hash === meta.afterHash;
  if (exact) await replace(seen, meta.existed ? original : null, deps.clock);
  else if (!seen.exists) throw fileGone();
  else if (seen.hash !== meta.beforeHash) {
    const after = surgical(meta, original, textOf(seen));
    if (after !== null) await replace(seen, Buffer.from(after, 'utf8'), deps.clock);
  }
  await deps.backups.markUndone(backup, deps.clock.now());
  return { file: meta.file, exact };
}

/** Refuses a change of a file that is not the one that was shown. @throws GatehouseError `clients.changed_meanwhile` */
export function checkShown(seen: Seen, hash: string): void {
  if (seen.hash !== hash) throw changedMeanwhile();
}

function surgical(meta: BackupMeta, original: Buffer, now: { mark: string; text: string }): string | null {
  const editor = editorOf(meta.format);
  const old = editor.parse(original.toString('utf8').replace(/^\ufeff/, ''));
  const rootToo = !(isMap(old) && Object.hasOwn(old, meta.root));
  let text = now.text;
  for (const name of [...meta.names].reverse()) {
    const slot: Slot = { root: meta.root, name, kind: meta.kind };
    const before = valueIn(old, slot);
    text = safeDrop(editor, text, slot, rootToo);
    if (isMap(before)) text = safePut(editor, text, slot, before as { readonly [key: string]: JsonValue });
  }
  return text === now.text ? null : now.mark + text;
}

function metaOf(
  client: string,
  spec: ClientSpec,
  plan: Plan,
  after: Buffer | null,
  deps: ChangeDeps,
): BackupMeta {
  return {
    version: 1,
    client,
    action: plan.action,
    at: deps.clock.now(),
    appVersion: deps.appVersion,
    file: plan.seen.file,
    existed: plan.seen.exists,
    beforeHash: plan.seen.hash,
    afterHash: after === null ? NO_FILE : hashOf(after),
    format: spec.format,
    root: plan.slot.root,
    kind: plan.slot.kind,
    names: [...plan.names],
    undone: null,
  };
}

function hasEntry(spec: ClientSpec, text: string, slot: Slot): boolean {
  return valueIn(editorOf(spec.format).parse(text.replace(/^\ufeff/, '')), slot) !== undefined;
}

async function hadRoot(spec: ClientSpec, backup: Backup): Promise<boolean> {
  const text = (await backup.original()).toString('utf8').replace(/^\ufeff/, '');
  const old = editorOf(spec.format).parse(text);
  return isMap(old) && Object.hasOwn(old, spec.root);
}

function fileGone(): GatehouseError {
  return new GatehouseError({
    code: 'clients.file_gone',
    message: 'The file is not there any more.',
    remedy: 'The old one is kept in the folder "backups" of the data directory.',
  });
}
