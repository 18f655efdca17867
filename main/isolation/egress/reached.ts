/**
 * Which hosts each contained server has reached, and which it was refused; what an owner decides its allow-list by. Bounded
 * for every server, however many names a hostile one makes up. Pure state, in memory.
 */
import { ruleText } from './rules.ts';
import type { Refusal, Report } from './wire.ts';

/** One host of one server. */
export interface ReachedHost {
  readonly host: string;
  /** null when only its name was asked for. */
  readonly port: number | null;
  readonly refused: Refusal | null;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly last: number;
}

/** See above. */
export interface Reached {
  note(report: Extract<Report, { readonly kind: 'host' }>, at: number): void;
  /** Newest first, at most 200. */
  of(server: string): readonly ReachedHost[];
  /** An allow-list that permits what the server has reached. */
  proposal(server: string): readonly string[];
  forget(server: string): void;
}

const MOST = 200;

/** Makes it, empty. */
export function createReached(): Reached {
  const servers = new Map<string, Map<string, ReachedHost>>();
  return {
    note({ server, host, port, refused }, last) {
      const hosts = servers.get(server) ?? new Map<string, ReachedHost>();
      servers.set(server, hosts);
      const key = `${refused ?? ''} ${host} ${port ?? ''}`;
      const count = (hosts.get(key)?.count ?? 0) + 1;
      // Set anew, so that the oldest comes first and is the one to go.
      hosts.delete(key);
      hosts.set(key, { host, port, refused, count, last });
      for (const oldest of hosts.keys()) {
        if (hosts.size <= MOST) break;
        hosts.delete(oldest);
      }
    },
    of: (server) => [...(servers.get(server)?.values() ?? [])].reverse(),
    proposal(server) {
      const reached = [...(servers.get(server)?.values() ?? [])].filter(({ refused }) => refused === null);
      return [...new Set(reached.map(({ host, port }) => ruleOf(host, port)))].sort();
    },
    forget: (server) => void servers.delete(server),
  };
}

/** The entry of an allow-list that permits this; the ports of the web need not be named. */
export function ruleOf(host: string, port: number | null): string {
  return ruleText({ host, port: port === 443 || port === 80 ? null : port });
}
