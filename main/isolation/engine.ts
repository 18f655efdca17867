/**
 * Finds a container engine: Docker, or Podman behind Docker's API. Opens nothing that stays open.
 */
import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import type Docker from 'dockerode';
import { z } from 'zod';
import { GatehouseError } from '../protocol/error.ts';
import { addressText, type EngineAddress, engineAddresses, isLocal } from './address.ts';
import { connectEngine } from './connect.ts';

/** What was found. */
export type EngineProbe =
  | {
      readonly state: 'ready';
      /** For people, for example `Docker 27.3.1` or `Podman Engine 5.2.0`. */
      readonly version: string;
      /** Where it listens, for people: a socket path or an address. */
      readonly endpoint: string;
      readonly rootless: boolean;
    }
  | { readonly state: 'absent'; readonly problem: GatehouseError };

export interface ProbeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Limit of the whole look, in milliseconds. Default 1,500. */
  readonly timeoutMs?: number | undefined;
  /** The sockets to try when `DOCKER_HOST` is not set; for tests. */
  readonly sockets?: readonly string[] | undefined;
  /** What the configuration says: an address, or `context:NAME`. */
  readonly configured?: string | null | undefined;
}

/** What was found, ready to be used. */
export interface FoundEngine {
  readonly docker: Docker;
  readonly podman: boolean;
  readonly rootless: boolean;
  /** Whether it can mount paths of this computer. */
  readonly local: boolean;
  readonly version: string;
  readonly endpoint: string;
}

type Answer =
  | { readonly engine: FoundEngine; readonly problem: null }
  | { readonly engine: null; readonly problem: GatehouseError };

/** The two calls of dockerode that are used; its types do not know their option. */
interface Inquiries {
  version(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  info(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

const DEFAULT_TIMEOUT_MS = 1_500;

const versionSchema = z.object({
  Version: z.string(),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});
const infoSchema = z.object({ SecurityOptions: z.array(z.string()).nullish() });

/** Looks for an engine and says what it found. Never rejects. */
export async function probeEngine(options: ProbeOptions = {}): Promise<EngineProbe> {
  return (await findEngine(options)).probe;
}

/**
 * Asks the engine that is configured or chosen, or else those that this computer may have, all at once; the most wanted
 * one that answers counts. Never rejects.
 */
export async function findEngine(
  options: ProbeOptions = {},
): Promise<Answer & { readonly probe: EngineProbe }> {
  const answer = await search(options);
  if (answer.engine === null) return { ...answer, probe: { state: 'absent', problem: answer.problem } };
  const { version, endpoint, rootless } = answer.engine;
  return { ...answer, probe: { state: 'ready', version, endpoint, rootless } };
}

async function search(options: ProbeOptions): Promise<Answer> {
  const limit = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = eitherOf(options.signal, limit);
  let addresses: readonly EngineAddress[];
  try {
    const { env, platform } = process;
    addresses =
      options.sockets !== undefined && !env.DOCKER_HOST
        ? options.sockets.map((path) => ({ kind: 'socket', path }))
        : await engineAddresses({ env, platform, home: homedir(), configured: options.configured ?? null });
  } catch (error) {
    return absent(error instanceof GatehouseError ? error : unusable('its address', error));
  }
  const asked = addresses.map((address) => ask(address, signal));
  const problems: GatehouseError[] = [];
  for (const answer of asked) {
    const found = await answer;
    if (found.engine !== null) return found;
    problems.push(found.problem);
  }
  const rank = (problem: GatehouseError): number => ranking.indexOf(problem.code);
  return absent(problems.sort((a, b) => rank(a) - rank(b))[0] ?? notFound());
}

/** Which of several troubles is told: the one that its owner can do most about. */
const ranking = [
  'isolation.engine_forbidden',
  'isolation.engine_refused',
  'isolation.engine_silent',
  'isolation.engine_unusable',
  'isolation.engine_not_found',
];

async function ask(address: EngineAddress, signal: AbortSignal): Promise<Answer> {
  const endpoint = addressText(address);
  try {
    const docker = await connectEngine(address);
    const inquiries = docker as unknown as Inquiries;
    const [version, info] = await Promise.all([
      inquiries.version({ abortSignal: signal }),
      inquiries.info({ abortSignal: signal }),
    ]);
    const { Version, Components } = versionSchema.parse(version);
    const { SecurityOptions } = infoSchema.parse(info);
    const podman = Components?.find(({ Name }) => /podman/i.test(Name))?.Name;
    const engine: FoundEngine = {
      docker,
      podman: podman !== undefined,
      rootless: (SecurityOptions ?? []).some((option) => option.split(',').includes('name=rootless')),
      local: isLocal(address),
      version: `${podman ?? 'Docker'} ${Version}`,
      endpoint,
    };
    return { engine, problem: null };
  } catch (error) {
    return absent(problemOf(endpoint, error, signal));
  }
}

function problemOf(endpoint: string, cause: unknown, signal: AbortSignal): GatehouseError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return notFound();
  if (code === 'EACCES' || code === 'EPERM') {
    return new GatehouseError({
      code: 'isolation.engine_forbidden',
      message: 'A container engine listens at {endpoint}, but you may not use it.',
      values: { endpoint },
      remedy: 'Add yourself to the group "docker" and log in again, or use rootless Docker or Podman.',
      cause,
    });
  }
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') {
    return new GatehouseError({
      code: 'isolation.engine_refused',
      message: 'A container engine is set up at {endpoint}, but it is not running.',
      values: { endpoint },
      remedy: 'Start Docker Desktop, or the service of Docker or Podman.',
      cause,
    });
  }
  if (signal.aborted) {
    return new GatehouseError({
      code: 'isolation.engine_silent',
      message: 'The container engine at {endpoint} does not answer in time.',
      values: { endpoint },
      remedy: 'It may still be starting; wait a little, or restart it.',
      cause,
    });
  }
  return unusable(endpoint, cause);
}

function unusable(endpoint: string, cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'isolation.engine_unusable',
    message: 'The container engine ({endpoint}) cannot be used.',
    values: { endpoint },
    remedy: 'Check DOCKER_HOST and that `docker version` works in a terminal.',
    cause,
  });
}

function notFound(): GatehouseError {
  return new GatehouseError({
    code: 'isolation.engine_not_found',
    message: 'No container engine was found on this computer.',
    remedy: 'Install Docker or Podman, or go on without containers.',
  });
}

function absent(problem: GatehouseError): Extract<Answer, { readonly engine: null }> {
  return { engine: null, problem };
}

/** `AbortSignal.any`, which Node 18 does not have. Every request listens, so the usual warning of a leak is off. */
function eitherOf(...signals: (AbortSignal | undefined)[]): AbortSignal {
  const either = new AbortController();
  setMaxListeners(0, either.signal);
  for (const signal of signals) {
    if (signal?.aborted) either.abort();
    else signal?.addEventListener('abort', () => either.abort(), { once: true, signal: either.signal });
  }
  return either.signal;
}
