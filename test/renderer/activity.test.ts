/** The Activity screen: what is asked for, how rows read, and how pages and new rows become one list. */
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { describe, expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { ActivityRow, ActivityStats } from '../../preload/views/activity.ts';
import Root from '../../renderer/App.svelte';
import ActivityCharts from '../../renderer/parts/ActivityCharts.svelte';
import {
  clientChoices,
  columnsOf,
  endingSign,
  filterOf,
  isForReview,
  isNarrowed,
  prettyJson,
  saysItself,
  sizeWords,
  tookWords,
  usual,
  whoOf,
  withClients,
  withNewest,
} from '../../renderer/state/activity.ts';
import { type ActivityListState, openActivityList, PAGE } from '../../renderer/state/activity-list.ts';
import { createApp } from '../../renderer/state/app.svelte.ts';
import { BOX, barsOf, callsAt, lineOf, momentFor, roundTop, timesAt } from '../../renderer/state/charts.ts';
import { later } from '../../renderer/views/later.ts';
import { type HandTransport, handTransport, refused, server, snapshot, words } from './fakes.ts';
import Within from './Within.svelte';

const row = (id: number, part: Partial<ActivityRow> = {}): ActivityRow => ({
  ...{
    id,
    at: id,
    kind: 'call',
    client: 'c',
    clientName: null,
    session: 's',
    server: 'files',
    tool: 'read',
    action: 'tools/call',
  },
  ...{ outcome: 'ok', errorCode: null, approval: null, durationMs: 1, requestBytes: 1, responseBytes: 1 },
  ...part,
});
const rows = (from: number, count: number): ActivityRow[] =>
  Array.from({ length: count }, (_, index) => row(from - index));
const none: ActivityStats = { calls: 0, failures: 0, p50: null, p95: null, buckets: [], tools: [] };

describe('the question', () => {
  const noon = new Date(2026, 10, 28, 12).getTime();

  test('has only what was chosen', () => {
    expect(filterOf(usual, noon)).toEqual({ since: new Date(2026, 10, 28).getTime(), kind: 'call' });
    expect(filterOf({ ...usual, span: 'all', kind: 'all', text: '  ' }, noon)).toEqual({});
    expect(
      filterOf(
        { text: ' needle ', span: 'hour', kind: 'decision', client: 'c', server: 's', ending: 'failed' },
        noon,
      ),
    ).toEqual({
      text: 'needle',
      since: noon - 3_600_000,
      kind: 'decision',
      client: 'c',
      server: 's',
      outcome: 'failed',
    });
  });

  test('is narrowed by anything but blanks', () => {
    expect(isNarrowed({ ...usual, text: ' ' })).toBe(false);
    expect(isNarrowed({ ...usual, server: 's' })).toBe(true);
  });
});

describe('a row', () => {
  test.each([
    [0, '0 ms'],
    [9.4, '9 ms'],
    [1_210, '1.21 s'],
    [84_000, '84 s'],
    [180_000, '3 min'],
  ])('took %d ms: %s', (ms, text) => {
    expect(tookWords(words, ms)).toBe(text);
  });

  test.each([
    [0, '0 B'],
    [182, '182 B'],
    [18_440, '18.4 KB'],
    [2_100_000, '2.1 MB'],
  ])('of %d bytes: %s', (bytes, text) => {
    expect(sizeWords(words, bytes)).toBe(text);
  });

  test('says how it ended, and whether Approvals can mend that', () => {
    expect(endingSign(row(1, { outcome: 'refused' }))).toMatchObject({ icon: 'shield-x', tone: 'warn' });
    expect(isForReview(row(1, { errorCode: 'trust.changed' }))).toBe(true);
    expect(isForReview(row(1, { errorCode: 'upstream.timeout' }))).toBe(false);
  });

  test('shows JSON in lines, without touching a number or a text in it', () => {
    expect(prettyJson('{"b":12345678901234567890,"a":[],"t":"x, {y}: \\"z\\"","c":[1,{"d":null}]}')).toBe(
      '{\n  "b": 12345678901234567890,\n  "a": [],\n  "t": "x, {y}: \\"z\\"",\n  "c": [\n    1,\n    {\n      "d": null\n    }\n  ]\n}',
    );
    // Cut off in the middle, and no JSON at all.
    expect(prettyJson('{"a":"b')).toBe('{\n  "a": "b');
    expect(prettyJson('plain: text, here')).toBe('plain: text, here');
    expect(prettyJson('['.repeat(50_000)).length).toBeLessThan(10_000_000);
  });
});

describe('a newer page on top', () => {
  test('adds what is new, and begins anew over a gap', () => {
    const known = rows(10, 5);
    expect(withNewest(known, rows(12, 4), 4)?.map(({ id }) => id)).toEqual([12, 11, 10, 9, 8, 7, 6]);
    expect(withNewest(known, rows(10, 4), 4)).toBe(known);
    expect(withNewest(known, rows(30, 4), 4)).toBeNull();
    expect(withNewest([], rows(30, 4), 4)).toHaveLength(4);
  });
});

describe('the list', () => {
  function open(): {
    list: ReturnType<typeof openActivityList>;
    transport: HandTransport;
    state(): ActivityListState;
    later(): void;
  } {
    const transport = handTransport();
    const states: ActivityListState[] = [];
    const timers: (() => void)[] = [];
    const list = openActivityList(
      createApi(transport),
      (state) => states.push(state),
      (_ms, run) => {
        timers.push(run);
        return () => void timers.splice(timers.indexOf(run), 1);
      },
    );
    return {
      list,
      transport,
      state: () => states.at(-1) ?? expect.fail('nothing is known'),
      later: () => {
        for (const run of timers.splice(0)) run();
      },
    };
  }
  const answered = async (transport: HandTransport, page: readonly ActivityRow[]): Promise<void> => {
    await transport.last('activity.query').answer({ ok: true, value: page });
    await transport.last('activity.stats').answer({ ok: true, value: none });
  };
  const question = { filter: { text: 'x', server: 'files' }, since: 0, until: 9 };

  test('asks for a page and for figures, which know no words', async () => {
    const { list, transport, state } = open();
    list.ask(question);
    expect(transport.last('activity.stats').args).toMatchObject({ filter: { server: 'files' } });
    await answered(transport, rows(500, PAGE));
    expect(state()).toMatchObject({ complete: false, stats: none });
    void list.older();
    void list.older();
    expect(transport.questions.filter(({ name }) => name === 'activity.query')).toHaveLength(2);
    expect(transport.last('activity.query').args).toMatchObject({ before: 401 });
    await transport.last('activity.query').answer({ ok: true, value: rows(400, 3) });
    expect([state().rows?.length, state().complete]).toEqual([PAGE + 3, true]);
  });

  test('asks again once for many events, and keeps new rows behind while it is held', async () => {
    const { list, transport, state, later } = open();
    list.ask(question);
    await answered(transport, rows(10, 5));
    transport.emit('activity', { rows: [], missed: 0 });
    transport.emit('activity', { rows: [], missed: 0 });
    later();
    expect(transport.questions.filter(({ name }) => name === 'activity.query')).toHaveLength(2);
    await answered(transport, rows(12, 7));
    expect(state().rows?.[0]?.id).toBe(12);
    list.hold(true);
    transport.emit('activity', { rows: [], missed: 0 });
    later();
    await answered(transport, rows(14, 9));
    expect([state().rows?.[0]?.id, state().behind.map(({ id }) => id)]).toEqual([12, [14, 13]]);
    list.showNew();
    expect([state().rows?.length, state().behind]).toEqual([9, []]);
  });

  test('drops the answers to another question, says what failed, and hears nothing after its end', async () => {
    const { list, transport, state } = open();
    list.ask(question);
    const [page, figures] = transport.questions;
    list.ask({ ...question, filter: {} });
    await page?.answer({ ok: true, value: rows(99, 9) });
    await figures?.answer({ ok: true, value: none });
    expect(state().rows).toBeNull();
    await transport.last('activity.query').answer(refused);
    await transport.last('activity.stats').answer(refused);
    expect(state().problem?.code).toBe('test.refused');
    list.close();
    expect(transport.heardBy('activity')).toBe(0);
  });
});

describe('charts', () => {
  test.each([
    [0, 4],
    [3, 4],
    [38, 50],
    [210, 250],
    [1_001, 2_000],
  ])('the scale for %d ends at %d', (value, top) => {
    expect(roundTop(value, 4)).toBe(top);
  });

  test('bars stand on the ground, with failures on top; lines are broken where there were no calls', () => {
    const buckets = [
      { at: 0, calls: 4, failures: 1, p50: 5, p95: 10 },
      { at: 1, calls: 0, failures: 0, p50: null, p95: null },
      { at: 2, calls: 2, failures: 2, p50: 5, p95: 5 },
    ];
    const [first, second, third] = barsOf(buckets, 4);
    expect((first?.good.y ?? 0) + (first?.good.height ?? 0)).toBeCloseTo(BOX.height);
    expect((first?.bad.y ?? 0) + (first?.bad.height ?? 0)).toBeLessThan(first?.good.y ?? 0);
    expect(second).toMatchObject({ good: { height: 0 }, bad: { height: 0 } });
    expect(third?.good.height).toBe(0);
    expect(lineOf(buckets, 'p50', 10).match(/M/g)).toHaveLength(2);
  });

  test.each([
    ['ArrowLeft', null, 9],
    ['ArrowRight', null, 9],
    ['ArrowLeft', 9, 8],
    ['ArrowDown', 0, 0],
    ['ArrowUp', 8, 9],
    ['ArrowRight', 9, 9],
    ['PageDown', 5, 0],
    ['Home', 7, 0],
    ['End', 2, 9],
    ['Enter', 2, null],
  ])('%s goes from %s to %s of ten moments', (key, from, to) => {
    expect(momentFor(key, from, 10)).toBe(to);
    expect(momentFor(key, null, 0)).toBeNull();
  });

  test('each moment says its figures, and both charts are stepped through by key', () => {
    const now = new Date(2026, 10, 28, 15, 0).getTime();
    const buckets = [
      { at: now - 60_000, calls: 12, failures: 1, p50: 5, p95: 1_200 },
      { at: now, calls: 0, failures: 0, p50: null, p95: null },
    ] as const;
    expect(callsAt(words, buckets[0], now)).toMatch(/2:59.* · 12 calls · 1 refused or failed$/);
    expect(timesAt(words, buckets[0], now)).toMatch(/2:59.* · 50 %: 5 ms · 95 %: 1\.2 s$/);
    expect(timesAt(words, buckets[1], now)).toMatch(/50 %: – · 95 %: –$/);
    const still = { addEventListener: () => {}, removeEventListener: () => {} };
    const app = createApp(createApi(handTransport()), words, { ...still, location: { hash: '' } });
    const stats = { calls: 12, failures: 1, p50: 5, p95: 1_200, buckets: [...buckets], tools: [] };
    const { body } = render(Within, {
      props: {
        ...{ app, part: ActivityCharts as unknown as Component<Record<string, unknown>> },
        props: { stats, now },
      },
    });
    const sliders = body.match(/<div class="box[^>]*role="slider"[^>]*>/g) ?? [];
    expect(sliders).toHaveLength(2);
    for (const slider of sliders) {
      expect(slider).toContain('tabindex="0"');
      expect(slider).toMatch(/aria-valuemax="1"/);
    }
    expect(sliders[0]).toMatch(/aria-label="Calls"[^>]*aria-valuetext="12 calls"/);
    app.close();
  });
});

test('the screen has its place in the sidebar, and loads', () => {
  const transport = handTransport();
  const still = { addEventListener: () => {}, removeEventListener: () => {} };
  const app = createApp(createApi(transport), words, { ...still, location: { hash: '#/activity' } });
  transport.emit('snapshot', snapshot(1, [server('a')]));
  const { body } = render(Root, { props: { app, screens: later } });
  expect(body).toContain('Loading what happened');
  expect(body).toMatch(/href="#\/activity" aria-current="page"/);
  app.close();
});

describe('clients to choose from', () => {
  const seenIn = (...rows: readonly (readonly [string, string | null])[]) =>
    withClients(
      new Map(),
      rows.map(([client, clientName]) => row(1, { client, clientName })),
    );
  const choices = (...rows: readonly (readonly [string, string | null])[]) =>
    clientChoices(words, seenIn(...rows)).map(({ id, label }) => `${id}: ${label}`);

  test('go by the name that they have here, or by their own word, in order', () => {
    expect(choices(['token-1', 'zed'], ['cursor', 'Claude'], ['', null], ['token-2', null])).toEqual([
      'token-1: “zed”',
      'cursor: cursor',
      'token-2: token-2',
    ]);
  });

  test('go by their token where several names come with it', () => {
    expect(choices(['token-1', 'zed'], ['token-1', null], ['token-1', 'cursor'])).toEqual([
      'token-1: token-1',
    ]);
  });

  test('are the same ones while nothing new comes', () => {
    const seen = seenIn(['token-1', 'zed'], ['cursor', null]);
    expect(
      withClients(seen, [row(2, { client: 'token-1', clientName: 'zed' }), row(3, { client: 'cursor' })]),
    ).toBe(seen);
    expect(withClients(seen, [row(4, { client: 'token-1', clientName: 'other' })])).not.toBe(seen);
  });
});

describe('who called', () => {
  const of = (client: string, clientName: string | null) => {
    const one = row(1, { client, clientName });
    return [whoOf(words, one), saysItself(words, one)];
  };

  test('is what has a name here, whatever it calls itself', () => {
    expect(of('cursor', 'Claude Code')).toEqual(['cursor', undefined]);
    expect(of('token-4f1c09ab', null)).toEqual(['token-4f1c09ab', undefined]);
  });

  test.each(['token-4f1c09ab', 'local'])('is, of %s, what it calls itself, marked as that', (client) => {
    const help = `It calls itself so. Gatehouse knows it only as ${client}, which several clients can be.`;
    expect(of(client, 'cursor')).toEqual(['“cursor”', help]);
  });
});

test('a column is as wide as its longest text', () => {
  expect(['09:14:02', '9:14:02 AM', '11月21日 09:14:02'].map(columnsOf)).toEqual([8, 10, 17]);
});
