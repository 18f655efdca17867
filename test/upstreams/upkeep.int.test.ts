/** How servers are kept: started on demand, put to sleep, bounded in what they do at once, in time and in size. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../main/protocol/clock.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { openMemory } from '../../main/upstreams/memory.ts';
import type { UpstreamSpec } from '../../main/upstreams/ports.ts';
import { call, peer } from '../fakes/call.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { alive, startGateway, until } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';
import { endless, json, serve } from './http-peers.ts';
import { local, type PoolHost, poolHost, remote } from './pool-host.ts';

const ada = peer('ada');
let dir: string;
const close: (() => unknown)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gh-upkeep-'));
});
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one();
  rmSync(dir, { recursive: true, force: true });
});

/** A pool that remembers in `dir`, as one run of Gatehouse does. */
function run(specs: readonly UpstreamSpec[], clock: Clock = systemClock): PoolHost {
  const memory = openMemory(dir, clock, { warn: () => undefined });
  const made = poolHost(clock, {}, { memory });
  close.push(memory.close, made.close);
  made.pool.apply(specs);
  return made;
}

const names = (made: PoolHost, server = 's'): string[] | undefined =>
  made.listings.get(server)?.tools.map(({ key }) => key);
const raw = (more: Partial<UpstreamSpec> = {}): UpstreamSpec => local('s', ['raw-server.mjs'], more);
const states = (made: PoolHost): string[] => (made.statuses.get('s') ?? []).map(({ state }) => state);

describe('what a server listed', () => {
  it('is known in the next run before the server is, and when it does not come at all', async () => {
    const first = run([raw()]);
    await first.state('s', 'ready');
    const listed = names(first);
    expect(listed?.length).toBeGreaterThan(3);
    for (const one of close.splice(0).reverse()) await one();
    expect(statSync(join(dir, 's.json')).mode & 0o777).toBe(0o600);

    const spec = raw();
    if (spec.transport.kind !== 'stdio') throw new Error('a program');
    // The same server, which now ends at once: what it needs has gone.
    const second = run([spec]);
    await until(() => names(second) !== undefined, 'it is listed');
    expect(second.pool.status('s')?.state).toBe('starting');
    expect(names(second)).toEqual(listed);
    expect(second.listings.get('s')?.tools.map(({ bytes }) => bytes.toString())).toEqual(
      first.listings.get('s')?.tools.map(({ bytes }) => bytes.toString()),
    );
  });

  it('does not count for another server of the same name, and is forgotten with the server', async () => {
    const first = run([raw()]);
    await first.state('s', 'ready');
    for (const one of close.splice(0).reverse()) await one();
    const other = run([local('s', ['no-such-script.mjs'])]);
    await other.state('s', 'failed');
    expect(names(other)).toBeUndefined();
    other.pool.apply([]);
    await until(() => readdirSync(dir).length === 0, 'the file is gone');
  });
});

describe('start: on-demand', () => {
  const onDemand = (more: Partial<UpstreamSpec> = {}): UpstreamSpec =>
    raw({ start: 'on-demand', idleStopMs: 400, ...more });

  it('is started once to learn what it lists; from then on by the first call, also after a restart', async () => {
    const first = run([onDemand()]);
    await first.state('s', 'ready');
    await first.state('s', 'stopped');
    expect(first.pool.status('s')).toMatchObject({
      settled: true,
      asleep: true,
      problem: null,
      nextRetry: null,
    });
    expect(names(first)).toContain('pid');
    for (const one of close.splice(0).reverse()) await one();

    const second = run([onDemand()]);
    await second.state('s', 'stopped');
    expect(states(second)).toEqual(['starting', 'stopped']);
    expect(names(second)).toEqual(names(first));
    // Two calls at once start it once.
    const [one, two] = await Promise.all([second.tool('s', ada, 'pid'), second.tool('s', ada, 'pid')]);
    expect(one).toBe(two);
    expect(second.pool.status('s')).toMatchObject({ state: 'ready', asleep: false });
    await second.state('s', 'stopped');
    await until(() => !alive(Number(one)), 'its process has ended');
    expect(names(second)).toContain('pid');
    // And again.
    expect(await second.tool('s', ada, 'pid')).not.toBe(one);
  });

  it('a call keeps it awake for as long as it takes', async () => {
    const made = run([onDemand()]);
    await made.state('s', 'stopped');
    expect(await made.tool('s', ada, 'slow', { ms: 1_500 })).toContain('slow done');
    expect(states(made).filter((state) => state === 'stopped')).toHaveLength(1);
  });

  it('a call that wakes a broken one hears why, and the cause and the next try are said', async () => {
    const first = run([onDemand()]);
    await first.state('s', 'stopped');
    for (const one of close.splice(0).reverse()) await one();
    const spec = onDemand();
    const made = poolHost(
      systemClock,
      {},
      {
        memory: openMemory(dir, systemClock, { warn: () => undefined }),
        resolve: (text) => Promise.resolve(text.replace('raw-server', 'gone')),
      },
    );
    close.push(made.close);
    made.pool.apply([spec]);
    await made.state('s', 'stopped');
    await expect(made.tool('s', ada, 'pid')).rejects.toMatchObject({ code: 'upstream.script_not_found' });
    expect(made.pool.status('s')).toMatchObject({ state: 'failed', nextRetry: expect.any(Number) });
    expect(names(made)).toContain('pid');
  });

  it('the gateway lists it, says so, and calls it', async () => {
    const entry = {
      command: process.execPath,
      args: [join(import.meta.dirname, '..', 'servers', 'raw-server.mjs')],
    };
    const servers = { lazy: { ...entry, start: 'on-demand', idleStop: 0.1 } };
    const first = await startGateway({ servers, dataDir: dir });
    close.push(first.close);
    await until(
      () => readdirSync(dir).includes('lists') && readdirSync(join(dir, 'lists')).length > 0,
      'it is kept',
    );
    await first.stop();
    const second = await startGateway({ servers, dataDir: dir });
    close.push(second.close);
    const report = async (): Promise<string> => (await fetch(`${second.base}/_readyz`)).text();
    await until(async () => (await report()).includes('"stopped"'), 'it sleeps');
    const client = await rawClient(second.url, second.token);
    const { text } = await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
    expect(text).toContain('lazy__pid');
    expect(await report()).toContain('"stopped"');
    expect(await client.call(2, 'lazy__pid')).toContain('"result"');
    expect(await report()).toContain('"ready"');
  });
});

