/**
 * The clients of this computer: which there are, how each stands, and connecting, repairing, disconnecting and undoing.
 * A client counts as connected when a session of it was seen, not when its file says so. `close` stops watching.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import writeFileAtomic from 'write-file-atomic';
import type { ClientChange, ClientPreview, ClientState, ClientView } from '../../preload/views/clients.ts';
import { type FileWatch, watchFile } from '../config/watch.ts';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { openBackups } from './backups.ts';
import { BUNDLE_FILE, bundleOf } from './bundle.ts';
import {
  checkShown,
  entriesCalled,
  entryIn,
  make,
  type Plan,
  planConnect,
  planDisconnect,
  takeBack,
} from './change.ts';
import { diffLines } from './diff.ts';
import { deepLink, entryOf, OUR_NAME, type Target, tokenIn } from './entries.ts';
import { isMap } from './formats/editor.ts';
import { openMemory } from './memory.ts';
import type { Programs } from './programs.ts';
import type { ClientSpec } from './spec.ts';
import { isInstalled, locate, type System } from './system.ts';
import { CLIENTS } from './table.ts';
import { look } from './target.ts';

/** What clients need from the house. */
export interface ClientsDeps {
  readonly dataDir: string;
  readonly system: System;
  readonly clock: Clock;
  readonly appVersion: string;
  /** The command of this installation that serves one client over stdio. */
  launcher(client: string): { readonly command: string; readonly args: readonly string[] };
  /** The address for clients; null when none is known, or when it will be another after the next start. */
  address(): Promise<string | null>;
  readonly tokens: ClientTokenPort;
  /** Programs of clients that have to quit before their file is changed. */
  readonly programs?: Programs;
  /** When each client that has come since the start was last heard, and whether it has a session open now. */
  here?(): ReadonlyMap<string, { readonly lastUsed: number; readonly open: boolean }>;
  /** Something in `list` may be different now. */
  changed?(): void;
}

/** Each client that goes by HTTP has a token of its own. */
export interface ClientTokenPort {
  /** Whether the endpoint asks for tokens at all. */
  required(): Promise<boolean>;
  /** Whether this is the client's own token, and good. */
  isGood(client: string, token: string): Promise<boolean>;
  /** A new one, in place of the one that it had. */
  issue(client: string): Promise<string>;
  /** What it has is good no more. Does nothing when it has none. */
  revoke(client: string): Promise<void>;
}

/** Stands for a token that is made when the change is. */
const NEW_TOKEN = 'gate_new-token-of-this-client';

/** All clients. Commands reject with a GatehouseError `clients.*` and have then changed nothing. */
export interface Clients {
  /** `read` looks into the files; without it only signs outside of them count, and nothing asks the user for access. */
  list(read: boolean): Promise<readonly ClientView[]>;
  /** What a change would do, and the hash that `apply` wants to see again. */
  preview(change: ClientChange): Promise<ClientPreview>;
  /**
   * Makes a change; false when there was nothing to change. With `reopen` the client's program quits first and is opened
   * afterwards, also when nothing was written, unless the file is another one by then.
   */
  apply(change: ClientChange, hash: string, reopen?: boolean): Promise<boolean>;
  undo(client: string): Promise<{ readonly file: string; readonly exact: boolean }>;
  /** The user names the file of a client; null goes back to the usual place. */
  chooseFile(client: string, file: string | null): Promise<void>;
  /** A file with nothing but the entry, for pasting by hand: that of the bridge, which holds no token. */
  entry(client: string): Promise<string>;
  /** Writes the bundle of a client that installs such; gives its path. */
  bundle(client: string): Promise<string>;
  /** A session of a client has begun. */
  saw(client: string, info: { readonly name: string | null; readonly version: string | null }): void;
  /** The last request of a client that was seen, epoch milliseconds. Written with the next write, a moment later. */
  used(client: string, at: number): void;
  /** Idempotent. */
  close(): Promise<void>;
}

