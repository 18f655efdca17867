/**
 * The client on whose behalf something is asked of a server: what a hop to a server must know of it, whatever front it
 * came through.
 */

/** `legacy` are the revisions that begin with `initialize`, `modern` those whose requests carry everything themselves. */
export type Era = 'legacy' | 'modern';

/** Log levels, least severe first (RFC 5424 section 6.2.1, logging section of MCP). */
export const LOG_LEVELS = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** True for one of the eight names. */
export function isLogLevel(value: unknown): value is LogLevel {
  return (LOG_LEVELS as readonly unknown[]).includes(value);
}

/** True when a message of `level` is at least as severe as `from`. */
export function passesLevel(level: LogLevel, from: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(from);
}

/** One client, as it declared itself: in `initialize`, or in the `_meta` of a stateless request. */
export interface Peer {
  /**
   * Unique among those connected now. A session's id; for stateless requests the same for all requests of one caller
   * that declare the same capabilities. Upstream sessions that are not shared are kept under it.
   */
  readonly key: string;
  /**
   * Who it is, whatever it declares: a session's id; for stateless requests the caller and the name and version that the
   * client gives itself, since one client may declare other capabilities with each request.
   */
  readonly client: string;
  readonly era: Era;
  /** The protocol revision it speaks. */
  readonly revision: string;
  /** `clientInfo`, as it said it. */
  readonly info: Readonly<Record<string, unknown>> | null;
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** It wants log messages from this level on; null when it has not said. May change during a session. */
  readonly logLevel: LogLevel | null;
}
