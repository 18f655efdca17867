/**
 * The life of contained servers: killed gateways, engines that go and come back, engines that are not there, images that
 * change, and images without a shell.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api } from '../host/container-engine.ts';
import { readiness, until } from '../host/gateway.ts';
import { type Contained, contained, hostile, ofOurs, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();

/** A way to the engine that can be cut. */
async function openPassage(path: string, target: string): Promise<{ cut(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(target);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    async cut() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('the life of contained servers', () => {
  let dir: string;
  let open: { close(): Promise<void> }[];
  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
    dir = mkdtempSync(join(tmpdir(), 'ghl-'));
    mkdirSync(join(dir, 'data'));
    open = [];
  });
  afterEach(async () => {
    for (const one of open) await one.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const start = async (config: object, env: Record<string, string> = {}): Promise<Contained> => {
    if (host === null) throw new Error(absent);
    const gate = await startContained(host, config, env, join(dir, 'data'));
    open.push(gate);
    return gate;
  };
  const stateOf = async (gate: Contained, name: string) => (await readiness(gate.gateway.base)).servers[name];

  it('leaves nothing at the engine when it is closed', async () => {
    if (host === null) return;
    const gate = await start({ mcpServers: { a: contained(hostile, { allow: ['good.example'] }) } });
    expect((await ofOurs(host)).containers.map(({ Labels }) => Labels['app.gatehouse.role']).sort()).toEqual([
      'egress',
      'server',
    ]);
    await gate.close();
    expect(await ofOurs(host)).toEqual({ containers: [], networks: [] });
  });

  it('killed and started again, it removes what was left and leaves what belongs to another', async () => {
    if (host === null) return;
    const config = {
      mcpServers: { a: contained(hostile), b: contained(hostile, { allow: ['good.example'] }) },
    };
    const first = await start(config);
    const label = { 'app.gatehouse.managed': 'true', 'app.gatehouse.instance': 'another' };
    const foreign = JSON.parse(
      await api(host.socket, 'POST', '/containers/create?name=foreign', {
        Image: 'node:22',
        Cmd: ['true'],
        Labels: label,
      }),
    ) as { Id: string };
    const before = (await ofOurs(host)).containers.map(({ Id }) => Id).filter((id) => id !== foreign.Id);
    expect(before).toHaveLength(3);
    await first.gateway.stop('SIGKILL');
    const second = await start({ mcpServers: { a: contained(hostile) } });
    expect(await second.attempt('a', 'whoami')).toMatch(/^yes/);
    const after = await ofOurs(host);
    expect(after.containers.filter(({ Id }) => before.includes(Id))).toEqual([]);
    expect(after.containers.map(({ Id }) => Id)).toContain(foreign.Id);
    expect(after.networks).toEqual([]);
    await api(host.socket, 'DELETE', `/containers/${foreign.Id}?force=1`);
  });

  it('survives that the engine goes away: the server says so, and runs again when it is back', async () => {
    if (host === null) return;
    const path = join(dir, 'way.sock');
    const passage = await openPassage(path, host.socket);
    const gate = await start({ mcpServers: { a: contained(hostile) } }, { DOCKER_HOST: `unix://${path}` });
    expect(await gate.attempt('a', 'whoami')).toMatch(/^yes/);
    await passage.cut();
    await until(
      async () => (await stateOf(gate, 'a'))?.problem?.code.startsWith('isolation.engine') ?? false,
      'said so',
    );
    const again = await openPassage(path, host.socket);
    await until(async () => (await stateOf(gate, 'a'))?.state === 'ready', 'back', 20_000);
    expect(await gate.attempt('a', 'whoami')).toMatch(/^yes/);
    // The one that was lost from sight is not left over.
    await until(async () => (await ofOurs(host)).containers.length === 1, 'the lost one is removed');
    await gate.close();
    await again.cut();
  });

  it('waits for an engine that is not there, and runs on this computer only where that is allowed', async () => {
    if (host === null) return;
    const path = join(dir, 'way.sock');
    const gate = await start(
      { mcpServers: { waits: contained(hostile), falls: contained(hostile, { fallback: 'host' }) } },
      { DOCKER_HOST: `unix://${path}` },
    );
    expect(await stateOf(gate, 'waits')).toMatchObject({
      state: 'failed',
      problem: { code: 'isolation.engine_not_found' },
    });
    expect(JSON.parse((await gate.attempt('falls', 'whoami')).slice(5))).toMatchObject({
      uid: process.getuid?.(),
    });
    const passage = await openPassage(path, host.socket);
    await until(async () => (await stateOf(gate, 'waits'))?.state === 'ready', 'it starts', 20_000);
    await until(
      async () => (await gate.attempt('falls', 'whoami')).includes('65532'),
      'the other moves into its container',
      20_000,
    );
    await gate.close();
    await passage.cut();
  });

  it('holds an image that has changed behind its name until that is agreed to', async () => {
    if (host === null) return;
    const tag = (image: string) => api(host.socket, 'POST', `/images/${image}/tag?repo=moving&tag=1`);
    await tag('node:22');
    const config = { mcpServers: { a: contained(hostile, { image: 'moving:1' }) } };
    const first = await start(config);
    expect(await first.attempt('a', 'whoami')).toMatch(/^yes/);
    await first.close();
    await tag('bare-node:1');
    const second = await start(config);
    expect(await stateOf(second, 'a')).toMatchObject({
      state: 'failed',
      problem: { code: 'isolation.image_changed', remedy: expect.stringContaining('moving:1') },
    });
  });

  it('hands secrets over in private also where there is no shell, and refuses where it cannot', async () => {
    if (host === null) return;
    const gate = await start(
      {
        mcpServers: {
          bare: contained(hostile, { image: 'bare-node:1' }, { env: { TOKEN: '${env:GH_PLANTED}' } }),
        },
      },
      { GH_PLANTED: 'planted-bare' },
    );
    expect(await gate.attempt('bare', 'env')).toContain('planted-bare');
    const [one] = (await ofOurs(host)).containers;
    expect(await api(host.socket, 'GET', `/containers/${one?.Id}/json`)).not.toContain('planted-bare');
  });

  it('keeps a package cache of its own for each server, which its user may write to', async () => {
    if (host === null) return;
    mkdirSync(join(dir, 'code'));
    copyFileSync(hostile, join(dir, 'code', 'server.mjs'));
    // A program that loads packages, and so has a cache; in this image it is Node.js under another name.
    const entry = {
      command: 'tsx',
      args: [join(dir, 'code', 'server.mjs')],
      isolation: { mode: 'container', image: 'node-as-tsx:1', mounts: [join(dir, 'code')], network: 'none' },
    };
    const gate = await start({ mcpServers: { one: entry, two: entry } });
    expect(await gate.attempt('one', 'write', '/var/cache/gatehouse/own/x')).toBe('yes: written');
    expect(await gate.attempt('two', 'read', '/var/cache/gatehouse/own/x')).toMatch(/^no: ENOENT/);
    expect(await gate.attempt('one', 'env')).toContain('"npm_config_cache":"/var/cache/gatehouse/own/npm"');
    const second = gate.attempt('one', 'write', '/var/cache/gatehouse/x');
    expect(await second).toMatch(/^no: EACCES/);
  });

  it('says what an image lacks, and what its name does not mean', async () => {
    const gate = await start({
      mcpServers: {
        lacks: {
          ...contained(hostile),
          command: 'uvx',
          isolation: { mode: 'container', image: 'node:22', network: 'none' },
        },
        none: {
          ...contained(hostile),
          isolation: { mode: 'container', image: 'localhost:1/none:1', network: 'none' },
        },
        home: contained(hostile, { mounts: ['~'] }),
        root: contained(hostile, { extraArgs: ['--privileged'] }),
      },
    });
    expect(await stateOf(gate, 'lacks')).toMatchObject({
      state: 'failed',
      problem: { code: 'upstream.exited' },
    });
    expect(await stateOf(gate, 'none')).toMatchObject({ problem: { code: 'isolation.pull_failed' } });
    expect(await stateOf(gate, 'home')).toMatchObject({ problem: { code: 'isolation.mount_refused' } });
    expect(await stateOf(gate, 'root')).toMatchObject({ problem: { code: 'isolation.unsafe' } });
  });
});
