import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MenuItemModel, trayModel } from '../../main/shell/tray-model.ts';
import type { Problem, ServerState } from '../../preload/contract.ts';
import { serverView, signInNeeded, snapshotOf } from './fake-core.ts';

const problem: Problem = { code: 'x.y', message: 'It broke.', remedy: 'Mend it.' };
const endpoint = snapshotOf().endpoint;

/** All entries, submenus included. */
function flat(items: readonly MenuItemModel[]): MenuItemModel[] {
  return items.flatMap((item) => (item.type === 'submenu' ? [item, ...flat(item.items)] : [item]));
}
function byId(items: readonly MenuItemModel[], id: string): Exclude<MenuItemModel, { type: 'separator' }> {
  const found = flat(items).find((item) => item.type !== 'separator' && item.id === id);
  if (found === undefined || found.type === 'separator') {
    throw new Error(`no ${id}`);
  }
  return found;
}
const labels = (items: readonly MenuItemModel[]): string[] =>
  items.map((item) => (item.type === 'separator' ? '-' : item.label));

describe('tray model', () => {
  it('reads from top to bottom: state, servers, clients, pause, endpoint, open, quit', () => {
    const model = trayModel(snapshotOf({ servers: [serverView('memory'), serverView('files')] }));
    expect(labels(model.items)).toEqual([
      'Running, 2 servers are ready',
      '-',
      'memory · Ready',
      'files · Ready',
      '-',
      'Connect a client',
      'Pause all',
      'Copy endpoint',
      '-',
      'Open Gatehouse',
      'Quit Gatehouse',
    ]);
    expect(model.icon).toBe('idle');
    expect(model.tooltip).toBe('Gatehouse: running, 2 servers are ready');
  });

  it('puts what waits first, with its verbs in a submenu and none on the row', () => {
    const model = trayModel(
      snapshotOf({
        servers: [
          serverView('broken', { state: 'failed', problem }),
          serverView('remote', { state: 'signing-in' }),
          serverView('mail', { state: 'signing-in', signIn: signInNeeded }),
          serverView('new', { state: 'quarantined' }),
          serverView('fine'),
        ],
      }),
    );
    expect(model.icon).toBe('attention');
    expect(labels(model.items).slice(0, 3)).toEqual([
      'Running, 4 things wait for you',
      'Needs attention (4)',
      '-',
    ]);
    const attention = byId(model.items, 'attention');
    expect(attention.type).toBe('submenu');
    const broken = byId(model.items, 'attention:broken');
    expect(broken.type === 'submenu' && labels(broken.items)).toEqual(['Open', 'Try again']);
    const remote = byId(model.items, 'attention:remote');
    expect(remote.type === 'submenu' && labels(remote.items)).toEqual(['Open', 'Restart']);
    const mail = byId(model.items, 'attention:mail');
    expect(mail.type === 'submenu' && labels(mail.items)).toEqual(['Open', 'Sign in']);
    expect(byId(model.items, 'attention:mail:sign-in')).toMatchObject({
      action: { kind: 'command', name: 'server.signIn', args: { server: 'mail' } },
    });
    const fresh = byId(model.items, 'attention:new');
    expect(fresh.type === 'submenu' && labels(fresh.items)).toEqual(['Open']);
    expect(byId(model.items, 'attention:broken:open')).toMatchObject({
      action: { kind: 'open', to: { view: 'server', server: 'broken' } },
    });
    expect(byId(model.items, 'attention:broken:restart')).toMatchObject({
      action: { kind: 'command', name: 'server.restart', args: { server: 'broken' } },
    });
  });

  it('counts each call and each client that wants to sign in, in one line for each kind', () => {
    const model = trayModel(
      snapshotOf({
        callsWaiting: { count: 2, revision: 1 },
        waiting: { items: 0, servers: 0, signIns: 3, all: 0 },
        servers: [serverView('held', { waiting: 4 }), serverView('fine')],
      }),
    );
    expect(labels(model.items).slice(0, 2)).toEqual([
      'Running, 6 things wait for you',
      'Needs attention (6)',
    ]);
    const attention = byId(model.items, 'attention');
    expect(attention.type === 'submenu' && labels(attention.items)).toEqual([
      '2 calls wait for you',
      '3 clients want to sign in',
      'held: 4 things wait for your approval',
    ]);
    // The window asks about them on whatever screen it shows.
    expect(byId(model.items, 'sign-ins:review')).toMatchObject({ action: { kind: 'open', to: null } });
    expect(model.icon).toBe('attention');
  });

  it('offers the switch to the other side of what is', () => {
    const model = trayModel(
      snapshotOf({ servers: [serverView('a'), serverView('b', { enabled: false, state: 'disabled' })] }),
    );
    expect(byId(model.items, 'server:a')).toMatchObject({
      on: true,
      action: { name: 'server.setEnabled', args: { server: 'a', enabled: false } },
    });
    expect(byId(model.items, 'server:b')).toMatchObject({
      on: false,
      label: 'b · Off',
      action: { name: 'server.setEnabled', args: { server: 'b', enabled: true } },
    });
  });

  it('counts in words that fit the number', () => {
    const one = trayModel(snapshotOf({ servers: [serverView('a', { state: 'failed' })] }));
    expect(labels(one.items)[0]).toBe('Running, 1 thing waits for you');
    expect(labels(trayModel(snapshotOf({ servers: [serverView('a')] })).items)[0]).toBe(
      'Running, 1 server is ready',
    );
    expect(labels(trayModel(snapshotOf()).items)[0]).toBe('Running, no servers yet');
  });

  it('is off while paused, whatever waits, and offers to resume', () => {
    const model = trayModel(snapshotOf({ paused: true, servers: [serverView('a', { state: 'failed' })] }));
    expect(model.icon).toBe('off');
    expect(labels(model.items)[0]).toBe('All servers are paused');
    expect(byId(model.items, 'pause')).toMatchObject({ on: true, action: { args: { paused: false } } });
  });

  it('is busy while a server moves', () => {
    for (const state of ['starting', 'retrying'] satisfies ServerState[]) {
      expect(trayModel(snapshotOf({ servers: [serverView('a', { state })] })).icon).toBe('busy');
    }
  });

  it('says that the endpoint is down and offers no address that does not exist', () => {
    const model = trayModel(snapshotOf({ endpoint: { ...endpoint, state: 'failed', url: null, problem } }));
    expect(model.icon).toBe('attention');
    expect(model.tooltip).toBe('Gatehouse: the endpoint is not running');
    expect(labels(model.items)).not.toContain('Copy endpoint');
    expect(labels(model.items)).not.toContain('Connect a client');
    expect(byId(model.items, 'endpoint:open')).toMatchObject({ action: { kind: 'open' } });
  });

  it('leads from a broken configuration to its file', () => {
    const config = {
      file: '/c.json',
      state: 'broken' as const,
      problem,
      line: 3,
      column: 1,
      dialect: null,
      notAsWritten: 0,
      needsRestart: [],
      plainKeys: 0,
    };
    const model = trayModel(snapshotOf({ config }));
    expect(byId(model.items, 'config:open')).toMatchObject({ action: { name: 'config.open' } });
    expect(model.icon).toBe('attention');
  });

  it('keeps the menu short and leads to the rest', () => {
    const servers = Array.from({ length: 200 }, (_, i) => serverView(`s${i}`));
    const model = trayModel(snapshotOf({ servers }));
    expect(model.items.length).toBeLessThan(40);
    expect(byId(model.items, 'more-servers')).toMatchObject({
      label: '175 more servers',
      action: { kind: 'open', to: { view: 'servers' } },
    });
  });

  it('always lets the user open and quit, with ids that occur once, for any state', () => {
    const states: ServerState[] = [
      'disabled',
      'quarantined',
      'starting',
      'signing-in',
      'ready',
      'retrying',
      'failed',
      'stopped',
    ];
    const arbitrary = fc.record({
      paused: fc.boolean(),
      state: fc.constantFrom('starting', 'listening', 'failed', 'closed' as const),
      broken: fc.boolean(),
      servers: fc.uniqueArray(
        fc.record({
          name: fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/),
          enabled: fc.boolean(),
          state: fc.constantFrom(...states),
        }),
        { selector: (server) => server.name, maxLength: 40 },
      ),
    });
    fc.assert(
      fc.property(arbitrary, ({ paused, state, broken, servers }) => {
        const model = trayModel(
          snapshotOf({
            paused,
            endpoint: { ...endpoint, state },
            config: { ...snapshotOf().config, state: broken ? 'broken' : 'ok' },
            servers: servers.map(({ name, ...rest }) => serverView(name, rest)),
          }),
        );
        const ids = flat(model.items).flatMap((item) => (item.type === 'separator' ? [] : [item.id]));
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toContain('open');
        expect(ids.at(-1)).toBe('quit');
        expect(model.items[0]).toMatchObject({ type: 'note', id: 'status' });
      }),
    );
  });
});
