/**
 * Looking at quarantined servers: what each of them would offer, found out by running it for a moment. Remembered until
 * the app ends. `close` ends those under way.
 */
import type { ServerConfig } from './config/schema.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError } from './protocol/error.ts';
import type { ServerListing } from './protocol/listing.ts';
import { unknownServer } from './rules.ts';
import { type Defined, definitionsIn, digestOf } from './trust/decisions.ts';
import type { UpstreamSpec } from './upstreams/ports.ts';

/** What a look has shown. */
export interface Inspection {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly digest: string;
  readonly ranIn: 'container' | 'host' | 'remote';
  readonly items: readonly Defined[];
}

/** What inspections need. */
export interface InspectionDeps {
  readonly clock: Clock;
  server(name: string): ServerConfig | null;
  /** How to run it for a look; null when it is to run in a container and there can be none for it. */
  specOf(server: ServerConfig, where: 'container' | 'host'): UpstreamSpec | null;
  run(spec: UpstreamSpec, signal: AbortSignal): Promise<ServerListing>;
}

export interface Inspections {
  readonly found: ReadonlyMap<string, Inspection>;
  /** Rejects with a GatehouseError: `trust.no_container`, `trust.not_quarantined`, or why the server gave no list. */
  inspect(server: string, where: 'container' | 'host'): Promise<Inspection>;
  forget(server: string): void;
  close(): Promise<void>;
}

export function createInspections(deps: InspectionDeps): Inspections {
  const found = new Map<string, Inspection>();
  /** One at a time for each server: both would be the same. */
  const running = new Map<string, Promise<Inspection>>();
  const abort = new AbortController();

  const look = async (name: string, where: 'container' | 'host'): Promise<Inspection> => {
    const server = deps.server(name);
    if (server === null) throw unknownServer(name);
    const spec = deps.specOf(server, where);
    if (spec === null) throw noContainer(name);
    const remote = spec.transport.kind !== 'stdio';
    const items = definitionsIn(await deps.run({ ...spec, enabled: true }, abort.signal));
    const inspection: Inspection = {
      at: deps.clock.now(),
      digest: digestOf(items),
      ranIn: remote ? 'remote' : where,
      items,
    };
    found.set(name, inspection);
    return inspection;
  };

  return {
    found,
    inspect(server, where) {
      const known = running.get(server);
      if (known !== undefined) return known;
      const run = look(server, where).finally(() => running.delete(server));
      running.set(server, run);
      return run;
    },
    forget: (server) => void found.delete(server),
    async close() {
      abort.abort();
      await Promise.allSettled(running.values());
    },
  };
}

function noContainer(server: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.no_container',
    message: 'There is no container to inspect "{server}" in, and it was not started on this computer.',
    remedy: 'Start Docker, or say that it may run here: gatehouse server inspect --on-host.',
    values: { server },
  });
}
