/**
 * Which clients hear of changes of which resources (resources section, "Subscriptions"). Servers are told once for each
 * peer; updates reach those who asked, by the URI under which they asked. Ends with its subscribers.
 */
import { GatehouseError } from '../protocol/error.ts';
import { stringAt } from '../protocol/json.ts';
import type { Peer } from '../protocol/peer.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { splice } from '../protocol/wire.ts';
import type { GatewayPorts } from './ports.ts';
import { invalidParams, unknownTarget } from './refusals.ts';

/** Subscriptions of one client at once. */
const MOST = 1_000;

/** Longer URIs are not kept: a thousand of the longest message would be as many times that. Characters. */
const LONGEST_URI = 8_192;

/** A client that can subscribe. */
interface Subscriber {
  readonly peer: Peer;
  readonly scope: Scope;
  wants(method: string): boolean;
  push(message: Buffer): void;
}

/** One server's resource. */
interface Resource {
  readonly server: string;
  /** The server's own URI. */
  readonly uri: string;
  /** Who wants it, and the URI under which each asked. */
  readonly by: Map<Subscriber, string>;
}

/** All subscriptions. */
export interface Subscriptions {
  /** By the URI as this client knows it. Rejects with a GatehouseError or a ServerError. */
  subscribe(who: Subscriber, uri: string): Promise<void>;
  unsubscribe(who: Subscriber, uri: string): Promise<void>;
  /** Ends all of one client. Idempotent. */
  leave(who: Subscriber): void;
  /** Passes one `notifications/resources/updated` on. `peerKey` as in `FromServers`. */
  updated(server: string, peerKey: string | null, message: Buffer): void;
}

export function createSubscriptions(ports: GatewayPorts): Subscriptions {
  const resources = new Map<string, Resource>();
  const held = new Map<Subscriber, Set<Resource>>();

  /** Null when this client can reach no such resource. */
  const find = ({ scope, peer }: Subscriber, uri: string): { server: string; uri: string } | null => {
    const route = ports.view(scope, peer).resource(uri);
    if (route !== null) return { server: route.server, uri: route.key === null ? uri : route.name };
    return scope.kind === 'server' ? { server: scope.server, uri } : null;
  };
  /** False when the client did not hold it. */
  const drop = (who: Subscriber, resource: Resource): boolean => {
    const mine = held.get(who);
    if (mine?.delete(resource) !== true) return false;
    if (mine.size === 0) held.delete(who);
    resource.by.delete(who);
    if (resource.by.size === 0) resources.delete(keyOf(resource.server, resource.uri));
    return true;
  };
  /** Another stream of the same peer may still want it: servers count peers. */
  const wantedBy = (resource: Resource, peer: Peer): boolean => {
    for (const other of resource.by.keys()) if (other.peer.key === peer.key) return true;
    return false;
  };

  return {
    async subscribe(who, uri) {
      const found = find(who, uri);
      if (found === null) throw unknownTarget('resources/read', uri);
      if (uri.length > LONGEST_URI)
        throw invalidParams(`A subscription takes URIs of at most ${LONGEST_URI} characters.`);
      const key = keyOf(found.server, found.uri);
      const resource = resources.get(key) ?? { ...found, by: new Map() };
      const mine = held.get(who) ?? new Set();
      const before = mine.has(resource);
      if (!before) {
        if (mine.size >= MOST) throw tooManySubscriptions();
        // Before the server is told: its first update may come right behind its answer.
        resources.set(key, resource);
        resource.by.set(who, uri);
        mine.add(resource);
        held.set(who, mine);
      }
      try {
        await ports.subscribe(found.server, found.uri, who.peer);
      } catch (error) {
        if (!before) drop(who, resource);
        throw error;
      }
      // It may have left while the server was asked.
      if (held.get(who)?.has(resource) !== true && !wantedBy(resource, who.peer)) {
        await ports.unsubscribe(found.server, found.uri, who.peer);
      }
    },
    async unsubscribe(who, uri) {
      const found = find(who, uri);
      if (found === null) throw unknownTarget('resources/read', uri);
      const resource = resources.get(keyOf(found.server, found.uri));
      if (resource !== undefined) drop(who, resource);
      if (resource === undefined || !wantedBy(resource, who.peer)) {
        await ports.unsubscribe(found.server, found.uri, who.peer);
      }
    },
    leave(who) {
      for (const resource of [...(held.get(who) ?? [])]) {
        drop(who, resource);
        if (wantedBy(resource, who.peer)) continue;
        // Nobody is left to hear of a failure.
        ports.unsubscribe(resource.server, resource.uri, who.peer).catch(() => undefined);
      }
    },
    updated(server, peerKey, message) {
      const scan = scanMessage(message);
      if (scan.uriStart < 0 || message[scan.uriStart] !== 0x22) return;
      const uri = stringAt(message, scan.uriStart, scan.uriEnd);
      const told = new Set<Subscriber>();
      for (const candidate of withParents(uri)) {
        for (const [who, asked] of resources.get(keyOf(server, candidate))?.by ?? []) {
          if (told.has(who) || (peerKey !== null && who.peer.key !== peerKey)) continue;
          told.add(who);
          if (!who.wants(UPDATED)) continue;
          const shown = candidate === uri ? asked : exposed(ports, who, server, uri);
          who.push(inTermsOf(shown, uri, message, scan));
        }
      }
    },
  };
}

const UPDATED = 'notifications/resources/updated';

function keyOf(server: string, uri: string): string {
  return `${server}\0${uri}`;
}

/** A part of what was asked for has no name that the client has given it. */
function exposed(ports: GatewayPorts, { scope, peer }: Subscriber, server: string, uri: string): string {
  return scope.kind === 'server' ? uri : ports.view(scope, peer).exposedUri(server, uri);
}

function inTermsOf(shown: string, uri: string, message: Buffer, scan: MessageScan): Buffer {
  if (shown === uri) return message;
  return splice(message, [
    { start: scan.uriStart, end: scan.uriEnd, text: Buffer.from(JSON.stringify(shown)) },
  ]);
}

/** The URI and all it may be a part of: an update may name a part of what was subscribed to (same section). */
function* withParents(uri: string): Iterable<string> {
  yield uri;
  const from = uri.indexOf(':') + 1;
  for (let at = uri.length - 1, steps = 0; at >= from && steps < 64; at--) {
    const c = uri[at];
    if (c !== '/' && c !== '?' && c !== '#') continue;
    steps++;
    if (c === '/' && at + 1 < uri.length) yield uri.slice(0, at + 1);
    yield uri.slice(0, at);
  }
}

function tooManySubscriptions(): GatehouseError {
  return new GatehouseError({
    code: 'gateway.too_many_subscriptions',
    message: `This client holds ${MOST} subscriptions already.`,
    remedy: 'Unsubscribe from resources that are not needed any more.',
  });
}
