import { describe, expect, it, vi } from 'vitest';
import { GatehouseError } from '../../main/protocol/error.ts';
import { openCoreHolder } from '../../main/shell/core-holder.ts';
import { failedCore } from '../../main/shell/failed-core.ts';
import type { Snapshot } from '../../preload/contract.ts';
import { fakeClock, fakeCore } from './fake-core.ts';

const facts = { version: '1', platform: 'linux', dataDir: '/d', configFile: '/c.json' };
const inUse = new GatehouseError({ code: 'gateway.port_in_use', message: 'm', remedy: 'r' });
const broken = Object.assign(new GatehouseError({ code: 'config.syntax', message: 'm', remedy: 'r' }), {
  line: 3,
  column: 7,
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function setup(...outcomes: ('fails' | 'opens')[]) {
  const clock = fakeClock();
  const core = fakeCore({ servers: [] });
  const close = vi.fn(async () => {});
  const open = vi.fn(async () => {
    if (outcomes.shift() === 'fails') {
      throw inUse;
    }
    return { ...core, close };
  });
  const failed = vi.fn();
  const holder = await openCoreHolder({ clock, open, failed, standIn: (error) => failedCore(facts, error) });
  return { clock, core, close, open, failed, holder };
}

describe('core holder', () => {
  it('passes a core that runs through', async () => {
    const { core, holder, close, clock } = await setup('opens');
    const seen: number[] = [];
    holder.onSnapshot((snapshot) => seen.push(snapshot.revision));
    core.set({ paused: true });
    expect(holder.snapshot()).toEqual(core.snapshot());
    expect(seen).toEqual([core.snapshot().revision]);
    await holder.execute('server.restart', { server: 'a' });
    expect(core.asked).toEqual([{ name: 'server.restart', args: { server: 'a' } }]);
    await holder.close();
    await holder.close();
    expect(close).toHaveBeenCalledTimes(1);
    expect(clock.waiting).toBe(0);
  });

  it('shows why there is none, tries again, and becomes the real one, never older than before', async () => {
    const { core, clock, holder, open, failed } = await setup('fails', 'fails', 'opens');
    const seen: Snapshot[] = [];
    holder.onSnapshot((snapshot) => seen.push(snapshot));
    const first = holder.snapshot();
    expect(first.endpoint).toMatchObject({ state: 'failed', problem: { code: 'gateway.port_in_use' } });
    clock.advance(1999);
    expect(open).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await settled();
    expect(open).toHaveBeenCalledTimes(2);
    clock.advance(3999);
    expect(open).toHaveBeenCalledTimes(2);
    clock.advance(1);
    await settled();
    expect(failed).toHaveBeenCalledTimes(2);
    expect(holder.snapshot().endpoint.state).toBe('listening');
    core.set({ paused: true });
    const revisions = [first.revision, ...seen.map((snapshot) => snapshot.revision)];
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    expect(seen.at(-1)?.paused).toBe(true);
    core.answer = { ok: true, value: core.snapshot() };
    expect(await holder.execute('snapshot.get', {})).toEqual({ ok: true, value: holder.snapshot() });
  });

  it('stops trying when it is closed, and closes a core that opens meanwhile', async () => {
    const { holder, clock, open, close } = await setup('fails', 'opens');
    clock.advance(2000);
    await holder.close();
    expect(close).toHaveBeenCalledTimes(1);
    expect(open).toHaveBeenCalledTimes(2);
    const other = await setup('fails', 'fails');
    await other.holder.close();
    expect(other.clock.waiting).toBe(0);
  });
});

describe('a core that could not start', () => {
  it('shows why and refuses the rest', async () => {
    const core = failedCore(facts, inUse);
    const problem = { code: 'gateway.port_in_use', message: 'm', remedy: 'r' };
    expect(core.snapshot()).toMatchObject({
      endpoint: { state: 'failed', problem },
      config: { state: 'ok' },
    });
    expect(await core.execute('snapshot.get', {})).toEqual({ ok: true, value: core.snapshot() });
    expect(await core.execute('server.restart', {})).toEqual({ ok: false, error: problem });
    expect(await core.snippet('url')).toEqual({ ok: false, error: problem });
  });

  it('names the place of a mistake in the configuration', () => {
    expect(failedCore(facts, broken).snapshot().config).toMatchObject({
      file: '/c.json',
      state: 'broken',
      problem: { code: 'config.syntax' },
      line: 3,
      column: 7,
    });
  });
});
