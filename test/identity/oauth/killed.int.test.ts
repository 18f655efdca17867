/**
 * A provider that changes the refresh token with every use ends the whole sign-in when an old one is used again. So no
 * kill, whenever it comes, may lose the newest one, and no two processes may use the same one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundle } from '../../fakes/bundle.ts';
import { until } from '../../host/gateway.ts';
import { openWorld, type World } from './world.ts';

/** Kills in all; the lanes run side by side. */
const KILLS = Number(process.env.GATEHOUSE_KILLS ?? 100);
const LANES = 5;
vi.setConfig({ testTimeout: 120_000 + KILLS * 1_000, hookTimeout: 60_000 });

let forever = '';
let single = '';
beforeAll(async () => {
  forever = await bundle('test/identity/oauth/renew-forever.fixture.ts');
  single = await bundle('test/identity/oauth/renew-once.fixture.ts');
});

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function signedIn(): Promise<World> {
  const world = await openWorld();
  open.push(world.close);
  await world.host.state('mail', 'signing-in');
  await world.login();
  await world.host.state('mail', 'ready');
  return world;
}

const refused = (world: World): string[] =>
  world.authority.tokenRequests.filter((request) => request.includes(':'));

function start(program: string, args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'close');
  const one = { child, gone, out: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    one.out += chunk.toString('utf8');
  });
  return one;
}

/** Kills a process that renews without end; true when that was in the middle of it. */
async function kill(world: World, late: boolean): Promise<boolean> {
  const one = start(forever, [world.dataDir, world.server.url]);
  await until(() => one.out.includes('begin') || one.out.includes('failed'), 'a renewal', 60_000);
  // Every other time right after the tokens have changed, while their answer is on its way.
  const before = world.authority.tokenRequests.length;
  if (late) {
    const changed = (): boolean => world.authority.tokenRequests.length > before;
    await until(() => changed() || one.out.includes('failed'), 'a change of tokens', 60_000);
  }
  // Any moment may be the bad one, so each kill takes another.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
  one.child.kill('SIGKILL');
  await one.gone;
  expect(one.out).not.toContain('failed');
  return !one.out.trimEnd().endsWith('end');
}

async function lane(kills: number): Promise<number> {
  const world = await signedIn();
  // The answer comes after the tokens have changed: the worst moment lasts.
  world.authority.slowMs = 100;
  let during = 0;
  for (let count = 0; count < kills; count++) if (await kill(world, count % 2 === 0)) during++;
  world.authority.slowMs = 0;
  expect(refused(world)).toEqual([]);
  const next = world.house();
  open.push(next.close);
  await next.host.state('mail', 'ready');
  next.clock.jump(3_600_001);
  expect(await next.tool()).toBe('ok');
  expect(refused(world)).toEqual([]);
  return during;
}

describe('sign-ins of several processes', () => {
  it(`${KILLS} kills at random moments of a renewal lose no session`, async () => {
    const lanes = Array.from({ length: LANES }, (_, index) =>
      lane(Math.floor(KILLS / LANES) + (index < KILLS % LANES ? 1 : 0)),
    );
    const during = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
    console.log(`${KILLS} kills, ${during} of them in the middle of a renewal`);
    expect(during).toBeGreaterThan(KILLS / 4);
  });

  it('six processes that renew at once make one token request', async () => {
    const world = await signedIn();
    world.authority.slowMs = 100;
    const all = Array.from({ length: 6 }, () => start(single, [world.dataDir, world.server.url, 'off']));
    for (const one of all) await until(() => one.out.includes('loaded'), 'a process', 60_000);
    for (const one of all) one.child.stdin.end('go\n');
    for (const one of all) await one.gone;
    expect(new Set(all.map((one) => one.out))).toHaveLength(1);
    expect(all[0]?.out).toMatch(/^loaded\nhas [0-9a-f]{64}\n$/);
    expect(world.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  });
});
