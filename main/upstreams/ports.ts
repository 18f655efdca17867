/**
 * What the upstreams room needs from the outside and what it tells the outside. Upstreams are the servers behind the
 * gateway; this room starts them, keeps them connected, carries requests to them and ends them.
 */
import type { Readable, Writable } from 'node:stream';
import type { Ask, AskHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import type { ListKind, ServerListing } from '../protocol/listing.ts';

/** A process to run, with every reference in it already resolved. */
export interface ProcessSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** The part of it that is the server's own, without anything of this computer. */
  readonly own: Readonly<Record<string, string>>;
  readonly cwd: string | null;
  /** Values in it that came from references: they must not be seen in logs. */
  readonly secrets: readonly string[];
}

/** Milliseconds a server has to end by itself after its input ended, and then after SIGTERM. */
export interface StopBudget {
  readonly graceMs: number;
  readonly termMs: number;
}

/** How a server's program ended. */
export interface ExitInfo {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** In plain words, where that is known. */
  readonly why?: string | null;
}

/** A running server program, wherever it runs. */
export interface ServerProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the program itself has ended. Never rejects. */
  readonly exited: Promise<ExitInfo>;
  /** Ends it with all that it started, within the budget. Idempotent; never rejects. */
  stop(budget?: StopBudget): Promise<void>;
}

/** A program to start elsewhere than on this computer itself. */
export interface ElsewhereOrder {
  readonly server: string;
  /** Where and how, as `UpstreamSpec` says it. */
  readonly place: string;
  readonly process: ProcessSpec;
  /** Writes a line into the server's log. */
  note(text: string): void;
}

/**
 * Starts it; null when it is to run on this computer after all. Rejects with a GatehouseError; aborting rejects and leaves
 * nothing.
 */
export type StartElsewhere = (order: ElsewhereOrder, signal: AbortSignal) => Promise<ServerProcess | null>;

/** One server to keep running. Two specs with equal JSON need no restart. */
export interface UpstreamSpec {
  readonly name: string;
  readonly enabled: boolean;
  /** Switched on, but held back until it is approved: then it is not `enabled` either. */
  readonly held: boolean;
  readonly transport:
    | {
        readonly kind: 'stdio';
        readonly command: string;
        readonly args: readonly string[];
        readonly env: Readonly<Record<string, string>>;
        readonly cwd: string | null;
        /** Where it runs, for `startElsewhere`; null means as a process of this computer. */
        readonly place?: string | null;
      }
    | {
        readonly kind: 'http' | 'sse' | 'auto';
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly tls: {
          /** False accepts any certificate. */
          readonly verify: boolean;
          /** A file of further authorities, PEM; null for none. */
          readonly caFile: string | null;
        };
        /** Whether and how it is signed in to; a change is met with a new start. Null for not at all. */
        readonly oauth?: unknown;
      };
  /** Milliseconds that a call may take without an answer or progress. */
  readonly callTimeoutMs: number;
  /** Another time for calls of single tools, by their own names. */
  readonly toolTimeoutsMs: Readonly<Record<string, number>>;
  /** Milliseconds for the answer to the first question; first starts download packages. */
  readonly startTimeoutMs: number;
  /** Calls under way at once, and calls that may wait for their turn; null for no such bound. */
  readonly concurrency: { readonly calls: number; readonly queue: number } | null;
  /** Bytes of one answer; null for the bound of the transport. */
  readonly maxResultBytes: number | null;
  /** With the pool, or with the first call. */
  readonly start: 'always' | 'on-demand';
  /** Milliseconds without use after which it is stopped until the next call; null for never. */
  readonly idleStopMs: number | null;
  /** Milliseconds of silence after which it is asked for a sign of life; 0 for never. */
  readonly healthCheckMs: number;
  /** One session with the server for all clients, or one for each. */
  readonly session: 'shared' | 'per-client';
  /** Which revisions to speak: found out, only those with `initialize`, or only the stateless ones. */
  readonly protocol: 'auto' | 'legacy' | 'modern';
}

/** States of one upstream as the screens know them. */
export type UpstreamState =
  | 'disabled'
  /** Held back until it is approved. */
  | 'quarantined'
  | 'starting'
  /** It wants proof of who asks. */
  | 'signing-in'
  | 'ready'
  | 'retrying'
  | 'failed'
  /** Paused with all others, or asleep until the next call. */
  | 'stopped';

