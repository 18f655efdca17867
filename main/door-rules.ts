/**
 * What the configuration in force says of the ways in: trusted host names, addresses of servers, tokens in addresses.
 * Looked up as it is now, so that an edit counts for the next request.
 */
import type { GatehouseConfig } from './config/schema.ts';
import type { DoorRules } from './gateway/door.ts';

/** The rules of a door that is bound to `host`. */
export function doorRules(host: string, current: () => GatehouseConfig): DoorRules {
  const routes = remembered(
    current,
    (config) =>
      new Map(
        config.servers.flatMap((server) => (server.route === null ? [] : [[server.route, server.name]])),
      ),
  );
  return {
    host,
    trusted: () => current().trustedHosts,
    paths: {
      owner: (path) => routes().get(path) ?? null,
      get tokens() {
        return current().auth.inPath;
      },
    },
    get keyInQuery() {
      return current().auth.inQuery;
    },
  };
}

/** What `make` makes of the configuration, made again only when that is another one. */
function remembered<T>(current: () => GatehouseConfig, make: (config: GatehouseConfig) => T): () => T {
  let of: GatehouseConfig | null = null;
  let made: T;
  return () => {
    const config = current();
    if (of !== config) {
      made = make(config);
      of = config;
    }
    return made;
  };
}
