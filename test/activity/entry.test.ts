import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsSince, numbered, rowOf } from '../../main/activity/entry.ts';
import { createNames } from '../../main/activity/names.ts';
import type { ActivityRow } from '../../preload/contract.ts';
import { call } from './entries.ts';

describe('an entry', () => {
  it('becomes the row of the contract, field by field', () => {
    const row: ActivityRow = rowOf(numbered(7, call({ errorCode: 'upstream.gone', outcome: 'error' })));
    expect(row).toEqual({
      id: 7,
      at: 1_700_000_000_000,
      client: 'claude-desktop',
      server: 'files',
      tool: 'read_text_file',
      outcome: 'error',
      errorCode: 'upstream.gone',
      durationMs: 12,
      requestBytes: 180,
      responseBytes: 2_048,
    });
  });

  it('has whole numbers from 0, whatever it is told', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (durationMs, at) => {
        const entry = numbered(1, call({ durationMs, at }));
        expect(Number.isSafeInteger(entry.durationMs) && entry.durationMs >= 0).toBe(true);
        expect(Number.isSafeInteger(entry.at) && entry.at >= 0).toBe(true);
      }),
    );
    expect(numbered(1, call({ durationMs: 12.6 })).durationMs).toBe(13);
  });

  it('is cut where a target is as long as a picture', () => {
    const { tool } = numbered(1, call({ tool: `data:image/png;base64,${'A'.repeat(1_000_000)}` }));
    expect(tool).toHaveLength(512);
    expect(tool.endsWith('…')).toBe(true);
  });

  it('counts when it is a tool call of a server that ended in time', () => {
    const counts = (changes: Parameters<typeof call>[0]): boolean =>
      countsSince(numbered(1, call({ at: 1_000, durationMs: 10, ...changes })), 1_010);
    expect(counts({})).toBe(true);
    expect(counts({ outcome: 'refused' })).toBe(true);
    expect(counts({ durationMs: 9 })).toBe(false);
    expect(counts({ method: 'resources/read' })).toBe(false);
    expect(counts({ server: '' })).toBe(false);
  });
});

describe('names', () => {
  it('keep the numbers that the file knows and give out new ones behind them', () => {
    const names = createNames([
      [3, 'files'],
      [9, 'ok'],
    ]);
    expect(names.idOf('files')).toBe(3);
    expect(names.unsaved()).toEqual([]);
    expect(names.idOf('git')).toBe(10);
    expect(names.idOf('git')).toBe(10);
    expect(names.textOf(10)).toBe('git');
    expect(names.find('git')).toBe(10);
    expect(names.find('nobody')).toBeNull();
    expect(names.idOf('web')).toBe(11);
    expect(names.unsaved()).toEqual([
      [10, 'git'],
      [11, 'web'],
    ]);
    names.saved(10);
    expect(names.unsaved()).toEqual([[11, 'web']]);
  });
});
