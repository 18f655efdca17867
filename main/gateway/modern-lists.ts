/**
 * What modern clients are told about a scope: `server/discover` and the lists, with their caching hints and the name of
 * who answers. Lists are built once for each view, around the view's own bytes.
 */
import type { ListKind } from '../protocol/listing.ts';
import { ALL_VERSIONS, META } from '../protocol/modern.ts';
import type { Peer } from '../protocol/peer.ts';
import type { Scope } from '../protocol/scope.ts';
import type { GatewayPorts, View } from './ports.ts';

/** Whom clients of this scope speak with: on a server's own route that server, else Gatehouse. */
export function identityOf(ports: GatewayPorts, scope: Scope): Readonly<Record<string, unknown>> {
  return (scope.kind === 'server' ? ports.infoOf(scope.server) : null) ?? ports.serverInfo;
}

/** Raw JSON of the result of `server/discover` (discovery section). */
export function discoverResult(ports: GatewayPorts, scope: Scope, peer: Peer): string {
  const view = ports.view(scope, peer);
  const serverInfo = identityOf(ports, scope);
  return JSON.stringify({
    resultType: 'complete',
    supportedVersions: ALL_VERSIONS,
    capabilities: modernCapabilities(view.capabilities),
    serverInfo,
    ...(view.instructions === null ? {} : { instructions: view.instructions }),
    // Servers come and go while the app runs.
    ttlMs: 0,
    cacheScope: 'private',
    _meta: { [META.serverInfo]: serverInfo },
  });
}

/** Tasks of 2025-11-25 have no counterpart: the extension of that name works in another way. */
function modernCapabilities(capabilities: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { tasks: _tasks, ...rest } = capabilities;
  return rest;
}

/** Raw JSON of the result of a list method. */
export type ListResult = (scope: Scope, peer: Peer, kind: ListKind) => Buffer;

/** Makes lists, and keeps them as long as their views. */
export function createListResults(ports: GatewayPorts): ListResult {
  const views = new WeakMap<View, Partial<Record<ListKind, Buffer>>>();
  return (scope, peer, kind) => {
    const view = ports.view(scope, peer);
    let lists = views.get(view);
    if (lists === undefined) {
      lists = {};
      views.set(view, lists);
    }
    let list = lists[kind];
    if (list === undefined) {
      const { ttlMs, cacheScope } = view.caching[kind];
      const head = JSON.stringify({
        resultType: 'complete',
        ttlMs,
        cacheScope,
        _meta: { [META.serverInfo]: identityOf(ports, scope) },
      });
      // The view's list is an object with one member at least: the head's members go before it.
      list = Buffer.concat([Buffer.from(`${head.slice(0, -1)},`), view.lists[kind].subarray(1)]);
      lists[kind] = list;
    }
    return list;
  };
}
