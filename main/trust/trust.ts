/**
 * What the user lets through, apart from approvals: the trust in each server, one switch per tool, filters, and other
 * names and descriptions. Reads are synchronous look-ups. Stops with `close()`, which waits for a write under way.
 */
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import type { NameFilter } from '../protocol/glob.ts';
import { type Decisions, readTrust, renderTrust, type ServerDecisions, type ToolOverride } from './file.ts';
import { keep, type Unsubscribe } from './kept.ts';

/** Whether a server may run. */
export type ServerTrust = 'trusted' | 'quarantined';

/** What was decided about a server: whether it may run, or what is offered of it and how. */
export type TrustChange = 'trust' | 'tools';

/** The user's decisions about servers and their tools. Every setter is in force and on disk when its promise resolves. */
export interface TrustStore {
  /** Set when the file was damaged and its last good copy is in use. */
  readonly problem: GatehouseError | null;
  /** True when neither the file nor its copy was there. */
  readonly missing: boolean;
  toolEnabled(server: string, tool: string): boolean;
  /** The tools of `server` that are switched off, also such as it does not have now. */
  disabledTools(server: string): ReadonlySet<string>;
  /** @throws GatehouseError `trust.write_failed`, and then nothing has changed */
  setToolEnabled(server: string, tool: string, enabled: boolean): Promise<void>;
  /** `trusted` unless set otherwise. */
  serverTrust(server: string): ServerTrust;
  /** @throws GatehouseError `trust.write_failed`, and then nothing has changed */
  setServerTrust(server: string, trust: ServerTrust): Promise<void>;
  /** Which of the server's tools are offered at all; null when the user has said nothing. */
  filter(server: string): NameFilter | null;
  /** @throws GatehouseError `trust.write_failed`, and then nothing has changed */
  setFilter(server: string, filter: NameFilter | null): Promise<void>;
  overrides(server: string): ReadonlyMap<string, ToolOverride>;
  /** Null takes the server's own words again. @throws GatehouseError `trust.write_failed` */
  setOverride(server: string, tool: string, override: ToolOverride | null): Promise<void>;
  /** What a client may use, as patterns of `server/tool`; null when it may use everything. */
  clientFilter(client: string): NameFilter | null;
  /** @throws GatehouseError `trust.write_failed`, and then nothing has changed */
  setClientFilter(client: string, filter: NameFilter | null): Promise<void>;
  /** True when there must be a file of the server's approvals. */
  hasApprovals(server: string): boolean;
  /** @throws GatehouseError `trust.write_failed`, and then nothing has changed */
  noteApprovals(server: string): Promise<void>;
  /**
   * Calls `listener` after each decision, with the server that it is about, or null for a client. That there are approvals
   * of a server is no decision: it is not told.
   */
  onChange(listener: (server: string | null, what: TrustChange) => void): Unsubscribe;
  /** Waits for a write under way, at most two seconds. Calling it twice does nothing. */
  close(): Promise<void>;
}

/** Where the decisions are kept. */
export interface TrustOptions {
  /** Absolute path; its directory exists. */
  readonly file: string;
  readonly clock: Clock;
}

/** What a change is about, for those who are told. */
interface About {
  readonly server: string | null;
  readonly what: TrustChange;
}

const undecided: ServerDecisions = {
  trust: null,
  disabledTools: new Set(),
  filter: null,
  overrides: new Map(),
  approvals: false,
};

/**
 * Reads the decisions.
 *
 * @throws GatehouseError `trust.unreadable` when the file and its copy are damaged: a tool that was switched off must
 *   not come back because of that
 */
export async function openTrust({ file, clock }: TrustOptions): Promise<TrustStore> {
  const read = readTrust(file, clock);
  const kept = keep<Decisions, About | null>(file, clock, read.decisions, renderTrust);

  const of = (server: string): ServerDecisions => kept.value.servers.get(server) ?? undecided;

  const changeServer = (
    server: string,
    what: TrustChange | null,
    edit: (now: ServerDecisions) => ServerDecisions | null,
  ): Promise<void> =>
    kept.change(what === null ? null : { server, what }, (now) => {
      const edited = edit(of(server));
      if (edited === null) return null;
      const servers = new Map(now.servers).set(server, edited);
      if (saysNothing(edited)) servers.delete(server);
      return { ...now, servers };
    });

  return {
    problem: read.problem,
    missing: read.missing,
    toolEnabled: (server, tool) => !of(server).disabledTools.has(tool),
    disabledTools: (server) => of(server).disabledTools,
    setToolEnabled: (server, tool, enabled) =>
      changeServer(server, 'tools', (now) => {
        if (now.disabledTools.has(tool) !== enabled) return null;
        const disabledTools = new Set(now.disabledTools);
        if (enabled) disabledTools.delete(tool);
        else disabledTools.add(tool);
        return { ...now, disabledTools };
      }),
    serverTrust: (server) => of(server).trust ?? 'trusted',
    setServerTrust: (server, trust) =>
      changeServer(server, 'trust', (now) => (now.trust === trust ? null : { ...now, trust })),
    filter: (server) => of(server).filter,
    setFilter: (server, filter) => changeServer(server, 'tools', (now) => ({ ...now, filter })),
    overrides: (server) => of(server).overrides,
    setOverride: (server, tool, override) =>
      changeServer(server, 'tools', (now) => {
        const overrides = new Map(now.overrides);
        if (override === null) overrides.delete(tool);
        else overrides.set(tool, override);
        return { ...now, overrides };
      }),
    clientFilter: (client) => kept.value.clients.get(client) ?? null,
    setClientFilter: (client, filter) =>
      kept.change({ server: null, what: 'tools' }, (now) => {
        const clients = new Map(now.clients);
        if (filter === null) clients.delete(client);
        else clients.set(client, filter);
        return { ...now, clients };
      }),
    hasApprovals: (server) => of(server).approvals,
    noteApprovals: (server) =>
      changeServer(server, null, (now) => (now.approvals ? null : { ...now, approvals: true })),
    onChange: (listener) =>
      kept.onChange((about) => {
        if (about !== null) listener(about.server, about.what);
      }),
    close: kept.close,
  };
}

function saysNothing({ trust, disabledTools, filter, overrides, approvals }: ServerDecisions): boolean {
  return trust === null && disabledTools.size === 0 && filter === null && overrides.size === 0 && !approvals;
}
