import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runChecks } from '../../main/commands/checks.ts';
import { registerDoctor } from '../../main/commands/doctor.ts';
import { runtimeVersion } from '../../main/commands/runtimes.ts';
import type { DoctorCheck } from '../../preload/views/doctor.ts';
import { fakeTerminal, testProgram } from './fake-terminal.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-doctor-'));
  vi.stubEnv('GATEHOUSE_KEYCHAIN', 'off');
  vi.stubEnv('DOCKER_HOST', `unix://${join(dir, 'none.sock')}`);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function found(name: string, dataDir = dir): Promise<DoctorCheck> {
  const check = (await runChecks(dataDir)).find((one) => one.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return check;
}

describe('the checks', () => {
  it('find what is there and what is missing, and change nothing', async () => {
    const dataDir = join(dir, 'new');
    await mkdir(join(dir, 'bin'));
    await writeFile(join(dir, 'bin', 'npx'), '#!/bin/sh\necho 10.9.8\necho more\n');
    await chmod(join(dir, 'bin', 'npx'), 0o755);
    vi.stubEnv('PATH', `${join(dir, 'bin')}:/bin`);
    const checks = await runChecks(dataDir);
    const state = Object.fromEntries(checks.map((check) => [check.name, check.state]));
    expect(state).toMatchObject({
      'Node.js': 'ok',
      'data directory': 'ok',
      configuration: 'ok',
      secrets: 'ok',
      'container engine': 'note',
      npx: 'ok',
      uvx: 'note',
    });
    expect(checks.find((check) => check.name === 'npx')?.detail).toBe('10.9.8');
    expect(checks.find((check) => check.name === 'uvx')?.problem?.code).toBe('app.program_missing');
    expect((await readdir(dir)).sort()).toEqual(['bin']);
  });

  it('name the fault of a configuration', async () => {
    await writeFile(join(dir, 'config.json'), '{"lisen":1}');
    expect(await found('configuration')).toMatchObject({
      state: 'problem',
      problem: { code: 'config.unknown_key' },
    });
    await writeFile(join(dir, 'config.json'), '{"mcpServers":{"a":{"command":"x"}}}');
    expect(await found('configuration')).toMatchObject({ state: 'ok', detail: '1 server, 1 enabled' });
  });

  it('see an address that is taken, and one that is free', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
      });
    });
    await writeFile(join(dir, 'config.json'), `{"listen":"127.0.0.1:${port}"}`);
    expect(await found('endpoint')).toMatchObject({
      state: 'problem',
      problem: { code: 'app.address_taken' },
    });
    await new Promise((resolve) => server.close(resolve));
    expect(await found('endpoint')).toMatchObject({ state: 'ok', detail: `127.0.0.1:${port} is free` });
  });

  it('see a data directory that is a file', async () => {
    await writeFile(join(dir, 'file'), '');
    expect(await found('data directory', join(dir, 'file', 'x'))).toMatchObject({
      problem: { code: 'app.data_dir_unusable' },
    });
  });

  it('tell secrets that cannot be reached from a mere fallback', async () => {
    await writeFile(join(dir, 'secrets.json'), '{"version":1,"store":"keychain"}');
    expect(await found('secrets')).toMatchObject({
      state: 'problem',
      problem: { code: 'secrets.keychain_gone' },
    });
  });
});

describe('a program that never answers', () => {
  it('is ended', async () => {
    const pidFile = join(dir, 'pid');
    await writeFile(join(dir, 'sleepy'), `#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 60\n`);
    await chmod(join(dir, 'sleepy'), 0o755);
    expect(await runtimeVersion(join(dir, 'sleepy'))).toBeNull();
    const pid = Number(await readFile(pidFile, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, 10_000);
});

describe('the command', () => {
  const fine: DoctorCheck = { id: 'node', name: 'a', state: 'ok', detail: 'v1', problem: null };
  const note: DoctorCheck = {
    id: 'npx',
    name: 'b',
    state: 'note',
    detail: '',
    problem: { code: 'x.y', message: 'No b.', remedy: 'Get b.' },
  };

  async function doctor(checks: DoctorCheck[], ...args: string[]): Promise<{ output: string; code: number }> {
    const terminal = fakeTerminal();
    let code = 0;
    const run = testProgram((program) =>
      registerDoctor(program, { terminal, check: async () => checks, exitWith: (wanted) => (code = wanted) }),
    );
    await run('doctor', ...args);
    return { output: terminal.stdout, code };
  }

  it('prints a line each, with the remedy, and ends with 1 only for problems', async () => {
    expect(await doctor([fine, note])).toEqual({
      output: 'ok       a                  v1\nnote     b                  No b. Get b.\n',
      code: 0,
    });
    expect((await doctor([fine, { ...note, state: 'problem' }])).code).toBe(1);
  });

  it('prints JSON when asked', async () => {
    const { output } = await doctor([fine, note], '--json');
    expect(JSON.parse(output)).toEqual({ checks: [fine, note] });
  });
});
