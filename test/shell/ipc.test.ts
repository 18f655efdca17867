import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { afterAll, describe, expect, it } from 'vitest';
import { GatehouseError } from '../../main/protocol/error.ts';
import { desktopCommands } from '../../main/shell/desktop-commands.ts';
import { commandChannel, isTrustedFrame, openIpc } from '../../main/shell/ipc.ts';
import { openPreferences } from '../../main/shell/preferences.ts';
import { type CommandName, commandNames } from '../../preload/contract.ts';
import { fakeClock, fakeCore } from './fake-core.ts';

const ours = { id: 1 } as WebContents;
type Frame = { url: string; parent: unknown };
const page: Frame = { url: 'app://gatehouse/index.html', parent: null };
const eventFrom = (senderFrame: Frame | null, sender = ours) =>
  ({ sender, senderFrame }) as unknown as IpcMainInvokeEvent;

const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-ipc-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function setup(openPathSays = '') {
  const core = fakeCore();
  const clock = fakeClock();
  const kept: Record<string, unknown> = {};
  const done = { clipboard: [] as string[], opened: [] as string[], log: [] as string[] };
  let handler: (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown = () => undefined;
  const channels: string[] = [];
  const ipc = openIpc({
    page: () => new AbortController().signal,
    ipcMain: {
      handle: (channel, next) => {
        channels.push(channel);
        handler = next;
      },
      removeHandler: (channel) => void channels.splice(channels.indexOf(channel), 1),
    },
    core: Promise.resolve(core),
    desktop: desktopCommands({
      core: Promise.resolve(core),
      preferences: openPreferences({ get: (key) => kept[key], set: (values) => Object.assign(kept, values) }),
      dataDir,
      loginStart: { get: () => ({ on: false, unavailable: null }), set: (on) => ({ on, unavailable: null }) },
      restart: () => void done.log.push('restart'),
      hasTray: async () => true,
      writeClipboard: (text) => void done.clipboard.push(text),
      showWindow: (to) => void done.log.push(`show ${to?.view}`),
      shortcut: {
        use(keys) {
          if (keys === 'Super+L')
            throw new GatehouseError({ code: 'preferences.shortcut_taken', message: '', remedy: '' });
        },
      },
      openPath: async (file) => {
        done.opened.push(file);
        return openPathSays;
      },
      pickFile: async (near) => `${near}.picked`,
      openLink: async (url) => void done.opened.push(url),
    }),
    clock,
    owns: (contents) => contents === ours,
    failed: (what) => void done.log.push(what),
  });
  const invoke = async (name: unknown, args: unknown = {}, event = eventFrom(page)) =>
    (await handler(event, name, args)) as { ok: boolean; value?: unknown; error?: { code: string } };
  return { core, clock, kept, done, ipc, invoke, channels };
}

describe('bridge', () => {
  it('passes a core command on as it came', async () => {
    const { core, invoke } = setup();
    core.answer = { ok: true, value: 'x' };
    expect(await invoke('server.restart', { server: 'a' })).toEqual({ ok: true, value: 'x' });
    expect(core.asked).toEqual([{ name: 'server.restart', args: { server: 'a' } }]);
  });

  it('answers every name of the contract and no other', async () => {
    const { invoke } = setup();
    for (const name of commandNames) {
      expect((await invoke(name)).error?.code).not.toBe('ipc.unknown_command');
    }
    for (const name of [
      '',
      'constructor',
      '__proto__',
      'toString',
      'snapshot.GET',
      7,
      null,
      ['snapshot.get'],
    ]) {
      expect((await invoke(name)).error?.code).toBe('ipc.unknown_command');
    }
  });

  it('foreign-sender: refuses every frame that is not the main frame of our page in our window', async () => {
    const { core, invoke } = setup();
    const strangers = [
      eventFrom(null),
      eventFrom({ url: 'app://gatehouse/index.html', parent: page }),
      eventFrom({ url: 'https://example.com/', parent: null }),
      eventFrom({ url: 'data:text/html,x', parent: null }),
      eventFrom({ url: 'about:blank', parent: null }),
      eventFrom({ url: 'app://gatehouse.evil/', parent: null }),
      eventFrom(page, { id: 2 } as WebContents),
    ];
    for (const event of strangers) {
      expect((await invoke('snapshot.get', {}, event)).error?.code).toBe('ipc.foreign_sender');
    }
    expect(core.asked).toEqual([]);
  });

  it('does not trust a frame that is already gone', () => {
    const gone = {
      sender: ours,
      get senderFrame(): never {
        throw new Error('Render frame was disposed');
      },
    };
    expect(isTrustedFrame(gone as never, () => true)).toBe(false);
  });

  it('never rejects: a fault becomes a problem', async () => {
    const { core, invoke } = setup();
    core.execute = async () => {
      throw new Error('boom');
    };
    expect((await invoke('snapshot.get')).error?.code).toBe('internal.unexpected');
  });

  it('stops a page that floods, and lets it go on a little later', async () => {
    const { invoke, clock } = setup();
    const codes = await Promise.all(
      Array.from({ length: 301 }, async () => (await invoke('snapshot.get')).error?.code),
    );
    expect(codes.filter((code) => code === 'ipc.too_many_commands')).toHaveLength(1);
    clock.advance(1000);
    expect((await invoke('snapshot.get')).ok).toBe(true);
  });

  it('takes its channel away', () => {
    const { ipc, channels } = setup();
    expect(channels).toEqual([commandChannel]);
    ipc.close();
    expect(channels).toEqual([]);
  });
});

describe('desktop commands', () => {
  it('puts the snippet on the clipboard and never into the answer', async () => {
    const { core, invoke, done } = setup();
    core.text = { ok: true, value: 'Bearer s3cret' };
    const answer = await invoke('client.copySnippet', { format: 'json' });
    expect(answer).toEqual({ ok: true, value: null });
    expect(done.clipboard).toEqual(['Bearer s3cret']);
  });

  it('passes on why there is no snippet', async () => {
    const { core, invoke, done } = setup();
    core.text = { ok: false, error: { code: 'gateway.closed', message: 'm', remedy: 'r' } };
    expect((await invoke('client.copySnippet', { format: 'url' })).error?.code).toBe('gateway.closed');
    expect(done.clipboard).toEqual([]);
  });

  it('opens the configuration that the core names, never one that the page names', async () => {
    const { invoke, done } = setup();
    expect((await invoke('config.open', { file: '/etc/passwd' })).error?.code).toBe('ipc.bad_arguments');
    expect((await invoke('config.open')).ok).toBe(true);
    expect(done.opened).toEqual(['/data/config.json']);
  });

  it('says when no program opens it', async () => {
    const { invoke } = setup('no application');
    expect((await invoke('config.open')).error?.code).toBe('desktop.open_failed');
  });

  it.each<[CommandName, unknown]>([
    ['client.copySnippet', { format: 'xml' }],
    ['client.copySnippet', null],
    ['preferences.get', 5],
  ])('refuses %s with %j', async (name, args) => {
    expect((await setup().invoke(name, args)).error?.code).toBe('ipc.bad_arguments');
  });

  it('opens its own folders only, and makes them where no server has written yet', async () => {
    const { invoke, done } = setup();
    expect(await invoke('app.openFolder', { folder: 'logs' })).toEqual({ ok: true, value: null });
    expect(existsSync(join(dataDir, 'logs'))).toBe(true);
    for (const bad of [{ folder: '../x' }, { folder: '/etc' }, { path: '/etc' }]) {
      expect((await invoke('app.openFolder', bad)).error?.code).toBe('ipc.bad_arguments');
    }
    expect(done.opened).toEqual([join(dataDir, 'logs')]);
    expect((await setup('no application').invoke('app.openFolder', { folder: 'data' })).error?.code).toBe(
      'desktop.open_failed',
    );
  });

  it('restarts when it is told to, and not with arguments that mean nothing', async () => {
    const { invoke, done } = setup();
    expect((await invoke('app.restart', { args: ['--no-auth'] })).error?.code).toBe('ipc.bad_arguments');
    expect(done.log).not.toContain('restart');
    expect(await invoke('app.restart')).toEqual({ ok: true, value: null });
    expect(done.log).toContain('restart');
  });

  it('keeps valid preferences and refuses the others', async () => {
    const { invoke, kept } = setup();
    expect(await invoke('preferences.set', { theme: 'dark' })).toMatchObject({ value: { theme: 'dark' } });
    for (const bad of [
      { theme: 'pink' },
      { window: {} },
      { language: '../x' },
      null,
      { startHidden: 'yes' },
    ]) {
      expect((await invoke('preferences.set', bad)).error?.code).toBe('preferences.invalid');
    }
    expect(kept).toEqual({ theme: 'dark' });
    // Keys that cannot be had are not kept.
    await invoke('preferences.set', { shortcut: 'Control+Alt+G' });
    const taken = await invoke('preferences.set', { shortcut: 'Super+L' });
    expect(taken.error?.code).toBe('preferences.shortcut_taken');
    expect(kept.shortcut).toBe('Control+Alt+G');
  });
});
