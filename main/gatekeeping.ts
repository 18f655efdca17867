/**
 * Trust tied to the rest of the house: what servers list goes through the gates into the catalog, rules come from the
 * configuration, decisions from the commands. `close` waits for what is being written.
 */
import { join } from 'node:path';
import type { ActivityNote } from './activity/entry.ts';
import { type TrustDeps, trustCommands } from './api/trust.ts';
import { type Catalog, createCatalog, type Profile } from './catalog/catalog.ts';
import { dressed } from './catalog/dress.ts';
import { exposedName } from './catalog/names.ts';
import type { GatehouseConfig } from './config/schema.ts';
import type { FromServers, Refusal } from './gateway/ports.ts';
import { createInspections, type InspectionDeps } from './inspections.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';
import type { Closers } from './protocol/closers.ts';
import type { GatehouseError } from './protocol/error.ts';
import type { Peer } from './protocol/peer.ts';
import { ALL, type Scope } from './protocol/scope.ts';
import { refusalOf } from './refusal.ts';
import { notQuarantined, refuseTaken, rulesOf, toolRulesView, unknownServer } from './rules.ts';
import type { AppEvent } from './state/state.ts';
import { type GatedTool, toolView } from './tools.ts';
import { createDecisions, idOf, notInspected } from './trust/decisions.ts';
import type { Screened } from './trust/gate.ts';
import { type Gatekeeper, openGatekeeper } from './trust/gatekeeper.ts';
import { openTrust } from './trust/trust.ts';
import {
  approvalsView,
  approvalView,
  decidedView,
  decisionView,
  inspectionView,
  noteOf,
  type Scan,
  waits,
} from './trust-views.ts';
import type { UpstreamEvents } from './upstreams/ports.ts';

/** What gatekeeping needs. */
export interface GatekeepingDeps extends Pick<InspectionDeps, 'specOf' | 'run'> {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly closers: Closers;
  config(): GatehouseConfig;
  /** Takes `quarantined` out of the file. Rejects with a GatehouseError. */
  releaseInFile(server: string): Promise<void>;
  /** Runs what may run now. */
  reapply(): void;
  dispatch(event: AppEvent): void;
  /** Some server lists, or is let through, other things. */
  listsChanged(): void;
  /** What the scanner says of a definition. */
  readonly scan: Scan;
  /** For the record of activity. */
  note(note: ActivityNote): void;
  readonly clients: ClientRules;
}

/** What single clients may call, beside what is offered to them. */
export interface ClientRules {
  /** Why the client may not call the tool; null when it may. */
  denied(client: string, server: string, tool: string): GatehouseError | null;
  /** True when there are tools that it may not call. */
  isHeldBack(client: string): boolean;
}

type Heard = Pick<UpstreamEvents, 'listing' | 'ownListing' | 'notification' | 'ask'>;

/** See above. */
export interface Gatekeeping {
  readonly catalog: Catalog;
  readonly gates: Gatekeeper;
  readonly commands: ReturnType<typeof trustCommands>;
  setConfig(config: GatehouseConfig): void;
  /** All profiles, and by client the one that it is held to. */
  setProfiles(profiles: ReadonlyMap<string, Profile>, heldTo: ReadonlyMap<string, string>): void;
  /** Why there is no way to a thing of this name; see the gateway's port. */
  refusal(servers: readonly string[], scope: Scope, peer: Peer, method: string, name: string): Refusal | null;
  tools(server: string): readonly GatedTool[];
  /** What servers say, as far as it may be heard. `outside` is where it goes, once there is such a place. */
  heard(outside: () => FromServers | null): Heard;
  /** The act, refused for servers that are held back. */
  guarded(act: (server: string) => Promise<void>): (server: string) => Promise<void>;
}

