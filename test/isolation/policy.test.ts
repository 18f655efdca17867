import { describe, expect, it } from 'vitest';
import { isContained, policyOf } from '../../main/isolation/policy.ts';
import { summary } from '../../main/isolation/summary.ts';
import type { GatehouseError } from '../../main/protocol/error.ts';
import { NODE, NOTHING, NPX, policy, wish } from './wishes.ts';

const MB = 1024 * 1024;

function codeOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as GatehouseError).code;
  }
  return 'none';
}

describe('isContained', () => {
  it('by the server, else by the defaults, else not', () => {
    expect(isContained(NODE, wish({ mode: null }), NOTHING)).toBe(false);
    expect(isContained(NODE, wish({ mode: null }), { ...NOTHING, mode: 'container' })).toBe(true);
    expect(isContained(NODE, wish({ mode: 'host' }), { ...NOTHING, mode: 'container' })).toBe(false);
    // What a server says counts, also when the defaults say otherwise.
    expect(isContained(NODE, wish({}), { ...NOTHING, mode: 'host' })).toBe(true);
  });

  it('never for programs that start containers themselves', () => {
    for (const command of ['docker', '/usr/local/bin/docker', 'C:\\bin\\docker.exe', 'podman']) {
      expect(isContained({ command, args: ['run'] }, wish({}), NOTHING)).toBe(false);
    }
  });
});

describe('policyOf', () => {
  it('has a default for everything', () => {
    expect(policy()).toMatchObject({
      image: 'node:22',
      network: { kind: 'none' },
      ...{ memoryBytes: 512 * MB, cpus: 1, pids: 256, scratchBytes: 256 * MB },
      ...{ mounts: [], user: null, workdir: null, cache: false, fallback: 'none', weakened: [] },
    });
  });

  it('lets programs that load packages reach their registries, and nothing else', () => {
    expect(policy({}, NPX)).toMatchObject({
      cache: true,
      network: { kind: 'allowlist', allow: [{ host: 'registry.npmjs.org', port: null }, {}] },
    });
    expect(policy({ allow: ['api.example.com:8443'] }).network).toEqual({
      kind: 'allowlist',
      allow: [{ host: 'api.example.com', port: 8443 }],
    });
  });

  it('takes the server before the extra options before the defaults', () => {
    const defaults = { ...NOTHING, memoryBytes: 64 * MB, pids: 9, network: 'bridge' };
    expect(policy({ extraArgs: ['--memory=100m'] }, NODE, defaults).memoryBytes).toBe(100 * MB);
    expect(policy({ extraArgs: ['-m', '100m'], memoryBytes: 200 * MB }, NODE, defaults).memoryBytes).toBe(
      200 * MB,
    );
    expect(policy({ pids: 5 }, NODE, defaults).pids).toBe(5);
    expect(policy({}, NODE, defaults)).toMatchObject({ pids: 9, memoryBytes: 64 * MB });
    expect(policy({}, NODE, defaults).network).toEqual({ kind: 'bridge' });
  });

  it.each([
    [['--privileged'], 'it is privileged: it owns this computer'],
    [['--cap-add', 'SYS_ADMIN'], 'it has the capability SYS_ADMIN'],
    [['--cap-add=ALL'], 'it has the capability ALL'],
    [['--device=/dev/sda'], 'it has the device /dev/sda'],
    [['--pid=host'], 'it sees processes outside (pid host)'],
    [['--ipc', 'host'], 'it shares memory with others (ipc host)'],
    [['--userns=host'], 'its users are those of host'],
    [['--security-opt=seccomp=unconfined'], 'it runs with the security option seccomp=unconfined'],
    [
      ['--security-opt', 'no-new-privileges=false'],
      'it runs with the security option no-new-privileges=false',
    ],
    [['--read-only=false'], 'it may write to its whole file system'],
    [['--runtime=crun-vm'], 'it is run by crun-vm'],
    [['--group-add=docker'], 'it is in the group docker'],
    [['--add-host=me:host-gateway'], 'it can name this computer in its network'],
    [['--network=host'], "it uses this computer's network as if it were not contained"],
    [['--net', 'container:db'], 'it shares the network "container:db" with other containers'],
    [['-u', 'root'], 'it runs as root inside'],
    [['--user=0:1000'], 'it runs as root inside'],
  ])('refuses %j, and names it when its owner insists', (extraArgs, words) => {
    expect(codeOf(() => policy({ extraArgs }))).toBe('isolation.unsafe');
    expect(policy({ extraArgs, unsafe: true }).weakened.map(({ text }) => text)).toContain(words);
  });

  it.each([{ network: 'host' }, { network: 'database' }, { user: '0' }, { user: '00:5' }, { user: 'root' }])(
    'refuses %j without "unsafe"',
    (part) => {
      expect(codeOf(() => policy(part))).toBe('isolation.unsafe');
      expect(policy({ ...part, unsafe: true }).weakened).toHaveLength(1);
    },
  );

  it.each([
    [['--volume=vol:/data'], 'isolation.bad_option'],
    [['--cgroup-parent=/'], 'isolation.bad_option'],
    [['--mount=type=bind,src=/,dst=/host'], 'isolation.bad_option'],
    [['--env-file=/etc/passwd'], 'isolation.bad_option'],
    [['-p', '80:80'], 'isolation.bad_option'],
    [['--sysctl=kernel.x=1'], 'isolation.bad_option'],
    [['--restart=always'], 'isolation.bad_option'],
    [['alpine'], 'isolation.bad_option'],
    [['--memory'], 'isolation.bad_option'],
    [['--cpus=lots'], 'isolation.bad_option'],
  ])('refuses %j always', (extraArgs, code) => {
    expect(codeOf(() => policy({ extraArgs, unsafe: true }))).toBe(code);
  });

  it("takes what mcpproxy's files usually have", () => {
    const extraArgs = ['--cap-drop=ALL', '--security-opt', 'no-new-privileges', '--read-only', '--rm', '-i'];
    const more = ['--pids-limit', '50', '--tmpfs=/var/x:size=8m', '-e', 'A=b=c', '--ulimit=nproc=10'];
    const { extra, pids, weakened } = policy({ extraArgs: [...extraArgs, ...more, '-v', '/a/b:/c:ro'] });
    expect({ pids, weakened }).toEqual({ pids: 50, weakened: [] });
    expect(extra).toMatchObject({ tmpfs: { '/var/x': 'size=8m' }, env: { A: 'b=c' } });
    expect(policy({ extraArgs: ['-v', '/a/b:/c:ro'] }).mounts).toEqual([
      { source: '/a/b', target: '/c', write: false },
    ]);
  });

  it('needs an image that has the program', () => {
    expect(codeOf(() => policyOf({ command: '/opt/x/my-server', args: [] }, wish({}), NOTHING))).toBe(
      'isolation.no_image',
    );
    expect(policyOf({ command: 'my-server', args: [] }, wish({ image: 'me/x:1' }), NOTHING)).toMatchObject({
      image: 'me/x:1',
      ownImage: true,
    });
    expect(policy({}, NPX, { ...NOTHING, images: { node: 'node:24' } }).image).toBe('node:24');
    expect(policy({}, NPX, { ...NOTHING, images: { node: 'node:24', npx: 'n:1' } }).image).toBe('n:1');
  });

  it.each(['exa mple', '', 'a.example:99999', 'a.example:0', '-a', 'a..b@c', '*', '*.'])(
    'refuses the host %j',
    (host) => {
      expect(codeOf(() => policy({ allow: [host] }))).toBe('isolation.bad_host');
    },
  );
});

