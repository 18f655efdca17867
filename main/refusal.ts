/**
 * Why a client has no way to a tool or prompt that it names: it is held, switched off, not offered to it, or none it may call. Asked only
 * when a view knows no such name, so it may look at all of them.
 */
import { exposedName } from './catalog/names.ts';
import type { Refusal } from './gateway/ports.ts';
import type { GatehouseError } from './protocol/error.ts';
import type { Scope } from './protocol/scope.ts';
import type { Gatekeeper } from './trust/gatekeeper.ts';
import { held, serverQuarantined, toolFiltered, toolOff } from './trust/problems.ts';

const SEPARATOR = '__';

/** Null when the name is simply unknown. `servers` are those of the scope. */
export function refusalOf(
  gates: Gatekeeper,
  servers: readonly string[],
  scope: Scope,
  peerKey: string,
  method: string,
  name: string,
  denied: (client: string, server: string, tool: string) => GatehouseError | null,
): Refusal | null {
  const kind = method === 'tools/call' ? 'tools' : 'prompts';
  for (const server of servers) {
    const alone = scope.kind === 'server';
    if (gates.isQuarantined(server)) {
      const rest = alone ? name : afterServer(server, name);
      if (rest !== null) return { server, name: rest, error: serverQuarantined(server) };
      continue;
    }
    const overrides = gates.overrides(server);
    const isCalled = (key: string): boolean => {
      const label = (kind === 'tools' ? overrides.get(key)?.name : null) ?? key;
      if (alone || scope.kind === 'profile') if (label === name || key === name) return true;
      return !alone && (exposedName(server, label) === name || exposedName(server, key) === name);
    };
    // Of a client's own session what that one lists counts.
    const screened = gates.screened(server, peerKey) ?? gates.screened(server, null);
    if (screened === null) continue;
    for (const item of screened.held) {
      if (item.kind === kind && isCalled(item.key)) {
        return { server, name: item.key, error: held(server, item.key, item.state) };
      }
    }
    if (kind === 'prompts') continue;
    for (const { key } of screened.listing.tools) {
      if (!isCalled(key)) continue;
      if (gates.hidden(scope, server, key)) {
        const error = gates.trust.toolEnabled(server, key) ? toolFiltered(server, key) : toolOff(server, key);
        return { server, name: key, error };
      }
      const no = scope.client === undefined ? null : denied(scope.client, server, key);
      if (no !== null) return { server, name: key, error: no };
    }
  }
  return null;
}

/** The tool in `server__tool`; null when the name is another server's. */
function afterServer(server: string, name: string): string | null {
  return name.startsWith(server + SEPARATOR) ? name.slice(server.length + SEPARATOR.length) : null;
}
