/**
 * Package caches have a bound: a server that fills its own is ended, that is told, its cache is emptied, and others go on.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Isolation, openIsolation } from '../../main/isolation/isolation.ts';
import type { Clock } from '../../main/protocol/clock.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { api } from '../host/container-engine.ts';
import { until } from '../host/gateway.ts';
import { NOTHING, wish } from '../isolation/wishes.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();

/** The looks at the caches come sooner than they do. */
const hasty: Clock = {
  now: systemClock.now,
  after: (ms, run) => systemClock.after(ms >= 20_000 ? 300 : ms, run),
};

describe('package caches', () => {
  let dir: string;
  let room: Isolation | null = null;
  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
    dir = mkdtempSync(join(tmpdir(), 'ghc-'));
  });
  afterEach(async () => {
    await room?.close();
    room = null;
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  });

  it('are emptied when they outgrow their bound, and their server is ended with the reason', async () => {
    if (host === null) return;
    const { address, socket } = host;
    const told: string[] = [];
    const opened = openIsolation({
      ...{ dataDir: dir, home: homedir(), platform: 'linux', user: { uid: 1000, gid: 1000 }, clock: hasty },
      log: { info: () => undefined, warn: () => undefined },
      egressProgram: async () => '',
      configured: () => ({ engine: address, proxyImage: null }),
      changed: () => undefined,
      heldBack: (server, what, words) => void told.push(`${server} ${what}: ${words}`),
      engineBack: () => undefined,
      cacheBytes: 8 * 1024 * 1024,
    });
    room = opened;
    // In this image `tsx`, a program that loads packages and so has a cache, is Node.js under another name.
    const start = (server: string, megabytes: number) =>
      opened.start(
        {
          ...{ server, cwd: null, env: {}, secret: false, defaults: NOTHING, note: () => undefined },
          program: {
            command: 'tsx',
            args: [
              '-e',
              `require('fs').writeFileSync('/var/cache/gatehouse/own/f', Buffer.alloc(${megabytes} << 20, 1));process.stdin.resume()`,
            ],
          },
          wish: wish({ image: 'node-as-tsx:1', network: 'none' }),
        },
        new AbortController().signal,
      );
    const [greedy, modest] = [await start('greedy', 16), await start('modest', 2)];
    expect(await greedy?.exited).toMatchObject({ why: 'its package cache grew beyond 8 MB' });
    const volumes = async (): Promise<string> => api(socket, 'GET', '/volumes');
    await until(async () => !(await volumes()).includes('-greedy-'), 'its cache is gone');
    expect(told).toEqual(['greedy limit: its package cache grew beyond its bound, and was emptied']);
    expect(room.limits('greedy')).toMatchObject([{ kind: 'cache', count: 1 }]);
    expect(room.limits('modest')).toEqual([]);
    expect(await volumes()).toContain('-modest-');
    const still = Symbol('runs');
    expect(await Promise.race([modest?.exited, Promise.resolve(still)])).toBe(still);
    await modest?.stop({ graceMs: 2_000, termMs: 1_000 });
  });
});
