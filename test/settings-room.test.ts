/** Settings of the screens as keys of the configuration file: written where they stand, refused where they cannot be. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openConfig } from '../main/config/open.ts';
import { networksOf } from '../main/networks.ts';
import { systemClock } from '../main/protocol/clock.ts';
import { openSettingsRoom, type SettingsRoomDeps } from '../main/settings-room.ts';
import { tryListen } from '../main/try-listen.ts';
import type { SettingChange } from '../preload/views/settings.ts';
import { snapshot } from './renderer/fakes.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const NONE = { listen: null, auth: null };

async function setup(text: string, part: Partial<SettingsRoomDeps> = {}, foreign = false) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-settings-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'config.json');
  writeFileSync(file, text);
  const config = await openConfig({
    ...{ file, clock: systemClock, create: false, foreign, env: () => undefined, headers: {} },
    ...{ onChange: () => undefined, onBroken: () => undefined },
  });
  closing.push(() => config.close());
  const { config: shown, endpoint } = snapshot(1, []);
  const room = openSettingsRoom({
    ...{ config, said: NONE, store: { state: { config: shown, endpoint } }, dataDir: folder, tryListen },
    interfaces: () => ({}),
    ...part,
  });
  return {
    file,
    read: () => readFileSync(file, 'utf8'),
    view: () => room['settings.get']({}),
    set: (change: SettingChange) => room['settings.set']({ change }),
    fails: (change: SettingChange) =>
      room['settings.set']({ change }).then(
        () => null,
        (error: { code?: string }) => error.code,
      ),
  };
}

/** A port that another program has, as long as the test runs. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, () => resolve()));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('what is in force', () => {
  it('are the defaults where the file says nothing', async () => {
    const { view } = await setup('{}');
    expect(await view()).toMatchObject({
      locked: null,
      endpoint: { host: '127.0.0.1', port: 4180, reach: 'computer', tokenRequired: true, tokenFixed: false },
      isolation: { mode: 'host', network: 'allowlist', memoryMegabytes: 512, cpus: 1, fallback: 'none' },
      activity: { enabled: true, days: 30, megabytes: 256 },
    });
  });

  it('is what the file says, in any of its spellings', async () => {
    const text = `{ "listen": "0.0.0.0:5000", "docker_isolation": { "enabled": true, "memory_limit": "1g" } }`;
    const { view } = await setup(text);
    expect(await view()).toMatchObject({
      endpoint: { host: '0.0.0.0', port: 5000, reach: 'network' },
      isolation: { mode: 'container', network: 'bridge', memoryMegabytes: 1024 },
    });
  });

  it('is what the command line says, which cannot be changed here', async () => {
    const { view, fails, read } = await setup('{}', {
      said: { listen: { host: '127.0.0.1', port: 0 }, auth: { kind: 'none' } },
    });
    expect((await view()).endpoint).toMatchObject({
      ...{ port: 0, addressFixed: true, tokenRequired: false, tokenFixed: true },
    });
    expect(await fails({ key: 'listen.port', to: 5001 })).toBe('settings.said_outside');
    expect(await fails({ key: 'auth.required', to: true })).toBe('settings.said_outside');
    expect(read()).toBe('{}');
  });
});

describe('changing', () => {
  it('writes one key and leaves comments, order and the rest alone', async () => {
    const { set, read } = await setup(
      '{\n  // mine\n  "activity": { "days": 7 }, // short\n  "mcpServers": {}\n}\n',
    );
    await set({ key: 'activity.days', to: 90 });
    const after = await set({ key: 'isolation.memory', to: 1024 });
    expect(read()).toContain('// mine\n  "activity": { "days": 90 }, // short');
    expect(after).toMatchObject({ activity: { days: 90 }, isolation: { memoryMegabytes: 1024 } });
  });

  it.each<[SettingChange, object]>([
    [{ key: 'isolation.mode', to: 'container' }, { isolation: { mode: 'container' } }],
    [{ key: 'isolation.network', to: 'none' }, { isolation: { network: 'none' } }],
    [{ key: 'isolation.cpu', to: 0.5 }, { isolation: { cpus: 0.5 } }],
    [{ key: 'isolation.fallback', to: 'host' }, { isolation: { fallback: 'host' } }],
    [{ key: 'isolation.cache', to: false }, { isolation: { cache: false } }],
    [{ key: 'activity.enabled', to: false }, { activity: { enabled: false } }],
    [{ key: 'activity.arguments', to: false }, { activity: { arguments: false } }],
    [{ key: 'activity.results', to: false }, { activity: { results: false } }],
    [{ key: 'activity.megabytes', to: 64 }, { activity: { megabytes: 64 } }],
    [{ key: 'auth.required', to: false }, { endpoint: { tokenRequired: false } }],
    [{ key: 'listen.reach', to: 'network' }, { endpoint: { host: '0.0.0.0', port: 4180, reach: 'network' } }],
  ])('%j is in force then', async (change, expected) => {
    const { set, view } = await setup('{}', { tryListen: async () => null });
    await set(change);
    expect(await view()).toMatchObject(expected);
  });

  it('keeps a port that another program has out of the file, and takes a free one', async () => {
    const { fails, set, read } = await setup('{}');
    expect(await fails({ key: 'listen.port', to: await takenPort() })).toBe('settings.port_taken');
    expect(read()).toBe('{}');
    expect((await set({ key: 'listen.port', to: 0 })).endpoint.port).toBe(0);
  });

  it('takes the port of its own door for another host: it is free with the restart', async () => {
    const { endpoint, config } = snapshot(1, []);
    const url = `http://127.0.0.1:${await takenPort()}/mcp`;
    const { set } = await setup(`{ "listen": "${new URL(url).host}" }`, {
      store: { state: { config, endpoint: { ...endpoint, url } } },
    });
    expect((await set({ key: 'listen.reach', to: 'network' })).endpoint.reach).toBe('network');
  });

  it('never opens to a network without a token, in whichever order it is asked', async () => {
    const first = await setup('{ "auth": { "required": false } }');
    expect(await first.fails({ key: 'listen.reach', to: 'network' })).toBe('settings.open_without_token');
    const second = await setup('{ "listen": "0.0.0.0:4180" }');
    expect(await second.fails({ key: 'auth.required', to: false })).toBe('settings.open_without_token');
    expect(second.read()).toBe('{ "listen": "0.0.0.0:4180" }');
  });

  it('refuses what would contradict another spelling, and says which', async () => {
    const text = '{ "docker_isolation": { "enabled": true } }';
    const { fails, read } = await setup(text);
    expect(await fails({ key: 'isolation.mode', to: 'host' })).toBe('config.invalid_value');
    expect(read()).toBe(text);
  });

  it('says why another program’s file is left alone', async () => {
    const text =
      '{"mcpProxy":{"baseURL":"http://x","addr":":9090","name":"n","version":"1"},"mcpServers":{}}';
    const { view, fails, read } = await setup(text, {}, true);
    expect((await view()).locked?.code).toBe('config.foreign_file');
    expect(await fails({ key: 'activity.days', to: 7 })).toBe('config.foreign_file');
    expect(read()).toBe(text);
  });
});

describe('who could reach an open endpoint', () => {
  const at = (address: string, netmask: string, part = {}) => ({
    ...{ address, netmask, family: 'IPv4' as const, mac: '', internal: false, cidr: null },
    ...part,
  });

  it('are the networks that this computer is in, private or not', () => {
    expect(
      networksOf({
        lo: [at('127.0.0.1', '255.0.0.0', { internal: true })],
        wlan0: [
          at('192.168.1.23', '255.255.255.0'),
          { ...at('fe80::1', 'ffff::'), family: 'IPv6', scopeid: 1 },
        ],
        eth0: [at('203.0.113.7', '255.255.255.128')],
        vpn: [at('172.31.0.9', '255.240.0.0')],
        edge: [at('172.32.0.9', '255.255.255.255')],
        gone: undefined,
      }),
    ).toEqual([
      { name: 'wlan0', address: '192.168.1.23', range: '192.168.1.0/24', kind: 'private' },
      { name: 'eth0', address: '203.0.113.7', range: '203.0.113.0/25', kind: 'public' },
      { name: 'vpn', address: '172.31.0.9', range: '172.16.0.0/12', kind: 'private' },
      { name: 'edge', address: '172.32.0.9', range: '172.32.0.9/32', kind: 'public' },
    ]);
  });
});
