import { expect, it } from 'vitest';
import { GatehouseError } from '../../main/protocol/error.ts';
import { holdCall } from '../../main/upstreams/held-call.ts';
import type { Refresh } from '../../main/upstreams/refresh.ts';
import { call, peer } from '../fakes/call.ts';
import { manualClock } from '../fakes/manual-clock.ts';

function host() {
  const clock = manualClock();
  let read: (good: boolean) => void = () => undefined;
  const refresh: Refresh = {
    changed: () => undefined,
    doubts: () => true,
    catchUp: () =>
      new Promise((resolve) => {
        read = resolve;
      }),
    closed: false,
    close: () => undefined,
  };
  const held = call(peer('a'), 'tools/call', { name: 't' });
  const sent: string[] = [];
  const handle = holdCall(held.request, 'tools', refresh, clock, () => {
    sent.push('sent');
    return { cancel: (reason) => void sent.push(reason) };
  });
  return {
    ...{ clock, held, sent, handle },
    async read(good: boolean) {
      read(good);
      await new Promise(setImmediate);
    },
  };
}

it('is sent when the list was read and still lets it through', async () => {
  const { sent, read, handle, clock } = host();
  expect(sent).toEqual([]);
  await read(true);
  expect(sent).toEqual(['sent']);
  handle.cancel('why');
  expect(sent).toEqual(['sent', 'why']);
  expect(clock.pending()).toEqual([]);
});

it('fails with the reason when the new list does not let it through', async () => {
  const { sent, read, held } = host();
  held.refusal = new GatehouseError({ code: 'trust.changed', message: 'm', remedy: 'r' });
  await read(true);
  expect(sent).toEqual([]);
  expect(held.failed.map((error) => error.code)).toEqual(['trust.changed']);
});

it('fails when the list cannot be read, or not in ten seconds', async () => {
  const first = host();
  await first.read(false);
  expect(first.held.failed.map((error) => error.code)).toEqual(['upstream.list_unread']);
  const second = host();
  second.clock.advance(10_000);
  await second.read(true);
  expect(second.held.failed.map((error) => error.code)).toEqual(['upstream.list_unread']);
  expect(second.sent).toEqual([]);
});

it('is never sent once it was cancelled', async () => {
  const { sent, read, held, handle, clock } = host();
  handle.cancel('gone');
  await read(true);
  expect(sent).toEqual([]);
  expect(held.failed).toEqual([]);
  expect(clock.pending()).toEqual([]);
});
