/** Calls that met a lost session (transports of 2025-11-25, "Session Management"). */
import { expect, it } from 'vitest';
import type { Forward } from '../../main/protocol/call.ts';
import { GatehouseError } from '../../main/protocol/error.ts';
import { notCarriedOut } from '../../main/upstreams/problems.ts';
import { SecondChance } from '../../main/upstreams/second-chance.ts';
import type { ServerSession } from '../../main/upstreams/server-session.ts';
import { call, peer } from '../fakes/call.ts';

const lost = new GatehouseError({ code: 'upstream.session_lost', message: 'lost', remedy: '' });

interface Fake {
  readonly session: ServerSession;
  readonly calls: Forward[];
  readonly cancelled: string[];
}

function fakeSession(): Fake {
  const calls: Forward[] = [];
  const cancelled: string[] = [];
  const forward = (request: Forward) => {
    calls.push(request);
    return { cancel: (reason: string) => void cancelled.push(reason) };
  };
  return { session: { forward } as unknown as ServerSession, calls, cancelled };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

it('is made again once, in the session that follows the one it met', async () => {
  const [one, two] = [fakeSession(), fakeSession()];
  const from = call(peer('a'), 'tools/call', { name: 't' });
  const after: unknown[] = [];
  new SecondChance(from.request, (forgotten) => {
    after.push(forgotten?.session);
    return Promise.resolve(two.session);
  }).first(one.session);
  one.calls[0]?.sink.fail(notCarriedOut(lost));
  await settled();
  expect([one.calls.length, two.calls.length, from.failed.length]).toEqual([1, 1, 0]);
  two.calls[0]?.sink.fail(notCarriedOut(lost));
  await settled();
  expect(from.failed.map(({ code }) => code)).toEqual(['upstream.session_lost']);
  expect([two.calls.length, after]).toEqual([1, [one.session]]);
});

it('is not made again when the server may have carried it out', async () => {
  const one = fakeSession();
  const from = call(peer('a'), 'tools/call', { name: 't' });
  new SecondChance(from.request, () => Promise.reject(new Error('never'))).first(one.session);
  one.calls[0]?.sink.fail(lost);
  await settled();
  expect(from.failed).toEqual([lost]);
});

it('that is cancelled meanwhile reaches no server', async () => {
  const [one, two] = [fakeSession(), fakeSession()];
  const from = call(peer('a'), 'tools/call', { name: 't' });
  const chance = new SecondChance(from.request, () => Promise.resolve(two.session)).first(one.session);
  one.calls[0]?.sink.fail(notCarriedOut(lost));
  chance.cancel('no more');
  await settled();
  expect([two.calls.length, from.failed.length]).toEqual([0, 0]);
  const other = new SecondChance(from.request, () => Promise.resolve(two.session)).first(one.session);
  other.cancel('no more');
  expect(one.cancelled).toEqual(['no more']);
});
