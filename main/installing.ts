/**
 * Runs what installs a server's program, where that runs: in a container like its own, or in its folder on this computer,
 * with the server's own environment. What it writes is kept within a bound and read as it comes. `close` ends what runs.
 */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallOutput, InstallView } from '../preload/views/installing.ts';
import type { InstallDeps } from './api/installing.ts';
import type { GatehouseConfig, ServerConfig } from './config/schema.ts';
import { placeOf } from './containment.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError } from './protocol/error.ts';
import type { ServerProcess, UpstreamDeps } from './upstreams/ports.ts';
import { startProcess } from './upstreams/process.ts';
import { processSpec } from './upstreams/resolving.ts';

/** Of what is written the last so many characters are kept. */
const KEPT = 1024 * 1024;
/** Longest installation, in milliseconds. */
const LONGEST_MS = 30 * 60_000;
/** Longest wait of one question for more, in milliseconds. */
const WAIT_MS = 15_000;
/** What is cancelled has this long to end by itself. Milliseconds. */
const STOP = { graceMs: 500, termMs: 3_000 } as const;

/** What it needs. */
export interface InstallingDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly surroundings: Omit<UpstreamDeps, 'events'>;
  config(): GatehouseConfig;
  /** The image of a contained server; null when it is not known. */
  imageOf(server: string): string | null;
}

/** The commands, and the end of them. */
export interface Installing extends InstallDeps {
  /** Idempotent, bounded. */
  close(): Promise<void>;
}

interface Run {
  readonly id: string;
  readonly line: string;
  readonly where: InstallView['where'];
  readonly process: ServerProcess;
  /** All that was written so far, but for what was cut off at the beginning. */
  text: string;
  /** Characters that were written in all. */
  written: number;
  ended: InstallOutput['ended'];
  /** Why it was ended, if it did not end by itself. */
  stopped: 'cancelled' | 'too-long' | null;
  readonly waiting: Set<() => void>;
}

export function openInstalling(deps: InstallingDeps): Installing {
  const { clock, surroundings } = deps;
  const runs = new Map<string, Run>();
  const starting = new Set<string>();

  const told = (run: Run): void => {
    for (const wake of [...run.waiting]) wake();
    run.waiting.clear();
  };
  const stop = (run: Run, why: 'cancelled' | 'too-long'): Promise<void> => {
    run.stopped ??= why;
    return run.process.stop(STOP);
  };
  const follow = (run: Run): void => {
    const heard = (piece: string): void => {
      run.written += piece.length;
      run.text = (run.text + piece).slice(-KEPT);
      told(run);
    };
    for (const stream of [run.process.stdout, run.process.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', heard);
    }
    const tooLong = clock.after(LONGEST_MS, () => void stop(run, 'too-long'));
    void run.process.exited.then(async ({ code }) => {
      tooLong();
      // Its last words come before its end is told.
      await run.process.stop(STOP);
      run.ended = { how: run.stopped ?? (code === 0 ? 'done' : 'failed'), code };
      told(run);
    });
  };
  const runOf = (server: string, id: string): Run => {
    const run = runs.get(server);
    if (run === undefined || run.id !== id) throw noRun(server);
    return run;
  };
  const start = async (server: ServerConfig, line: string): Promise<Run> => {
    if (server.transport.kind !== 'stdio') throw remote(server.name);
    const { env } = server.transport;
    const plain = placeOf(server, deps.config().isolation);
    const image = plain === null ? null : deps.imageOf(server.name);
    const wish = { ...server, isolation: { ...server.isolation, image: image ?? server.isolation.image } };
    const place = plain === null ? null : placeOf(wish, deps.config().isolation);
    const cwd = server.transport.cwd ?? (place === null ? join(deps.dataDir, 'servers', server.name) : null);
    if (place === null && server.transport.cwd === null && cwd !== null) {
      await mkdir(cwd, { recursive: true, mode: 0o700 });
    }
    const shell = shellFor(place === null ? process.platform : 'linux', line);
    const spec = await processSpec(
      { kind: 'stdio', ...shell, env, cwd, place },
      { ...surroundings, events: DEAF },
    );
    const elsewhere =
      place === null || surroundings.startElsewhere === undefined
        ? null
        : await surroundings.startElsewhere(
            { server: server.name, place, process: spec, note: () => undefined },
            new AbortController().signal,
          );
    const running = elsewhere ?? (await startProcess(spec, clock, surroundings.processes));
    // Nothing waits for what nobody types.
    running.stdin.end();
    return {
      ...{ id: randomUUID(), line, process: running, text: '', written: 0 },
      ...{ ended: null, stopped: null, waiting: new Set() },
      where:
        elsewhere === null || image === null
          ? { kind: 'folder', name: spec.cwd ?? '' }
          : { kind: 'container', name: image },
    };
  };

  return {
    async begin({ server: name, line }) {
      const server = deps.config().servers.find((one) => one.name === name);
      if (server === undefined) throw noRun(name);
      const before = runs.get(name);
      if (starting.has(name) || (before !== undefined && before.ended === null)) throw underway(name);
      starting.add(name);
      try {
        const run = await start(server, line);
        runs.set(name, run);
        follow(run);
        return { run: run.id, where: run.where };
      } finally {
        starting.delete(name);
      }
    },
    async output({ server, run: id, from }) {
      const run = runOf(server, id);
      if (run.written <= from && run.ended === null) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(WAIT_MS, () => {
            run.waiting.delete(wake);
            resolve();
          });
          const wake = (): void => {
            cancel();
            resolve();
          };
          run.waiting.add(wake);
        });
      }
      const cut = run.written - run.text.length;
      return { text: run.text.slice(Math.max(0, from - cut)), next: run.written, ended: run.ended };
    },
    running(server) {
      const run = runs.get(server);
      return run === undefined || run.ended !== null
        ? null
        : { run: run.id, where: run.where, line: run.line };
    },
    cancel: async ({ server, run }) => stop(runOf(server, run), 'cancelled'),
    async close() {
      await Promise.all(
        [...runs.values()].map((run) => (run.ended === null ? stop(run, 'cancelled') : null)),
      );
    },
  };
}

const DEAF: UpstreamDeps['events'] = {
  status: () => undefined,
  listing: () => undefined,
  ownListing: () => undefined,
  notification: () => undefined,
  ask: () => null,
};

function shellFor(platform: NodeJS.Platform, line: string): { command: string; args: readonly string[] } {
  return platform === 'win32'
    ? { command: 'powershell.exe', args: ['-NoProfile', '-NonInteractive', '-Command', line] }
    : { command: '/bin/sh', args: ['-c', line] };
}

function noRun(server: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.no_installation',
    message: 'Nothing is being installed for "{server}".',
    remedy: 'Begin the installation again.',
    values: { server },
  });
}

function underway(server: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.installing',
    message: 'Something is being installed for "{server}" already.',
    remedy: 'Wait until it has ended, or cancel it.',
    values: { server },
  });
}

function remote(server: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.not_a_program',
    message: '"{server}" is a remote server: nothing of it is installed here.',
    remedy: 'Choose a server that is a program.',
    values: { server },
  });
}
