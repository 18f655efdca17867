/** Adding a server: what is read while it is typed, what is decided, and what is said of it. */
import { render } from 'svelte/server';
import { describe, expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { PasteView, ProposedServer } from '../../preload/views/adding.ts';
import Root from '../../renderer/App.svelte';
import { pasteWorld } from '../../renderer/dev/pasted.ts';
import {
  addServer,
  checksNow,
  checkWords,
  choiceOf,
  draftOf,
  openReader,
  type Reading,
  readWords,
} from '../../renderer/state/adding.ts';
import { createApp } from '../../renderer/state/app.svelte.ts';
import { later } from '../../renderer/views/later.ts';
import { handTransport, problem, refused, words } from './fakes.ts';

const [server] = pasteWorld.servers;
if (server === undefined) {
  throw new Error('the made-up core knows a server');
}

/** A clock that a test lets run. */
function hand(): { later: (ms: number, run: () => void) => () => void; go(): void } {
  let waiting: (() => void)[] = [];
  return {
    later(_, run) {
      waiting.push(run);
      return () => {
        waiting = waiting.filter((one) => one !== run);
      };
    },
    go() {
      for (const run of waiting.splice(0)) run();
    },
  };
}

describe('reading', () => {
  test('asks once it is quiet, and shows only what belongs to the newest text', async () => {
    const transport = handTransport();
    const clock = hand();
    const seen: Reading[] = [];
    const reader = openReader(createApi(transport), clock.later, (reading) => seen.push(reading));
    reader.read('n');
    reader.read('np');
    clock.go();
    expect(transport.questions.map(({ args }) => args)).toEqual([{ text: 'np' }]);
    const old = transport.last('adding.read');
    reader.read('npx b');
    clock.go();
    await old.answer(refused);
    await transport.last('adding.read').answer({ ok: true, value: pasteWorld });
    expect(seen.at(-1)).toEqual({ state: 'read', text: 'npx b', paste: pasteWorld });
    expect(seen.some(({ state }) => state === 'refused')).toBe(false);
    reader.read('  ');
    expect(seen.at(-1)).toEqual({ state: 'empty' });
  });

  test('says why not; nothing comes after the end', async () => {
    const transport = handTransport();
    const clock = hand();
    const seen: Reading[] = [];
    const reader = openReader(createApi(transport), clock.later, (reading) => seen.push(reading));
    reader.read('hello');
    clock.go();
    await transport.last('adding.read').answer(refused);
    expect(seen.at(-1)).toEqual({ state: 'refused', problem });
    reader.read('hello you');
    clock.go();
    reader.close();
    await transport.last('adding.read').answer(refused);
    expect(seen.at(-1)).toEqual({ state: 'reading' });
  });
});

describe('deciding', () => {
  test('begins as safe as it can be', () => {
    expect(draftOf(server)).toEqual({
      name: 'postgres',
      place: 'container',
      paths: { '~/exports': 'read' },
      values: {},
      keepKeys: true,
    });
    expect(draftOf({ ...server, place: 'host' }).place).toBe('host');
  });

  test('tells the core what was shown, and no folders where there is no container', () => {
    const draft = { ...draftOf(server), paths: { a: 'none', b: 'read', c: 'write' } as const };
    expect(choiceOf('text', pasteWorld, 0, draft)).toMatchObject({
      text: 'text',
      digest: pasteWorld.digest,
      mounts: [
        { path: 'b', write: false },
        { path: 'c', write: true },
      ],
    });
    expect(choiceOf('text', pasteWorld, 0, { ...draft, place: 'host' }).mounts).toEqual([]);
  });

  test('a missing value is no trouble once it is typed, nor a missing program in a container', () => {
    const with_both: ProposedServer = {
      ...server,
      checks: [...server.checks, { id: 'no-program', tone: 'warn', what: 'npx' }],
    };
    const ids = (draft: ReturnType<typeof draftOf>): string[] =>
      checksNow(with_both, draft).map(({ id }) => id);
    expect(ids(draftOf(server))).toEqual(['missing', 'pinned']);
    expect(ids({ ...draftOf(server), place: 'host', values: { 'env.REPORT_TOKEN': 'x' } })).toEqual([
      'pinned',
      'no-program',
    ]);
  });
});

describe('adding', () => {
  const choice = choiceOf('text', pasteWorld, 0, draftOf(server));

  test('writes first, then looks where it will run', async () => {
    const transport = handTransport();
    const told: string[] = [];
    const adding = addServer(createApi(transport), choice, (name) => told.push(name));
    await transport.last('adding.add').answer({ ok: true, value: { server: 'postgres' } });
    expect(told).toEqual(['postgres']);
    expect(transport.last('server.inspect').args).toEqual({ server: 'postgres', where: 'container' });
    await transport.last('server.inspect').answer({ ok: true, value: null });
    expect(await adding).toEqual({ ok: true, server: 'postgres' });
  });

  test('tells apart what failed before it was written and after', async () => {
    const transport = handTransport();
    const first = addServer(createApi(transport), choice, () => {});
    await transport.last('adding.add').answer(refused);
    expect(await first).toMatchObject({ ok: false, added: false, problem });
    const second = addServer(createApi(transport), choice, () => {});
    await transport.last('adding.add').answer({ ok: true, value: { server: 'postgres' } });
    await transport.last('server.inspect').answer(refused);
    expect(await second).toMatchObject({ ok: false, added: true, problem });
  });
});

describe('words', () => {
  test('what was pasted', () => {
    expect(readWords(words, pasteWorld)).toBe('An npm package');
    const two: PasteView = { ...pasteWorld, servers: [server, server] };
    expect(readWords(words, two)).toBe('Settings with 2 servers');
    expect(readWords(words, { ...pasteWorld, kind: 'settings' })).toBe(
      'Settings with one server: npm package',
    );
  });

  test.each([
    'same',
    'pinned',
    'unpinned',
    'no-tls',
    'own-network',
    'uses-secret',
    'uses-variable',
    'shell',
    'no-program',
    'placeholder',
    'missing',
    'container-flags',
    'report',
  ] as const)('of the check %s', (id) => {
    const said = checkWords(words, { id, tone: 'warn', what: 'WHAT' });
    expect(said.title).not.toBe('');
    expect(`${said.title} ${said.more}`).not.toContain('{');
  });
});

test('the page begins with the field; the list of servers is where one is', () => {
  const app = createApp(createApi(handTransport()), words, {
    location: { hash: '#/add' },
    addEventListener: () => {},
    removeEventListener: () => {},
  });
  const { body } = render(Root, { props: { app, screens: later } });
  app.close();
  expect(body).toContain('Paste a command, a link or JSON');
  expect(body).toMatch(/href="#\/servers" aria-current="true"/);
});
