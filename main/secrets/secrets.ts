/**
 * Where secrets live: the system keychain; else a file encrypted with a key of the login; else one with a key file.
 * The store that got the first secret is remembered and stays. Stops with `close()`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { GatehouseError, type ProblemParts, problemOf } from '../protocol/error.ts';
import { type Backend, createFileBackend } from './file-store.ts';
import type { StartHelper } from './helper.ts';
import { createKeychain, type Keychain } from './keychain.ts';
import { keychainService, PROBE, probe } from './keychain-use.ts';
import { withLock } from './lock.ts';
import { readMarker, type StoreKind, writeMarker } from './marker.ts';
import { migrate, settle } from './migrate.ts';
import {
  checkName,
  checkValue,
  fileTrouble,
  keychainGone,
  keychainUnavailable,
  safeStorageGone,
} from './problems.ts';
import { keyFileSeal, type SafeStoragePort, safeStorageSeal } from './seal.ts';

export type { SafeStoragePort } from './seal.ts';

/** What screens show of the store; matches the contract's `SecretsView`. */
export interface SecretsView {
  readonly store: StoreKind;
  readonly description: string;
  /** The description for other languages. */
  readonly said: { readonly form: `store.${StoreKind}`; readonly values: Readonly<Record<string, string>> };
  readonly problem: ProblemParts | null;
}

/** The secrets of one data directory. */
export interface SecretStore {
  /** The state now; a new object whenever it changes. */
  readonly view: SecretsView;
  /** The value, or null when there is none. @throws GatehouseError `secrets.*` when the store cannot be read */
  get(name: string): Promise<string | null>;
  /** @throws GatehouseError `secrets.bad_name`, `secrets.bad_value`, or `secrets.*` when the store cannot be written */
  set(name: string, value: string): Promise<void>;
  /** Whether there was such a secret. */
  delete(name: string): Promise<boolean>;
  /** The names, sorted; never values. */
  list(): Promise<readonly string[]>;
  /**
   * Moves all of them to the keychain or to an encrypted file, and uses that from now on; gives how many there were.
   * @throws GatehouseError `secrets.*`; the store is then the same as before
   */
  moveTo(to: 'keychain' | 'file'): Promise<number>;
  /** Ends the keychain's helper process at once. Calling it twice does nothing. */
  close(): Promise<void>;
}

export interface SecretsOptions {
  /** Absolute; made when missing. */
  readonly dataDir: string;
  /** What `defaultDataDir` says on this computer: its keychain entries get the plain name. */
  readonly defaultDataDir: string;
  readonly safeStorage: SafeStoragePort | null;
  readonly clock: Clock;
  /** `off` never touches the keychain. */
  readonly keychain: 'auto' | 'off';
  /** Limit of the first look at the keychain, in milliseconds from when its helper runs. Default 2,000. */
  readonly timeoutMs?: number;
  /** How the desktop starts the keychain's helper process; without it, this process's own Node. */
  readonly startHelper?: StartHelper | undefined;
  /** Called when `view` has changed. */
  onChange?(view: SecretsView): void;
  /** The keychain of a service; for tests. */
  readonly openKeychain?: (service: string) => Keychain;
}

/** Longest that the lock is held without a sign of life, in milliseconds: a change, and its owner's password. */
const LOCK_MS = 70_000;
/** Limit of one operation later on, in milliseconds: its owner may be typing a password into the unlock dialog. */
const OPERATION_MS = 60_000;

/**
 * Chooses the store, within twice `timeoutMs` and the start of a process, and never rejects because of the keychain.
 *
 * @throws GatehouseError `secrets.file_failed` when the data directory cannot be used, `secrets.damaged` when it does
 *   not tell which store it chose
 */