/** What is known about an upstream now. */
export interface UpstreamStatus {
  readonly state: UpstreamState;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly problem: GatehouseError | null;
  readonly nextRetry: number | null;
  /** True once it has connected or failed since it was enabled, or waits for a call. */
  readonly settled: boolean;
  /** Stopped until the next call starts it. */
  readonly asleep: boolean;
}

/** Keeps what servers listed last. */
export interface ListingMemory {
  /** What this server listed when it ran last; null when that is not known. Never rejects. */
  recall(spec: UpstreamSpec): Promise<ServerListing | null>;
  keep(spec: UpstreamSpec, listing: ServerListing): void;
  /** The server is gone. */
  forget(name: string): void;
}

/** What upstreams tell. Called synchronously; must not throw. */
export interface UpstreamEvents {
  status(name: string, status: UpstreamStatus): void;
  /** The listing as of now; stays the last good one while a server restarts. Null when the server is gone. */
  listing(name: string, listing: ServerListing | null): void;
  /** What one client's own session with a server lists; null when that session is gone. */
  ownListing(name: string, peerKey: string, listing: ServerListing | null): void;
  /** A notification that belongs to no call. `peerKey` names the client whose own session it came on. */
  notification(name: string, peerKey: string | null, method: string, message: Buffer): void;
  /** A request that belongs to no call; null when nobody can be asked. */
  ask(name: string, peerKey: string | null, ask: Ask): AskHandle | null;
}

/** Notes which process groups run, for the case that nobody is there any more to end them. */
export interface ProcessNotes {
  /** Settles when nothing of the last run is left, in 2 s or a little more. Never rejects. */
  readonly ended: Promise<void>;
  /** This group, named by its leader, runs now. */
  add(pid: number): void;
  /** Nothing of it is left. */
  remove(pid: number): void;
}

/** What the requests to one remote server show of who asks, where that changes with time. */
export interface Credentials {
  /** The value of `Authorization` now; null for none. A promise only where it must be renewed first. */
  authorization(): string | null | Promise<string | null>;
  /**
   * The server has refused a request with 401 or 403 that showed `shown`. True when another try may do better. `waits` is
   * told while a person is waited for; null when nobody may be. Rejects with what is to be done.
   */
  refused(
    shown: string | null,
    refusal: { readonly status: number; readonly wwwAuthenticate: string | null; readonly before: number },
    waits: ((text: string) => void) | null,
  ): Promise<boolean>;
}

/** Signing in to remote servers. */
export interface SignInPort {
  /** What requests of this server to exactly this address show. */
  credentials(server: string, url: string): Credentials;
  /** Asks a person to sign in; settles when it is done, or rejects with why not. `waits` is told meanwhile. */
  wanted(server: string, waits: (text: string) => void): Promise<void>;
}

/** What upstreams ask for. */
export interface UpstreamDeps {
  readonly clock: Clock;
  readonly events: UpstreamEvents;
  readonly log: { debug(fields: object, text: string): void; warn(fields: object, text: string): void };
  /** Directory for the servers' own logs. */
  readonly logDir: string;
  /** Without it nothing is noted. */
  readonly processes?: ProcessNotes;
  /** Without it no server has a `place`. */
  readonly startElsewhere?: StartElsewhere;
  /** Without it nothing is remembered. */
  readonly memory?: ListingMemory;
  /** Our name and version for `initialize`. */
  readonly clientInfo: { readonly name: string; readonly version: string };
  /** Resolves `${env:NAME}` and `${keyring:name}`. Rejects with a GatehouseError that names the reference. */
  resolve(text: string): Promise<string>;
  /** Without it no server is signed in to. */
  readonly signIn?: SignInPort;
  /** The environment that every server may see. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** The PATH of the login shell; without it only ours is known. */
  readonly loginPath?: {
    /** Never rejects; null where it cannot be had. */
    ask(): Promise<string | null>;
    /** Whether ours is known to be short, so that the shell's goes first for every server. */
    readonly always: boolean;
  };
}

/** Which list changed, from the method of a notification; null for other notifications. */
export function changedList(method: string): readonly ListKind[] | null {
  switch (method) {
    case 'notifications/tools/list_changed':
      return ['tools'];
    case 'notifications/prompts/list_changed':
      return ['prompts'];
    case 'notifications/resources/list_changed':
      return ['resources', 'resourceTemplates'];
    default:
      return null;
  }
}
