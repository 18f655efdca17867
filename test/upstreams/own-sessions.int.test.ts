/** Sessions of one client each that go wrong, are too many, or are not used any more. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createOwnSessions, type OwnSessions } from '../../main/upstreams/own-sessions.ts';
import type { UpstreamEvents, UpstreamSpec } from '../../main/upstreams/ports.ts';
import { openServerLog } from '../../main/upstreams/server-log.ts';
import { call, peer } from '../fakes/call.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { until } from '../host/gateway.ts';
import { local } from './pool-host.ts';

interface Opened {
  readonly own: OwnSessions;
  readonly clock: ManualClock;
  /** Peers whose sessions have come (true) and gone (false). */
  readonly listed: [string, boolean][];
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function open(spec: UpstreamSpec): Opened {
  const logDir = mkdtempSync(join(tmpdir(), 'gh-own-'));
  const clock = manualClock();
  const log = openServerLog(join(logDir, 's.log'), clock);
  const listed: [string, boolean][] = [];
  const moving = new Set<Promise<void>>();
  const events: UpstreamEvents = {
    ...{ status: () => undefined, listing: () => undefined, notification: () => undefined },
    ownListing: (_name, key, listing) => void listed.push([key, listing !== null]),
    ask: () => null,
  };
  const own = createOwnSessions({
    spec,
    log,
    knowledge: { era: 'legacy', transport: null },
    closing: (done) => void moving.add(done),
    deps: {
      ...{ clock, events, logDir, clientInfo: { name: 'gatehouse', version: '0' } },
      log: { debug: () => undefined, warn: () => undefined },
      resolve: (text) => Promise.resolve(text),
      baseEnv: { PATH: process.env.PATH ?? '' },
    },
  });
  closing.push(async () => {
    own.endAll();
    await Promise.all(moving);
    await log.close();
    rmSync(logDir, { recursive: true, force: true });
  });
  return { own, clock, listed };
}

const fails = local('s', ['absent.mjs'], { session: 'per-client' });
const absent: UpstreamSpec = {
  ...fails,
  transport: { kind: 'stdio', command: 'no-such-command', args: [], env: {}, cwd: null },
};
const good = local('s', ['two-way-server.mjs'], { session: 'per-client' });

it("that cannot be opened is this client's trouble, and is tried again only after a pause", async () => {
  const { own, clock } = open(absent);
  const [first, second, third] = [1, 2, 3].map(() => call(peer('a'), 'tools/call', { name: 'facts' }));
  own.forward(first?.request as never);
  await until(() => first?.failed.length === 1, 'it fails');
  expect(first?.failed[0]?.code).toBe('upstream.command_not_found');
  own.forward(second?.request as never);
  await until(() => second?.failed.length === 1, 'it fails at once');
  expect(second?.failed[0]).toBe(first?.failed[0]);
  clock.advance(1_000);
  own.forward(third?.request as never);
  await until(() => third?.failed.length === 1, 'it is tried again');
  expect(third?.failed[0]).not.toBe(first?.failed[0]);
  await expect(own.subscribe('note://1', peer('a'))).rejects.toMatchObject({
    code: 'upstream.command_not_found',
  });
});

it('a call that is cancelled before it is open never reaches the server', async () => {
  const { own } = open(good);
  const from = peer('a');
  const one = call(from, 'tools/call', { name: 'slow' });
  own.forward(one.request).cancel('no more');
  await own.open(from);
  const facts = call(from, 'tools/call', { name: 'facts' });
  own.forward(facts.request);
  await until(() => facts.answers.length === 1, 'the answer');
  expect(facts.answers[0]).toContain('\\"calls\\":1');
  expect([one.answers, one.failed]).toEqual([[], []]);
});

it('one more than 64 is refused, and there is room again when one goes', async () => {
  const { own } = open(absent);
  for (let i = 0; i < 64; i++) await own.open(peer(`p${i}`));
  const one = call(peer('more'), 'tools/call', { name: 'facts' });
  own.forward(one.request);
  expect(one.failed.map(({ code }) => code)).toEqual(['upstream.too_many_sessions']);
  own.end('p7');
  own.forward(one.request);
  await until(() => one.failed.length === 2, 'it is opened');
  expect(one.failed[1]?.code).toBe('upstream.command_not_found');
});

it('of a stateless client ends when it was not used for 15 minutes, one of a session does not', async () => {
  const { own, clock, listed } = open(good);
  const stateless = peer('m', { era: 'modern', revision: '2026-07-28' });
  await Promise.all([own.open(stateless), own.open(peer('l'))]);
  clock.advance(14 * 60_000);
  const facts = call(stateless, 'tools/call', { name: 'facts' });
  own.forward(facts.request);
  await until(() => facts.answers.length === 1, 'the answer');
  clock.advance(14 * 60_000);
  expect(own.has('m')).toBe(true);
  clock.advance(60_000);
  expect([own.has('m'), own.has('l')]).toEqual([false, true]);
  expect(listed.filter(([, there]) => !there)).toEqual([['m', false]]);
});
