/** The page of settings: when it asks, what it says of each change, what it offers, and what it says of secrets. */
import { describe, expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { Preferences } from '../../preload/views/preferences.ts';
import type { LoginStartView, SettingsView } from '../../preload/views/settings.ts';
import { parseRoute, routeHash, routeOf, settingGroups } from '../../renderer/state/route.ts';
import { isSecretName, listSecrets, lossOf, usersOf } from '../../renderer/state/secret-acts.ts';
import {
  boundPort,
  coreOptions,
  dayOptions,
  hasPublicNetwork,
  memoryOptions,
  networkOptions,
  portOf,
  restartWords,
} from '../../renderer/state/setting-options.ts';
import { noSettings, openSettings, type SettingsState, savedTime } from '../../renderer/state/settings.ts';
import { handTransport, problem, refused, settled, words } from './fakes.ts';

const view: SettingsView = {
  locked: null,
  endpoint: {
    ...{ host: '127.0.0.1', port: 4180, reach: 'computer', addressFixed: false },
    ...{ tokenRequired: true, tokenFixed: false, networks: [] },
  },
  isolation: {
    ...{ mode: 'host', network: 'allowlist', memoryMegabytes: 512, cpus: 1, fallback: 'none', cache: true },
  },
  activity: { enabled: true, arguments: true, results: true, days: 30, megabytes: 256 },
  logFolder: '/data/logs',
};
const preferences: Preferences = {
  ...{ theme: 'system', startHidden: false, language: 'system', shortcut: null, firstRun: false },
  notifications: { calls: true, approvals: true, signIn: true },
};
const loginStart: LoginStartView = { on: false, unavailable: null };

function open(desktop = true) {
  const transport = handTransport();
  const timers: { ms: number; run: () => void; stopped: boolean }[] = [];
  let state: SettingsState = noSettings;
  const settings = openSettings(
    createApi(transport),
    desktop,
    (ms, run) => {
      const timer = { ms, run, stopped: false };
      timers.push(timer);
      return () => {
        timer.stopped = true;
      };
    },
    (next) => {
      state = next;
    },
  );
  const answer = async () => {
    await transport.last('settings.get').answer({ ok: true, value: view });
    if (!desktop) return;
    await transport.last('preferences.get').answer({ ok: true, value: preferences });
    await transport.last('app.loginStart').answer({ ok: true, value: loginStart });
  };
  return { transport, timers, settings, state: () => state, answer };
}

describe('the settings', () => {
  test('are asked for once for each revision of the configuration', async () => {
    const { transport, settings, state, answer } = open();
    settings.sync(3);
    settings.sync(3);
    expect(transport.questions.filter(({ name }) => name === 'settings.get')).toHaveLength(1);
    await answer();
    expect(state()).toMatchObject({ view, preferences, loginStart, problem: null });
    settings.sync(4);
    expect(transport.questions.filter(({ name }) => name === 'settings.get')).toHaveLength(2);
  });

  test('without a desktop have no preferences, and ask for none', async () => {
    const { transport, settings, state, answer } = open(false);
    settings.sync(1);
    await answer();
    expect(state()).toMatchObject({ view, preferences: null, loginStart: null });
    expect(transport.questions.map(({ name }) => name)).toEqual(['settings.get']);
  });

  test('say why they cannot be shown, and are shown after another try', async () => {
    const { transport, settings, state, answer } = open(false);
    settings.sync(1);
    await transport.last('settings.get').answer(refused);
    expect(state().problem).toEqual(problem);
    void settings.load();
    await answer();
    expect(state()).toMatchObject({ view, problem: null });
  });
});

describe('a change', () => {
  test('says that it is on its way, then that it is saved, for a while', async () => {
    const { transport, timers, settings, state, answer } = open(false);
    settings.sync(1);
    await answer();
    const done = settings.set({ key: 'activity.days', to: 90 });
    expect(state().rows).toEqual({ 'activity.days': { kind: 'saving' } });
    expect(transport.last('settings.set').args).toEqual({ change: { key: 'activity.days', to: 90 } });
    const after = { ...view, activity: { ...view.activity, days: 90 } };
    await transport.last('settings.set').answer({ ok: true, value: after });
    expect(await done).toBe(true);
    expect(state()).toMatchObject({ view: after, rows: { 'activity.days': { kind: 'saved' } } });
    expect(timers.map(({ ms }) => ms)).toEqual([savedTime]);
    timers[0]?.run();
    expect(state().rows).toEqual({});
  });

  test('that fails says why, and what was in force stays on screen', async () => {
    const { transport, timers, settings, state, answer } = open(false);
    settings.sync(1);
    await answer();
    const done = settings.set({ key: 'listen.port', to: 80 });
    await transport.last('settings.set').answer(refused);
    expect(await done).toBe(false);
    expect(state()).toMatchObject({ view, rows: { 'listen.port': { kind: 'failed', problem } } });
    expect(timers).toEqual([]);
  });

  test('of one row waits for none of another, and is not made twice', async () => {
    const { transport, settings, answer } = open();
    settings.sync(1);
    await answer();
    void settings.prefer({ theme: 'dark' });
    void settings.prefer({ theme: 'light' });
    void settings.setLoginStart(true);
    expect(transport.questions.slice(3).map(({ name, args }) => [name, args])).toEqual([
      ['preferences.set', { theme: 'dark' }],
      ['app.setLoginStart', { on: true }],
    ]);
  });

  test('is not undone by an answer that was asked for before it', async () => {
    const { transport, settings, state, answer } = open(false);
    settings.sync(1);
    await answer();
    settings.sync(2);
    const old = transport.last('settings.get');
    void settings.set({ key: 'activity.days', to: 7 });
    const after = { ...view, activity: { ...view.activity, days: 7 } };
    await transport.last('settings.set').answer({ ok: true, value: after });
    await old.answer({ ok: true, value: view });
    expect(state().view?.activity.days).toBe(7);
  });

  test('after closing is shown no more, and no timer is left', async () => {
    const { transport, timers, settings, state, answer } = open(false);
    settings.sync(1);
    await answer();
    void settings.set({ key: 'activity.days', to: 7 });
    await transport.last('settings.set').answer({ ok: true, value: view });
    const before = state();
    settings.close();
    expect(timers.every(({ stopped }) => stopped)).toBe(true);
    void settings.set({ key: 'activity.days', to: 90 });
    await settled();
    expect(state()).toBe(before);
  });
});

describe('what is offered', () => {
  test('has what is in force, whatever that is, in its order', () => {
    expect(dayOptions(words, 45).map(({ label }) => label)).toEqual([
      '1 day',
      '7 days',
      '30 days',
      '45 days',
      '90 days',
      '365 days',
    ]);
    expect(memoryOptions(words, 512).map(({ label }) => label)).toEqual([
      '256 MB',
      '512 MB',
      '1 GB',
      '2 GB',
      '4 GB',
    ]);
    expect(coreOptions(words, 1).map(({ label }) => label)).toEqual([
      '0.5 cores',
      '1 core',
      '2 cores',
      '4 cores',
    ]);
    expect(networkOptions(words, 'learn')).toHaveLength(4);
    expect(networkOptions(words, 'my-net').at(-1)).toEqual({ id: 'my-net', label: 'my-net' });
  });

  test.each<[string, number | null]>([
    ['4180', 4180],
    [' 65535 ', 65_535],
    ['1', 1],
    ['0', null],
    ['65536', null],
    ['-1', null],
    ['80.5', null],
    ['', null],
    ['4180a', null],
    ['１', null],
  ])('a port: %j', (text, port) => {
    expect(portOf(text)).toBe(port);
  });

  test('what waits for a restart has the words of the page', () => {
    expect(restartWords(words, ['listen', 'auth.token', 'auth.required'])).toBe(
      'the address of the endpoint and asking for a token',
    );
    expect(restartWords(words, ['basePath'])).toBe('basePath');
  });

  test('a public network is told apart', () => {
    const network = { name: 'a', address: 'b', range: 'c' };
    expect(hasPublicNetwork({ networks: [{ ...network, kind: 'private' }] })).toBe(false);
    expect(hasPublicNetwork({ networks: [{ ...network, kind: 'public' }] })).toBe(true);
  });
});

describe('secrets', () => {
  const of = (servers: readonly string[], endpoint = false) => ({ name: 'key', servers, endpoint });

  test('are told with their users, and with what would be lost', () => {
    expect(usersOf(words, of([]))).toBe('Used by nothing');
    expect(usersOf(words, of(['a', 'b'], true))).toBe('Used by a, b, and the endpoint');
    expect(lossOf(words, of([]))).toBeNull();
    expect(lossOf(words, of(['a']))).toBe('a uses it, and does not start again without it.');
    expect(lossOf(words, of(['a', 'b']))).toContain('a and b use it');
    expect(lossOf(words, of([], true))).toContain('no client gets in');
    expect(lossOf(words, of(['a'], true))).toMatch(/a uses it.*no client gets in/);
  });

  test('are listed by name', async () => {
    const transport = handTransport();
    const asked = listSecrets(createApi(transport));
    const value = [
      { ...of([]), name: 'b' },
      { ...of([]), name: 'a' },
    ];
    await transport.last('secret.list').answer({ ok: true, value });
    expect((await asked).secrets?.map(({ name }) => name)).toEqual(['a', 'b']);
    const again = listSecrets(createApi(transport));
    await transport.last('secret.list').answer(refused);
    expect(await again).toEqual({ secrets: null, problem });
  });

  test.each<[string, boolean]>([
    ['github-token', true],
    ['a/b:c@d.e_f', true],
    ['-x', false],
    ['', false],
    ['a b', false],
    ['__proto__', false],
    ['x'.repeat(129), false],
  ])('a name: %j', (name, good) => {
    expect(isSecretName(name)).toBe(good);
  });
});

test('each group has an address, and the shell can send the window there', () => {
  for (const group of settingGroups) {
    expect(parseRoute(routeHash({ view: 'settings', group }))).toEqual({ view: 'settings', group });
  }
  expect(parseRoute('#/settings/else')).toEqual({ view: 'settings' });
  expect(parseRoute(routeHash({ view: 'welcome' }))).toEqual({ view: 'welcome' });
  expect(routeOf({ view: 'settings', server: null })).toEqual({ view: 'settings' });
});

test.each([
  [4180, 'http://127.0.0.1:4180/mcp', '4180'],
  [4180, null, '4180'],
  [0, 'http://127.0.0.1:53317/mcp', '53317'],
  [0, 'https://[::1]:53317/mcp', '53317'],
  [0, null, null],
])('port %d with the endpoint at %s reads %s', (set, url, expected) => {
  expect(boundPort(set, url)).toBe(expected);
});
