import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressText, type EngineAddress, engineAddresses, isLocal } from '../../main/isolation/address.ts';
import { sshArguments } from '../../main/isolation/connect.ts';

describe('engineAddresses', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'gh-a-'));
    const context = (name: string, Host: string, keys: boolean): void => {
      const id = createHash('sha256').update(name).digest('hex');
      const meta = join(home, '.docker/contexts/meta', id);
      mkdirSync(meta, { recursive: true });
      writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host } } }));
      if (!keys) return;
      const tls = join(home, '.docker/contexts/tls', id, 'docker');
      mkdirSync(tls, { recursive: true });
      for (const file of ['ca', 'cert', 'key']) writeFileSync(join(tls, `${file}.pem`), `${name} ${file}`);
    };
    context('work', 'ssh://ada@build.example', false);
    context('far', 'tcp://far.example:2376', true);
    context('near', 'unix:///run/near.sock', false);
    writeFileSync(join(home, '.docker/config.json'), '{"currentContext":"near"}');
    writeFileSync(join(home, '.docker/ca.pem'), 'CA');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const find = (env: Record<string, string>, configured: string | null = null) =>
    engineAddresses({ env, platform: 'linux', home, configured });
  const keys = { ca: 'far ca', cert: 'far cert', key: 'far key' };

  it.each<[string, EngineAddress]>([
    ['unix:///x/y.sock', { kind: 'socket', path: '/x/y.sock' }],
    ['/x/y.sock', { kind: 'socket', path: '/x/y.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '\\\\.\\pipe\\docker_engine' }],
    ['tcp://h:2375', { kind: 'tcp', host: 'h', port: 2375, keys: null }],
    ['h:1234', { kind: 'tcp', host: 'h', port: 1234, keys: null }],
    ['tcp://h:2376', { kind: 'tcp', host: 'h', port: 2376, keys: { ca: 'CA', cert: null, key: null } }],
    ['https://h:99', { kind: 'tcp', host: 'h', port: 99, keys: { ca: 'CA', cert: null, key: null } }],
    ['ssh://ada@h:2222', { kind: 'ssh', host: 'h', port: 2222, user: 'ada' }],
    ['context:work', { kind: 'ssh', host: 'build.example', port: null, user: 'ada' }],
    ['context:far', { kind: 'tcp', host: 'far.example', port: 2376, keys }],
  ])('reads %s, from the configuration and from DOCKER_HOST', async (written, address) => {
    expect(await find({}, written)).toEqual([address]);
    if (!written.startsWith('context:')) expect(await find({ DOCKER_HOST: written })).toEqual([address]);
  });

  it('prefers what the configuration says, then DOCKER_HOST, then the context, then the usual sockets', async () => {
    const env = { DOCKER_HOST: 'unix:///env.sock', DOCKER_CONTEXT: 'far' };
    expect(await find(env, 'unix:///own.sock')).toEqual([{ kind: 'socket', path: '/own.sock' }]);
    expect(await find(env)).toEqual([{ kind: 'socket', path: '/env.sock' }]);
    expect(await find({ DOCKER_CONTEXT: 'far' })).toMatchObject([{ kind: 'tcp', host: 'far.example' }]);
    expect(await find({})).toEqual([{ kind: 'socket', path: '/run/near.sock' }]);
    expect((await find({ DOCKER_CONTEXT: 'default' })).length).toBeGreaterThan(3);
    expect(await find({ DOCKER_CONFIG: '/nowhere' })).toContainEqual({
      kind: 'socket',
      path: '/var/run/docker.sock',
    });
  });

  it('keys of TLS come from DOCKER_CERT_PATH', async () => {
    await expect(
      find({ DOCKER_HOST: 'tcp://h:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/no' }),
    ).rejects.toMatchObject({ code: 'isolation.bad_engine' });
    expect(await find({ DOCKER_HOST: 'tcp://h:1', DOCKER_TLS_VERIFY: '0' })).toMatchObject([{ keys: null }]);
  });

  it.each(['ftp://h', 'context:none', 'ssh://-oProxyCommand=x', 'unix://', 'tcp://'])(
    'refuses %s',
    async (written) => {
      await expect(find({}, written)).rejects.toMatchObject({ code: 'isolation.bad_engine' });
    },
  );

  it('shows no password, and knows which engines can mount', () => {
    const tcp: EngineAddress = { kind: 'tcp', host: 'far', port: 1, keys: null };
    expect(addressText(tcp)).toBe('tcp://far:1');
    expect(
      [tcp, { ...tcp, host: '127.0.0.1' }, { kind: 'socket', path: '/x' } as const].map(isLocal),
    ).toEqual([false, true, true]);
  });

  it('gives ssh nothing that it could take for an option', () => {
    const line = sshArguments({ kind: 'ssh', host: 'h', port: 22, user: 'ada' });
    expect(line.slice(line.indexOf('--'))).toEqual(['--', 'h', 'docker', 'system', 'dial-stdio']);
    expect(line).toContain('BatchMode=yes');
  });
});
