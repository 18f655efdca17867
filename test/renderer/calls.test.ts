import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { WaitingCall } from '../../preload/views/calls.ts';
import CallDetail from '../../renderer/parts/CallDetail.svelte';
import { whoOf } from '../../renderer/state/activity.ts';
import { createApp } from '../../renderer/state/app.svelte.ts';
import { mayLetThrough, timeLeft } from '../../renderer/state/calls.ts';
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
  claim: null,
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

  it('says what the server says of the tool, as its own words; of one that is not listed, that it says nothing', () => {
    const still = { addEventListener: () => {}, removeEventListener: () => {} };
    const app = createApp(createApi(handTransport()), words, { ...still, location: { hash: '' } });
    const shown = (claim: WaitingCall['claim']): string =>
      render(Within, {
        props: {
          ...{ app, part: CallDetail as unknown as Component<Record<string, unknown>> },
          props: { call: { ...call('1'), claim }, now: 0, busy: false, ondecide: () => {} },
        },
      }).body;
    const claim = {
      ...{ title: 'Run SQL', description: 'Runs <b>one</b> statement.\u200b', effect: 'deletes' as const },
      ...{ openWorld: true, idempotent: true },
    } as const;
    const body = shown(claim);
    for (const text of ['What its server says', 'Run SQL', 'Deletes things', 'Safe to repeat', 'ZWSP']) {
      expect(body).toContain(text);
    }
    expect(body).not.toContain('<b>one');
    expect(shown(null)).toContain('does not list this tool');
    expect(shown({ ...claim, idempotent: false })).not.toContain('Safe to repeat');
    app.close();
  });

  it('takes no name of a client for who it is', () => {
    const of = (client: string) => whoOf(words, { ...call('1', 'Cursor'), client });
    expect(of('client-7')).toBe('client-7');
    expect(of('token-4f1c09ab')).toBe('“Cursor”');
  });
});
