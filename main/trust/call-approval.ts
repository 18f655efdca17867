/**
 * Calls that wait for a person. Each is bound to what was asked (server, fingerprint, tool, exact arguments) and ends
 * once: allowed, denied, timed out, withdrawn, or because the tool has changed. `close` denies whatever waits.
 */
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { callHash } from './call-hash.ts';

/** Who calls what. */
export interface CallToDecide {
  /** Stable id of the client. */
  readonly client: string;
  /** Whose connection it is; what is allowed "for this session" ends with it. */
  readonly session: string;
  /** What the client calls itself; null when it has not said. A claim, for people. */
  readonly clientName: string | null;
  readonly server: string;
  /** The server's own name of the tool. */
  readonly tool: string;
  /** The raw JSON of the arguments; null when there are none. */
  readonly args: Buffer | null;
}

/** A call that waits. */
export interface WaitingCall {
  /** Unique while the app runs. */
  readonly id: string;
  readonly client: string;
  readonly clientName: string | null;
  readonly session: string;
  readonly server: string;
  readonly tool: string;
  /** What a decision is bound to: the one who decides sends it back. */
  readonly hash: string;
  /** The arguments as the client wrote them, cut off after 64 KiB; empty when there are none. */
  readonly args: string;
  /** Bytes of the whole arguments. */
  readonly argsBytes: number;
  readonly complete: boolean;
  /** Epoch milliseconds. */
  readonly since: number;
  /** When it is denied unless somebody decides. */
  readonly until: number;
}

/** What a person may decide. */
export type CallDecision = 'once' | 'session' | 'always' | 'deny';

/** What lets a call through. */
export interface Allowance {
  readonly by: Exclude<CallDecision, 'deny'>;
  /** `call.tool_changed` when the tool is not the one any more that the person was asked about; else null. */
  stands(): GatehouseError | null;
}

/** How the wait ended: without a refusal the call goes, and `allowed` says what lets it. */
export type Decided = (refusal: GatehouseError | null, allowed: Allowance | null) => void;

/** The calls that wait for a person. */
export interface CallApprovals {
  /**
   * Lets the call wait. `decided` is called once and never before this returns; not at all after `cancel`. Instead, what
   * has allowed it already. A GatehouseError (`call.too_many_waiting`) when too many wait.
   */
  ask(call: CallToDecide, decided: Decided): { cancel(): void } | GatehouseError | Allowance;
  waiting(): readonly WaitingCall[];
  /**
   * Decides one waiting call. Resolves when the decision is in force, and for `always` on disk.
   *
   * @param hash what was shown to who decides
   * @throws GatehouseError `call.not_waiting` when it is over, `call.other_call` when `hash` is not that call's, and
   *   whatever saving throws; the call waits on then
   */
  decide(id: string, hash: string, decision: CallDecision): Promise<void>;
  /** A client's connection is gone: what was allowed for its session ends. */
  sessionGone(session: string): void;
  /** Ends every wait with a refusal. Idempotent. */
  close(): void;
}

/** What it needs. */
export interface CallApprovalDeps {
  readonly clock: Clock;
  /** Milliseconds until a call is denied. */
  timeoutMs(): number;
  /** Fingerprint of the tool as it is listed now; empty when it is not. */
  fingerprintOf(server: string, tool: string): string;
  /** Whether this very call was allowed for good. */
  isAlways(client: string, hash: string): boolean;
  /** Remembers it. Rejects when that cannot be saved. */
  saveAlways(entry: {
    readonly client: string;
    readonly hash: string;
    readonly server: string;
    readonly tool: string;
  }): Promise<void>;
  /** Called after each change of what waits. */
  changed(): void;
}

/** Bytes of arguments that are shown. */
const SHOWN_BYTES = 64 * 1024;
/** Calls that may wait, of one client and of all. */
export const MOST_PER_CLIENT = 16;
const MOST = 128;
/** Allowances of sessions that are remembered, of all sessions. */
const MOST_ALLOWED = 10_000;

interface Entry {
  readonly view: WaitingCall;
  readonly fingerprint: string;
  readonly decided: Decided;
  cancelTimer: CancelTimer;
}