export async function openClients(deps: ClientsDeps): Promise<Clients> {
  const { system, clock, dataDir, appVersion } = deps;
  const memory = await openMemory(join(dataDir, 'connected-clients.json'), clock);
  const backups = openBackups(dataDir);
  const change = { backups, clock, appVersion };

  const placeOf = (spec: ClientSpec): { file: string; files: readonly string[] } => {
    const chosen = memory.chosen(spec.id);
    const found = locate(spec, system);
    return chosen === null ? found : { file: chosen, files: [...new Set([chosen, ...found.files])] };
  };
  /** `entry` is what its file has now: a token there that is good stays. */
  const targetOf = async (spec: ClientSpec, via: 'http' | 'bridge', entry: unknown): Promise<Target> => {
    const url = via === 'http' ? await deps.address() : null;
    if (url === null) return { via: 'bridge', ...deps.launcher(spec.id) };
    if (!(await deps.tokens.required())) return { via: 'http', url, token: null };
    const own = tokenIn(entry);
    const isGood = own !== null && (await deps.tokens.isGood(spec.id, own));
    return { via: 'http', url, token: isGood ? own : NEW_TOKEN };
  };
  const wantedVia = (spec: ClientSpec, change_?: ClientChange): 'http' | 'bridge' =>
    change_?.via ?? memory.connection(spec.id)?.via ?? spec.via;

  const plan = async (asked: ClientChange): Promise<{ spec: ClientSpec; plan: Plan; target: Target }> => {
    const spec = specOf(asked.client);
    const seen = await look(asked.file ?? placeOf(spec).file);
    const target = await targetOf(spec, wantedVia(spec, asked), entryIn(spec, seen, OUR_NAME));
    const without = entriesCalled(spec, seen, asked.without ?? []);
    switch (asked.action) {
      case 'connect':
        return {
          spec,
          target,
          plan: planConnect(spec, seen, OUR_NAME, entryOf(spec.shape, target), without),
        };
      case 'disconnect':
        return { spec, target, plan: await planDisconnect(spec, seen, OUR_NAME, backups) };
    }
  };
  /** Makes a change; the client's token is made with it, and is no good if that fails. */
  const carryOut = async (spec: ClientSpec, planned: Plan, target: Target): Promise<boolean> => {
    const isNew = planned.action !== 'disconnect' && target.via === 'http' && target.token === NEW_TOKEN;
    if (!isNew) return make(spec.id, spec, planned, change);
    const token = await deps.tokens.issue(spec.id);
    try {
      const entry = entryOf(spec.shape, { ...target, token });
      const [, ...without] = planned.names;
      return await make(spec.id, spec, planConnect(spec, planned.seen, OUR_NAME, entry, without), change);
    } catch (error) {
      await deps.tokens.revoke(spec.id).catch(() => undefined);
      throw error;
    }
  };
  const view = async (spec: ClientSpec, read: boolean): Promise<ClientView> => {
    const { file, files } = placeOf(spec);
    const connection = memory.connection(spec.id);
    const sighting = memory.sighting(spec.id);
    const here = deps.here?.().get(spec.id);
    const installed = isInstalled(spec, system);
    let present = connection !== null;
    let outdated = false;
    let problem: ClientView['problem'] = null;
    if (read) {
      try {
        const entry = entryIn(spec, await look(connection?.file ?? file), OUR_NAME);
        present = entry !== undefined;
        const target = await targetOf(spec, viaOf(entry), entry);
        outdated = present && !contains(entry, entryOf(spec.shape, target));
      } catch (error) {
        problem = problemOf(error);
      }
    }
    const lastSeen = Math.max(sighting?.at ?? 0, here?.lastUsed ?? 0) || null;
    const open = here?.open ?? false;
    const state = stateOf({ installed, present, open, connected: connection, seenAt: lastSeen });
    return {
      id: spec.id,
      label: spec.label,
      state,
      installed,
      present,
      file: connection?.file ?? file,
      files,
      chosen: memory.chosen(spec.id) !== null,
      via: connection?.via ?? spec.via,
      takesAddress: spec.via === 'http',
      outdated,
      lastSeen,
      here: open,
      calls: sighting === null ? null : { name: sighting.name, version: sighting.version },
      reload: spec.reload,
      canUndo: (await backups.of(spec.id)).some(({ meta }) => meta.undone === null),
      hasLink: spec.link !== undefined,
      hasBundle: spec.bundles === true,
      repaired: connection?.repaired ?? 0,
      problem,
    };
  };

  // Clients rewrite their files, and some lose our entry: whoever looks at the list is told, and nothing is put back by itself.
  const watches = new Map<string, FileWatch>();
  const watching = (): void => {
    if (deps.changed === undefined) return;
    const files = CLIENTS.flatMap(({ id }) => memory.connection(id)?.file ?? []);
    for (const [file, one] of watches) {
      if (files.includes(file)) continue;
      one.close();
      watches.delete(file);
    }
    for (const file of files) {
      if (!watches.has(file))
        watches.set(
          file,
          watchFile(file, () => deps.changed?.()),
        );
    }
  };
  watching();

  return {
    list: (read) => Promise.all(CLIENTS.map((spec) => view(spec, read))),
    async preview(asked) {
      const { spec, plan: made, target } = await plan(asked);
      const { seen, before, after } = made;
      const url = spec.link === undefined ? null : await deps.address();
      return {
        client: spec.id,
        action: asked.action,
        file: seen.file,
        realFile: seen.real,
        exists: seen.exists,
        hash: seen.hash,
        changes: after !== before,
        removesFile: after === null,
        diff: diffLines(before, after ?? ''),
        via: target.via,
        holdsToken: asked.action === 'connect' && target.via === 'http' && target.token !== null,
        reload: spec.reload,
        link: spec.link === undefined || url === null ? null : deepLink(spec.link, url),
        running: (await deps.programs?.isRunning(spec)) ?? null,
      };
    },
    async apply(asked, hash, reopen = false) {
      const { programs } = deps;
      if (reopen && programs !== undefined) {
        checkShown((await plan(asked)).plan.seen, hash);
        await programs.quit(specOf(asked.client));
      }
      // Looked at anew: a program may write its file as it quits.
      const { spec, plan: made, target } = await plan(asked);
      checkShown(made.seen, hash);
      const known = memory.connection(spec.id);
      const wasThere = entryIn(spec, made.seen, OUR_NAME) !== undefined;
      const changed = await carryOut(spec, made, target);
      if (asked.action === 'disconnect') {
        await memory.setConnection(spec.id, null);
        if (known?.via === 'http') await deps.tokens.revoke(spec.id);
      } else if (changed || known === null) {
        const repaired = (known?.repaired ?? 0) + (known !== null && !wasThere ? 1 : 0);
        const { file } = made.seen;
        await memory.setConnection(spec.id, { file, at: clock.now(), via: target.via, repaired });
      }
      watching();
      deps.changed?.();
      if (reopen) await programs?.open(spec);
      return changed;
    },
    async undo(client) {
      const spec = specOf(client);
      const done = await takeBack(spec.id, change);
      const entry = entryIn(spec, await look(done.file), OUR_NAME);
      const known = memory.connection(spec.id);
      await memory.setConnection(
        spec.id,
        entry === undefined ? null : { file: done.file, at: clock.now(), via: viaOf(entry), repaired: 0 },
      );
      if (entry === undefined && known?.via === 'http') await deps.tokens.revoke(spec.id);
      watching();
      deps.changed?.();
      return done;
    },
    async chooseFile(client, file) {
      const spec = specOf(client);
      if (file !== null) entryIn(spec, await look(file), OUR_NAME);
      await memory.choose(spec.id, file);
      deps.changed?.();
    },
    async entry(client) {
      const spec = specOf(client);
      const target = await targetOf(spec, 'bridge', undefined);
      const entry = entryOf(spec.shape, target);
      return planConnect(spec, emptyFile(), OUR_NAME, entry).after ?? '';
    },
    async bundle(client) {
      const spec = specOf(client);
      if (spec.bundles !== true) throw noBundle(spec);
      const folder = join(dataDir, 'bundles', spec.id);
      const file = join(folder, BUNDLE_FILE);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { platform } = system;
      await writeFileAtomic(file, bundleOf({ ...deps.launcher(spec.id), appVersion, platform }), {
        mode: 0o600,
      });
      return file;
    },
    saw(client, info) {
      if (!CLIENTS.some(({ id }) => id === client)) return;
      memory.saw(client, { at: clock.now(), ...info });
      deps.changed?.();
    },
    used: memory.used,
    async close() {
      for (const one of watches.values()) one.close();
      watches.clear();
      await memory.close();
    },
  };
}

