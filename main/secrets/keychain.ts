/**
 * The system keychain behind one small interface: keytar in a child process, started when needed and ended when idle.
 * Every operation is bounded in time; the child is killed at the limit. Stops with `close()`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { keychainChild } from './keychain-child.ts';
import { keychainUnavailable } from './problems.ts';

/** The keychain's entries of one service. Every call rejects with `secrets.keychain_unavailable` when it cannot. */
export interface Keychain {
  get(name: string, timeoutMs: number): Promise<string | null>;
  set(name: string, value: string, timeoutMs: number): Promise<void>;
  /** Whether there was such an entry. */
  delete(name: string, timeoutMs: number): Promise<boolean>;
  list(timeoutMs: number): Promise<readonly string[]>;
  /** Kills the child; calls under way reject. Calling it twice does nothing. */
  close(): void;
}

export interface KeychainOptions {
  /** The name under which people find the entries in their keychain program. */
  readonly service: string;
  readonly clock: Clock;
}

/** The child ends after this long without a request, in milliseconds: it holds some 40 MB. */
const IDLE_MS = 5_000;
/** After a time-out, calls are refused for this long, in milliseconds, so that a queue of them does not wait in turn. */
const PAUSE_MS = 30_000;

const answerSchema = z.union([
  z.strictObject({ id: z.number(), value: z.unknown() }),
  z.strictObject({ id: z.number(), error: z.string() }),
]);

/** The real keychain. Starts nothing yet. */
export function createKeychain(options: KeychainOptions): Keychain {
  const client = new ChildClient(options);
  const { service } = options;
  const list = async (timeoutMs: number): Promise<readonly string[]> =>
    z.array(z.string()).parse(await client.call({ operation: 'list', service }, timeoutMs));
  return {
    async get(name, timeoutMs) {
      const found = z
        .nullable(z.string())
        .parse(await client.call({ operation: 'get', service, name }, timeoutMs));
      // A locked keyring that was not opened also says null, and a secret must not seem gone: listing needs it open.
      if (found === null && (await list(timeoutMs)).includes(name)) throw keychainUnavailable('it is locked');
      return found;
    },
    async set(name, value, timeoutMs) {
      await client.call({ operation: 'set', service, name, value }, timeoutMs);
    },
    async delete(name, timeoutMs) {
      return (await client.call({ operation: 'delete', service, name }, timeoutMs)) === true;
    },
    list,
    close: () => client.close(),
  };
}

interface Request {
  readonly operation: 'get' | 'set' | 'delete' | 'list';
  readonly service: string;
  readonly name?: string;
  readonly value?: string;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly cancelLimit: CancelTimer;
}

/** One child at a time, one request after another: a keychain that asks its user must not be asked twice. */
class ChildClient {
  private readonly options: KeychainOptions;
  private child: ChildProcess | null = null;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private queue: Promise<unknown> = Promise.resolve();
  private cancelIdle: CancelTimer | null = null;
  private pausedUntil = 0;
  private closed = false;

  constructor(options: KeychainOptions) {
    this.options = options;
  }

  call(request: Request, timeoutMs: number): Promise<unknown> {
    const run = this.queue.then(() => this.send(request, timeoutMs));
    this.queue = run.catch(() => undefined);
    return run;
  }

  close(): void {
    this.closed = true;
    this.drop('Gatehouse is closing');
  }

  private send(request: Request, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(keychainUnavailable('Gatehouse is closing'));
        return;
      }
      if (this.options.clock.now() < this.pausedUntil) {
        reject(keychainUnavailable('it did not answer a moment ago'));
        return;
      }
      this.cancelIdle?.();
      this.cancelIdle = null;
      const child = this.child ?? this.start();
      const id = this.nextId++;
      const cancelLimit = this.options.clock.after(timeoutMs, () => {
        this.pausedUntil = this.options.clock.now() + PAUSE_MS;
        this.drop('it does not answer');
      });
      this.pending.set(id, { resolve, reject, cancelLimit });
      // The child must not keep our process alive, but an answer that somebody waits for must.
      child.ref();
      child.channel?.ref();
      child.send({ id, ...request }, (error) => {
        if (error !== null) this.drop('its helper process ended');
      });
    });
  }

  private start(): ChildProcess {
    // NODE_OPTIONS and the debugger's port are the parent's; in Electron the flag makes it plain Node.
    const { NODE_OPTIONS: _dropped, ...env } = process.env;
    const child = spawn(process.execPath, ['-e', keychainChild, keytarPath()], {
      env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    });
    child.on('message', (message) => this.answer(child, message));
    child.on('error', () => this.ended(child));
    child.on('exit', () => this.ended(child));
    this.child = child;
    return child;
  }

  private answer(child: ChildProcess, message: unknown): void {
    const parsed = answerSchema.safeParse(message);
    if (child !== this.child || !parsed.success) return;
    const waiting = this.pending.get(parsed.data.id);
    if (waiting === undefined) return;
    this.pending.delete(parsed.data.id);
    waiting.cancelLimit();
    if ('error' in parsed.data) waiting.reject(keychainUnavailable(firstLine(parsed.data.error)));
    else waiting.resolve(parsed.data.value);
    if (this.pending.size > 0) return;
    child.unref();
    child.channel?.unref();
    this.cancelIdle?.();
    this.cancelIdle = this.options.clock.after(IDLE_MS, () => this.drop('it was idle'));
  }

  private ended(child: ChildProcess): void {
    if (child === this.child) this.drop('its helper process ended');
  }

  private drop(why: string): void {
    const { child } = this;
    this.child = null;
    this.cancelIdle?.();
    this.cancelIdle = null;
    child?.kill('SIGKILL');
    child?.unref();
    child?.channel?.unref();
    for (const waiting of this.pending.values()) {
      waiting.cancelLimit();
      waiting.reject(keychainUnavailable(why));
    }
    this.pending.clear();
  }
}

function keytarPath(): string {
  try {
    return createRequire(import.meta.url).resolve('keytar');
  } catch (cause) {
    throw keychainUnavailable('keytar, the package that reaches it, is not installed', cause);
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/\.$/, '');
}
