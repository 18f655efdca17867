/** What the popover shows of all that there is, and which calls may be allowed in it. */
import { describe, expect, test } from 'vitest';
import { waitingIn } from '../../main/state/state.ts';
import type { ActivityRow } from '../../preload/views/activity.ts';
import type { WaitingCall } from '../../preload/views/calls.ts';
import type { WaitingSignInView } from '../../preload/views/client-sign-in.ts';
import { byUse, lastCalls, mayAllowHere, popoverItems } from '../../renderer/state/popover.ts';
import { server, snapshot } from './fakes.ts';

const call = (more: Partial<WaitingCall> = {}): WaitingCall => ({
  ...{
    id: '1',
    client: 'c',
    clientName: 'Client',
    server: 's',
    tool: 'run',
    claim: null,
    hash: 'x',
    args: '{"a":1}',
  },
  ...{ argsBytes: 7, complete: true, since: 0, until: 60_000, findings: [] },
  ...more,
});

test('what ends soonest comes first, then what is held back', () => {
  const servers = [
    server('new', { state: 'quarantined' }),
    server('broken', { state: 'failed' }),
    server('changed', { waiting: 2 }),
    server('off', { enabled: false, state: 'disabled', waiting: 2 }),
    server('away', { state: 'signing-in', waiting: 1 }),
    server('fine'),
  ];
  const calls = [call({ id: 'b', until: 90_000 }), call({ id: 'a', until: 30_000 })];
  const request = { id: 'r', name: null } as WaitingSignInView;
  const now = snapshot(1, servers, { callsWaiting: { count: 2, revision: 1 } });
  const endpoint = { ...now.endpoint, state: 'failed' as const };
  const config = { ...now.config, state: 'broken' as const };
  const items = popoverItems({ servers, endpoint, config }, calls, [request]);
  expect(items.map(({ key }) => key)).toEqual([
    'call:a',
    'call:b',
    'client:r',
    'endpoint',
    'config',
    'definitions:changed',
    'new-server:new',
    'sign-in:away',
    'failed:broken',
  ]);
  // What the headline, the tray and the badge say is as many.
  expect(waitingIn({ ...now, endpoint, config, signInsWaiting: 1 }).all).toBe(items.length);
});

test('the busiest server comes first, what is off last', () => {
  const servers = [
    server('b', { callsToday: 3 }),
    server('off', { callsToday: 90, enabled: false }),
    server('a', { callsToday: 3 }),
    server('c', { callsToday: 9 }),
  ];
  expect(byUse(servers, 'en').map(({ name }) => name)).toEqual(['c', 'a', 'b', 'off']);
});

test('the last calls are calls, newest first, each once', () => {
  const row = (id: number, kind: ActivityRow['kind'] = 'call') => ({ id, kind }) as ActivityRow;
  const known = lastCalls([], [row(1), row(2), row(3)]);
  const come = [row(2), row(5, 'decision'), row(6), row(4)];
  expect(lastCalls(known, come).map(({ id }) => id)).toEqual([6, 4, 3, 2]);
});

describe('mayAllowHere', () => {
  test('only what is shown whole', () => {
    expect(mayAllowHere(call())).toBe(true);
    expect(mayAllowHere(call({ args: '' }))).toBe(true);
    expect(mayAllowHere(call({ complete: false }))).toBe(false);
    expect(mayAllowHere(call({ args: 'x'.repeat(120) }))).toBe(true);
    expect(mayAllowHere(call({ args: 'x'.repeat(121) }))).toBe(false);
    expect(mayAllowHere(call({ args: '字'.repeat(61) }))).toBe(false);
    expect(mayAllowHere(call({ args: '\n\n\n' }))).toBe(false);
  });

  test('nothing with findings, and nothing that hides or turns', () => {
    const finding = { serious: false } as WaitingCall['findings'][number];
    expect(mayAllowHere(call({ findings: [finding] }))).toBe(false);
    for (const hidden of ['\u200b', '\u202e', '\u{e0041}', '\u00ad', '\ufeff'])
      expect(mayAllowHere(call({ args: `{"a":"${hidden}"}` })), JSON.stringify(hidden)).toBe(false);
  });
});
