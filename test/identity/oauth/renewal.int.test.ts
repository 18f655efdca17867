/** Tokens are renewed once, in time, and without losing them, whatever happens meanwhile. */
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '../../host/gateway.ts';
import { openWorld, type World } from './world.ts';

const HOUR = 3_600_000;
const worlds: World[] = [];
// Whole sign-ins, each with a provider that makes its keys first.
vi.setConfig({ testTimeout: 60_000 });
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function signedIn(...args: Parameters<typeof openWorld>): Promise<World> {
  const world = await openWorld(...args);
  worlds.push(world);
  await world.host.state('mail', 'signing-in');
  await world.login();
  await world.host.state('mail', 'ready');
  return world;
}

const refreshes = (world: World): number =>
  world.authority.tokenRequests.filter((request) => request.startsWith('refresh_token')).length;

it('64 calls at the moment of expiry: one token request, 64 answers', async () => {
  const world = await signedIn();
  world.clock.jump(HOUR + 1);
  const calls = Array.from({ length: 64 }, () => world.begin());
  const outcomes = await Promise.all(calls.map(world.outcome));
  expect(outcomes).toEqual(Array(64).fill('ok'));
  expect(world.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  expect(world.server.refusals()).toBe(1);
});

it('64 calls that the server refuses before our clock says so: one token request, 64 answers', async () => {
  const world = await signedIn();
  expect(await world.tool()).toBe('ok');
  const [shown = ''] = world.server.calls;
  world.server.refusing.add(shown.replace('Bearer ', ''));
  const outcomes = await Promise.all(Array.from({ length: 64 }, () => world.begin()).map(world.outcome));
  expect(outcomes).toEqual(Array(64).fill('ok'));
  expect(refreshes(world)).toBe(1);
});

it('is renewed in its last quarter while the old token still serves', async () => {
  const world = await signedIn();
  expect(await world.tool()).toBe('ok');
  world.clock.jump(HOUR - 4 * 60_000);
  world.authority.slowMs = 300;
  expect(await world.tool()).toBe('ok');
  expect(world.server.calls[1]).toBe(world.server.calls[0]);
  await until(() => refreshes(world) === 1, 'renewed');
});

it('two processes renew once between them, and both go on', async () => {
  const world = await signedIn();
  const other = world.house();
  await other.host.state('mail', 'ready');
  expect(await other.tool()).toBe('ok');
  world.clock.jump(HOUR + 1);
  other.clock.jump(HOUR + 1);
  const calls = Array.from({ length: 8 }, () => [world.outcome(world.begin()), other.outcome(other.begin())]);
  expect(new Set(await Promise.all(calls.flat()))).toEqual(new Set(['ok']));
  expect(world.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
});

it('an authority that is down loses nothing', async () => {
  const world = await signedIn();
  world.clock.jump(HOUR - 4 * 60_000);
  world.authority.failWith = 503;
  expect(await world.tool()).toBe('ok');
  world.clock.jump(5 * 60_000);
  expect(await world.tool()).toBe('signin.provider_down');
  world.clock.jump(10_000);
  world.authority.failWith = null;
  expect(await world.tool()).toBe('ok');
  expect(world.signIns.view('mail')).toMatchObject({ state: 'signed-in', problem: null });
});

it('a sign-in that the authority has ended says so, and the call waits for the next one', async () => {
  const world = await signedIn({}, {}, { browser: true });
  await world.authority.revokeAll();
  world.clock.jump(HOUR + 1);
  const one = world.begin();
  await until(() => world.opened.length === 2, 'a browser');
  expect(world.signIns.view('mail')?.state).toBe('waiting');
  await until(() => one.progress.length > 0, 'progress');
  expect(one.progress[0]).toContain('Waiting for you to sign in');
  await world.login();
  expect(await world.outcome(one)).toBe('ok');
});

it('what was given is used by the next process, and goes to no other address', async () => {
  const world = await signedIn();
  const next = world.house();
  await next.host.state('mail', 'ready');
  expect(await next.tool()).toBe('ok');
  expect(world.authority.tokenRequests).toEqual(['authorization_code']);
  const elsewhere = next.signIns.credentials('mail', 'http://127.0.0.1:1/mcp');
  expect(await elsewhere.authorization()).toBeNull();
});

it('signing out tells the authority, and nothing is kept', async () => {
  const world = await signedIn();
  const token = world.server.seen.at(-1)?.authorization?.replace('Bearer ', '') ?? '';
  await world.signIns.signOut('mail');
  expect(await world.authority.check(token)).toBeNull();
  await world.host.pool.restart('mail');
  await world.host.state('mail', 'signing-in');
  expect(world.server.seen.at(-1)?.authorization).toBeNull();
});
