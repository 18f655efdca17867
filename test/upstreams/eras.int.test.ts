/** Which era a local server is greeted in (stdio section of 2026-07-28, "Backward Compatibility"), with real processes. */
import { afterEach, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../main/protocol/clock.ts';
import type { UpstreamSpec } from '../../main/upstreams/ports.ts';
import { peer } from '../fakes/call.ts';
import { until } from '../host/gateway.ts';
import { local, type PoolHost, poolHost } from './pool-host.ts';

const open: PoolHost[] = [];
function host(...specs: UpstreamSpec[]): PoolHost {
  return hostAt(systemClock, specs);
}
function hostAt(clock: Clock, specs: readonly UpstreamSpec[]): PoolHost {
  const made = poolHost(clock);
  open.push(made);
  made.pool.apply(specs);
  return made;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
});

const server = (name: string, ...args: string[]): UpstreamSpec =>
  local(name, ['two-way-server.mjs', ...args]);
const old = peer('old');
const starts = (made: PoolHost, name: string): number =>
  made.log(name).split('[gatehouse] start:').length - 1;

it('a server that refuses server/discover is initialized in the same process, with what clients can be asked for', async () => {
  const made = host(server('s'));
  await made.state('s', 'ready');
  expect(made.listings.get('s')).toMatchObject({
    ...{ era: 'legacy', protocolVersion: '2025-11-25', instructions: 'Both ways.' },
    serverInfo: { name: 'two-way', version: '1' },
  });
  const facts = await made.tool('s', old, 'facts');
  expect(facts).toMatchObject({ greetings: 1, heard: ['notifications/initialized'] });
  expect(facts.greeting).toEqual({
    protocolVersion: '2025-11-25',
    clientInfo: { name: 'gatehouse', version: '0' },
    capabilities: {
      roots: { listChanged: true },
      sampling: { tools: {}, context: {} },
      elicitation: { form: {}, url: {} },
    },
  });
  expect(starts(made, 's')).toBe(1);
});

it('a server that refuses settings of capabilities is initialized again without them (lifecycle, "Capability Negotiation")', async () => {
  const made = host(server('s', '--strict'));
  await made.state('s', 'ready');
  const facts = await made.tool('s', old, 'facts');
  expect(facts.greetings).toBe(2);
  expect(facts.greeting.capabilities).toEqual({ roots: {}, sampling: {}, elicitation: {} });
});

it('a server that answers server/discover is never initialized; its hints for caching are kept', async () => {
  // However slowly they start here, they are not silent.
  const patient: Clock = {
    ...systemClock,
    after: (ms, run) => systemClock.after(ms === 3_000 ? 60_000 : ms, run),
  };
  const made = hostAt(patient, [server('m', '--era', 'modern'), server('d', '--era', 'dual')]);
  for (const name of ['m', 'd']) {
    await made.state(name, 'ready');
    expect(made.listings.get(name)).toMatchObject({
      ...{ era: 'modern', protocolVersion: '2026-07-28', instructions: 'Both ways.' },
      serverInfo: { name: 'two-way', version: '1' },
      caching: {
        tools: { ttlMs: 5_000, cacheScope: 'public' },
        prompts: { ttlMs: 0, cacheScope: 'private' },
      },
    });
    expect(await made.tool(name, old, 'facts')).toMatchObject({ greetings: 0, heard: [] });
  }
});

it('silent and slow ones: an answer to either question rules, and none is started twice', async () => {
  const made = host(
    server('silent', '--silent-probe'),
    server('late-legacy', '--late', '4000'),
    server('late-modern', '--era', 'modern', '--late', '4000'),
    server('late-both', '--era', 'dual', '--late', '4000'),
  );
  const names = ['silent', 'late-legacy', 'late-modern', 'late-both'];
  await Promise.all(names.map((name) => made.state(name, 'ready')));
  expect(names.map((name) => made.listings.get(name)?.era)).toEqual(['legacy', 'legacy', 'modern', 'legacy']);
  for (const name of names) {
    expect(starts(made, name)).toBe(1);
    expect(
      await made.tool(name, old, 'ask', { method: 'roots/list' }, (ask) => ask.result(Buffer.from('{}'))),
    ).toMatchObject({
      result: {},
    });
  }
});

it('a server that ends when probed is started again and only initialized, then and ever after', async () => {
  const made = host(server('s', '--exit-on-probe'));
  await made.state('s', 'ready');
  expect(starts(made, 's')).toBe(1);
  expect(made.log('s')).toContain('started again');
  expect(made.statuses.get('s')?.map(({ state }) => state)).toEqual(['starting', 'ready']);
  await expect(made.tool('s', old, 'crash')).rejects.toMatchObject({ code: 'upstream.exited' });
  await made.state('s', 'retrying');
  await made.state('s', 'ready');
  expect(made.log('s').split('started again').length).toBe(2);
  expect(starts(made, 's')).toBe(2);
});

it('"protocol" is obeyed: only the one, and an error that says so', async () => {
  const made = host(
    local('legacy', ['two-way-server.mjs', '--era', 'dual'], { protocol: 'legacy' }),
    local('modern', ['two-way-server.mjs'], { protocol: 'modern' }),
  );
  await made.state('legacy', 'ready');
  expect(made.listings.get('legacy')?.era).toBe('legacy');
  await made.state('modern', 'failed');
  expect(made.pool.status('modern')?.problem?.code).toBe('upstream.protocol_mismatch');
});

it('a modern server that ends is started again, and its lists are read anew when it says so', async () => {
  const made = host(server('m', '--era', 'modern'));
  await made.state('m', 'ready');
  await made.tool('m', old, 'grow');
  await until(
    () => made.listings.get('m')?.tools.some(({ key }) => key.startsWith('grown')) === true,
    'the list',
  );
  await expect(made.tool('m', old, 'crash')).rejects.toMatchObject({ code: 'upstream.exited' });
  await made.state('m', 'retrying');
  await made.state('m', 'ready');
  await until(() => made.listings.get('m')?.tools.length === 7, 'the list of the new process');
});

it('lists whose changes a modern server does not tell are read again when they are used after their time (caching section)', async () => {
  let late = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + late };
  const made = hostAt(clock, [server('m', '--era', 'modern', '--plain')]);
  await made.state('m', 'ready');
  await made.tool('m', old, 'grow');
  late += 59_000;
  await made.tool('m', old, 'facts');
  expect(made.listings.get('m')?.tools.length).toBe(7);
  late += 2_000;
  // Also when somebody only comes to look.
  expect(made.pool.settleOwn(['m'], old)).toBeNull();
  await until(() => made.listings.get('m')?.tools.length === 8, 'the list is read again');
  await made.tool('m', old, 'grow');
  late += 61_000;
  await made.tool('m', old, 'facts');
  await until(() => made.listings.get('m')?.tools.length === 9, 'the list is read again');
});
