import { describe, expect, it } from 'vitest';
import type { WaitingCallView } from '../../preload/views/calls.ts';
import { clientOf, mayLetThrough, timeLeft } from '../../renderer/state/calls.ts';

const call = (id: string, clientName: string | null = null): WaitingCallView => ({
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

  it('names the client as it names itself, or by its id', () => {
    expect(clientOf(call('1', 'Cursor'))).toBe('Cursor');
    expect(clientOf(call('1'))).toBe('client-7');
  });
});
