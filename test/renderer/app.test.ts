/** The app between the bridge and the screens: what it asks, what it says, where it goes. */
import { expect, test, vi } from 'vitest';
import { createApi } from '../../preload/api.ts';
import { type App, createApp } from '../../renderer/state/app.svelte.ts';
import { type HandTransport, handTransport, ok, refused, server, settled, snapshot, words } from './fakes.ts';

interface Opened {
  readonly app: App;
  readonly transport: HandTransport;
  readonly page: { location: { hash: string }; go(hash: string): void; listeners: Set<() => void> };
  said(): string[];
}

function open(hash = ''): Opened {
  const transport = handTransport();
  const listeners = new Set<() => void>();
  const location = { hash };
  const page = {
    location,
    listeners,
    addEventListener: (_type: 'hashchange', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: 'hashchange', listener: () => void) => void listeners.delete(listener),
    go(to: string) {
      location.hash = to;
      for (const listener of listeners) {
        listener();
      }
    },
  };
  const app = createApp(createApi(transport), words, page);
  return { app, transport, page, said: () => app.toasts.map(({ text }) => text) };
}

test('asks for the snapshot, and says why there is none', async () => {
  const { app, transport } = open();
  void app.acts.load();
  expect(app.busy('load')).toBe(true);
  await transport.last('snapshot.get').answer(refused);
  expect(app.busy('load')).toBe(false);
  expect(app.loadProblem?.message).toBe('It was refused.');
  transport.emit('snapshot', snapshot(1, [server('a')]));
  expect(app.loadProblem).toBeNull();
  expect(app.snapshot?.servers).toHaveLength(1);
});

test('a bridge that breaks becomes a problem like any other', async () => {
  const { app, transport } = open();
  vi.spyOn(transport, 'invoke').mockRejectedValue(new Error('gone'));
  await app.acts.load();
  expect(app.loadProblem?.code).toBe('bridge.failed');
});

test('goes where the address says, where a link says and where the shell says', () => {
  const { app, transport, page } = open('#/servers/a/log');
  expect(app.route).toEqual({ view: 'server', server: 'a', tab: 'log' });
  page.go('#/servers');
  expect(app.route).toEqual({ view: 'servers' });
  transport.emit('navigate', { view: 'server', server: 'b c' });
  expect(app.route).toEqual({ view: 'server', server: 'b c', tab: 'tools' });
  expect(page.location.hash).toBe('#/servers/b%20c');
});

test('a switch that is refused says which one, why and what to do, until that is dismissed', async () => {
  const { app, transport, said } = open();
  transport.emit('snapshot', snapshot(1, [server('a')]));
  void app.acts.setEnabled(server('a'), false);
  await transport.last('server.setEnabled').answer(refused);
  expect(said()).toEqual(['a was not switched off. It was refused. Ask again.']);
  expect(app.switches.failed.has('a')).toBe(true);
  app.acts.dismiss(app.toasts[0]?.id ?? 0);
  expect(app.switches.failed.has('a')).toBe(false);
});

test('a switch that is agreed to says nothing', async () => {
  const { app, transport, said } = open();
  transport.emit('snapshot', snapshot(1, [server('a')]));
  void app.acts.setEnabled(server('a'), false);
  await transport.last('server.setEnabled').answer(ok);
  expect(said()).toEqual([]);
  expect(app.switches.pending.get('a')).toEqual({ wanted: false, settled: true });
  transport.emit('snapshot', snapshot(2, [server('a', { enabled: false })]));
  expect(app.switches.pending.size).toBe(0);
});

test('an act that is underway is not begun again', async () => {
  const { app, transport } = open();
  void app.acts.restart('a');
  void app.acts.restart('a');
  void app.acts.restart('b');
  expect(transport.questions.map(({ args }) => args)).toEqual([{ server: 'a' }, { server: 'b' }]);
  expect([app.busy('restart:a'), app.busy('restart:c')]).toEqual([true, false]);
  await transport.questions[0]?.answer(ok);
  expect([app.busy('restart:a'), app.busy('restart:b')]).toEqual([false, true]);
});

test('what fails is said; what was copied is said', async () => {
  const { app, transport, said } = open();
  void app.acts.restart('a');
  await transport.last('server.restart').answer(refused);
  void app.acts.copySnippet('json');
  expect(transport.last('client.copySnippet').args).toEqual({ format: 'json' });
  await transport.last('client.copySnippet').answer(ok);
  expect(said()).toEqual(['a was not restarted. It was refused. Ask again.', 'Copied']);
  void app.acts.resume();
  expect(transport.last('gateway.setPaused').args).toEqual({ paused: false });
  await transport.last('gateway.setPaused').answer(refused);
  void app.acts.openConfig();
  await transport.last('config.open').answer(refused);
  expect(said()).toEqual([
    'The servers are still paused. It was refused. Ask again.',
    'It was refused. Ask again.',
  ]);
  app.close();
});

test('after closing it listens to nothing', async () => {
  const { app, transport, page } = open();
  app.close();
  app.close();
  expect([transport.heardBy('snapshot'), transport.heardBy('navigate'), page.listeners.size]).toEqual([
    0, 0, 0,
  ]);
  transport.emit('snapshot', snapshot(1, []));
  await settled();
  expect(app.snapshot).toBeNull();
});

test('a server that is removed can be put back from the message that says so', async () => {
  const { app, transport, said } = open('#/servers/a');
  transport.emit('snapshot', snapshot(1, [server('a')]));
  const gone = app.acts.remove('a');
  expect(app.busy('remove:a')).toBe(true);
  await transport.last('server.remove').answer(ok);
  expect(await gone).toBe(true);
  expect(said()).toEqual(['a is removed.']);
  app.toasts[0]?.act?.run();
  expect(transport.last('server.restore').args).toEqual({ server: 'a' });
  await transport.last('server.restore').answer(refused);
  expect(said().at(-1)).toContain('It was refused.');

  const kept = app.acts.remove('a');
  await transport.last('server.remove').answer(refused);
  expect(await kept).toBe(false);
  expect(said().at(-1)).toContain('a was not removed.');
  app.close();
});
