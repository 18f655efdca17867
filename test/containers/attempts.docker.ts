/**
 * The table of a hostile server's attempts: each fails, and each is told from outside, whatever the program says of itself:
 * in the activity log and on the server's page. What tells it is written beside it: `observer` (asked by the kernel, inside),
 * `proxy`, or `counts` (of the kernel, read outside). Limits are in `reported.docker.ts`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { until } from '../host/gateway.ts';
import { EVIL, METADATA } from '../host/world.mjs';
import { type Contained, contained, hostile, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();

/** What is tried, by which server, and the words that tell it. */
interface Row {
  readonly attempt: string;
  readonly server?: string;
  readonly does: readonly string[];
  readonly told: string;
  /** For what is tried by many calls. */
  readonly fails?: RegExp;
}

const denied = /^no:/;

const table: readonly Row[] = [
  ...['/x', '/etc/passwd', '/usr/local/bin/node', '/mine/a.txt', '/proc/sys/kernel/core_pattern'].map(
    (path) => ({
      attempt: `write ${path}`,
      does: ['write', path],
      told: `it tried to change ${path}, which it may not`,
    }),
  ),
  {
    attempt: 'remove what is mounted to be read',
    does: ['remove', '/mine/a.txt'],
    told: 'it tried to change /mine/a.txt, which it may not',
  },
  {
    attempt: 'write by way of a link',
    does: ['run', 'sh', '-c', 'ln -s /etc /tmp/way && echo x > /tmp/way/hosts'],
    told: 'it tried to change /etc/hosts, which it may not',
  },
  ...['/root/.ssh/id_ed25519', '/home/ada', '/host/etc/shadow', 'YOURS', 'DATA'].map((path) => ({
    attempt: `read ${path}`,
    does: ['read', path],
    told: `it tried to read ${path}, which it may not see`,
  })),
  ...['/dev/mem', '/dev/sda', '/dev/kmsg'].map((path) => ({
    attempt: `open ${path}`,
    does: ['read', path],
    told: `it reached for the device ${path}, which it does not have`,
  })),
  {
    attempt: 'make a device',
    does: ['run', 'mknod', '/tmp/disk', 'b', '8', '0'],
    told: 'it reached for the device /tmp/disk, which it does not have',
  },
  ...['/var/run/docker.sock', '/run/containerd/containerd.sock', '/run/podman/podman.sock'].map((path) => ({
    attempt: `talk to ${path}`,
    does: ['unix', path],
    told: `it reached for a container engine at ${path}, which is not there`,
  })),
  {
    attempt: 'read the environment of a process outside',
    does: ['read', '/proc/999999/environ'],
    told: 'it tried to look into another process, /proc/999999/environ',
  },
  {
    attempt: 'read what stands above it',
    does: ['read', '/proc/1/root/etc/shadow'],
    told: 'it tried to look into another process, /proc/1/root/etc/shadow',
  },
  ...(
    [
      ['mount', ['mount', '-t', 'tmpfs', 'none', '/tmp'], 'change its file systems (mount)'],
      ['unmount', ['umount', '/tmp'], 'change its file systems (umount2)'],
      ['change its root', ['chroot', '/', 'true'], 'change its file systems (chroot)'],
      ['become root elsewhere', ['unshare', '-r', 'true'], 'make or enter a namespace (unshare)'],
      [
        'enter the namespaces of the host',
        ['nsenter', '-t', '1', '-m', 'true'],
        'make or enter a namespace (setns)',
      ],
      ['restart the computer', ['reboot', '-f'], 'restart the computer (reboot)'],
      ['rename the computer', ['hostname', 'x'], 'rename the computer (sethostname)'],
      ['load a module', ['insmod', '/mine/a.txt'], 'change the kernel (init_module)'],
      ['read the log of the kernel', ['dmesg'], 'reach into the kernel (syslog)'],
      [
        'set the clock',
        ['sh', '-c', 'date -s 2020-01-01 2>&1 | grep -q permitted && exit 1'],
        'set the clock (clock_settime)',
      ],
    ] as const
  ).map(([attempt, words, told]) => ({
    attempt,
    does: ['run', ...words],
    told: `it tried to ${told}, which is refused`,
  })),
  ...[EVIL, METADATA, '172.17.0.1'].map((ip) => ({
    attempt: `reach ${ip} without a network`,
    does: ['connect', ip, '80'],
    told: `it tried to reach ${ip}:80, and has no network`,
  })),
  {
    attempt: 'send a packet without a network',
    does: ['udp', EVIL, '53'],
    told: 'it tried to reach addresses that it has no way to',
  },
  ...[EVIL, METADATA].map((ip) => ({
    attempt: `reach ${ip} past the proxy`,
    server: 'listed',
    does: ['connect', ip, '80'],
    told: `it tried to reach ${ip}:80 past the proxy, and has no way there`,
  })),
  {
    attempt: 'reach a host by the proxy that is not on its list',
    server: 'listed',
    does: ['get', 'http://evil.example/', 'proxy'],
    told: 'it was refused evil.example:80: it is not on its list',
    fails: /^yes: 403/,
  },
  {
    attempt: 'reach another server',
    server: 'open',
    does: ['connect', 'OTHER', '80'],
    told: 'it tried to reach OTHER:80, where another container may be',
  },
];

