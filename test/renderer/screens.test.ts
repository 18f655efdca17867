/** What the screens say in each state of the world; drawn without a browser. */
import { render } from 'svelte/server';
import { describe, expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { ServerView, Snapshot } from '../../preload/contract.ts';
import type { SignInView } from '../../preload/views/sign-in.ts';
import Root from '../../renderer/App.svelte';
import { createApp } from '../../renderer/state/app.svelte.ts';
import { later } from '../../renderer/views/later.ts';
import { handTransport, problem, refused, server, snapshot, words } from './fakes.ts';

const still = { addEventListener: () => {}, removeEventListener: () => {} };

/** The page as text, one line per piece, and its raw markup. */
function draw(world: Snapshot | null, hash = ''): { readonly text: string; readonly html: string } {
  const transport = handTransport();
  const app = createApp(createApi(transport), words, { ...still, location: { hash } });
  if (world !== null) {
    transport.emit('snapshot', world);
  }
  const { body } = render(Root, { props: { app, screens: later } });
  const text = body
    .replace(/<!--.*?-->/gs, '')
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<\/?(bdi|strong|span)[^>]*>/g, '')
    .replace(/<[^>]+>/g, '\n')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&')
    .replace(/[ \t]*\n\s*/g, '\n');
  app.close();
  return { text, html: body };
}

const count = (text: string, part: string): number => text.split(part).length - 1;

describe('servers', () => {
  test('loading', () => {
    const { text, html } = draw(null);
    expect(text).toContain('Loading servers');
    expect(html).toContain('aria-busy="true"');
    expect(text).not.toContain('No servers yet');
  });

  test('none yet: says where to add one, and opens the file', () => {
    const { text } = draw(snapshot(1, []));
    expect(text).toContain('No servers yet');
    expect(text).toContain('/data/config.json');
    expect(text).toContain('Open configuration');
    expect(text).not.toContain('Search servers');
  });

  test('some: the sentence, the groups and a row', () => {
    const { text, html } = draw(
      snapshot(1, [
        server('good', { toolsOn: 5, toolsTotal: 7, callsToday: 1234 }),
        server('bad', { state: 'failed', problem }),
      ]),
    );
    expect(text).toContain('1 of 2 servers are ready. 5 tools are on.');
    expect(text.indexOf('Needs attention 1')).toBeLessThan(text.indexOf('All other servers 1'));
    expect(text).toContain('stdio · good-mcp 1.0.0');
    expect(html).toMatch(/role="switch"[^>]*aria-checked="true"[^>]*aria-label="good"/);
    expect(text).toContain('1,234');
    expect(count(html, 'role="switch"')).toBe(1);
    expect(html).toContain('aria-label="Try again: bad"');
  });

  test('when nothing needs you, there is one group of all', () => {
    const { text } = draw(snapshot(1, [server('a')]));
    expect(text).toContain('All servers 1');
    expect(text).not.toContain('Needs attention');
  });

  test('exactly one row is in the tab order', () => {
    const { html } = draw(snapshot(1, [server('a'), server('b'), server('c', { state: 'failed' })]));
    const rows = [...html.matchAll(/data-row="(\w)" tabindex="(-?\d)"/g)].map((found) => [
      found[1],
      found[2],
    ]);
    expect(rows).toEqual([
      ['c', '0'],
      ['a', '-1'],
      ['b', '-1'],
    ]);
  });

  test('names are text, whatever they hold', () => {
    const { html } = draw(snapshot(1, [server('<img src=x onerror=alert(1)>')]));
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
  });
});

describe('signing in', () => {
  const base = {
    state: 'needed',
    provider: 'login.example',
    scopes: ['read', 'write'],
    expiresAt: new Date(2026, 0, 2, 15, 4).getTime(),
    renews: true,
    problem: { code: 'signin.needed', message: 'It wants you to sign in.', remedy: 'Sign in.' },
  } as const;
  const page = (signIn: SignInView, state: ServerView['state'] = 'signing-in') =>
    draw(snapshot(1, [server('mail', { state, signIn })]), '#/servers/mail');

  test('is a button in the row and on the page, told once', () => {
    expect(draw(snapshot(1, [server('mail', { state: 'signing-in', signIn: base })])).html).toContain(
      'aria-label="Sign in: mail"',
    );
    const { text } = page(base);
    expect(text).toContain('It wants you to sign in.');
    expect(text).toMatch(/\nSign in {2}Opening\n/);
    expect(text).not.toContain('Begin anew');
    expect(count(text, 'Until then its tools do not answer.')).toBe(1);
  });

  test('a failure says why and what to do, and can be begun anew', () => {
    const { text } = page({ ...base, problem });
    for (const part of [problem.message, problem.remedy, 'Begin anew']) expect(text).toContain(part);
  });

  test('the wait can be ended, and finished by hand', () => {
    const { text } = page({ ...base, state: 'waiting', problem: null });
    for (const part of ['Waiting for you', 'Cancel', 'Open again', 'another computer', 'Finish']) {
      expect(text).toContain(part);
    }
  });

  test('what was granted, for what, and until when', () => {
    const { text } = page({ ...base, state: 'signed-in', problem: null }, 'ready');
    expect(text).toContain('Signed in at login.example');
    expect(text).toContain('Permissions: read, write');
    expect(text).toMatch(/Until Jan 2.*3:04\sPM, renewed by itself/);
    expect(text).toContain('Sign out');
    const ends = page({ ...base, state: 'signed-in', problem: null, renews: false }, 'ready');
    expect(ends.text).toContain('It has expired.');
  });

  test('a server that wants a key of the file is none to sign in to', () => {
    expect(page({ ...base, state: 'none', problem: null }).text).not.toMatch(/\nSign in {2}Opening\n/);
  });
});