describe('bounds', () => {
  it('calls at once: further ones wait in order, more than may wait are refused, all places come back', async () => {
    const made = run([raw({ concurrency: { calls: 1, queue: 2 } })]);
    await made.state('s', 'ready');
    const order: string[] = [];
    const one = (name: string, ms: number): Promise<unknown> =>
      made
        .tool('s', ada, 'slow', { ms })
        .then((text) => void order.push(`${name} ${String(text).slice(0, 9)}`));
    // Long enough that whoever looks sees them come one after the other.
    const all = [one('a', 300), one('b', 150), one('c', 150)];
    await expect(made.tool('s', ada, 'pid')).rejects.toMatchObject({ code: 'upstream.busy' });
    await Promise.all(all);
    expect(order).toEqual(['a slow done', 'b slow done', 'c slow done']);
    // One that is cancelled while it waits, and one that is under way, free their places too.
    const [running, waiting] = ['a', 'b'].map(() =>
      call(ada, 'tools/call', { name: 'slow', arguments: { ms: 20_000 } }),
    );
    const handles = [running, waiting].map((each) => each && made.pool.forward('s', each.request));
    for (const handle of handles.reverse()) handle?.cancel('enough');
    expect(await made.tool('s', ada, 'pid')).toBeGreaterThan(0);
    // And so does one whose server ends.
    await expect(made.tool('s', ada, 'crash')).rejects.toMatchObject({ code: 'upstream.exited' });
    // Its callers hear of the end before its state does.
    await until(
      () =>
        made.tool('s', ada, 'pid').then(
          (pid) => pid > 0,
          () => false,
        ),
      'it is there again',
    );
  });

  it('time: a tool may have another than its server, and waiting for a turn takes no longer either', async () => {
    const bounds = {
      callTimeoutMs: 600,
      toolTimeoutsMs: { slow: 5_000 },
      concurrency: { calls: 1, queue: 1 },
    };
    const made = run([raw(bounds)]);
    await made.state('s', 'ready');
    const slow = made.tool('s', ada, 'slow', { ms: 1_500 });
    await expect(made.tool('s', ada, 'pid')).rejects.toMatchObject({ code: 'upstream.busy' });
    expect(await slow).toContain('slow done');
  });

  it('size, local: the one answer is refused, wherever its id stands; the server goes on', async () => {
    const made = run([local('s', ['faulty.mjs', '--fault', 'big-answers'], { maxResultBytes: 10_000 })]);
    await made.state('s', 'ready');
    const pid = await made.tool('s', ada, 'pid');
    const tooLarge = { code: 'upstream.too_large', message: expect.stringContaining('10 KiB') };
    for (const last of [true, false]) {
      const big = made.tool('s', ada, 'fault', { bytes: 400_000, last, loud: true });
      await expect(big).rejects.toMatchObject(tooLarge);
      expect(await made.tool('s', ada, 'fault', { bytes: 9_000, last })).toHaveLength(9_000);
    }
    expect(await made.tool('s', ada, 'pid')).toBe(pid);
    expect(made.log('s')).toContain('passed over');
  });

  it('size, remote: the answer is not read to its end', async () => {
    const server = await serve((got, response) => {
      const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: {} };
      if (got.message.method === 'initialize') {
        return json(response, 200, JSON.stringify({ jsonrpc: '2.0', id: got.message.id, result }));
      }
      if (got.message.id === undefined) return response.writeHead(got.method === 'POST' ? 202 : 405).end();
      return endless(response.writeHead(200, { 'content-type': 'application/json' }));
    });
    close.push(server.close);
    const made = run([remote('s', server.origin, 'http', { maxResultBytes: 10_000, protocol: 'legacy' })]);
    await made.state('s', 'ready');
    await expect(made.tool('s', ada, 'x')).rejects.toMatchObject({ code: 'upstream.too_large' });
    expect(made.pool.status('s')?.state).toBe('ready');
  });
});

