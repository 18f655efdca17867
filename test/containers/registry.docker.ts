/**
 * Images from a registry: downloaded with progress, called off, pinned by their digest, and held when the name comes to
 * mean another one.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { api } from '../host/container-engine.ts';
import { type GatewayProcess, readiness, startGateway, until } from '../host/gateway.ts';
import { type Contained, contained, hostile, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();
const program = fileURLToPath(new URL('../host/registry.mjs', import.meta.url));
const IMAGE = '127.0.0.1:5000/tools/node:1';

describe('images from a registry', () => {
  let dir: string;
  let registry: ChildProcess;
  let asked = '';
  /** Others look at the same engine: nothing may stay in it, however a test ends. */
  const open: Contained[] = [];
  const start = async (...args: Parameters<typeof startContained>): Promise<Contained> => {
    const gate = await startContained(...args);
    open.push(gate);
    return gate;
  };
  afterEach(async () => {
    for (const gate of open.splice(0)) await gate.close();
  });
  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  beforeAll(async () => {
    if (host === null) return;
    dir = mkdtempSync(join(tmpdir(), 'ghr-'));
    mkdirSync(join(dir, 'data'));
    const layer = join(dir, 'layer.tar');
    execFileSync('tar', ['-C', host.image, '-cf', layer, '.']);
    // Where the engine is, this computer's own addresses are those of its network.
    registry = spawn('nsenter', ['--net', '-t', String(host.pid), process.execPath, program, layer], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    registry.stdout?.on('data', (chunk: Buffer) => (asked += chunk.toString()));
    await until(() => asked.includes('ready'), 'the registry', 20_000);
  });
  afterAll(async () => {
    if (registry !== undefined) {
      const ended = new Promise((resolve) => registry.once('exit', resolve));
      registry.stdin?.end();
      await ended;
    }
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  });

  // Three downloads of 100 MB: where others use the processors too, that takes more than a minute.
  it('downloads what it needs, pins its digest, and starts from it; a name that moves later changes nothing', {
    timeout: 180_000,
  }, async () => {
    if (host === null) return;
    const config = { mcpServers: { a: contained(hostile, { image: IMAGE }) } };
    const first = await start(host, config, {}, join(dir, 'data'));
    expect(await first.attempt('a', 'whoami')).toMatch(/^yes/);
    await first.close();
    const pins = readFileSync(join(dir, 'data', 'images.json'), 'utf8');
    const digest = /"digest": ?"(sha256:[0-9a-f]{64})"/.exec(pins)?.[1] ?? 'none';
    expect(asked).toContain('GET /v2/tools/node/manifests/');
    // The name means another image now, and the engine has lost the one that was used.
    registry.stdin?.write('move\n');
    await api(host.socket, 'DELETE', `/images/${IMAGE}?force=1`);
    asked = '';
    const second = await start(host, config, {}, join(dir, 'data'));
    expect(await second.attempt('a', 'whoami')).toMatch(/^yes/);
    // By its digest, where the engine has not kept what that means; the name is not asked for, since it means another one.
    expect(asked.match(/manifests\/\S+/g) ?? [`manifests/${digest}`]).toContain(`manifests/${digest}`);
    expect(asked).not.toContain('/v2/tools/node/manifests/1');
    await second.close();
    // Somebody downloads the new one under the old name.
    await api(host.socket, 'POST', '/images/create?fromImage=127.0.0.1:5000/tools/node&tag=1');
    const third = await start(host, config, {}, join(dir, 'data'));
    expect((await readiness(third.gateway.base)).servers.a).toMatchObject({
      problem: { code: 'isolation.image_changed' },
    });
    await runCommand(third.gateway.dataDir, 'image.approve', { image: IMAGE });
    await runCommand(third.gateway.dataDir, 'server.restart', { server: 'a' });
    await until(
      async () => (await readiness(third.gateway.base)).servers.a?.state === 'ready',
      'agreed',
      20_000,
    );
    await third.close();
  });

  it('shows how far a download is, and ends it when the server is switched off', async () => {
    if (host === null) return;
    const gateway: GatewayProcess = await startGateway({
      config: { mcpServers: { slow: contained(hostile, { image: '127.0.0.1:5000/tools/slow:1' }) } },
      env: { DOCKER_HOST: host.address },
    });
    try {
      const download = async () =>
        (await runCommand(gateway.dataDir, 'snapshot.get', {})).servers[0]?.containment?.download ?? null;
      await until(async () => ((await download())?.percent ?? 0) >= 1, 'it has come some way', 20_000);
      expect(await download()).toMatchObject({ image: '127.0.0.1:5000/tools/slow:1' });
      await runCommand(gateway.dataDir, 'server.setEnabled', { server: 'slow', enabled: false });
      await until(() => asked.includes('gone'), 'the registry sees it end', 20_000);
      await until(async () => (await download()) === null, 'nothing is under way any more');
      expect(existsSync(join(gateway.dataDir, 'images.json'))).toBe(false);
    } finally {
      await gateway.close();
    }
  });
});
