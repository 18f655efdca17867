/**
 * The gates of all servers: what each lists goes in, what clients may be told of it comes out, again whenever a decision
 * or a rule has changed. Knows what is held and why. Stops with `close()`, which waits for writes under way.
 */
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { type NameFilter, passes } from '../protocol/glob.ts';
import type { ServerListing } from '../protocol/listing.ts';
import type { Scope } from '../protocol/scope.ts';
import { Approvals } from './approvals.ts';
import type { DefinedKind } from './definition.ts';
import type { ToolOverride } from './file.ts';
import { type HeldItem, type Screened, screen } from './gate.ts';
import type { Decision } from './history.ts';
import { serverQuarantined } from './problems.ts';
import type { TrustStore } from './trust.ts';

/** What the configuration says of a server. */
export interface ServerRules {
  readonly quarantined: boolean;
  readonly trust: 'manual' | 'auto';
  readonly filter: NameFilter;
  readonly overrides: ReadonlyMap<string, ToolOverride>;
}

/** What the configuration says in all. */
export interface Rules {
  readonly servers: ReadonlyMap<string, ServerRules>;
  /** Of each profile, patterns of `server/tool`. */
  readonly profiles: ReadonlyMap<string, NameFilter>;
}

/** What gates tell. */
export interface GatekeeperOptions {
  readonly trust: TrustStore;
  /** Directory of the files of approvals. */
  readonly dir: string;
  readonly clock: Clock;
  /** What clients may be told of a server now; null when nothing. `peerKey` names whose own session lists it. */
  released(server: string, peerKey: string | null, screened: Screened | null): void;
  /** Something about the server has changed that screens show. */
  changed(server: string): void;
  problem(server: string, problem: GatehouseError): void;
  /** What passed by itself: a first list, or what `auto` lets pass. */
  noted(history: readonly Decision[]): void;
}

/** See above. */
export interface Gatekeeper {
  readonly trust: TrustStore;
  /** Looks anew at the servers of which the rules say something else now, and gives their names. */
  setRules(rules: Rules): readonly string[];
  /** By client, the profile that it is held to: the filter of that one counts wherever the client looks. */
  setClientProfiles(profiles: ReadonlyMap<string, string>): void;
  rules(server: string): ServerRules;
  /** What a server lists; null when it is gone. A quarantined one lists nothing. */
  listing(server: string, peerKey: string | null, listing: ServerListing | null): void;
  /** What the server itself lists, whatever is held of it. */
  raw(server: string): ServerListing | null;
  screened(server: string, peerKey: string | null): Screened | null;
  /** All that is held of a server, each definition once. */
  held(server: string): readonly HeldItem[];
  /** What is held at one place; several where clients' own sessions differ. */
  heldAt(server: string, kind: DefinedKind, key: string): readonly HeldItem[];
  /** When the gate first saw this definition held. Epoch milliseconds. */
  heldSince(server: string, item: HeldItem): number;
  isQuarantined(server: string): boolean;
  admitServer(server: string): GatehouseError | null;
  /** True when a switch or a filter keeps the tool from who looks at this scope. */
  hidden(scope: Scope, server: string, tool: string): boolean;
  /** Whose view of the scope differs from that of others; empty when nobody's does. */
  variant(scope: Scope): string;
  overrides(server: string): ReadonlyMap<string, ToolOverride>;
  approvals(server: string): Approvals;
  /** To be called when approvals of the server were decided. */
  decided(server: string): void;
  close(): Promise<void>;
}

const ALL_PASS: NameFilter = { allow: null, block: [] };
const NO_RULES: ServerRules = {
  quarantined: false,
  trust: 'manual',
  filter: ALL_PASS,
  overrides: new Map(),
};

/** What one server lists, by whose session: the empty key is the one that all share. */
interface Gate {
  readonly raw: Map<string, ServerListing>;
  readonly screened: Map<string, Screened>;
  /** All that is held, each definition once, with the time since when. */
  held: ReadonlyMap<string, { readonly item: HeldItem; readonly since: number }>;
  /** The same by kind and key. */
  at: ReadonlyMap<string, readonly HeldItem[]>;
}

