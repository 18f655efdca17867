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
