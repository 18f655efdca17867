/**
 * Real servers from npm, contained, answer as they do on this computer: the same lists and the same results, byte by byte but
 * for what names the place they run at.
 */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeEntry, npmServer, root } from '../host/gateway.ts';
import { type RawClient, rawClient } from '../host/raw-client.ts';
import { type Contained, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();
const packages = join(root, 'node_modules');

describe('servers from npm, contained and not', () => {
  let gate: Contained;
  let files: string;
  let clients: Map<string, RawClient>;

  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  beforeAll(async () => {
    if (host === null) return;
    files = realpathSync(mkdtempSync(join(tmpdir(), 'ghp-')));
    mkdirSync(join(files, 'seen'));
    chmodSync(join(files, 'seen'), 0o777);
    writeFileSync(join(files, 'seen/a.txt'), 'text of a\n');
    const isolation = (...mounts: string[]) => ({ mode: 'container', mounts: [packages, ...mounts] });
    const everything = nodeEntry(npmServer('everything'));
    const filesystem = nodeEntry(npmServer('filesystem'), join(files, 'seen'));
    const memory = nodeEntry(npmServer('memory'));
    const at = (file: string): object => ({ env: { MEMORY_FILE_PATH: file } });
    gate = await startContained(host, {
      mcpServers: {
        'everything-here': everything,
        'everything-inside': { ...everything, isolation: isolation() },
        'filesystem-here': filesystem,
        'filesystem-inside': { ...filesystem, isolation: isolation(`${join(files, 'seen')}:rw`) },
        'memory-here': { ...memory, ...at(join(files, 'memory.json')) },
        'memory-inside': { ...memory, ...at('/tmp/memory.json'), isolation: isolation() },
      },
    });
    clients = new Map();
    for (const server of ['everything', 'filesystem', 'memory']) {
      for (const place of ['here', 'inside']) {
        const name = `${server}-${place}`;
        clients.set(name, await rawClient(`${gate.gateway.base}/servers/${name}/mcp`, gate.gateway.token));
      }
    }
  }, 120_000);
  afterAll(async () => {
    await gate?.close();
    if (files !== undefined) rmSync(files, { recursive: true, force: true });
  });

  /** The same request to both; what they answer, without what names the server. */
  const both = async (server: string, message: object): Promise<[string, string]> => {
    const text = JSON.stringify({ jsonrpc: '2.0', id: 7, ...message });
    const ask = async (place: string): Promise<string> => {
      const answer = await clients.get(`${server}-${place}`)?.post(text);
      const data = /^data: (\{.*"id":7.*)$/m.exec(answer?.text ?? '')?.[1] ?? answer?.text ?? '';
      return data.replaceAll(`${server}-${place}`, server);
    };
    return [await ask('here'), await ask('inside')];
  };
  const call = (server: string, name: string, args: object): Promise<[string, string]> =>
    both(server, { method: 'tools/call', params: { name, arguments: args } });

  it.each(['everything', 'filesystem', 'memory'])('%s lists the same', async (server) => {
    const lists =
      server === 'everything' ? ['tools', 'prompts', 'resources', 'resources/templates'] : ['tools'];
    for (const list of lists) {
      const [here, inside] = await both(server, { method: `${list}/list` });
      expect(here).toMatch(/"result":/);
      expect(inside).toBe(here);
    }
  });

  it('everything: calls of every kind of content', async () => {
    for (const [name, args] of [
      ['echo', { message: 'ü " \\ 🚪' }],
      ['get-sum', { a: 2, b: 40 }],
      ['get-tiny-image', {}],
      ['get-structured-content', { location: 'Chicago' }],
      ['get-annotated-message', { messageType: 'error', includeImage: true }],
      ['no-such-tool', {}],
    ] as const) {
      const [here, inside] = await call('everything', name, args);
      expect(inside, name).toBe(here);
    }
  });

  it('filesystem: reads and writes its one mount, and nothing else', async () => {
    const file = join(files, 'seen/a.txt');
    for (const [name, args] of [
      ['read_text_file', { path: file }],
      ['list_directory', { path: join(files, 'seen') }],
      ['list_allowed_directories', {}],
      ['write_file', { path: join(files, 'seen/new.txt'), content: 'new' }],
      ['read_text_file', { path: join(files, 'seen/new.txt') }],
      ['read_text_file', { path: '/etc/passwd' }],
    ] as const) {
      const [here, inside] = await call('filesystem', name, args);
      expect(inside, name).toBe(here);
      // What the one has written, the other writes anew.
      if (name === 'write_file') chmodSync(join(files, 'seen/new.txt'), 0o666);
    }
  });

  it('memory: keeps what it was told', async () => {
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['writes programs'] }];
    for (const [name, args] of [
      ['create_entities', { entities }],
      ['read_graph', {}],
      ['search_nodes', { query: 'programs' }],
    ] as const) {
      const [here, inside] = await call('memory', name, args);
      expect(here).toContain('Ada');
      expect(inside, name).toBe(here);
    }
  });
});
