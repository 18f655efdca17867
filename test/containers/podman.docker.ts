/**
 * The core of containment with Podman: servers start, keep their secrets, are held to files, network and memory, and nothing
 * of them is left.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { api } from '../host/container-engine.ts';
import { readiness, until } from '../host/gateway.ts';
import { type StartedPodman, startPodman } from '../host/podman.ts';
import { type Contained, contained, hostile, startContained } from './contained.ts';

const PLANTED = 'planted-5c1e-secret';

describe('with Podman', () => {
  let podman: StartedPodman;
  let gate: Contained;
  let files: string;

  beforeAll(async () => {
    podman = await startPodman();
    if (podman.socket === null)
      return console.error(`\n*** ${podman.absent}: tests with Podman are skipped ***\n`);
    files = mkdtempSync(join(tmpdir(), 'ghf-'));
    mkdirSync(join(files, 'mine'));
    writeFileSync(join(files, 'mine/a.txt'), 'mine');
    gate = await startContained(
      { address: `unix://${podman.socket}` },
      {
        mcpServers: {
          none: contained(
            hostile,
            { mounts: [`${join(files, 'mine')}:/mine`, join(hostile, '..')], memory: '128m', pids: 40 },
            { env: { TOKEN: '${env:GH_PLANTED}' } },
          ),
          listed: contained(hostile, { allow: ['good.example'] }),
        },
      },
      { GH_PLANTED: PLANTED },
    );
  }, 120_000);
  beforeEach(({ skip }) => {
    if (podman.socket === null) skip(podman.absent);
  });
  afterAll(async () => {
    await gate?.close();
    await podman.close();
    if (files !== undefined) rmSync(files, { recursive: true, force: true });
  }, 60_000);

  const ours = async (): Promise<{ Id: string }[]> => {
    const filters = encodeURIComponent(JSON.stringify({ label: ['app.gatehouse.managed=true'] }));
    return JSON.parse(await api(podman.socket ?? '', 'GET', `/containers/json?all=1&filters=${filters}`)) as {
      Id: string;
    }[];
  };

  it('servers run', async () => {
    const { servers } = await readiness(gate.gateway.base);
    expect(Object.entries(servers).map(([name, one]) => [name, one.state, one.problem ?? null])).toEqual([
      ['none', 'ready', null],
      ['listed', 'ready', null],
    ]);
  });

  it('they have no rights, see what is mounted, and write nowhere else', async () => {
    const status = await gate.attempt('none', 'status');
    for (const line of [/CapEff:\s+0+\n/, /CapBnd:\s+0+\n/, /NoNewPrivs:\s+1\n/, /Seccomp:\s+2\n/])
      expect(status).toMatch(line);
    expect(await gate.attempt('none', 'read', '/mine/a.txt')).toBe('yes: mine');
    for (const path of ['/x', '/etc/x', '/mine/a.txt']) {
      expect(await gate.attempt('none', 'write', path)).toMatch(/^no:/);
    }
    expect(await gate.attempt('none', 'write', '/tmp/written-by-a-test')).toBe('yes: written');
  });

  it('what would lead out of them is refused, and told', async () => {
    for (const words of [
      ['mount', '-t', 'tmpfs', 'none', '/tmp'],
      ['chroot', '/', 'true'],
    ])
      expect(await gate.attempt('none', 'run', ...words)).toMatch(/^no:/);
    expect(await gate.attempt('none', 'connect', '169.254.169.254', '80')).toMatch(/^no:/);
    expect(await gate.attempt('none', 'unix', '/run/podman/podman.sock')).toMatch(/^no:/);
    const told = async (): Promise<string[]> =>
      (await runCommand(gate.gateway.dataDir, 'server.containment', { server: 'none' })).met.map(
        ({ text }) => text,
      );
    // The last of them.
    await until(async () => (await told()).some((text) => text.includes('podman.sock')), 'it is told');
    expect(await told()).toEqual(
      expect.arrayContaining([
        'it tried to change /etc/x, which it may not',
        'it tried to change its file systems (mount), which is refused',
        'it tried to change its file systems (chroot), which is refused',
        'it tried to reach 169.254.169.254:80, and has no network',
      ]),
    );
  });

  it('they have their secrets, and the engine has not', async () => {
    expect(await gate.attempt('none', 'env')).toContain(PLANTED);
    for (const { Id } of await ours())
      expect(await api(podman.socket ?? '', 'GET', `/containers/${Id}/json`)).not.toContain(PLANTED);
  });

  it('with an allow-list all that is not on it is refused, and told', async () => {
    expect(await gate.attempt('listed', 'get', 'http://evil.example/', 'proxy')).toMatch(/^yes: 403/);
    expect(await gate.attempt('listed', 'connect', '169.254.169.254', '80')).toMatch(/^no:/);
    const { hosts } = await runCommand(gate.gateway.dataDir, 'server.containment', { server: 'listed' });
    expect(hosts).toContainEqual(expect.objectContaining({ host: 'evil.example', refused: 'not-listed' }));
  });

  it('one that takes too much memory is ended, and starts again', async () => {
    expect(await gate.attempt('none', 'memory', '600')).toMatch(/^error:/);
    await until(
      async () => (await readiness(gate.gateway.base)).servers.none?.state === 'ready',
      'back',
      30_000,
    );
  });

  it('nothing is left of them', async () => {
    await gate.close();
    expect(await ours()).toEqual([]);
  });
});
