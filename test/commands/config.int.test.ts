import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerConfig } from '../../main/commands/config.ts';
import { configJsonSchema } from '../../main/config/publish.ts';
import { type FakeTerminal, fakeTerminal, testProgram } from './fake-terminal.ts';

let dir: string;
let terminal: FakeTerminal;
let run: (...args: string[]) => Promise<void>;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-config-command-'));
  terminal = fakeTerminal();
  run = testProgram((program) => registerConfig(program, terminal));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('config check', () => {
  it('counts the servers of a sound file', async () => {
    const file = join(dir, 'other.json');
    await writeFile(file, '{"mcpServers":{"a":{"command":"x"},"b":{"command":"y","enabled":false}}}');
    await run('config', 'check', file);
    expect(terminal.stdout).toBe(`${file}: fine, 2 servers, 1 enabled.\n`);
  });

  it('takes the file of the data directory when none is named', async () => {
    await writeFile(join(dir, 'config.json'), '{"mcpServers":{"a":{"comand":"x"}}}');
    await expect(run('config', 'check', '--data-dir', dir)).rejects.toMatchObject({
      code: 'config.unknown_key',
      file: join(dir, 'config.json'),
      line: 1,
      key: 'mcpServers.a.comand',
    });
    expect(terminal.stdout).toBe('');
  });

  it('refuses one of 5 MB before it reads it', async () => {
    const file = join(dir, 'huge.json');
    await writeFile(file, `{"mcpServers":{${' '.repeat(5_000_000)}}}`);
    await expect(run('config', 'check', file)).rejects.toMatchObject({ code: 'config.too_large', file });
  });

  it('refuses a missing one', async () => {
    await expect(run('config', 'check', join(dir, 'no'))).rejects.toMatchObject({ code: 'config.not_found' });
  });
});

describe('config schema', () => {
  it('prints the JSON schema', async () => {
    await run('config', 'schema');
    expect(JSON.parse(terminal.stdout)).toEqual(configJsonSchema());
  });
});

describe('files of other programs', () => {
  const write = async (value: object): Promise<string> => {
    const file = join(dir, 'theirs.json');
    await writeFile(file, JSON.stringify(value, null, 2));
    return file;
  };
  const theirs = {
    mcpProxy: { addr: '127.0.0.1:9090', name: 'P', options: { authTokens: ['t0ken'] } },
    mcpServers: {
      one: { command: 'x', env: { KEY: '$GATEHOUSE_TEST_KEY' } },
      two: { url: 'https://h.example/sse' },
    },
  };

  it('check says what becomes of each key, with its line', async () => {
    const file = await write(theirs);
    await run('config', 'check', file);
    expect(terminal.stdout).toContain(`${file}:4:5: dropped mcpProxy.name: `);
    expect(terminal.stdout).toContain(`${file}:13:7: understood mcpServers.one.command\n`);
    expect(terminal.stdout).toContain(`${file}: a file of TBXark mcp-proxy, 2 servers, 2 enabled.\n`);
    expect(terminal.stdout).not.toContain('t0ken');
  });

  it('check ends with a fault where something cannot be right', async () => {
    const file = await write({ ...theirs, mcpServers: { bad: {} } });
    await expect(run('config', 'check', file)).rejects.toMatchObject({ code: 'config.partly_usable' });
    expect(terminal.stdout).toContain('FAULT mcpServers.bad: ');
  });

  it('convert makes a file of ours that is fine, without the value of any variable', async () => {
    process.env.GATEHOUSE_TEST_KEY = 'planted';
    const file = await write(theirs);
    await run('config', 'convert', file).finally(() => delete process.env.GATEHOUSE_TEST_KEY);
    const ours = join(dir, 'ours.json');
    await writeFile(ours, terminal.stdout);
    expect(terminal.stdout).not.toContain('planted');
    expect(terminal.stderr).toContain('dropped mcpProxy.name');
    await run('config', 'check', ours);
    expect(terminal.stdout).toContain(`${ours}: fine, 2 servers, 2 enabled.\n`);
  });

  it('convert --to client leads to us; show hides what is secret', async () => {
    const file = await write(theirs);
    await run('config', 'convert', file, '--to', 'client', '--each', '--url', 'https://mcp.example.com');
    expect(JSON.parse(terminal.stdout)).toMatchObject({
      mcpServers: {
        two: { url: 'https://mcp.example.com/two/mcp', headers: { Authorization: 'Bearer t0ken' } },
      },
    });
    terminal.stdout = '';
    await run('config', 'show', file);
    expect(JSON.parse(terminal.stdout)).toMatchObject({
      listen: '127.0.0.1:9090',
      servers: [{ name: 'one' }, { name: 'two' }],
    });
    expect(terminal.stdout).not.toContain('t0ken');
  });
});
