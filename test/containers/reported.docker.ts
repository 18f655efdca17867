/**
 * What a hostile server is held back from is told: on its page, in its log, by `gatehouse server show`, and in the activity
 * log; by the kernel's counts, and by the engine alone where those are not to be had.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { createLimitWatch } from '../../main/isolation/limit-watch.ts';
import type { Clock } from '../../main/protocol/clock.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { cli, readiness, until } from '../host/gateway.ts';
import { METADATA } from '../host/world.mjs';
import { type Contained, contained, hostile, ofOurs, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();

const PROCESSES = 'it wanted more than its 40 processes, and was refused more';
const MEMORY = 'it needed more than its 128 MB of memory, and what needed it was ended';
const SCRATCH = 'it filled its scratch space /tmp, and can write no more there';

/** A program that takes far more memory than there is, beside the server itself. */
const HUNGRY = 'const kept=[];for(;;)kept.push(Buffer.alloc(16<<20,1))';

describe('what a contained server is held back from', () => {
  let gate: Contained;
  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  beforeAll(async () => {
    if (host === null) return;
    const limits = { memory: '128m', scratch: '32m', pids: 40 };
    gate = await startContained(host, {
      mcpServers: {
        greedy: contained(hostile, limits),
        modest: contained(hostile),
        caller: contained(hostile, { allow: ['good.example'] }),
      },
    });
  }, 120_000);
  afterAll(async () => {
    await gate?.close();
  });

  const page = (server: string) => runCommand(gate.gateway.dataDir, 'server.containment', { server });
  const shown = (server: string): string =>
    execFileSync(process.execPath, [cli, 'server', 'show', server, '--data-dir', gate.gateway.dataDir], {
      encoding: 'utf8',
    });
  const recorded = async (server: string): Promise<string[]> => {
    const rows = await runCommand(gate.gateway.dataDir, 'activity.detailed', {
      filter: { server, kind: 'connection', outcome: 'refused' },
      limit: 100,
    });
    return rows.map(({ action, request }) => `${action}: ${request}`);
  };
  /** All four places have these words. */
  const told = async (server: string, what: 'limit' | 'host', words: string): Promise<void> => {
    await until(
      async () => (await recorded(server)).includes(`server.held-back-${what}: ${words}`),
      `recorded: ${words}`,
      20_000,
    );
    const log = join(gate.gateway.dataDir, `logs/${server}.log`);
    await until(() => readFileSync(log, 'utf8').includes(words), `in its log: ${words}`);
  };

  it('too many processes', async () => {
    expect(await gate.attempt('greedy', 'forks', '500')).toMatch(/refused$/);
    await told('greedy', 'limit', PROCESSES);
    expect((await page('greedy')).met).toMatchObject([
      { text: PROCESSES, count: expect.any(Number) as number },
    ]);
    expect(shown('greedy')).toContain(`held back  ${PROCESSES}`);
  });

  it('a full scratch directory', async () => {
    expect(await gate.attempt('greedy', 'disk', '/tmp/fill', '400')).toMatch(/^no: ENOSPC/);
    await told('greedy', 'limit', SCRATCH);
    expect((await page('greedy')).met[0]).toMatchObject({ text: SCRATCH, count: 1 });
    expect(shown('greedy')).toContain(SCRATCH);
    await gate.attempt('greedy', 'run', 'rm', '-rf', '/tmp/fill');
  });

  it('too much memory: also when another of its processes is ended for it than the server itself', async () => {
    expect(await gate.attempt('greedy', 'run', 'node', '-e', HUNGRY)).toMatch(/^no:/);
    await told('greedy', 'limit', MEMORY);
    const { count } = (await page('greedy')).met[0] ?? { count: 0 };
    expect(await gate.attempt('greedy', 'memory', '600')).toMatch(/^error: .*memory/s);
    await until(
      async () => ((await page('greedy')).met.find(({ text }) => text === MEMORY)?.count ?? 0) > count,
      'the end of the server itself is counted too',
      20_000,
    );
    expect(shown('greedy')).toContain(MEMORY);
  });

  it('hosts that it may not reach', async () => {
    const { servers } = await readiness(gate.gateway.base);
    expect(servers.caller?.state).toBe('ready');
    expect(await gate.attempt('caller', 'get', `http://${METADATA}/latest`, 'proxy')).toMatch(/^yes: 403/);
    await told('caller', 'host', `it was refused ${METADATA}:80: it is not on its list`);
    expect(shown('caller')).toContain(`it was refused ${METADATA}:80 (not-listed)`);
    // Once is enough for the logs, however often it tries; its page counts.
    await until(async () => {
      await gate.attempt('caller', 'get', `http://${METADATA}/latest`, 'proxy');
      return ((await page('caller')).hosts.find(({ host: at }) => at === METADATA)?.count ?? 0) > 1;
    }, 'it is counted again');
    expect((await recorded('caller')).filter((one) => one.includes(METADATA))).toHaveLength(1);
  });

  it('and nothing is told of a server that keeps to what it has', async () => {
    expect(await gate.attempt('modest', 'write', '/tmp/of-its-own')).toBe('yes: written');
    expect((await page('modest')).met).toEqual([]);
    expect(await recorded('modest')).toEqual([]);
    expect(shown('modest')).not.toContain('held back');
  });

  it('is known from the engine alone where the counts of the kernel are not to be had', async () => {
    if (host === null) return;
    await until(
      async () => (await readiness(gate.gateway.base)).servers.greedy?.state === 'ready',
      'greedy runs again',
      30_000,
    );
    const mine = (await ofOurs(host)).containers.find(
      ({ Labels, State }) => Labels['app.gatehouse.server'] === 'greedy' && State === 'running',
    );
    const hasty: Clock = { now: systemClock.now, after: (_ms, run) => systemClock.after(100, run) };
    const watch = createLimitWatch(new Docker({ socketPath: host.socket }), hasty, async () => null);
    const met: string[] = [];
    const end = watch.watch({
      ...{ id: mine?.Id ?? '', scratch: ['/tmp'], pids: 40 },
      met: (kind, times) => void met.push(`${kind} ${times}`),
    });
    try {
      const crowd = gate.attempt('greedy', 'crowd', '4000');
      await until(() => met.includes('processes 1'), 'the crowd is seen', 20_000);
      await crowd;
      expect(await gate.attempt('greedy', 'run', 'node', '-e', HUNGRY)).toMatch(/^no:/);
      await until(
        () => met.some((one) => one.startsWith('memory')),
        'the engine tells of the memory',
        20_000,
      );
    } finally {
      end(null);
      watch.close();
    }
  });
});