describe('attempts of a hostile server', () => {
  let gate: Contained;
  let files: string;
  let places: Readonly<Record<string, string>>;

  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  beforeAll(async () => {
    if (host === null) return;
    files = mkdtempSync(join(tmpdir(), 'ghf-'));
    for (const folder of ['mine', 'yours']) mkdirSync(join(files, folder));
    writeFileSync(join(files, 'mine/a.txt'), 'mine');
    writeFileSync(join(files, 'yours/b.txt'), 'yours');
    const mounts = [`${join(files, 'mine')}:/mine`, join(hostile, '..')];
    gate = await startContained(host, {
      mcpServers: {
        none: contained(hostile, { mounts }),
        listed: contained(hostile, { allow: ['good.example'] }),
        open: contained(hostile, { network: 'bridge' }),
        other: contained(hostile, { network: 'bridge' }),
        unobserved: contained(hostile, { observe: false }),
        quiet: contained(hostile, { mounts }),
      },
    });
    const other = JSON.parse((await gate.attempt('other', 'interfaces')).slice(5)) as Record<
      string,
      { address: string }[]
    >;
    places = {
      YOURS: join(files, 'yours/b.txt'),
      DATA: join(gate.gateway.dataDir, 'config.json'),
      OTHER: other.eth0?.[0]?.address ?? '',
    };
  }, 120_000);
  afterAll(async () => {
    await gate?.close();
    if (files !== undefined) rmSync(files, { recursive: true, force: true });
  });

  const page = (server: string) => runCommand(gate.gateway.dataDir, 'server.containment', { server });
  const recorded = async (server: string): Promise<string> => {
    const filter = { server, kind: 'connection', outcome: 'refused' } as const;
    const rows = await runCommand(gate.gateway.dataDir, 'activity.detailed', { filter, limit: 500 });
    return rows.map(({ action, request }) => `${action}: ${request}`).join('\n');
  };
  const placed = (text: string): string =>
    text.replace(/\b(YOURS|DATA|OTHER)\b/, (name) => places[name] ?? name);

  it.each(table)('$attempt', async ({ server = 'none', does, told, fails = denied }) => {
    const [what = '', ...words] = does.map(placed);
    expect(await gate.attempt(server, what, ...words)).toMatch(fails);
    const text = placed(told);
    // Random names of folders look like keys, which the activity log hides.
    const written = text.replace(/\/tmp\/gh.*(?=\.)/, '[hidden: random text]');
    const there = async (): Promise<boolean> => {
      const all = await recorded(server);
      return all.includes(text) || all.includes(written);
    };
    await until(there, `recorded: ${text}`, 15_000);
    const { met, hosts } = await page(server);
    const shown = [...met.map((one) => one.text), ...hosts.map(({ host: at }) => `it was refused ${at}:80`)];
    expect(shown.some((one) => text.startsWith(one))).toBe(true);
  });

  it('is told in the log of the server too, and the lines of the observer are in none', async () => {
    const log = readFileSync(join(gate.gateway.dataDir, 'logs/none.log'), 'utf8');
    expect(log).toContain('it tried to change its file systems (mount), which is refused');
    expect(log).not.toMatch(/[0-9a-f]{32} \d+ /);
  });

  it('cannot be hidden by a flood: each kind has places of its own', async () => {
    const flood = 'for i in $(seq 300); do echo x > /flood-$i; done 2>/dev/null; umount /proc';
    expect(await gate.attempt('listed', 'run', 'sh', '-c', flood)).toMatch(denied);
    const text = 'it tried to change its file systems (umount2), which is refused';
    await until(async () => (await recorded('listed')).includes(text), text);
    const { met } = await page('listed');
    expect(met.map((one) => one.text)).toContain(text);
    expect(met.filter((one) => one.text.includes('flood'))).toHaveLength(19);
  });

  it('cannot end its observer and go on: its container ends with it', async () => {
    await gate.attempt('quiet', 'run', 'sh', '-c', 'kill -9 $(pidof perl)');
    await until(
      async () => (await gate.attempt('quiet', 'whoami')).startsWith('yes'),
      'it is started anew',
      30_000,
    );
    expect((await page('quiet')).observed).toEqual({ inside: true });
  });

  it('cannot write lines of the observer itself', async () => {
    await gate.attempt('quiet', 'run', 'sh', '-c', 'echo "00 1 escape mount" >&2');
    const { met, observed } = await page('quiet');
    expect(met).toEqual([]);
    expect(observed).toEqual({ inside: true });
  });

  it('is kept from all of it without an observer too, and its page says that it has none', async () => {
    expect(await gate.attempt('unobserved', 'run', 'mount', '-t', 'tmpfs', 'none', '/tmp')).toMatch(denied);
    expect(await gate.attempt('unobserved', 'write', '/x')).toMatch(denied);
    const { observed, met } = await page('unobserved');
    const off = { inside: false, why: 'it is switched off', said: { form: 'contained.off', values: {} } };
    expect({ observed, met }).toEqual({ observed: off, met: [] });
  });
});