export async function openSecrets(options: SecretsOptions): Promise<SecretStore> {
  try {
    await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileTrouble(options.dataDir, error);
  }
  const store = new Secrets(options);
  try {
    await store.open();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

class Secrets implements SecretStore {
  private readonly options: SecretsOptions;
  private readonly markerFile: string;
  private readonly lockFile: string;
  private readonly service: string;
  private readonly keychain: Keychain | null;
  private kind: StoreKind = 'key-file';
  private problem: SecretsView['problem'] = null;
  private current: SecretsView | null = null;

  constructor(options: SecretsOptions) {
    const { dataDir, clock } = options;
    this.options = options;
    this.markerFile = join(dataDir, 'secrets.json');
    this.lockFile = join(dataDir, 'secrets.lock');
    this.service = keychainService(dataDir, options.defaultDataDir);
    const openKeychain =
      options.openKeychain ??
      ((name) => createKeychain({ service: name, clock, startHelper: options.startHelper }));
    this.keychain = options.keychain === 'off' ? null : openKeychain(this.service);
  }

  get view(): SecretsView {
    const said = {
      form: `store.${this.kind}` as const,
      values: this.kind === 'keychain' ? { service: this.service } : {},
    };
    this.current ??= { store: this.kind, description: this.describe(), said, problem: this.problem };
    return this.current;
  }

  async open(): Promise<void> {
    const timeoutMs = this.options.timeoutMs ?? 2_000;
    const chosen = await readMarker(this.markerFile);
    if (chosen !== null) {
      this.adopt(chosen.store);
      if (chosen.store === 'keychain' && this.keychain !== null) await this.look(this.keychain, timeoutMs);
      if (chosen.unsettled !== null) void this.settle().catch(() => undefined);
      return;
    }
    if (this.keychain !== null) {
      try {
        await probe(this.keychain, timeoutMs, this.options.clock);
        this.kind = 'keychain';
        return;
      } catch (error) {
        this.setProblem(error);
      }
    }
    this.kind = this.options.safeStorage?.isAvailable() ? 'safe-storage' : 'key-file';
    this.changed();
  }

  async get(name: string): Promise<string | null> {
    checkName(name);
    return (await this.backend()).get(name);
  }

  async set(name: string, value: string): Promise<void> {
    checkName(name);
    checkValue(value);
    await this.changing(true, (backend) => backend.set(name, value));
  }

  async delete(name: string): Promise<boolean> {
    checkName(name);
    return this.changing(false, (backend) => backend.delete(name));
  }

  moveTo(to: 'keychain' | 'file'): Promise<number> {
    const { clock, safeStorage } = this.options;
    const kind: StoreKind = to === 'keychain' ? to : safeStorage?.isAvailable() ? 'safe-storage' : 'key-file';
    return withLock(
      this.lockFile,
      clock,
      async (share) => {
        const from = (await readMarker(this.markerFile))?.store ?? this.kind;
        this.adopt(from);
        if (from === kind || (to === 'file' && from !== 'keychain')) return 0;
        const old = { kind: from, backend: this.backendOf(from) };
        const fresh = { kind, backend: this.backendOf(kind) };
        // A locked one asks its owner now and not in the middle.
        if (this.keychain !== null) await probe(this.keychain, OPERATION_MS, clock);
        try {
          const count = await migrate(this.markerFile, old, fresh, () => share(process.pid));
          this.adopt(kind);
          return count;
        } catch (error) {
          await settle(this.markerFile, from, fresh.backend, () => share(process.pid)).catch(() => undefined);
          throw error;
        }
      },
      LOCK_MS,
    );
  }

  async list(): Promise<readonly string[]> {
    const names = await (await this.backend()).list();
    return names.filter((name) => name !== PROBE).sort();
  }

  async close(): Promise<void> {
    this.keychain?.close();
  }

  /**
   * Changes the store that counts, one process at a time. The first secret decides which one it is, unless another process
   * was quicker.
   */
  private changing<T>(remember: boolean, work: (backend: Backend) => Promise<T>): Promise<T> {
    return withLock(
      this.lockFile,
      this.options.clock,
      async () => {
        const chosen = await readMarker(this.markerFile);
        if (chosen !== null) this.adopt(chosen.store);
        const backend = this.backendOf(this.kind);
        if (chosen === null && remember) {
          await writeMarker(this.markerFile, this.kind);
          this.adopt(this.kind);
        }
        return work(backend);
      },
      LOCK_MS,
    );
  }

  /** Another process may have moved everything meanwhile. */
  private async backend(): Promise<Backend> {
    const chosen = await readMarker(this.markerFile);
    if (chosen !== null) this.adopt(chosen.store);
    return this.backendOf(this.kind);
  }

  /** Empties what a move that was cut off has left. */
  private settle(): Promise<void> {
    return withLock(
      this.lockFile,
      this.options.clock,
      async (share) => {
        const marker = await readMarker(this.markerFile);
        if (marker === null || marker.unsettled === null) return;
        await settle(this.markerFile, marker.store, this.backendOf(marker.unsettled), () =>
          share(process.pid),
        );
      },
      LOCK_MS,
    );
  }

  private backendOf(kind: StoreKind): Backend {
    const { dataDir, safeStorage } = this.options;
    const file = join(dataDir, 'secrets.enc');
    switch (kind) {
      case 'keychain':
        if (this.keychain === null) throw keychainGone(switchedOff());
        return this.keychainBackend(this.keychain);
      case 'safe-storage':
        if (!safeStorage?.isAvailable()) throw safeStorageGone();
        return createFileBackend(file, safeStorageSeal(safeStorage));
      case 'key-file':
        return createFileBackend(file, keyFileSeal(join(dataDir, 'secrets.key')));
    }
  }

  private keychainBackend(keychain: Keychain): Backend {
    return {
      get: (name) => this.watched(keychain.get(name, OPERATION_MS)),
      set: (name, value) => this.watched(keychain.set(name, value, OPERATION_MS)),
      delete: (name) => this.watched(keychain.delete(name, OPERATION_MS)),
      list: () => this.watched(keychain.list(OPERATION_MS)),
    };
  }

  /** Shows the keychain's troubles in `view` for as long as they last. */
  private async watched<T>(operation: Promise<T>): Promise<T> {
    try {
      const value = await operation;
      if (this.problem !== null) this.setProblem(null);
      return value;
    } catch (error) {
      const gone = keychainGone(error);
      this.setProblem(gone);
      throw gone;
    }
  }

  /**
   * Looks whether the remembered keychain answers, for the state only. A locked one asks its owner now; the question
   * stays up while we go on.
   */
  private async look(keychain: Keychain, timeoutMs: number): Promise<void> {
    const { clock } = this.options;
    let cancel: CancelTimer | undefined;
    const late = new Promise<'late'>((resolve) => {
      cancel = clock.after(timeoutMs, () => resolve('late'));
    });
    const looked = this.watched(keychain.get(PROBE, OPERATION_MS)).catch(() => null);
    const outcome = await Promise.race([looked, late]);
    cancel?.();
    if (outcome === 'late')
      this.setProblem(keychainGone(keychainUnavailable('it may be waiting to be unlocked')));
  }

  /** Takes the store that the marker names. The reason for our own choice of the same one stays on view. */
  private adopt(kind: StoreKind): void {
    const blocked = this.blocked(kind);
    if (kind === this.kind && blocked === null) return;
    this.kind = kind;
    this.setProblem(blocked);
  }

  private blocked(kind: StoreKind): GatehouseError | null {
    if (kind === 'keychain' && this.keychain === null) return keychainGone(switchedOff());
    if (kind === 'safe-storage' && !this.options.safeStorage?.isAvailable()) return safeStorageGone();
    return null;
  }

  private setProblem(error: unknown): void {
    this.problem = error === null ? null : problemOf(error);
    this.changed();
  }

  private changed(): void {
    this.current = null;
    this.options.onChange?.(this.view);
  }

  private describe(): string {
    switch (this.kind) {
      case 'keychain':
        return `the system keychain, under "${this.service}"`;
      case 'safe-storage':
        return 'an encrypted file in the data directory, its key kept by this login';
      case 'key-file':
        return 'an encrypted file in the data directory, its key in secrets.key beside it';
    }
  }
}

function switchedOff(): GatehouseError {
  return new GatehouseError({
    code: 'secrets.keychain_unavailable',
    form: 'off',
    message: 'Its use is switched off.',
    remedy: 'Start Gatehouse without GATEHOUSE_KEYCHAIN=off.',
  });
}
