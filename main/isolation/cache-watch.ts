/**
 * Keeps package caches within their bound: engines give volumes no size, so while servers with a cache run, the engine is
 * asked how large they are, and one that has outgrown its bound is told to whoever runs its server. `close` ends the asking.
 */
import type Docker from 'dockerode';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import type { ContainerExit, RunningContainer } from './container.ts';
import { memoryWords } from './summary.ts';

/** See above. */
export interface CacheWatch {
  /** Calls `full` once when the volume has outgrown its bound. Gives what ends the watch of it; twice does nothing. */
  watch(volume: string, full: () => void): () => void;
  close(): void;
}

/** Milliseconds between two looks, and how many times as long as a look itself took. */
const LOOK_MS = 20_000;
const REST = 20;

/** Makes it; asks nothing before something is to be watched. */
export function createCacheWatch(docker: Docker, mostBytes: number, clock: Clock): CacheWatch {
  const watched = new Map<string, () => void>();
  let cancel: CancelTimer | null = null;
  let closed = false;

  const look = async (): Promise<void> => {
    for (const { name, bytes } of await sizes(docker)) {
      const full = watched.get(name);
      if (full === undefined || bytes <= mostBytes) continue;
      watched.delete(name);
      full();
    }
  };
  const plan = (ms: number): void => {
    if (closed || cancel !== null || watched.size === 0) return;
    cancel = clock.after(ms, () => {
      const began = clock.now();
      const next = (): void => {
        cancel = null;
        plan(Math.max(LOOK_MS, REST * (clock.now() - began)));
      };
      // An engine that does not answer is noticed by those whose containers run there.
      look().then(next, next);
    });
  };
  return {
    watch(volume, full) {
      watched.set(volume, full);
      plan(LOOK_MS);
      return () => {
        if (watched.get(volume) === full) watched.delete(volume);
      };
    },
    close() {
      closed = true;
      cancel?.();
      watched.clear();
    },
  };
}

/** All volumes of the engine that have a size. Newer engines look at volumes only; older ones at everything. */
function sizes(docker: Docker): Promise<readonly { readonly name: string; readonly bytes: number }[]> {
  return new Promise((resolve, reject) => {
    const request = {
      // The library takes the last letter away, for its own.
      path: '/system/df?type=volume&',
      method: 'GET',
      statusCodes: { 200: true, 500: 'server error' },
    };
    docker.modem.dial(request, (error, answer) => {
      if (error) return reject(error instanceof Error ? error : new Error(String(error)));
      const { Volumes } = Object(answer) as {
        Volumes?: readonly { Name: string; UsageData?: { Size: number } | null }[] | null;
      };
      resolve((Volumes ?? []).map(({ Name, UsageData }) => ({ name: Name, bytes: UsageData?.Size ?? -1 })));
    });
  });
}

/** The same container, ended when its cache has outgrown its bound; the cache is emptied then, and `why` says so. */
export function boundCache(
  container: RunningContainer,
  docker: Docker,
  volume: string,
  caches: CacheWatch,
  mostBytes: number,
): RunningContainer {
  let emptied: Promise<ContainerExit> | null = null;
  const empty = async (): Promise<ContainerExit> => {
    await container.stop({ graceMs: 0, termMs: 1_000 });
    // In use by another start of the same server already: then that one is watched.
    await docker
      .getVolume(volume)
      .remove({ force: true })
      .catch(() => undefined);
    const why = `its package cache grew beyond ${memoryWords(mostBytes)}`;
    return { code: null, signal: null, why, limit: 'cache' };
  };
  const leave = caches.watch(volume, () => {
    emptied = empty();
  });
  const exited = container.exited.then((exit) => {
    leave();
    return emptied ?? exit;
  });
  return { ...container, exited };
}
