/**
 * Protocol revisions and how a hop agrees on one.
 */

/** Sessionful revisions that begin with `initialize`, newest first. */
export const SESSION_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

export type SessionVersion = (typeof SESSION_VERSIONS)[number];

/** The revision that we ask an upstream for. */
export const LATEST_SESSION_VERSION: SessionVersion = SESSION_VERSIONS[0];

/** True for a sessionful revision that Gatehouse speaks. */
export function isSessionVersion(text: unknown): text is SessionVersion {
  return (SESSION_VERSIONS as readonly unknown[]).includes(text);
}

/** What a server answers to a client's asked revision: the same when known, else our newest (lifecycle section). */
export function negotiate(asked: unknown): SessionVersion {
  return isSessionVersion(asked) ? asked : LATEST_SESSION_VERSION;
}