/** Opens the list. */
export function openCallApprovals(deps: CallApprovalDeps): CallApprovals {
  const { clock } = deps;
  const waiting = new Map<string, Entry>();
  const allowed = new Map<string, Set<string>>();
  let allowedCount = 0;
  let lastId = 0;
  let closed = false;

  const remove = (id: string): Entry | null => {
    const entry = waiting.get(id);
    if (entry === undefined) return null;
    waiting.delete(id);
    entry.cancelTimer();
    return entry;
  };
  const end = (id: string, refusal: GatehouseError | null, allowed: Allowance | null = null): void => {
    const entry = remove(id);
    if (entry === null) return;
    entry.decided(refusal, allowed);
    deps.changed();
  };
  const allowance = (
    by: Allowance['by'],
    call: Pick<CallToDecide, 'server' | 'tool'>,
    fingerprint: string,
  ): Allowance => ({
    by,
    stands: () => (deps.fingerprintOf(call.server, call.tool) === fingerprint ? null : toolChanged(call)),
  });
  const allowForSession = (session: string, hash: string): void => {
    if (allowedCount >= MOST_ALLOWED) return;
    const hashes = allowed.get(session);
    if (hashes?.has(hash) === true) return;
    allowedCount += 1;
    if (hashes === undefined) allowed.set(session, new Set([hash]));
    else hashes.add(hash);
  };

  return {
    ask(call, decided) {
      const { client, clientName, session, server, tool, args } = call;
      if (closed) return closing();
      const fingerprint = deps.fingerprintOf(server, tool);
      const hash = callHash({ server, fingerprint, tool }, args);
      if (deps.isAlways(client, hash)) return allowance('always', call, fingerprint);
      if (allowed.get(session)?.has(hash) === true) return allowance('session', call, fingerprint);
      let mine = 0;
      for (const { view } of waiting.values()) if (view.client === client) mine += 1;
      if (mine >= MOST_PER_CLIENT || waiting.size >= MOST) return tooMany(mine >= MOST_PER_CLIENT);
      lastId += 1;
      const id = String(lastId);
      const timeoutMs = deps.timeoutMs();
      const since = clock.now();
      const bytes = args?.length ?? 0;
      const view: WaitingCall = {
        id,
        client,
        clientName,
        session,
        server,
        tool,
        hash,
        args: args === null ? '' : shown(args),
        argsBytes: bytes,
        complete: bytes <= SHOWN_BYTES,
        since,
        until: since + timeoutMs,
      };
      const cancelTimer = clock.after(timeoutMs, () => end(id, timedOut(view, timeoutMs)));
      waiting.set(id, { view, fingerprint, decided, cancelTimer });
      deps.changed();
      return {
        cancel() {
          if (remove(id) !== null) deps.changed();
        },
      };
    },
    waiting: () => [...waiting.values()].map(({ view }) => view),
    async decide(id, hash, decision) {
      const entry = waiting.get(id);
      if (entry === undefined) throw notWaiting();
      const { view, fingerprint } = entry;
      if (view.hash !== hash) throw otherCall();
      if (decision === 'deny') return end(id, denied(view));
      if (deps.fingerprintOf(view.server, view.tool) !== fingerprint) return end(id, toolChanged(view));
      if (decision === 'always') {
        const { client, server, tool } = view;
        await deps.saveAlways({ client, hash, server, tool });
        // It may have ended while the disk was written.
        if (waiting.get(id) !== entry) throw notWaiting();
        if (deps.fingerprintOf(server, tool) !== fingerprint) return end(id, toolChanged(view));
      }
      if (decision === 'session') allowForSession(view.session, hash);
      end(id, null, allowance(decision, view, fingerprint));
    },
    sessionGone(session) {
      allowedCount -= allowed.get(session)?.size ?? 0;
      allowed.delete(session);
    },
    close() {
      closed = true;
      for (const id of [...waiting.keys()]) end(id, closing());
      allowed.clear();
    },
  };
}

/** Cut between characters, so that nothing is shown that was not sent. */
function shown(args: Buffer): string {
  if (args.length <= SHOWN_BYTES) return args.toString('utf8');
  let end = SHOWN_BYTES;
  while (end > 0 && ((args[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return args.toString('utf8', 0, end);
}

function denied({ tool }: WaitingCall): GatehouseError {
  return new GatehouseError({
    code: 'call.denied',
    message: `The user did not allow this call of "${tool.slice(0, 100)}".`,
    remedy: 'Do not repeat it; ask the user what to do instead.',
  });
}

function timedOut({ tool }: WaitingCall, timeoutMs: number): GatehouseError {
  const seconds = Math.round(timeoutMs / 1_000);
  return new GatehouseError({
    code: 'call.not_decided',
    message: `Nobody allowed this call of "${tool.slice(0, 100)}" within ${seconds} seconds, so it was not made.`,
    remedy: 'Ask the user to look at Approvals in Gatehouse, then call again.',
  });
}

function toolChanged({ tool }: Pick<CallToDecide, 'tool'>): GatehouseError {
  return new GatehouseError({
    code: 'call.tool_changed',
    message: `The tool "${tool.slice(0, 100)}" changed while its call waited, so the call was not made.`,
    remedy: 'List the tools again, then call again.',
  });
}

function tooMany(ofClient: boolean): GatehouseError {
  return new GatehouseError({
    code: 'call.too_many_waiting',
    message: `Too many calls${ofClient ? ' of this client' : ''} wait for the user already.`,
    remedy: 'Call again when the user has decided about some of them.',
  });
}

function closing(): GatehouseError {
  return new GatehouseError({
    code: 'call.not_decided',
    message: 'Gatehouse is closing, so nobody can allow this call.',
    remedy: 'Call again after the next start.',
  });
}

function notWaiting(): GatehouseError {
  return new GatehouseError({
    code: 'call.not_waiting',
    message: 'This call does not wait any more.',
    remedy: 'Look at the list again; it was decided, timed out, or its client gave up.',
  });
}

function otherCall(): GatehouseError {
  return new GatehouseError({
    code: 'call.other_call',
    message: 'This decision was made about another call, so it does not count.',
    remedy: 'Look at the call again and decide.',
  });
}