/** The row of the table. @throws GatehouseError `clients.unknown` */
export function specOf(client: string): ClientSpec {
  const spec = CLIENTS.find(({ id }) => id === client);
  if (spec !== undefined) return spec;
  throw new GatehouseError({
    code: 'clients.unknown',
    message: 'There is no client "{client}" in the list.',
    remedy: 'Look at the list: gatehouse clients list.',
    values: { client: client.slice(0, 60) },
  });
}

interface Facts {
  readonly installed: boolean;
  readonly present: boolean;
  readonly open: boolean;
  readonly connected: { readonly at: number } | null;
  readonly seenAt: number | null;
}

function stateOf({ installed, present, open, connected, seenAt }: Facts): ClientState {
  if (present) return seenAt !== null && seenAt >= (connected?.at ?? 0) ? 'connected' : 'waiting';
  if (connected !== null) return 'gone';
  // By an extension, a link or by hand: what is here is connected, whatever files say.
  if (open) return 'connected';
  return installed ? 'not-connected' : 'not-installed';
}

function viaOf(entry: unknown): 'http' | 'bridge' {
  const isRemote =
    isMap(entry) && ['url', 'uri', 'httpUrl', 'serverUrl'].some((key) => Object.hasOwn(entry, key));
  return isRemote ? 'http' : 'bridge';
}

/** Whether all that we would write is there; what others added does not count. */
function contains(found: unknown, wanted: unknown): boolean {
  if (!isMap(wanted)) return isDeepStrictEqual(found, wanted);
  return isMap(found) && Object.entries(wanted).every(([key, value]) => contains(found[key], value));
}

function emptyFile(): Parameters<typeof planConnect>[1] {
  return { file: '', real: '', exists: false, bytes: Buffer.alloc(0), hash: '', mode: 0o600 };
}

function noBundle({ label }: ClientSpec): GatehouseError {
  return new GatehouseError({
    code: 'clients.no_bundle',
    message: '{client} installs no bundles.',
    remedy: 'Connect it by its settings file.',
    values: { client: label },
  });
}
