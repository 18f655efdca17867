/**
 * One client's session of the sessionful revisions (2024-11-05 to 2025-11-25): from `initialize` to its end. Knows
 * what the client may see and has under way; knows nothing of HTTP.
 */
import type { Ask, AskHandle } from '../protocol/call.ts';
import { GatehouseError } from '../protocol/error.ts';
import { valueAt } from '../protocol/json.ts';
import type { ListKind } from '../protocol/listing.ts';
import { memberOf } from '../protocol/members.ts';
import { isLogLevel } from '../protocol/peer.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import { type Scope, scopeOf } from '../protocol/scope.ts';
import { negotiate, type SessionVersion } from '../protocol/versions.ts';
import { errorAnswer, resultAnswer, withoutDuplicates } from '../protocol/wire.ts';
import { Asks } from './asks.ts';
import { type Calls, createCalls } from './calls.ts';
import type { Hub, Member } from './hub.ts';
import { initializeResult, readInitialize, type SessionPeer } from './initialize.ts';
import { changeNotice, hasCursor, listKind, offersList, wordsFor } from './lists.ts';
import type { Loads } from './loads.ts';
import type { Caller, GatewayPorts } from './ports.ts';
import { invalidParams, invalidRequest, methodNotFound, parseError, twinMembers } from './refusals.ts';
import type { Abandonable, Reply } from './reply.ts';
import type { CallRooms } from './rooms.ts';
import type { CallSession, RunningCall } from './running.ts';
import { saidName } from './said-name.ts';
import { changeSubscription } from './subscribe.ts';
import { isCalledAsRequest } from './targets.ts';
import { listTasks, taskServers } from './task-list.ts';
import { askFor, askingTask } from './tasks.ts';

/** A session. */
export interface Session {
  readonly id: string;
  readonly caller: Caller;
  /** What the client calls itself; null when it has not said. */
  readonly clientName: string | null;
  readonly scope: Scope;
  readonly version: SessionVersion;
  readonly inFlight: number;
  /**
   * Takes one message of the client, well-formed or not. Never throws. Returns what can be abandoned while its answer
   * is still to come, else null.
   */
  receive(bytes: Buffer, reply: Reply): Abandonable | null;
  /** Cancels what is under way. Idempotent. */
  close(): void;
}

/** What a session needs beside the ports. */
export interface SessionInit {
  readonly id: string;
  readonly caller: Caller;
  readonly scope: Scope;
  /** Sends what belongs to no request: on the client's standing stream, if it has one. */
  push(message: Buffer): void;
  /** True when what is pushed reaches the client: it has a standing stream, or had one and may come back for it. */
  standing(): boolean;
}

/**
 * Opens the session that the `initialize` in `bytes` asks for; its answer goes to `reply` once the scope is settled.
 * Null when it was refused; `reply` has the error then.
 */
export function openSession(
  init: SessionInit,
  bytes: Buffer,
  scan: MessageScan,
  reply: Pick<Reply, 'answer'>,
  ports: GatewayPorts,
  hub: Hub,
  loads: Loads,
): Session | null {
  const id = idOf(bytes, scan);
  const peer = readInitialize(bytes, scan, init.id);
  if (peer instanceof GatehouseError) {
    reply.answer(errorAnswer(id, peer));
    return null;
  }
  const session = new ClientSession(init, peer, { ports, hub, loads });
  ports.clientCame(init.caller, peer.info);
  session.whenSettled(() => reply.answer(resultAnswer(id, initializeResult(ports, session.scope, peer))));
  return session;
}

/** A class, as there are many and idle ones must be small. */
class ClientSession implements Session, CallSession, Member {
  readonly id: string;
  readonly caller: Caller;
  readonly scope: Scope;
  readonly peer: SessionPeer;
  private readonly init: SessionInit;
  private readonly rooms: CallRooms;
  private readonly calls: Calls;
  /** Few clients are ever asked anything. */
  private asks: Asks | null = null;
  private readonly unwatch: () => void;
  private initialized = false;
  private closed = false;

