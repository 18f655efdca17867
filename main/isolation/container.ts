/**
 * One running container behind a server: made, started and given its launch frame, then its input and outputs as plain
 * streams. Stops in three steps like a process on this computer: its input ends, SIGTERM, SIGKILL, each with its time; then
 * it is removed. One that ends by itself is removed as well.
 */
import type { Duplex, Readable, Writable } from 'node:stream';
import type Docker from 'dockerode';
import type { Container } from 'dockerode';
import type { Clock } from '../protocol/clock.ts';
import { within } from '../protocol/within.ts';
import type { ContainerSpec } from './container-spec.ts';
import { demultiplex } from './demultiplex.ts';
import { stoppedEarly } from './images.ts';
import { type Observation, withoutObservations } from './observer/observer.ts';
import { isEngineGone, sentenceOf } from './trouble.ts';

/** How a container ended; `why` in plain words, where the engine knows. */
export interface ContainerExit {
  readonly code: number | null;
  readonly signal: null;
  readonly why: string | null;
  /** The limit that ended it; null for another end. */
  readonly limit: 'memory' | 'cache' | null;
}

/** Milliseconds to end by itself after its input ended, and then after SIGTERM. */
export interface StopTimes {
  readonly graceMs: number;
  readonly termMs: number;
}

/** See above. */
export interface RunningContainer {
  readonly id: string;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when it has ended. Never rejects. */
  readonly exited: Promise<ContainerExit>;
  /** Ends and removes it. Idempotent; never rejects. */
  stop(times?: StopTimes): Promise<void>;
}

/** Usual for servers: time to save their work. */
const TIMES: StopTimes = { graceMs: 10_000, termMs: 9_000 };
/** A question to the engine that goes without an answer for so long is given up when stopping. Milliseconds. */
const ENGINE_MS = 5_000;

/** What ends closes its stream a little earlier than that is told. Milliseconds. */
const ENDED_MS = 500;

/** What to run. */
export interface ContainerOrder {
  readonly spec: ContainerSpec;
  /** Written to its input before everything else. */
  readonly frame: Buffer | null;
  /** Called between its making and its start, for what is to be put into it. */
  prepare?(container: Container): Promise<void>;
  /** Called once it runs, before it is given its frame; what it throws ends it. */
  started?(): Promise<void>;
  /** Takes what an observer says out of its error output. */
  readonly observed: { readonly key: string; heard(seen: Observation): void } | null;
  /** Memory limit in words, for the case that it ends by it. */
  readonly memory: string;
}

/** Makes and starts it. Rejects with the engine's error or `isolation.stopped`; nothing is left then. */
export async function startContainer(
  docker: Docker,
  order: ContainerOrder,
  clock: Clock,
  signal: AbortSignal,
): Promise<RunningContainer> {
  const { Ulimits = [], ...HostConfig } = order.spec.HostConfig;
  // An engine whose own limit is lower cannot give so many; its own then counts. Podman adds what it thinks usual to the
  // limits that are named, which it may not be able to give either, and nothing where none is named.
  const milder = [Ulimits, Ulimits.filter(({ Name }) => Name !== 'nofile'), []];
  let last: unknown;
  for (const limits of milder) {
    const spec = { ...order.spec, HostConfig: { ...HostConfig, Ulimits: limits } };
    try {
      return await startOnce(docker, { ...order, spec }, clock, signal);
    } catch (error) {
      last = error;
      if (!/rlimit/i.test(sentenceOf(error))) break;
    }
  }
  throw last;
}

async function startOnce(
  docker: Docker,
  order: ContainerOrder,
  clock: Clock,
  signal: AbortSignal,
): Promise<RunningContainer> {
  if (signal.aborted) throw stoppedEarly();
  const container = await docker.createContainer(order.spec);
  let stream: Duplex | null = null;
  try {
    await order.prepare?.(container);
    if (signal.aborted) throw stoppedEarly();
    stream = await attach(docker, container.id);
    // A broken stream tells itself by its end.
    stream.on('error', () => undefined);
    await container.start();
    await order.started?.();
  } catch (error) {
    stream?.destroy();
    await remove(container);
    throw signal.aborted ? stoppedEarly() : error;
  }
  if (order.frame !== null) stream.write(order.frame);
  return attached(container, stream, order, clock);
}

