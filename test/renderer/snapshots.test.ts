/** The newest snapshot wins, in whatever order the answer and the pushes come. */
import { expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { Problem, Snapshot } from '../../preload/contract.ts';
import { openSnapshots, type SnapshotFeed } from '../../renderer/state/snapshots.ts';
import { type HandTransport, handTransport, problem, refused, server, snapshot } from './fakes.ts';

interface Opened {
  readonly transport: HandTransport;
  readonly feed: SnapshotFeed;
  readonly taken: Snapshot[];
  readonly failures: Problem[];
}

function open(): Opened {
  const transport = handTransport();
  const taken: Snapshot[] = [];
  const failures: Problem[] = [];
  const feed = openSnapshots(createApi(transport), {
    changed: (next) => taken.push(next),
    failed: (why) => failures.push(why),
  });
  return { transport, feed, taken, failures };
}

test('takes the answer, then what is pushed', async () => {
  const { transport, feed, taken } = open();
  void feed.ask();
  await transport.last('snapshot.get').answer({ ok: true, value: snapshot(3, []) });
  transport.emit('snapshot', snapshot(4, []));
  expect(taken.map(({ revision }) => revision)).toEqual([3, 4]);
});

test('ignores what is older, be it the answer or a push', async () => {
  const { transport, feed, taken } = open();
  void feed.ask();
  transport.emit('snapshot', snapshot(9, []));
  await transport.last('snapshot.get').answer({ ok: true, value: snapshot(8, []) });
  transport.emit('snapshot', snapshot(7, []));
  transport.emit('snapshot', snapshot(9, []));
  expect(taken.map(({ revision }) => revision)).toEqual([9]);
});

test('an unchanged server keeps its object from one snapshot to the next', () => {
  const { transport, taken } = open();
  transport.emit('snapshot', snapshot(1, [server('a'), server('b')]));
  transport.emit('snapshot', snapshot(2, [server('a'), server('b', { state: 'failed' })]));
  expect(taken[1]?.servers[0]).toBe(taken[0]?.servers[0]);
  expect(taken[1]?.servers[1]?.state).toBe('failed');
});

test('tells that it failed, but not once there is something to show', async () => {
  const { transport, feed, failures } = open();
  void feed.ask();
  await transport.last('snapshot.get').answer(refused);
  expect(failures).toEqual([problem]);
  void feed.ask();
  transport.emit('snapshot', snapshot(1, []));
  await transport.last('snapshot.get').answer(refused);
  expect(failures).toHaveLength(1);
});

test('after closing nothing is heard, not even a late answer', async () => {
  const { transport, feed, taken, failures } = open();
  void feed.ask();
  feed.close();
  feed.close();
  expect(transport.heardBy('snapshot')).toBe(0);
  await transport.last('snapshot.get').answer({ ok: true, value: snapshot(1, []) });
  void feed.ask();
  await transport.last('snapshot.get').answer(refused);
  expect([taken, failures]).toEqual([[], []]);
});
