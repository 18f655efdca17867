/** What is told of limits and refused hosts, and how much of it at most. */
import { describe, expect, it, vi } from 'vitest';
import { createLimitsMet, createTelling } from '../../main/isolation/limits-met.ts';
import { createReports, limitWords } from '../../main/isolation/reports.ts';
import { sentence } from '../../main/isolation/sentences.ts';

const HOUR = 60 * 60_000;
const policy = { memoryBytes: 512 * 1024 ** 2, pids: 256, scratchBytes: 1 };

describe('limits that were met', () => {
  it('are counted by their words, newest first, and bounded', () => {
    const limits = createLimitsMet();
    for (let i = 0; i < 30; i++)
      limits.note('a', { kind: 'scratch', ...sentence('scratch', { place: `/${i}` }) }, 1, i);
    const met = { kind: 'scratch', ...sentence('scratch', { place: '/15' }) } as const;
    limits.note('a', met, 4, 99);
    expect(limits.of('a')).toHaveLength(20);
    expect(limits.of('a')[0]).toEqual({ ...met, count: 5, last: 99 });
    expect(limits.of('b')).toEqual([]);
  });

  it('have words', () => {
    expect(limitWords('memory', policy, null).text).toBe(
      'it needed more than its 512 MB of memory, and what needed it was ended',
    );
    expect(limitWords('processes', policy, null).text).toContain('its 256 processes');
    expect(limitWords('scratch', policy, '/tmp')).toMatchObject({
      text: expect.stringContaining('/tmp'),
      said: { form: 'contained.scratch', values: { place: '/tmp' } },
    });
  });
});

describe('what is told', () => {
  it('is told once an hour, and a flood ends with one line that says so', () => {
    const telling = createTelling();
    expect(telling.worth('a', 'x', 0)).toBe('x');
    expect(telling.worth('a', 'x', HOUR - 1)).toBeNull();
    expect(telling.worth('b', 'x', 1)).toBe('x');
    const flood = Array.from({ length: 500 }, (_, i) => telling.worth('a', `host ${i}`, 2)).filter(Boolean);
    expect(flood).toHaveLength(100);
    expect(flood.at(-1)).toMatch(/more than is written here/);
    expect(telling.worth('a', 'x', HOUR)).toBe('x');
  });

  it('goes to the log of the server while it runs and to the activity log; what is no refusal of ours goes to neither', () => {
    const heldBack = vi.fn();
    const reports = createReports({
      clock: { now: () => 7, after: () => () => undefined },
      changed() {},
      heldBack,
    });
    const [first, second] = [vi.fn(), vi.fn()];
    const endFirst = reports.writeTo('a', first);
    reports.writeTo('a', second);
    const report = { kind: 'host', server: 'a', host: 'h.example', port: 443 } as const;
    reports.host({ ...report, refused: null });
    reports.host({ ...report, refused: 'unknown' });
    expect(heldBack).not.toHaveBeenCalled();
    reports.host({ ...report, refused: 'not-listed' });
    endFirst();
    const met = sentence('memory', { limit: '1 GB' });
    reports.limit('a', 'memory', met, 2);
    expect(heldBack.mock.calls).toEqual([
      ['a', 'host', 'it was refused h.example:443: it is not on its list'],
      ['a', 'limit', met.text],
    ]);
    expect(first).not.toHaveBeenCalled();
    expect(second.mock.calls.flat()).toEqual(heldBack.mock.calls.map(([, , words]) => words as string));
    expect(reports.limits('a')).toMatchObject([{ count: 2, last: 7 }]);
  });
});
