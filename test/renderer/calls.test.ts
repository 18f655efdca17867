import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { WaitingCall } from '../../preload/views/calls.ts';
import CallDetail from '../../renderer/parts/CallDetail.svelte';
import { createApp } from '../../renderer/state/app.svelte.ts';
import { clientOf, mayLetThrough, timeLeft } from '../../renderer/state/calls.ts';
import { handTransport, words } from './fakes.ts';
import Within from './Within.svelte';

const call = (id: string, clientName: string | null = null): WaitingCall => ({
  id,
  client: 'client-7',
  clientName,
  server: 's',
  tool: 't',
  hash: 'h',
  args: '',
  argsBytes: 0,
  complete: true,
  since: 0,
  until: 0,
  findings: [],
});

describe('calls that wait, on the screen', () => {
  it.each([
    [48_000, '0:48'],
    [47_001, '0:48'],
    [120_000, '2:00'],
    [0, '0:00'],
    [-5, '0:00'],
  ])('%i ms are %s', (left, text) => {
    expect(timeLeft(1_000_000 + left, 1_000_000)).toBe(text);
  });

  it('lets nothing through by a script, or by a click that was meant for something else', () => {
    expect(mayLetThrough(true, 1_000, 1_599)).toBe(false);
    expect(mayLetThrough(true, 1_000, 1_600)).toBe(true);
    expect(mayLetThrough(false, 1_000, 9_000)).toBe(false);
  });

  it('shows beside it what the scanner found in its tool; where that is serious, Deny comes first', () => {
    const still = { addEventListener: () => {}, removeEventListener: () => {} };
    const app = createApp(createApi(handTransport()), words, { ...still, location: { hash: '' } });
    const shown = (findings: WaitingCall['findings']): string =>
      render(Within, {
        props: {
          ...{ app, part: CallDetail as unknown as Component<Record<string, unknown>> },
          props: { call: { ...call('1'), findings }, now: 0, busy: false, ondecide: () => {} },
        },
      }).body;
    const finding = { rule: 'x', evidence: '', pointer: '', start: 0, end: 0 } as const;
    const quiet = shown([]);
    expect(quiet).not.toContain('What was found');
    expect(quiet.indexOf('Allow once')).toBeLessThan(quiet.indexOf('Deny'));
    const loud = shown([
      { ...finding, severity: 'high', serious: true, sentence: 'It gives orders to the model.' },
    ]);
    expect(loud).toContain('It gives orders to the model.');
    expect(loud.indexOf('Deny')).toBeLessThan(loud.indexOf('Allow once'));
    expect(loud.match(/>\s*Deny/g)).toHaveLength(1);
    app.close();
  });

  it('names the client as it names itself, or by its id', () => {
    expect(clientOf(call('1', 'Cursor'))).toBe('Cursor');
    expect(clientOf(call('1'))).toBe('client-7');
  });
});