describe('what is wrong with the whole', () => {
  test('paused', () => {
    const { text } = draw(snapshot(1, [server('a')], { paused: true }));
    expect(text).toContain('All servers are paused.');
    expect(text).toContain('Resume');
    expect(text).toContain('Paused');
  });

  test('the endpoint is down', () => {
    const { endpoint } = snapshot(1, []);
    const { text } = draw(
      snapshot(1, [server('a')], { endpoint: { ...endpoint, state: 'failed', url: null, problem } }),
    );
    for (const part of [
      'The endpoint is not running',
      problem.message,
      problem.remedy,
      'Not running',
      'No address yet',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('keys in plain text are counted, and can be moved', () => {
    const plain = { ...snapshot(1, []).config, plainKeys: 2 };
    const { text } = draw(snapshot(1, [server('a')], { config: plain }));
    expect(text).toContain('2 keys stand in the configuration file in plain text.');
    expect(text).toContain('Move to keychain');
    expect(draw(snapshot(1, [server('a')])).text).not.toContain('plain text');
  });

  test('keys that wait for a restart are named', () => {
    const waiting = { ...snapshot(1, []).config, needsRestart: ['listen', 'basePath'] };
    expect(draw(snapshot(1, [], { config: waiting })).text).toContain('after a restart: listen, basePath');
    expect(draw(snapshot(1, [])).text).not.toContain('restart:');
  });

  test('the configuration is broken: the place, the sentence, and that the last good one runs', () => {
    const broken = {
      file: '/etc/g.json',
      state: 'broken',
      problem,
      line: 1200,
      column: 7,
      dialect: null,
      notAsWritten: 0,
      needsRestart: [],
      plainKeys: 0,
    } as const;
    const { text } = draw(snapshot(1, [], { config: broken }));
    expect(text).toContain('error in line 1200, column 7');
    expect(text).toContain(problem.message);
    expect(text).toContain('The last good configuration keeps running.');
    expect(text).toContain('/etc/g.json');
    expect(draw(snapshot(1, [], { config: { ...broken, column: null } })).text).toContain(
      'error in line 1200.',
    );
    expect(draw(snapshot(1, [], { config: { ...broken, line: null, column: null } })).text).toContain(
      'has an error.',
    );
  });
});

describe('a server', () => {
  test('says how it is', () => {
    const { text } = draw(
      snapshot(1, [server('a', { since: Date.now() - 60_000, callsToday: 2 })]),
      '#/servers/a',
    );
    for (const part of [
      'Ready',
      'Container',
      'a-mcp 1.0.0',
      'started 1 min ago',
      '2 calls today',
      '2 of 3',
      'Log',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('Try again');
  });

  test('that failed: the reason, the remedy, the log, and another try', () => {
    const { text } = draw(snapshot(1, [server('a', { state: 'failed', problem })]), '#/servers/a');
    for (const part of [problem.message, problem.remedy, 'Show log', 'Try again']) {
      expect(text).toContain(part);
    }
  });

  test('that reconnects: when it tries again', () => {
    const nextRetry = Date.now() + 60_000;
    const { text } = draw(snapshot(1, [server('a', { state: 'retrying', nextRetry })]), '#/servers/a');
    expect(text).toMatch(/Next try in (59|60) s\./);
  });

  test('that is off says why it cannot be restarted', () => {
    const { text, html } = draw(
      snapshot(1, [server('a', { state: 'disabled', enabled: false })]),
      '#/servers/a',
    );
    expect(text).toContain('It is off. Switch it on instead.');
    expect(html).toContain('aria-disabled="true"');
  });

  test('that is not there', () => {
    const { text } = draw(snapshot(1, [server('a')]), '#/servers/b');
    expect(text).toContain('There is no server named “b”');
  });
});

test('the endpoint in the sidebar', () => {
  const { text } = draw(snapshot(1, [server('a')]));
  for (const part of ['Running', '1 session', '127.0.0.1:4180/mcp', 'Clients']) {
    expect(text).toContain(part);
  }
});

test('no answer from the core: why, and another try', async () => {
  const transport = handTransport();
  const app = createApp(createApi(transport), words, { ...still, location: { hash: '' } });
  void app.acts.load();
  await transport.last('snapshot.get').answer(refused);
  const { body } = render(Root, { props: { app, screens: later } });
  expect(body).toContain('The servers cannot be shown');
  expect(body).toContain(problem.remedy);
  app.close();
});
