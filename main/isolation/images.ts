/**
 * Images: found at the engine or downloaded with progress, and held to what they were at their first use. One download
 * serves all servers that wait for it; it ends when none waits any more.
 */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { GatehouseError } from '../protocol/error.ts';
import { type Pin, type Pins, samePin } from './pins.ts';
import { sentenceOf, statusOf } from './trouble.ts';

/** An image that may be used. */
export interface Image {
  readonly id: string;
  /** Folders that it declares as volumes. */
  readonly volumes: readonly string[];
}

/** How a download is told: percent of what is known so far, null at its beginning. */
export type Progress = (percent: number | null) => void;

/** See above. */
export interface Images {
  /**
   * Rejects with `isolation.pull_failed`, `isolation.image_changed`, or `isolation.stopped` when the signal aborts.
   */
  ensure(docker: Docker, name: string, signal: AbortSignal, progress: Progress): Promise<Image>;
  /** Whether the engine has it. */
  has(docker: Docker, name: string): Promise<boolean>;
  /** Agrees to what the name means now. Rejects with `isolation.no_such_image`. */
  approve(docker: Docker, name: string): Promise<void>;
}

interface Download {
  readonly done: Promise<void>;
  readonly waiting: Set<Progress>;
  readonly stop: AbortController;
}

/** Makes it; downloads nothing. */
export function createImages(pins: Pins): Images {
  const downloads = new Map<string, Download>();

  const find = async (docker: Docker, name: string) => {
    try {
      const { Id, RepoDigests, Config } = await docker.getImage(name).inspect();
      const repo = repository(name);
      const own = (RepoDigests ?? []).find((digest) => digest.startsWith(`${repo}@`)) ?? RepoDigests?.[0];
      const volumes = Object.keys((Config?.Volumes as Record<string, unknown> | null) ?? {});
      return { id: Id, digest: own?.slice(own.indexOf('@') + 1) ?? null, volumes };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  };

  const download = async (
    docker: Docker,
    name: string,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<void> => {
    let one = downloads.get(name);
    if (one === undefined) {
      const waiting = new Set<Progress>();
      const stop = new AbortController();
      const tell: Progress = (percent) => {
        for (const listener of waiting) listener(percent);
      };
      const done = pull(docker, name, stop.signal, tell).finally(() => downloads.delete(name));
      // Whoever waits hears of it; after all have gone, nobody does.
      done.catch(() => undefined);
      one = { done, waiting, stop };
      downloads.set(name, one);
    }
    const { done, waiting, stop } = one;
    waiting.add(progress);
    progress(null);
    try {
      await Promise.race([done, aborted(signal)]);
    } finally {
      waiting.delete(progress);
      if (waiting.size === 0) stop.abort();
    }
  };

  return {
    async ensure(docker, name, signal, progress) {
      const pin = await pins.get(name);
      let found = await find(docker, name);
      if (found === null && pin?.digest != null) {
        // The very one that was agreed to, as long as the registry has it.
        const exact = `${repository(name)}@${pin.digest}`;
        found = await find(docker, exact);
        if (found === null) {
          await download(docker, exact, signal, progress).catch((error: unknown) => {
            if (signal.aborted) throw error;
          });
          found = await find(docker, exact);
        }
      }
      if (found === null) {
        await download(docker, name, signal, progress);
        found = await find(docker, name);
      }
      if (found === null) throw pullFailed(name, 'it is not there afterwards');
      if (pin !== null && !samePin(pin, found)) throw imageChanged(name, pin, found);
      if (pin === null) await pins.set(name, { id: found.id, digest: found.digest });
      return { id: found.id, volumes: found.volumes };
    },
    has: async (docker, name) => (await find(docker, name)) !== null,
    async approve(docker, name) {
      const found = await find(docker, name);
      if (found === null) throw noSuchImage(name);
      await pins.set(name, { id: found.id, digest: found.digest });
    },
  };
}

async function pull(docker: Docker, name: string, signal: AbortSignal, progress: Progress): Promise<void> {
  const whole = name.includes('@') || /:[^/]+$/.test(name) ? name : `${name}:latest`;
  let stream: Readable;
  try {
    stream = (await docker.pull(whole, { abortSignal: signal } as object)) as unknown as Readable;
  } catch (error) {
    throw signal.aborted ? stoppedEarly() : pullFailed(name, sentenceOf(error));
  }
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  const layers = new Map<string, { readonly current: number; readonly total: number }>();
  let last: number | null = null;
  await new Promise<void>((resolve, reject) => {
    stream.once('close', () =>
      reject(signal.aborted ? stoppedEarly() : pullFailed(name, 'the engine broke off')),
    );
    docker.modem.followProgress(
      stream,
      (error) =>
        error === null || error === undefined ? resolve() : reject(pullFailed(name, sentenceOf(error))),
      (event: { id?: string; progressDetail?: { current?: number; total?: number }; error?: string }) => {
        const { id, progressDetail } = event;
        if (id === undefined || !progressDetail?.total) return;
        layers.set(id, { current: progressDetail.current ?? 0, total: progressDetail.total });
        let current = 0;
        let total = 0;
        for (const layer of layers.values()) {
          current += layer.current;
          total += layer.total;
        }
        const percent = Math.min(99, Math.floor((100 * current) / total));
        if (percent !== last) progress(percent);
        last = percent;
      },
    );
  });
}

/** `host:5000/a/b:tag@digest` -> `host:5000/a/b`. */
function repository(name: string): string {
  return name.replace(/@.*$/, '').replace(/:[^:/]+$/, '');
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(stoppedEarly());
    else signal.addEventListener('abort', () => reject(stoppedEarly()), { once: true });
  });
}

/** What was under way was called off. */
export function stoppedEarly(): GatehouseError {
  return new GatehouseError({
    code: 'isolation.stopped',
    message: 'The server was stopped before its container had started.',
    remedy: 'Switch it on again.',
  });
}

function pullFailed(name: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.pull_failed',
    message: 'The image "{image}" could not be downloaded: {why}',
    remedy: 'Check its name and the network, or name another "image" in the "isolation" of the server.',
    values: { image: name, why },
  });
}

function imageChanged(name: string, before: Pin, now: Pin): GatehouseError {
  const short = ({ id, digest }: Pin): string => (digest ?? id).replace(/^sha256:/, '').slice(0, 12);
  return new GatehouseError({
    code: 'isolation.image_changed',
    message: 'The image "{image}" is not the one that was used before ({before}, now {now}).',
    remedy: 'If you expected that, agree: gatehouse image approve {image}',
    values: { image: name, before: short(before), now: short(now) },
  });
}

function noSuchImage(name: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.no_such_image',
    message: 'The container engine has no image "{image}".',
    remedy: 'Correct its name; a server that uses it downloads it.',
    values: { image: name },
  });
}