/** By hand: the library sends its options as a body too, and Podman gives that to the program as its first input. */
function attach(docker: Docker, id: string): Promise<Duplex> {
  const request = {
    // It takes the last letter away, for its own.
    path: `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1&`,
    method: 'POST',
    ...{ isStream: true, hijack: true, file: Buffer.alloc(0) },
    statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error, stream) => {
      if (error) reject(error instanceof Error ? error : new Error(String(error)));
      else resolve(stream as Duplex);
    });
  });
}

function attached(
  container: Container,
  stream: Duplex,
  order: ContainerOrder,
  clock: Clock,
): RunningContainer {
  const { stdout, stderr: both } = demultiplex(stream);
  const { observed } = order;
  const stderr = observed === null ? both : withoutObservations(both, observed.key, observed.heard);
  const exited = endOf(container, stream, order, clock);
  let stopping: Promise<void> | null = null;
  const end = async ({ graceMs, termMs }: StopTimes): Promise<void> => {
    stream.end();
    if (!(await within(exited, graceMs, clock))) {
      await kill(container, 'SIGTERM', clock);
      if (!(await within(exited, termMs, clock))) {
        await kill(container, 'SIGKILL', clock);
        await within(exited, 2_000, clock);
      }
    }
    stream.destroy();
    await within(remove(container), ENGINE_MS, clock);
  };
  return {
    id: container.id,
    stdin: stream,
    stdout,
    stderr,
    exited,
    stop(times = TIMES) {
      stopping ??= end(times);
      return stopping;
    },
  };
}

/** The engine tells the end; when the stream breaks and it does not, it is asked, since it may have gone away itself. */
async function endOf(
  container: Container,
  stream: Duplex,
  order: ContainerOrder,
  clock: Clock,
): Promise<ContainerExit> {
  const lost = (why: string): ContainerExit => ({ code: null, signal: null, why, limit: null });
  const ended = (state: { readonly ExitCode: number; readonly OOMKilled: boolean }): ContainerExit => ({
    code: state.ExitCode,
    signal: null,
    why: whyOf(state.ExitCode, state.OOMKilled, order),
    limit: state.OOMKilled ? 'memory' : null,
  });
  const told = container.wait().then(async ({ StatusCode }: { readonly StatusCode: number }) => {
    const state = await container.inspect().then(
      ({ State }) => State,
      () => null,
    );
    return ended({ ExitCode: StatusCode, OOMKilled: state?.OOMKilled ?? false });
  });
  const broken = new Promise<ContainerExit>((resolve, reject) => {
    stream.once('close', () => {
      clock.after(ENDED_MS, () => {
        const asked = container.inspect().then(({ State }) => {
          // It runs on, and nobody can talk to it any more.
          if (State.Running) return lost('the connection to its container broke');
          return ended(State);
        });
        asked.then(resolve, reject);
      });
    });
  });
  try {
    return await Promise.race([told, broken]);
  } catch (error) {
    stream.destroy();
    return lost(isEngineGone(error) ? 'the container engine went away' : 'the engine removed its container');
  }
}

function whyOf(code: number, outOfMemory: boolean, { memory }: ContainerOrder): string | null {
  if (outOfMemory) return `it needed more than its ${memory} of memory`;
  if (code === 125) return 'it was not told what to run';
  if (code === 126) return 'its program may not be executed in this image';
  if (code === 127) return 'its program is not in this image';
  return null;
}

async function kill(container: Container, signal: NodeJS.Signals, clock: Clock): Promise<void> {
  // It may have ended meanwhile, or the engine may be gone: what counts is whether it ends.
  await within(
    container.kill({ signal }).catch(() => undefined),
    ENGINE_MS,
    clock,
  );
}

async function remove(container: Container): Promise<void> {
  // It may be gone already, or being removed; any other one is found by its label at the next start.
  await container.remove({ force: true, v: true }).catch(() => undefined);
}