  constructor(init: SessionInit, peer: SessionPeer, rooms: CallRooms) {
    this.id = init.id;
    this.caller = init.caller;
    this.scope = scopeOf(init.scope, init.caller.id);
    this.peer = peer;
    this.init = init;
    this.rooms = rooms;
    this.calls = createCalls(this, rooms);
    this.unwatch = rooms.ports.watch(this.scope, peer, (kinds) => this.listsChanged(kinds));
    rooms.hub.expect(this);
  }

  get clientName(): string | null {
    return saidName(this.peer);
  }

  get version(): SessionVersion {
    return negotiate(this.peer.revision);
  }

  get inFlight(): number {
    return this.calls.inFlight;
  }

  receive(received: Buffer, reply: Reply): Abandonable | null {
    let message = received;
    let scan = scanMessage(received);
    if (scan.duplicate) ({ bytes: message, scan } = withoutDuplicates(received));
    switch (scan.kind) {
      case 'request':
        if (!this.closed) return this.request(message, scan, reply);
        reply.nothing();
        return null;
      case 'notification':
        if (!this.closed && !scan.twin) this.notification(message, scan);
        reply.accepted();
        return null;
      case 'response':
        this.asks?.answered(message, scan);
        reply.accepted();
        return null;
      case 'invalid': {
        const error =
          scan.failedAt >= 0
            ? parseError(scan.failedAt)
            : invalidRequest('This is no JSON-RPC message, or a batch, which Gatehouse does not take.');
        reply.answer(errorAnswer('null', error));
        return null;
      }
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    const { hub, ports } = this.rooms;
    this.unwatch();
    this.calls.close();
    this.asks?.close();
    hub.leave(this);
    ports.peerGone(this.peer);
  }

  wants(): boolean {
    return this.initialized && !this.closed;
  }

  push(message: Buffer): void {
    this.init.push(message);
  }

  standing(): boolean {
    return this.init.standing();
  }

  ask(ask: Ask, by: RunningCall | string): AskHandle | null {
    if (this.closed) return null;
    const [given, server] = typeof by === 'string' ? [null, by] : [by, by.server];
    const task = askingTask(this.rooms.hub.tasks, server, ask.params);
    // What a task needs comes to who waits for its result (tasks section, "Input Required Status").
    const call = (task === null ? null : this.calls.waitingFor(task)) ?? given;
    this.asks ??= new Asks(this, this.initialized);
    const handle = this.asks.ask(task === null ? ask : askFor(task, this.scope, ask), server, call);
    if (handle !== null && ask.method === 'elicitation/create') {
      this.rooms.hub.elicited(server, this.peer, ask.params);
    }
    return handle;
  }

  /** What is asked for while servers still start waits for them a little: many clients ask only once. */
  whenSettled(then: () => void): void {
    const waiting = this.rooms.ports.settled(this.scope, this.peer);
    if (waiting === null) then();
    else void waiting.then(then);
  }

  private request(message: Buffer, scan: MessageScan, reply: Reply): Abandonable | null {
    const id = idOf(message, scan);
    if (scan.twin) {
      reply.answer(errorAnswer(id, twinMembers()));
      return null;
    }
    switch (scan.method) {
      case 'tools/call':
      case 'prompts/get':
      case 'resources/read':
        return this.calls.begin(message, scan, id, reply);
      case 'ping':
        reply.answer(resultAnswer(id, '{}'));
        return null;
      case 'initialize':
        reply.answer(errorAnswer(id, invalidRequest('The session is initialized already.')));
        return null;
      case 'logging/setLevel':
        reply.answer(this.setLevel(message, scan, id));
        return null;
      case 'resources/subscribe':
      case 'resources/unsubscribe':
        changeSubscription(this.rooms.hub, this, message, scan, id, reply);
        return null;
      case 'tasks/list': {
        const servers = taskServers(this.rooms.ports.view(this.scope, this.peer));
        if (servers.length === 0) return this.calls.begin(message, scan, id, reply);
        return listTasks(this, this.rooms, servers, id, reply);
      }
      default: {
        const kind = listKind(scan.method);
        if (kind !== null) return this.list(kind, message, scan, id, reply);
        return this.calls.begin(message, scan, id, reply);
      }
    }
  }

  private notification(message: Buffer, scan: MessageScan): void {
    const { ports, hub } = this.rooms;
    switch (scan.method) {
      case 'notifications/initialized':
        this.initialized = true;
        hub.join(this);
        this.asks?.begin();
        return;
      case 'notifications/cancelled':
        if (scan.requestIdStart < 0) return;
        this.calls.cancel(message.toString('utf8', scan.requestIdStart, scan.requestIdEnd));
        return;
      case 'notifications/roots/list_changed': {
        const roots = this.peer.capabilities.roots as { listChanged?: unknown } | null | undefined;
        if (roots?.listChanged !== true) return;
        const servers =
          this.scope.kind === 'server' ? [this.scope.server] : ports.view(this.scope, this.peer).servers;
        for (const server of servers) ports.notifyServer(server, this.peer, message);
        return;
      }
      case 'notifications/progress': {
        // Progress of what a server asked this client for.
        const token = scan.tokenStart < 0 ? null : message.subarray(scan.tokenStart, scan.tokenEnd);
        const server = token === null ? null : (this.asks?.serverOfToken(token) ?? null);
        if (server !== null) ports.notifyServer(server, this.peer, message);
        return;
      }
      default:
        if (this.scope.kind !== 'server' || isCalledAsRequest(scan.method)) return;
        ports.notifyServer(this.scope.server, this.peer, message);
    }
  }

  /** Where a server of this route has no such list, it says so itself. */
  private list(
    kind: ListKind,
    message: Buffer,
    scan: MessageScan,
    id: string,
    reply: Reply,
  ): Abandonable | null {
    let begun: Abandonable | null = null;
    this.whenSettled(() => {
      const view = this.rooms.ports.view(this.scope, this.peer);
      if (this.closed) reply.nothing();
      else if (this.scope.kind === 'server' && !offersList(view.capabilities, kind))
        begun = this.calls.begin(message, scan, id, reply);
      else if (hasCursor(message, scan))
        reply.answer(errorAnswer(id, invalidParams('This cursor is unknown.')));
      else {
        if (this.scope.kind === 'server' && this.rooms.ports.streams(this.scope.server)) reply.follow(null);
        reply.answer(resultAnswer(id, view.lists[kind]));
      }
    });
    return begun;
  }

  private setLevel(message: Buffer, scan: MessageScan, id: string): Buffer {
    const { ports, hub } = this.rooms;
    // Servers behind a merged route come and go, one of a single server says what it can do.
    if (
      this.scope.kind === 'server' &&
      ports.view(this.scope, this.peer).capabilities.logging === undefined
    ) {
      return errorAnswer(id, methodNotFound(scan.method));
    }
    const level = memberOf(message, scan.paramsStart, scan.paramsEnd, 'level');
    const value = level === null ? null : valueAt(level, 0, level.length);
    if (!isLogLevel(value)) return errorAnswer(id, invalidParams('"level" is none of the eight log levels.'));
    this.peer.logLevel = value;
    hub.levelsChanged();
    return resultAnswer(id, '{}');
  }

  private listsChanged(kinds: readonly ListKind[]): void {
    for (const word of wordsFor(kinds)) this.push(changeNotice(word));
    // A server may have come that does not know the level yet.
    if (this.peer.logLevel !== null) this.rooms.hub.levelsChanged();
  }
}

function idOf(message: Buffer, scan: MessageScan): string {
  return message.toString('utf8', scan.idStart, scan.idEnd);
}
