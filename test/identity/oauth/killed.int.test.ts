/**
 * A provider that changes the refresh token with every use ends the whole sign-in when an old one is used again. So no
 * kill, whenever it comes, may lose the newest one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
import { bundle } from '../../fakes/bundle.ts';
import { until } from '../../host/gateway.ts';
import { openWorld } from './world.ts';

/** More of them with GATEHOUSE_KILLS=100. */
const KILLS = Number(process.env.GATEHOUSE_KILLS ?? 8);
vi.setConfig({ testTimeout: 60_000 + KILLS * 5_000 });

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

it(`${KILLS} kills at random moments of a renewal lose no session`, async () => {
  const program = await bundle('test/identity/oauth/renew-forever.fixture.ts');
  const world = await openWorld();
  open.push(world.close);
  await world.host.state('mail', 'signing-in');
  await world.login();
  await world.host.state('mail', 'ready');
  // The answer comes after the tokens have changed: the worst moment lasts.
  world.authority.slowMs = 100;
  let during = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, [program, world.dataDir, world.server.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(child, 'close');
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    await until(() => out.includes('begin') || out.includes('failed'), 'a renewal', 30_000);
    // Every other time right after the tokens have changed, while their answer is on its way.
    const before = world.authority.tokenRequests.length;
    if (kill % 2 === 0) {
      const changed = (): boolean => world.authority.tokenRequests.length > before;
      await until(() => changed() || out.includes('failed'), 'a change of tokens', 30_000);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    child.kill('SIGKILL');
    await gone;
    expect(out).not.toContain('failed');
    if (!out.trimEnd().endsWith('end')) during++;
  }
  expect(during).toBeGreaterThan(0);
  world.authority.slowMs = 0;
  expect(world.authority.tokenRequests.filter((request) => request.includes(':'))).toEqual([]);
  const next = world.house();
  open.push(next.close);
  await next.host.state('mail', 'ready');
  next.clock.jump(3_600_001);
  expect(await next.tool()).toBe('ok');
  expect(world.authority.tokenRequests.filter((request) => request.includes(':'))).toEqual([]);
});
