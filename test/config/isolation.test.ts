import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../main/config/error.ts';
import { type IsolationConfig, type IsolationDefaults, NO_ISOLATION } from '../../main/config/isolation.ts';
import { parseConfig } from '../../main/config/read.ts';

const FILE = '/data/config.json';
const MB = 1024 * 1024;

function ofServer(isolation: object): IsolationConfig | undefined {
  const text = JSON.stringify({ mcpServers: { one: { command: 'npx', isolation } } });
  return parseConfig(text, FILE).servers[0]?.isolation;
}

function ofFile(top: object): IsolationDefaults {
  return parseConfig(JSON.stringify(top), FILE).isolation;
}

function faultOf(isolation: object): ConfigError {
  try {
    ofServer(isolation);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('it was accepted');
}

describe('isolation of a server', () => {
  it('says nothing where nothing is written', () => {
    expect(parseConfig('{"mcpServers":{"one":{"command":"x"}}}', FILE).servers[0]?.isolation).toEqual(
      NO_ISOLATION,
    );
    expect(ofServer({})).toEqual(NO_ISOLATION);
  });

  it('reads every key of ours', () => {
    expect(
      ofServer({
        ...{ mode: 'container', image: 'node:22', network: 'allowlist', allow: ['a.example:443'] },
        ...{ memory: '512m', cpu: 0.5, pids: 64, scratch: '64m', user: '1000:1000', workdir: '/w' },
        ...{ mounts: ['~/notes:/notes:rw'], extraArgs: ['--shm-size=64m'], unsafe: true },
        ...{ fallback: 'host', observe: false, cache: false },
      }),
    ).toEqual({
      ...{ mode: 'container', image: 'node:22', network: 'allowlist', allow: ['a.example:443'] },
      ...{
        memoryBytes: 512 * MB,
        cpus: 0.5,
        pids: 64,
        scratchBytes: 64 * MB,
        user: '1000:1000',
        workdir: '/w',
      },
      ...{ mounts: [{ source: '~/notes', target: '/notes', write: true }], extraArgs: ['--shm-size=64m'] },
      ...{ unsafe: true, fallback: 'host', observe: false, cache: false },
    });
  });

  it("reads mcpproxy's spelling as it is", () => {
    const isolation = {
      ...{ enabled: true, image: 'node:20', network_mode: 'bridge', extra_args: ['--cap-drop=ALL'] },
      ...{ working_dir: '/w', log_driver: 'json-file', log_max_size: '100m', log_max_files: '3' },
    };
    expect(ofServer(isolation)).toEqual({
      ...NO_ISOLATION,
      ...{
        mode: 'container',
        image: 'node:20',
        network: 'bridge',
        extraArgs: ['--cap-drop=ALL'],
        workdir: '/w',
      },
    });
    expect(ofServer({ enabled: false })?.mode).toBe('host');
    expect(ofServer({ mode: 'docker' })?.mode).toBe('container');
    expect(ofServer({ mode: 'sandbox' })?.mode).toBe('container');
    expect(ofServer({ mode: 'none' })?.mode).toBe('host');
  });

  it.each([
    ['/a/b', { source: '/a/b', target: null, write: false }],
    ['/a/b:/c', { source: '/a/b', target: '/c', write: false }],
    ['/a/b:ro', { source: '/a/b', target: null, write: false }],
    ['/a/b:/c:rw', { source: '/a/b', target: '/c', write: true }],
    ['${env:HOME}/x:/c:rw', { source: '${env:HOME}/x', target: '/c', write: true }],
    ['C:\\Users\\ada:/c:rw', { source: 'C:\\Users\\ada', target: '/c', write: true }],
    ['C:/Users/ada:/c', { source: 'C:/Users/ada', target: '/c', write: false }],
    [{ source: '/a' }, { source: '/a', target: null, write: false }],
    [
      { source: '/a', target: '/b', write: true },
      { source: '/a', target: '/b', write: true },
    ],
  ])('reads the mount %j', (written, mount) => {
    expect(ofServer({ mounts: [written] })?.mounts).toEqual([mount]);
  });

  it.each([
    [{ mounts: ['a/b'] }, 'mcpServers.one.isolation.mounts[0]'],
    [{ mounts: ['/a:/b:/c'] }, 'mcpServers.one.isolation.mounts[0]'],
    [{ mounts: ['/a:b'] }, 'mcpServers.one.isolation.mounts[0]'],
    [{ mounts: [{ source: '/a', target: 'b' }] }, 'mcpServers.one.isolation.mounts[0]'],
    [{ memory: '1m' }, 'mcpServers.one.isolation.memory'],
    [{ memory: 'lots' }, 'mcpServers.one.isolation.memory'],
    [{ cpu: 'all' }, 'mcpServers.one.isolation.cpu'],
    [{ cpu: 0 }, 'mcpServers.one.isolation.cpu'],
    [{ mode: 'container', enabled: false }, 'mcpServers.one.isolation.enabled'],
    [{ network: 'none', network_mode: 'none' }, 'mcpServers.one.isolation.network_mode'],
    [{ mode: 'vm' }, 'mcpServers.one.isolation.mode'],
  ])('refuses %j at its place', (isolation, key) => {
    expect(faultOf(isolation)).toMatchObject({ code: 'config.invalid_value', key });
  });

  it('names the nearest key for a mistaken one', () => {
    expect(faultOf({ memroy: '1g' })).toMatchObject({
      code: 'config.unknown_key',
      remedy: 'Did you mean "memory"?',
    });
  });
});

describe('isolation of the file', () => {
  it("reads mcpproxy's docker_isolation as it is", () => {
    expect(
      ofFile({
        docker_isolation: {
          enabled: true,
          default_images: { uvx: 'uv:1', npx: 'other.example/node:22' },
          ...{ registry: 'mirror.example', network_mode: 'none', memory_limit: '256m', cpu_limit: '0.5' },
          ...{ extra_args: ['--pids-limit=10'], timeout: '30s', enable_cache_volume: false },
          ...{ log_driver: 'json-file', log_max_size: '100m', log_max_files: '3' },
        },
      }),
    ).toEqual({
      ...NO_ISOLATION,
      ...{ mode: 'container', network: 'none', memoryBytes: 256 * MB, cpus: 0.5, cache: false },
      ...{ extraArgs: ['--pids-limit=10'], proxyImage: null, engine: null },
      images: { uvx: 'mirror.example/uv:1', npx: 'other.example/node:22' },
    });
    expect(ofFile({ docker_isolation: { enabled: true } }).network).toBe('bridge');
    expect(ofFile({ docker_isolation: { enabled: true, mode: 'none' } }).mode).toBe('host');
  });

  it('reads what concerns the engine', () => {
    const isolation = {
      mode: 'container',
      images: { npx: 'n:1' },
      proxyImage: 'n:2',
      engine: 'context:work',
    };
    expect(ofFile({ isolation })).toEqual({ ...NO_ISOLATION, ...isolation });
  });

  it('refuses both spellings at once', () => {
    expect(() => ofFile({ isolation: {}, docker_isolation: {} })).toThrow(/say the same/);
  });
});