describe('recovery', () => {
  it('a call begins the next try at once when the last one is a while ago; a person may at any time', async () => {
    const file = join(dir, 'there');
    const source = `if (!require('fs').existsSync(${JSON.stringify(file)})) process.exit(3); import(${JSON.stringify(join(import.meta.dirname, '..', 'servers', 'raw-server.mjs'))})`;
    const made = run([
      {
        ...raw(),
        transport: { kind: 'stdio', command: process.execPath, args: ['-e', source], env: {}, cwd: null },
      },
    ]);
    await until(
      () => (made.statuses.get('s') ?? []).filter(({ nextRetry }) => nextRetry !== null).length >= 3,
      'it waits long',
    );
    writeFileSync(file, '');
    await until(async () => {
      try {
        return (await made.tool('s', ada, 'pid')) > 0;
      } catch (error) {
        expect(error).toMatchObject({ code: 'upstream.not_ready' });
        return false;
      }
    }, 'a call gets through');
    expect(made.pool.status('s')?.state).toBe('ready');
  });

  it('after sleep, what waits tries again at once', async () => {
    const clock = manualClock();
    let leap = 0;
    const sleepy: Clock = { now: () => clock.now() + leap, after: clock.after };
    const made = run([local('s', ['no-such-script.mjs'])], sleepy);
    const tries = (): number => states(made).filter((state) => state === 'starting').length;
    await made.state('s', 'failed');
    for (let i = 0; i < 8; i++) {
      clock.advance(Math.max(0, (made.pool.status('s')?.nextRetry ?? 0) - sleepy.now()));
      await until(() => made.pool.status('s')?.state === 'failed', 'again');
    }
    const before = tries();
    // Now it waits for a minute. An hour of sleep that no timer has seen:
    leap = 3_600_000;
    clock.advance(5_000);
    await until(() => tries() > before, 'it tries');
    await made.state('s', 'failed');
    // From the beginning again.
    expect((made.pool.status('s')?.nextRetry ?? 0) - sleepy.now()).toBeLessThan(2_500);
  });

  it('a server that works, or is silent but there, is left alone by checks of its health', async () => {
    const made = run([local('s', ['faulty.mjs', '--good'], { healthCheckMs: 100 })]);
    await made.state('s', 'ready');
    const pid = await made.tool('s', ada, 'pid');
    const asked = async (): Promise<number> => (await made.tool('s', ada, 'seen')).ping ?? 0;
    // It refuses that method; a refusal is a sign of life.
    // A question of ours is one more sign of life, so it must come less often than those checks.
    const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 250));
    await until(async () => {
      await later();
      return (await asked()) > 0;
    }, 'it was asked');
    expect(await made.tool('s', ada, 'pid')).toBe(pid);
    expect(states(made)).toEqual(['starting', 'ready']);
  });

  it.each([
    ['legacy', raw({ healthCheckMs: 60_000 }), 'pid'],
    ['modern', local('s', ['two-way-server.mjs', '--era', 'modern'], { healthCheckMs: 60_000 }), 'facts'],
  ])(
    'a %s server that hangs is asked three times, then ended and started again',
    async (_era, spec, tool) => {
      const clock = manualClock();
      const made = run([spec], clock);
      await made.state('s', 'ready');
      const one = call(ada, 'tools/call', { name: tool, arguments: {} });
      made.pool.forward('s', one.request);
      await until(() => one.answers.length > 0, 'its id');
      const said = JSON.parse(one.answer.result.content[0].text) as number | { readonly pid: number };
      const pid = typeof said === 'number' ? said : said.pid;
      // Stopped by a signal: it is there, and does nothing any more.
      process.kill(pid, 'SIGSTOP');
      const lost = (): boolean =>
        (made.statuses.get('s') ?? []).some(({ problem }) => problem?.code === 'upstream.unresponsive');
      const begun = clock.now();
      while (!lost()) {
        clock.advance(1_000);
        await new Promise((resolve) => setImmediate(resolve));
        expect(clock.now() - begun).toBeLessThan(180_000);
      }
      // A minute of silence, and then three times ten seconds with five between them.
      expect(clock.now() - begun).toBeGreaterThanOrEqual(100_000);
      await until(() => {
        clock.advance(1_000);
        return made.pool.status('s')?.state === 'ready';
      }, 'it is back');
      expect(alive(pid)).toBe(false);
    },
  );
});
