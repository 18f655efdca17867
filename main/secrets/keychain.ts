/**
 * The system keychain behind one small interface: keytar in a helper process, started when needed and ended when idle.
 * Every operation is bounded in time; the helper is killed at the limit. Stops with `close()`.
 */
import { z } from 'zod';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { type Helper, type StartHelper, startNodeHelper } from './helper.ts';
import type { KeychainRequest } from './keychain-child.ts';
import { keychainUnavailable } from './problems.ts';

/** The keychain's entries of one service. Every call rejects with `secrets.keychain_unavailable` when it cannot. */
export interface Keychain {
  get(name: string, timeoutMs: number): Promise<string | null>;
  set(name: string, value: string, timeoutMs: number): Promise<void>;
  /** Whether there was such an entry. */
  delete(name: string, timeoutMs: number): Promise<boolean>;
  list(timeoutMs: number): Promise<readonly string[]>;
  /** Kills the helper; calls under way reject. Calling it twice does nothing. */
  close(): void;
}

export interface KeychainOptions {
  /** The name under which people find the entries in their keychain program. */
  readonly service: string;
  readonly clock: Clock;
  /** How to start the helper; without it, this process's own Node. */
  readonly startHelper?: StartHelper | undefined;
}

/** The helper ends after this long without a request, in milliseconds: it holds some 40 MB. */
const IDLE_MS = 5_000;
/** After a time-out, calls are refused for this long, in milliseconds, so that a queue of them does not wait in turn. */
const PAUSE_MS = 30_000;

/** Limit of starting the helper, in milliseconds: at login, with a busy disk, a process takes its time. */
const START_MS = 10_000;

const answerSchema = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ id: z.number(), value: z.unknown() }),
  z.strictObject({ id: z.number(), error: z.string() }),
]);

/** The real keychain. Starts nothing yet. */
export function createKeychain(options: KeychainOptions): Keychain {
  const client = new HelperClient(options);
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

type Request = Pick<KeychainRequest, 'operation' | 'service'> & Partial<KeychainRequest>;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly timeoutMs: number;
  cancelLimit: CancelTimer;
}

/** One helper at a time, one request after another: a keychain that asks its user must not be asked twice. */
class HelperClient {
  private readonly options: KeychainOptions;
  private helper: Helper | null = null;
  /** Whether the helper has said that it runs. Until then the limit is that of starting it. */
  private ready = false;
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
    const { clock } = this.options;
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(keychainUnavailable('Gatehouse is closing'));
        return;
      }
      if (clock.now() < this.pausedUntil) {
        reject(keychainUnavailable('it did not answer a moment ago'));
        return;
      }
      this.cancelIdle?.();
      this.cancelIdle = null;
      this.helper ??= this.start();
      const id = this.nextId++;
      const cancelLimit = this.limit(this.ready ? timeoutMs : START_MS);
      this.pending.set(id, { resolve, reject, timeoutMs, cancelLimit });
      this.helper.hold(true);
      this.helper.send({ name: '', value: '', ...request, id } satisfies KeychainRequest);
    });
  }

  private limit(ms: number): CancelTimer {
    const { clock } = this.options;
    return clock.after(ms, () => {
      this.pausedUntil = clock.now() + PAUSE_MS;
      this.drop('it does not answer');
    });
  }

  private start(): Helper {
    this.ready = false;
    const start = this.options.startHelper ?? startNodeHelper;
    const helper: Helper = start({
      onMessage: (message) => {
        if (this.helper === helper) this.answer(message);
      },
      onEnd: () => {
        if (this.helper === helper) this.drop('its helper process ended');
      },
    });
    return helper;
  }

  private answer(message: unknown): void {
    const parsed = answerSchema.safeParse(message);
    if (!parsed.success) return;
    if ('ready' in parsed.data) {
      this.ready = true;
      for (const waiting of this.pending.values()) {
        waiting.cancelLimit();
        waiting.cancelLimit = this.limit(waiting.timeoutMs);
      }
      return;
    }
    const waiting = this.pending.get(parsed.data.id);
    if (waiting === undefined) return;
    this.pending.delete(parsed.data.id);
    waiting.cancelLimit();
    if ('error' in parsed.data) waiting.reject(keychainUnavailable(firstLine(parsed.data.error)));
    else waiting.resolve(parsed.data.value);
    if (this.pending.size > 0) return;
    this.helper?.hold(false);
    this.cancelIdle?.();
    this.cancelIdle = this.options.clock.after(IDLE_MS, () => this.drop('it was idle'));
  }

  private drop(why: string): void {
    const { helper } = this;
    this.helper = null;
    this.cancelIdle?.();
    this.cancelIdle = null;
    helper?.kill();
    helper?.hold(false);
    for (const waiting of this.pending.values()) {
      waiting.cancelLimit();
      waiting.reject(keychainUnavailable(why));
    }
    this.pending.clear();
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/\.$/, '');
}
