/**
 * Finds a container engine: Docker, or Podman behind Docker's API. Opens nothing that stays open.
 */
import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import type Docker from 'dockerode';
import { z } from 'zod';
import { GatehouseError } from '../protocol/error.ts';
import { engineSockets } from './sockets.ts';

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
}

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

/**
 * Asks the engine of `DOCKER_HOST`, or else those that this computer may have, all at once; the most wanted one that
 * answers counts. Never rejects.
 */
export async function probeEngine(options: ProbeOptions = {}): Promise<EngineProbe> {
  let Engine: typeof Docker;
  try {
    // Large, and needed by those who isolate only.
    ({ default: Engine } = await import('dockerode'));
  } catch (cause) {
    return absent(unusable('its client library', cause));
  }
  const host = process.env.DOCKER_HOST;
  const sockets = options.sockets ?? engineSockets(process.env, process.platform, homedir());
  const limit = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = eitherOf(options.signal, limit);
  const asked = host
    ? [ask(() => new Engine(), withoutPassword(host), signal)]
    : sockets.map((path) => ask(() => new Engine({ socketPath: path }), path, signal));
  const problems: GatehouseError[] = [];
  for (const answer of asked) {
    const probe = await answer;
    if (probe.state === 'ready') return probe;
    problems.push(probe.problem);
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

async function ask(connect: () => Docker, endpoint: string, signal: AbortSignal): Promise<EngineProbe> {
  try {
    const engine = connect() as unknown as Inquiries;
    const [version, info] = await Promise.all([
      engine.version({ abortSignal: signal }),
      engine.info({ abortSignal: signal }),
    ]);
    const { Version, Components } = versionSchema.parse(version);
    const { SecurityOptions } = infoSchema.parse(info);
    const podman = Components?.find(({ Name }) => /podman/i.test(Name))?.Name;
    return {
      state: 'ready',
      version: `${podman ?? 'Docker'} ${Version}`,
      endpoint,
      rootless: (SecurityOptions ?? []).some((option) => option.split(',').includes('name=rootless')),
    };
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
      message: `A container engine listens at ${endpoint}, but you may not use it.`,
      remedy: 'Add yourself to the group "docker" and log in again, or use rootless Docker or Podman.',
      cause,
    });
  }
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') {
    return new GatehouseError({
      code: 'isolation.engine_refused',
      message: `A container engine is set up at ${endpoint}, but it is not running.`,
      remedy: 'Start Docker Desktop, or the service of Docker or Podman.',
      cause,
    });
  }
  if (signal.aborted) {
    return new GatehouseError({
      code: 'isolation.engine_silent',
      message: `The container engine at ${endpoint} does not answer in time.`,
      remedy: 'It may still be starting; wait a little, or restart it.',
      cause,
    });
  }
  return unusable(endpoint, cause);
}

function unusable(endpoint: string, cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'isolation.engine_unusable',
    message: `The container engine (${endpoint}) cannot be used.`,
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

function absent(problem: GatehouseError): EngineProbe {
  return { state: 'absent', problem };
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

function withoutPassword(host: string): string {
  return host.replace(/\/\/[^/@]*@/, '//');
}