/** Reads what was approved and decided; a damaged file is told and holds its server back. */
export async function openGatekeeping(deps: GatekeepingDeps): Promise<Gatekeeping> {
  const { clock, log, dispatch } = deps;
  const trust = await openTrust({ file: join(deps.dataDir, 'trust.json'), clock });
  deps.closers.add(() => trust.close());
  if (trust.problem !== null) log.warn({ code: trust.problem.code }, 'trust');

  const release = (server: string, peerKey: string | null, screened: Screened | null): void => {
    const listing =
      screened === null
        ? null
        : {
            ...screened.listing,
            tools: dressed(screened.listing.tools, gates.overrides(server)),
          };
    if (peerKey === null) catalog.setListing(server, listing, screened?.open);
    else catalog.setOwnListing(peerKey, server, listing, screened?.open);
  };
  const gates = openGatekeeper({
    trust,
    dir: join(deps.dataDir, 'trust'),
    clock,
    released: release,
    changed: (server) => count(server),
    problem: (server, problem) => log.warn({ server, code: problem.code }, problem.message),
    noted(history) {
      for (const decision of history) deps.note(noteOf(decision));
    },
  });
  deps.closers.add(gates.close);
  const { clients } = deps;
  const catalog = createCatalog({
    hidden: (scope, server, tool) =>
      gates.hidden(scope, server, tool) ||
      (scope.client !== undefined && clients.denied(scope.client, server, tool) !== null),
    variant: (scope) =>
      scope.client !== undefined && clients.isHeldBack(scope.client) ? scope.client : gates.variant(scope),
  });
  const decisions = createDecisions(gates, clock, (decision) => {
    const { server, act, by, kind, key, fingerprint } = decision;
    log.info({ server, act, by, kind, key, fingerprint }, 'decision');
    deps.note(noteOf(decision));
  });
  const inspections = createInspections({
    ...deps,
    server: (name) => deps.config().servers.find((server) => server.name === name) ?? null,
  });
  deps.closers.add(inspections.close);

  const approvedNow = (server: string): ReadonlySet<string> =>
    new Set((gates.screened(server, null)?.listing.tools ?? []).map((tool) => tool.key));
  const count = (server: string): void => {
    deps.listsChanged();
    const total = gates.raw(server)?.tools.length ?? 0;
    const on = [...approvedNow(server)].filter((tool) => !gates.hidden(ALL, server, tool)).length;
    dispatch({
      kind: 'server-tools',
      name: server,
      on,
      total,
      waiting: gates.held(server).filter(waits).length,
    });
  };
  trust.onChange((server, what) => {
    catalog.filtersChanged();
    if (server === null) return;
    count(server);
    // Tools are none of the pool's business; and all servers anew for a switch would be a long turn where there are many.
    if (what === 'trust') deps.reapply();
  });

  const names = (): readonly string[] => deps.config().servers.map((server) => server.name);
  const known = (server: string): void => {
    if (!names().includes(server)) throw unknownServer(server);
  };
  const actions: TrustDeps = {
    list: () => approvalsView(gates, names(), inspections.found, deps.scan),
    show: (server, kind, key) => approvalView(gates, server, kind, key, deps.scan),
    decided: (since) => decidedView(gates, names(), since),
    approve: decisions.approve,
    block: decisions.block,
    unblock: decisions.unblock,
    revert: decisions.revert,
    history: (server, limit) => [...decisions.history(server)].slice(-limit).reverse().map(decisionView),
    async quarantine(server, by) {
      known(server);
      await trust.setServerTrust(server, 'quarantined');
      await decisions.note(server, 'quarantine', by);
    },
    async inspect(server, where) {
      known(server);
      if (!gates.isQuarantined(server)) throw notQuarantined(server);
      return inspectionView(server, await inspections.inspect(server, where), deps.scan);
    },
    async release(server, digest, except, by) {
      known(server);
      if (!gates.isQuarantined(server)) throw notQuarantined(server);
      if (digest !== null) {
        const inspection = inspections.found.get(server);
        if (inspection === undefined || inspection.digest !== digest) throw notInspected(server);
        await decisions.adopt(server, inspection.items, new Set(except.map(idOf)), by);
      }
      // On record before it is in force; what is cut off here leaves the server where it was.
      await decisions.note(server, 'release', by);
      if (gates.rules(server).quarantined) await deps.releaseInFile(server);
      await trust.setServerTrust(server, 'trusted');
      inspections.forget(server);
    },
    rules: (server) => toolRulesView(gates, server),
    async setOverride(server, { tool, ...override }) {
      known(server);
      const says = override.name !== null || override.title !== null || override.description !== null;
      refuseTaken(gates, server, tool, override.name);
      await trust.setOverride(server, tool, says ? override : null);
    },
    async setFilter(server, filter) {
      known(server);
      await trust.setFilter(server, filter);
    },
    setClientFilter: (client, filter) => trust.setClientFilter(client, filter),
    clientFilter: (client) => trust.clientFilter(client),
  };

  return {
    catalog,
    gates,
    commands: trustCommands(actions),
    setConfig(config) {
      const changed = gates.setRules(rulesOf(config));
      catalog.setOrder(config.servers.map((server) => server.name));
      catalog.filtersChanged();
      for (const name of changed) count(name);
    },
    setProfiles(profiles, heldTo) {
      gates.setClientProfiles(heldTo);
      catalog.setProfiles(profiles);
      catalog.filtersChanged();
    },
    refusal: (servers, scope, peer, method, name) =>
      refusalOf(gates, servers, scope, peer.key, method, name, clients.denied),
    tools(server) {
      const passed = approvedNow(server);
      const states = new Map(
        gates.held(server).flatMap((item) => (item.kind === 'tools' ? [[item.key, item.state]] : [])),
      );
      const overrides = gates.overrides(server);
      return (gates.raw(server)?.tools ?? []).map((tool) => {
        const label = overrides.get(tool.key)?.name ?? tool.key;
        const enabled = trust.toolEnabled(server, tool.key);
        return toolView(tool, exposedName(server, label), {
          enabled,
          approval: passed.has(tool.key) ? 'approved' : (states.get(tool.key) ?? 'pending'),
          offered: !enabled || !gates.hidden(ALL, server, tool.key),
        });
      });
    },
    heard: (outside) => ({
      listing: (server, listing) => gates.listing(server, null, listing),
      ownListing: (server, peerKey, listing) => gates.listing(server, peerKey, listing),
      notification(server, peerKey, method, message) {
        // One that was just held back may still be on its way out.
        if (!gates.isQuarantined(server)) outside()?.notification(server, peerKey, method, message);
      },
      ask: (server, peerKey, ask) =>
        gates.isQuarantined(server) ? null : (outside()?.ask(server, peerKey, ask) ?? null),
    }),
    guarded: (act) => async (server) => {
      const held = gates.admitServer(server);
      if (held !== null) throw held;
      await act(server);
    },
  };
}