describe('summary', () => {
  it.each([
    [{}, 'no files, no network, 512 MB'],
    [
      { mounts: [{ source: '~/projects', target: null, write: false }] },
      'reads ~/projects, no network, 512 MB',
    ],
    [
      {
        mounts: [
          { source: '/a', target: null, write: false },
          { source: '/b', target: null, write: true },
        ],
        network: 'bridge',
        memoryBytes: 2048 * MB,
      },
      'reads /a, changes /b, all of the network, 2 GB',
    ],
    [{ allow: ['a.example', 'b.example'] }, 'no files, reaches a.example and b.example, 512 MB'],
    [{ allow: ['a.x', 'b.x', 'c.x', 'd.x:1', 'e.x'] }, 'no files, reaches a.x, b.x, c.x and 2 more, 512 MB'],
    [{ network: 'learn' }, 'no files, every public host, and notes which, 512 MB'],
  ])('of %j', (part, line) => {
    const words = summary(policy(part));
    expect(words.line).toBe(line);
    expect(words.lineParts.map(({ text }) => text).join(', ')).toBe(line);
  });

  it('gives other languages what varies, without English words in it', () => {
    const mounts = ['/a', '/b', '/c', '/d'].map((source) => ({
      source,
      target: null,
      write: source === '/b',
    }));
    const { filesSaid, networkSaid } = summary(
      policy({ mounts, allow: ['a.x', 'b.x', 'c.x', 'd.x', 'e.x'] }),
    );
    expect(filesSaid).toEqual({
      form: 'contained.files_both',
      values: { reads: '/a, /c, /d', changes: '/b' },
    });
    expect(networkSaid).toEqual({
      form: 'contained.network_only',
      values: { hosts: 'a.x, b.x, c.x (+2)' },
    });
  });
});
