/** The gates, the catalog and the commands about them, tied as in the app, with servers that tests speak for. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivityNote } from '../../main/activity/entry.ts';
import { parseConfig } from '../../main/config/read.ts';
import type { GatehouseConfig } from '../../main/config/schema.ts';
import { upstreamSpec } from '../../main/describe.ts';
import { createFindings } from '../../main/findings.ts';
import { type Gatekeeping, openGatekeeping } from '../../main/gatekeeping.ts';
import { createClosers } from '../../main/protocol/closers.ts';
import type { ListedItem, ListKind, ServerListing } from '../../main/protocol/listing.ts';
import { ALL, type Scope, serverScope } from '../../main/protocol/scope.ts';
import type { CoreCommands } from '../../preload/contract.ts';
import type { ShownItem, TrustCommands } from '../../preload/views/trust.ts';
import { items, listed } from '../catalog/listings.ts';
import { peer } from '../fakes/call.ts';
import { manualClock } from '../fakes/manual-clock.ts';

export interface House {
  readonly gatekeeping: Gatekeeping;
  readonly noted: ActivityNote[];
  readonly problems: string[];
  readonly events: { readonly name: string; readonly waiting: number }[];
  /** What the next inspection finds. */
  inspected: ServerListing | null;
  configure(servers: Readonly<Record<string, object>>, more?: object): void;
  command<N extends keyof TrustCommands>(
    name: N,
    args: TrustCommands[N]['args'],
  ): Promise<CoreCommands[N]['value']>;
  /** Everything that is held at this place, as a screen shows it. */
  held(server: string): Promise<readonly ShownItem[]>;
  names(kind: ListKind, scope?: Scope): unknown[];
  /** The code with which a call is refused; null when the view has a way to it. */
  refused(server: string, tool: string): string | null;
  /** As after an end and a new start, with the same files but for those that are named. */
  restart(...without: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(servers: Readonly<Record<string, object>> = { s: {} }): Promise<House> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-trust-'));
  let config: GatehouseConfig;
  let closers = createClosers();
  const clock = manualClock();
  const read = (from: Readonly<Record<string, object>>, more: object = {}): GatehouseConfig =>
    parseConfig(
      JSON.stringify({
        ...more,
        mcpServers: Object.fromEntries(
          Object.entries(from).map(([name, server]) => [name, { command: 'x', ...server }]),
        ),
      }),
      '/data/config.json',
    );
  const findings = createFindings({
    servers: () => config.servers.map(({ name }) => name),
    listing: (server) => gatekeeping.gates.raw(server),
  });
  let written = servers;
  config = read(written);
  const open = (): Promise<Gatekeeping> =>
    openGatekeeping({
      ...{ dataDir, clock, closers },
      log: {
        debug: () => undefined,
        info: () => undefined,
        warn: (fields) => void house.problems.push((fields as { code: string }).code),
        error: () => undefined,
      },
      config: () => config,
      async releaseInFile(server) {
        const { quarantined: _quarantined, ...rest } = written[server] as { quarantined?: boolean };
        house.configure({ ...written, [server]: rest });
      },
      reapply: () => gatekeeping.setConfig(config),
      listsChanged: () => undefined,
      scan: (request) => findings.of(request),
      dispatch: (event) => {
        if (event.kind === 'server-tools') house.events.push(event);
      },
      note: (note) => void house.noted.push(note),
      clients: { denied: () => null, isHeldBack: () => false },
      specOf: (server, where) => (where === 'host' ? upstreamSpec(server, true, null) : null),
      async run() {
        if (house.inspected === null) throw new Error('nothing to inspect');
        return house.inspected;
      },
    });
  const house: House = {
    get gatekeeping() {
      return gatekeeping;
    },
    noted: [],
    problems: [],
    events: [],
    inspected: null,
    configure(next, more) {
      written = next;
      config = read(next, more);
      gatekeeping.setConfig(config);
    },
    command: async (name, args) => {
      const command = gatekeeping.commands[name];
      return command.run(command.schema.parse(args), 'cli', null);
    },
    held: async (server) => {
      const { items } = await house.command('approvals.list', {});
      return items
        .filter((item) => item.server === server)
        .map(({ kind, key, fingerprint }) => ({ kind, key, fingerprint }));
    },
    names: (kind, scope = ALL) =>
      listed(gatekeeping.catalog.view(scope), kind, kind === 'resources' ? 'uri' : 'name'),
    refused(server, tool) {
      const scope = serverScope(server);
      const held = gatekeeping.gates.admitServer(server);
      if (held !== null) return held.code;
      if (gatekeeping.catalog.view(scope).tool(tool) !== null) return null;
      return gatekeeping.refusal([server], scope, peer('p'), 'tools/call', tool)?.error.code ?? 'unknown';
    },
    async restart(...without) {
      await closers.closeAll();
      for (const name of without) await rm(join(dataDir, name));
      closers = createClosers();
      gatekeeping = await open();
      gatekeeping.setConfig(config);
    },
    async close() {
      await closers.closeAll();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  let gatekeeping = await open();
  gatekeeping.setConfig(config);
  return house;
}

/** A tool as a server lists it. */
export function tool(name: string, more: object = {}): ListedItem {
  const [item] = items('tools', { name, inputSchema: { type: 'object' }, ...more });
  if (item === undefined) throw new Error('no item');
  return item;
}