export function openGatekeeper(options: GatekeeperOptions): Gatekeeper {
  const { trust, clock } = options;
  const gates = new Map<string, Gate>();
  const kept = new Map<string, Approvals>();
  let all: Rules = { servers: new Map(), profiles: new Map() };
  let clientProfiles: ReadonlyMap<string, string> = new Map();

  const rules = (server: string): ServerRules => all.servers.get(server) ?? NO_RULES;
  const approvals = (server: string): Approvals => {
    let found = kept.get(server);
    if (found === undefined) {
      found = new Approvals({
        server,
        dir: options.dir,
        clock,
        expected: trust.hasApprovals(server),
        noted: options.noted,
        written: () =>
          void trust.noteApprovals(server).catch((error: unknown) => {
            options.problem(server, error as GatehouseError);
          }),
        problem: (problem) => options.problem(server, problem),
      });
      kept.set(server, found);
    }
    return found;
  };
  /** What the profile of a client lets it see. One that is gone has no servers either. */
  const heldTo = (client: string): NameFilter => {
    const profile = clientProfiles.get(client);
    return profile === undefined ? ALL_PASS : (all.profiles.get(profile) ?? ALL_PASS);
  };
  /** There are approvals, so there were decisions about servers as well: their file was deleted. */
  const decisionsGone = trust.missing && existsSync(options.dir);
  /** What was decided about a server last then still stands beside its approvals. */
  const wasHeldBack = (server: string): boolean =>
    approvals(server).history.findLast(({ act }) => act === 'quarantine' || act === 'release')?.act ===
    'quarantine';
  const isQuarantined = (server: string): boolean =>
    rules(server).quarantined ||
    trust.serverTrust(server) === 'quarantined' ||
    (decisionsGone && wasHeldBack(server));

  const screenOne = (server: string, gate: Gate, peerKey: string): void => {
    const listing = gate.raw.get(peerKey);
    if (listing === undefined) return;
    const screened = screen(server, listing, approvals(server), {
      trust: rules(server).trust,
      shared: peerKey === '',
      now: clock.now(),
    });
    gate.screened.set(peerKey, screened);
    options.released(server, peerKey === '' ? null : peerKey, screened);
  };
  const forget = (server: string): void => {
    const gate = gates.get(server);
    gates.delete(server);
    for (const peerKey of gate?.raw.keys() ?? [])
      options.released(server, peerKey === '' ? null : peerKey, null);
  };
  const rescreen = (server: string): void => {
    const gate = gates.get(server);
    if (gate === undefined) return;
    if (isQuarantined(server)) return forget(server);
    for (const peerKey of gate.raw.keys()) screenOne(server, gate, peerKey);
    note(server, gate);
  };
  /** Keeps the times of what is held, and forgets those of the rest. */
  const note = (server: string, gate: Gate): void => {
    const now = clock.now();
    const held = new Map<string, { item: HeldItem; since: number }>();
    const at = new Map<string, HeldItem[]>();
    for (const screened of gate.screened.values()) {
      for (const item of screened.held) {
        const id = idOf(item);
        if (held.has(id)) continue;
        held.set(id, { item, since: gate.held.get(id)?.since ?? now });
        const place = placeOf(item.kind, item.key);
        at.set(place, [...(at.get(place) ?? []), item]);
      }
    }
    gate.held = held;
    gate.at = at;
    options.changed(server);
  };

  const stop = trust.onChange((server) => {
    if (server !== null) rescreen(server);
  });

  return {
    trust,
    rules,
    setRules(next) {
      const before = all.servers;
      all = next;
      const changed = [...new Set([...before.keys(), ...next.servers.keys()])].filter(
        (server) => !isDeepStrictEqual(before.get(server), next.servers.get(server)),
      );
      for (const server of changed) rescreen(server);
      return changed;
    },
    setClientProfiles(profiles) {
      clientProfiles = profiles;
    },
    listing(server, peerKey, listing) {
      const key = peerKey ?? '';
      if (listing === null || isQuarantined(server)) {
        const gate = gates.get(server);
        gate?.raw.delete(key);
        gate?.screened.delete(key);
        if (gate?.raw.size === 0) gates.delete(server);
        options.released(server, peerKey, null);
        if (gate === undefined) options.changed(server);
        else note(server, gate);
        return;
      }
      const gate = gates.get(server) ?? {
        raw: new Map(),
        screened: new Map(),
        held: new Map(),
        at: new Map(),
      };
      gates.set(server, gate);
      gate.raw.set(key, listing);
      screenOne(server, gate, key);
      note(server, gate);
    },
    raw: (server) => gates.get(server)?.raw.get('') ?? null,
    screened: (server, peerKey) => gates.get(server)?.screened.get(peerKey ?? '') ?? null,
    held: (server) => [...(gates.get(server)?.held.values() ?? [])].map(({ item }) => item),
    heldAt: (server, kind, key) => gates.get(server)?.at.get(placeOf(kind, key)) ?? [],
    heldSince: (server, item) => gates.get(server)?.held.get(idOf(item))?.since ?? clock.now(),
    isQuarantined,
    admitServer: (server) => (isQuarantined(server) ? serverQuarantined(server) : null),
    hidden(scope, server, tool) {
      if (!trust.toolEnabled(server, tool)) return true;
      if (!passes(rules(server).filter, tool)) return true;
      if (!passes(trust.filter(server) ?? ALL_PASS, tool)) return true;
      const whole = `${server}/${tool}`;
      if (scope.kind === 'profile' && !passes(all.profiles.get(scope.profile) ?? ALL_PASS, whole))
        return true;
      if (scope.client === undefined) return false;
      if (!passes(heldTo(scope.client), whole)) return true;
      const client = trust.clientFilter(scope.client);
      return client !== null && !passes(client, whole);
    },
    variant({ client }) {
      if (client === undefined) return '';
      const narrowed = trust.clientFilter(client) !== null || !isOpen(heldTo(client));
      return narrowed ? client : '';
    },
    overrides(server) {
      const own = trust.overrides(server);
      const { overrides } = rules(server);
      return own.size === 0 ? overrides : new Map([...overrides, ...own]);
    },
    approvals,
    decided: rescreen,
    async close() {
      stop();
      await Promise.all([...kept.values()].map((one) => one.close()));
    },
  };
}

function isOpen({ allow, block }: NameFilter): boolean {
  return allow === null && block.length === 0;
}

function idOf({ kind, key, fingerprint }: HeldItem): string {
  return `${placeOf(kind, key)}\0${fingerprint}`;
}

function placeOf(kind: DefinedKind, key: string): string {
  return `${kind}\0${key}`;
}
