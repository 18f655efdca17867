/**
 * Log levels (logging section): each client hears a server from its own level on; the server is told the most verbose
 * that any of its clients wants. Stops with `close`.
 */
import { valueAt } from '../protocol/json.ts';
import { memberOf } from '../protocol/members.ts';
import { isLogLevel, LOG_LEVELS, type LogLevel, type Peer, passesLevel } from '../protocol/peer.ts';
import { scanMessage } from '../protocol/scan.ts';
import type { GatewayPorts } from './ports.ts';

/** What a client that has not said anything hears once others have: servers were silenced for them, or made chatty. */
const UNSAID: LogLevel = 'info';

/** Up to this many clients every change is worked out at once, above it at most every `PAUSE_MS`. */
const FEW = 256;
const PAUSE_MS = 50;

/** A client, as far as levels go. */
interface Leveled {
  readonly peer: Peer;
}

/** The levels of all servers. */
export interface Levels {
  /** A client came or went. */
  moved(peer: Peer): void;
  /** Some client changed its level, or a server came. */
  changed(): void;
  /** True when this client hears a message of this level, raw JSON of `notifications/message`, from this server. */
  hears(server: string, peer: Peer, level: LogLevel | null): boolean;
  close(): void;
}

/** `groups` are the members by the key of their scope. */
export function createLevels<T extends Leveled>(
  ports: GatewayPorts,
  groups: ReadonlyMap<string, ReadonlySet<T>>,
  serversOf: (member: T) => readonly string[],
): Levels {
  /** What servers were told. */
  let told = new Map<string, LogLevel>();
  let cancelPause: (() => void) | null = null;

  const tell = (): void => {
    const wanted = new Map<string, { said: LogLevel | null; unsaid: boolean }>();
    for (const group of groups.values()) {
      const [first] = group;
      if (first === undefined) continue;
      let said: LogLevel | null = null;
      let unsaid = false;
      for (const { peer } of group) {
        if (peer.logLevel !== null) said = moreVerbose(said, peer.logLevel);
        else if (peer.era === 'legacy') unsaid = true;
      }
      for (const server of serversOf(first)) {
        const so = wanted.get(server);
        wanted.set(server, {
          said: said === null ? (so?.said ?? null) : moreVerbose(so?.said ?? null, said),
          unsaid: unsaid || so?.unsaid === true,
        });
      }
    }
    const next = new Map<string, LogLevel>();
    for (const [server, { said, unsaid }] of wanted) {
      if (said !== null) next.set(server, unsaid ? moreVerbose(said, UNSAID) : said);
    }
    const before = told;
    told = next;
    for (const server of before.keys()) if (!next.has(server)) ports.setLogLevel(server, null);
    for (const [server, level] of next) if (before.get(server) !== level) ports.setLogLevel(server, level);
  };

  const changed = (): void => {
    let members = 0;
    for (const group of groups.values()) members += group.size;
    if (members <= FEW) return tell();
    cancelPause ??= ports.clock.after(PAUSE_MS, () => {
      cancelPause = null;
      tell();
    });
  };

  return {
    changed,
    moved(peer) {
      // One without a level counts only where others have said one.
      if (peer.logLevel !== null || told.size > 0) changed();
    },
    hears(server, peer, level) {
      // A stateless client that names no level wants no messages (logging section of 2026-07-28).
      const own = peer.logLevel ?? (peer.era === 'modern' ? null : told.has(server) ? UNSAID : 'debug');
      return own !== null && (level === null || passesLevel(level, own));
    },
    close() {
      cancelPause?.();
      cancelPause = null;
    },
  };
}

/** The level of a log message; null when it has none that we know. */
export function levelOf(message: Buffer): LogLevel | null {
  const { paramsStart, paramsEnd } = scanMessage(message);
  const level = memberOf(message, paramsStart, paramsEnd, 'level');
  if (level === null) return null;
  const value = valueAt(level, 0, level.length);
  return isLogLevel(value) ? value : null;
}

function moreVerbose(a: LogLevel | null, b: LogLevel): LogLevel {
  return a !== null && LOG_LEVELS.indexOf(a) < LOG_LEVELS.indexOf(b) ? a : b;
}
