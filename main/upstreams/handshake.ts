/**
 * The first words with a server, in either era: `initialize` (lifecycle section), or `server/discover` (discovery
 * section of 2026-07-28). Both give the same greeting; which one it is to be is decided in opening.ts.
 */
import { ServerError } from '../protocol/call.ts';
import { GatehouseError } from '../protocol/error.ts';
import { valueAt } from '../protocol/json.ts';
import { isModernVersion, LATEST_MODERN_VERSION, META, MODERN_ERRORS } from '../protocol/modern.ts';
import type { Era } from '../protocol/peer.ts';
import { isSessionVersion, LATEST_SESSION_VERSION, type SessionVersion } from '../protocol/versions.ts';
import { notification } from '../protocol/wire.ts';
import type { Connection, RawResult } from './connection.ts';
import { errorObject, protocolMismatch } from './problems.ts';
import { legacySpeech, modernSpeech, OWN_CAPABILITIES, type OwnInfo, type Speech } from './speech.ts';

/** What a server said of itself. */
export interface Greeting {
  readonly era: Era;
  readonly revision: string;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | null;
  readonly serverInfo: Readonly<Record<string, unknown>>;
  readonly speech: Speech;
}

/** As whom we introduce ourselves in `initialize`. */
export interface Introduction {
  readonly info: Readonly<Record<string, unknown>>;
  readonly revision: SessionVersion;
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** What is said instead to a server that refuses those. */
  readonly plain: Readonly<Record<string, unknown>> | null;
}

/** For a session that all clients share. */
export function sharedIntroduction(info: OwnInfo): Introduction {
  return {
    info: { ...info },
    revision: LATEST_SESSION_VERSION,
    capabilities: OWN_CAPABILITIES,
    // Servers with strict types refuse members that came with later revisions.
    plain: { roots: {}, sampling: {}, elicitation: {} },
  };
}

/** Initializes a session. `timeoutMs` is for the answer. Rejects with a GatehouseError. */
export async function initialize(
  connection: Connection,
  who: Introduction,
  timeoutMs: number,
): Promise<Greeting> {
  const ask = (capabilities: object): Promise<RawResult> =>
    connection.request(
      'initialize',
      { protocolVersion: who.revision, capabilities, clientInfo: who.info },
      timeoutMs,
      null,
    );
  let answer: RawResult;
  try {
    answer = await ask(who.capabilities);
  } catch (error) {
    if (who.plain === null || errorCodeOf(error) === null || isModernError(error)) throw error;
    answer = await ask(who.plain);
  }
  const result = asRecord(valueAt(answer.bytes, answer.start, answer.end));
  const revision = result.protocolVersion;
  if (!isSessionVersion(revision)) throw protocolMismatch([String(revision)]);
  connection.agreed(revision);
  connection.notify(notification('notifications/initialized'));
  return {
    era: 'legacy',
    revision,
    capabilities: asRecord(result.capabilities),
    instructions: typeof result.instructions === 'string' ? result.instructions : null,
    serverInfo: asRecord(result.serverInfo),
    speech: legacySpeech(connection),
  };
}

/**
 * Asks a server of unknown era what it is. Null when it is none of the modern era (versioning section, "Backward
 * Compatibility"). Rejects when it is one that cannot be used, and when there is no answer. Agrees on nothing yet: both
 * questions may be open.
 */
export async function discover(
  connection: Connection,
  info: OwnInfo,
  timeoutMs: number,
): Promise<Greeting | null> {
  let version: string = LATEST_MODERN_VERSION;
  for (let tries = 0; ; tries++) {
    const speech = modernSpeech(connection, info, version);
    try {
      const answer = await speech.request('server/discover', {}, timeoutMs);
      const result = asRecord(valueAt(answer.bytes, answer.start, answer.end));
      // A server that answers whatever it is asked has not understood.
      if (!Array.isArray(result.supportedVersions)) return null;
      if (!result.supportedVersions.includes(version)) {
        const other = chooseFrom(result.supportedVersions);
        if (other === null) return null;
        version = other;
      }
      return {
        era: 'modern',
        revision: version,
        capabilities: asRecord(result.capabilities),
        instructions: typeof result.instructions === 'string' ? result.instructions : null,
        serverInfo: asRecord(asRecord(result._meta)[META.serverInfo] ?? result.serverInfo),
        speech: modernSpeech(connection, info, version),
      };
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === null) throw error;
      if (!isModernError(error)) return null;
      const supported = supportedIn(error);
      const other = code === MODERN_ERRORS.unsupportedVersion ? chooseFrom(supported) : null;
      if (other !== null && tries === 0 && other !== version) version = other;
      else if (supported.some(isSessionVersion)) return null;
      else throw code === MODERN_ERRORS.unsupportedVersion ? protocolMismatch(supported) : error;
    }
  }
}

/** The code of the error that the server answered with; null for other failures. */
export function errorCodeOf(error: unknown): number | null {
  if (!(error instanceof GatehouseError) || !(error.cause instanceof ServerError)) return null;
  return Number(errorObject(error.cause).code);
}

/** True for an error that only the modern revisions know. */
export function isModernError(error: unknown): boolean {
  return Object.values<number | null>(MODERN_ERRORS).includes(errorCodeOf(error));
}

function supportedIn(error: unknown): readonly string[] {
  if (!(error instanceof GatehouseError) || !(error.cause instanceof ServerError)) return [];
  const { supported } = asRecord(errorObject(error.cause).data);
  return Array.isArray(supported) ? supported.filter((text) => typeof text === 'string') : [];
}

function chooseFrom(supported: readonly unknown[]): string | null {
  const known = supported.filter((text): text is string => isModernVersion(text));
  return known[0] ?? null;
}

/** An object as it is; an empty one in place of anything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
