/** The rules about tools, from the configuration for the gates, and of both for the screens; and what they refuse. Pure. */
import type { ToolRulesView } from '../preload/views/trust.ts';
import type { GatehouseConfig } from './config/schema.ts';
import { GatehouseError } from './protocol/error.ts';
import type { ToolOverride } from './trust/file.ts';
import type { Gatekeeper, Rules } from './trust/gatekeeper.ts';

/** The rules of a configuration, in the terms of the gates. */
export function rulesOf(config: GatehouseConfig): Rules {
  return {
    servers: new Map(
      config.servers.map(({ name, quarantined, trust, tools }) => [
        name,
        {
          quarantined,
          trust,
          filter: { allow: tools.allow, block: tools.block },
          overrides: new Map(tools.overrides.map(({ tool, ...override }) => [tool, override])),
        },
      ]),
    ),
    profiles: new Map(config.profiles.map(({ name, tools }) => [name, tools])),
  };
}

/** What counts for a server's tools: of the file, and of the screens, which comes on top. */
export function toolRulesView(gates: Gatekeeper, server: string): ToolRulesView {
  const { trust, filter, overrides } = gates.rules(server);
  return {
    trust,
    fileFilter: filter,
    filter: gates.trust.filter(server),
    fileOverrides: listed(overrides),
    overrides: listed(gates.trust.overrides(server)),
  };
}

/** @throws GatehouseError `trust.name_taken` when another tool of the server is called so */
export function refuseTaken(gates: Gatekeeper, server: string, tool: string, name: string | null): void {
  if (name === null) return;
  const overrides = gates.overrides(server);
  const taken = (gates.raw(server)?.tools ?? []).some(({ key }) => {
    if (key === tool) return false;
    return key === name || overrides.get(key)?.name === name;
  });
  if (!taken) return;
  throw new GatehouseError({
    code: 'trust.name_taken',
    message: 'Another tool of "{server}" is called "{name}".',
    remedy: 'Choose another name.',
    values: { server, name },
  });
}

/** The error for a decision about a server that is not configured. */
export function unknownServer(server: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unknown',
    message: 'There is no server named "{server}".',
    remedy: 'Look at the names in the server list.',
    values: { server },
  });
}

/** The error for releasing a server that is not held back. */
export function notQuarantined(server: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.not_quarantined',
    message: 'The server "{server}" is not held back.',
    remedy: 'Look at its state again; somebody may have been faster.',
    values: { server },
  });
}

function listed(overrides: ReadonlyMap<string, ToolOverride>): ToolRulesView['overrides'] {
  return [...overrides].map(([tool, override]) => ({ tool, ...override }));
}
