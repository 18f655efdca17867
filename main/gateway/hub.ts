/**
 * Who of the clients hears what servers say outside of calls: log messages by level, updates of subscribed resources,
 * and requests that no call caused. Counts what all clients together want of each server. Empty when its last member
 * has left; `close` stops what is still to come.
 */
import type { Ask, AskHandle } from '../protocol/call.ts';
import type { Peer } from '../protocol/peer.ts';
import { scanMessage } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { mayAsk } from './asks.ts';
import { createElicitations } from './elicitations.ts';
import { createLevels, levelOf } from './levels.ts';
import type { Caller, FromServers, GatewayPorts } from './ports.ts';
import { createSubscriptions } from './subscriptions.ts';
import { askingTask, createTasks, renameTask, shownId, type Task, type Tasks, taskIdIn } from './tasks.ts';

/** A client that can be told things: a session, or one stream of a stateless client. */
export interface Member {
  readonly peer: Peer;
  readonly caller: Caller;
  readonly scope: Scope;
  /** True when it is to get notifications of this method. */
  wants(method: string): boolean;
  /** One notification, with names and URIs already in this client's terms. */
  push(message: Buffer): void;
  /** Asks the client outside of any call; null when it cannot be asked. */
  ask(ask: Ask, server: string): AskHandle | null;
}

/** The meeting point. */
export interface Hub extends FromServers {
  readonly tasks: Tasks;
  /** A client is on its way: it gets what is for it alone, but does not count yet. */
  expect(member: Member): void;
  /** It is here. Idempotent. */
  join(member: Member): void;
  /** Ends its subscriptions too. Idempotent. */
  leave(member: Member): void;
  /** To be called when a member's `peer.logLevel` has changed, and when a server has come. */
  levelsChanged(): void;
  /** True when this client is to get the log message of this server. */
  hears(server: string, peer: Peer, message: Buffer): boolean;
  /** Subscribes by the URI as this client knows it. Rejects with a GatehouseError or a ServerError. */
  subscribe(member: Member, uri: string): Promise<void>;
  unsubscribe(member: Member, uri: string): Promise<void>;
  /** This client was sent to a page by an ask with these params, raw JSON: it is to hear when that is done. */
  elicited(server: string, peer: Peer, params: Buffer | null): void;
  /** This client got this error answer, which may name pages to go to. */
  failed(server: string, peer: Peer, answer: Buffer): void;
  /** Idempotent. */
  close(): void;
}

export function createHub(ports: GatewayPorts): Hub {
  /** By the key of their scope. */
  const groups = new Map<string, Set<Member>>();
  /** By the key of their peer; several only for the streams of one stateless client. */
  const byPeer = new Map<string, Member[]>();
  const subscriptions = createSubscriptions(ports);
  const elicitations = createElicitations();
  const tasks = createTasks();
  const serversOf = ({ scope, peer }: Member): readonly string[] =>
    scope.kind === 'server' ? [scope.server] : ports.view(scope, peer).servers;
  const levels = createLevels(ports, groups, serversOf);

  /** Those in whose scope the server is; all members of one scope see the same shared servers. */
  function* membersOf(server: string, peerKey: string | null): Iterable<Member> {
    if (peerKey !== null) return yield* byPeer.get(peerKey) ?? [];
    for (const group of groups.values()) {
      const [first] = group;
      if (first !== undefined && serversOf(first).includes(server)) yield* group;
    }
  }
  /** The session that began it; when that is gone, the other sessions of the same client. */
  function* ownersOf(task: Task): Iterable<Member> {
    for (const member of byPeer.get(task.peer) ?? membersOf(task.server, null)) {
      if (member.caller.id === task.caller) yield member;
    }
  }
  const logged = (server: string, peerKey: string | null, message: Buffer): void => {
    const level = levelOf(message);
    for (const member of membersOf(server, peerKey)) {
      if (member.wants(LOG) && levels.hears(server, member.peer, level)) member.push(message);
    }
  };
  const taskMoved = (server: string, peerKey: string | null, message: Buffer): void => {
    const { paramsStart, paramsEnd } = scanMessage(message);
    const id = taskIdIn(message, paramsStart, paramsEnd);
    const task = id === null ? null : tasks.of(server, id);
    if (task === null) return;
    for (const member of peerKey === null ? ownersOf(task) : membersOf(server, peerKey)) {
      if (member.caller.id !== task.caller || !member.wants(TASK)) continue;
      member.push(renameTask(message, paramsStart, paramsEnd, task.id, shownId(task, member.scope)));
    }
  };

  const expect = (member: Member): void => {
    const { key } = member.peer;
    const known = byPeer.get(key) ?? [];
    if (!known.includes(member)) byPeer.set(key, [...known, member]);
  };

  return {
    tasks,
    expect,
    join(member) {
      expect(member);
      const group = groups.get(member.scope.key) ?? new Set();
      if (group.has(member)) return;
      group.add(member);
      groups.set(member.scope.key, group);
      levels.moved(member.peer);
    },
    leave(member) {
      subscriptions.leave(member);
      const { key } = member.peer;
      const left = (byPeer.get(key) ?? []).filter((other) => other !== member);
      if (left.length === 0) byPeer.delete(key);
      else byPeer.set(key, left);
      const group = groups.get(member.scope.key);
      if (group?.delete(member) !== true) return;
      if (group.size === 0) groups.delete(member.scope.key);
      levels.moved(member.peer);
    },
    levelsChanged: levels.changed,
    hears: (server, peer, message) => levels.hears(server, peer, levelOf(message)),
    subscribe: subscriptions.subscribe,
    unsubscribe: subscriptions.unsubscribe,
    elicited: elicitations.asked,
    failed: elicitations.failed,
    notification(server, peerKey, method, message) {
      switch (method) {
        case LOG:
          return logged(server, peerKey, message);
        case 'notifications/resources/updated':
          return subscriptions.updated(server, peerKey, message);
        case TASK:
          return taskMoved(server, peerKey, message);
        case 'notifications/elicitation/complete': {
          const key = elicitations.complete(server, message);
          if (key === null || (peerKey !== null && peerKey !== key)) return;
          for (const member of byPeer.get(key) ?? []) if (member.wants(method)) member.push(message);
          return;
        }
        default:
          // What we do not know means something only between this server and clients of its own route.
          for (const member of membersOf(server, peerKey)) {
            if (member.scope.kind === 'server' && member.wants(method)) member.push(message);
          }
      }
    },
    ask(server, peerKey, ask) {
      let only: Member | null = null;
      const task = askingTask(tasks, server, ask.params);
      if (task === null && ask.unclear === true) return null;
      for (const member of task === null ? membersOf(server, peerKey) : ownersOf(task)) {
        // A stateless client can be asked only by the answer to a call.
        if (member.peer.era !== 'legacy' || !mayAsk(member.peer, member.scope, ask)) continue;
        if (only !== null) return null;
        only = member;
      }
      return only?.ask(ask, server) ?? null;
    },
    close: levels.close,
  };
}

const LOG = 'notifications/message';
const TASK = 'notifications/tasks/status';
