/** `gatehouse secret` beside a running Gatehouse and without one. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import { cli, type GatewayProcess, nodeEntry, plainEnv, root, startGateway, until } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const leaky = (env: object) => ({ ...nodeEntry(join(root, 'test/servers/leaky.mjs')), env, trust: 'auto' });

async function run(
  dataDir: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [cli, 'secret', ...args, '--data-dir', dataDir], { env: plainEnv() });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

async function state(gateway: GatewayProcess, name: string): Promise<string> {
  const result = await askCommand(gateway.dataDir, 'snapshot.get', {});
  return (result.ok ? result.value.servers.find((server) => server.name === name)?.state : null) ?? '';
}

async function told(gateway: GatewayProcess, server: string): Promise<string> {
  await until(async () => (await state(gateway, server)) === 'ready', `${server} ready`);
  const client = await rawClient(gateway.url, gateway.token);
  return client.call(1, `${server}__tell`, '{}');
}

it('a rotated secret starts the servers anew that use it, and no other', async () => {
  const gateway = await startGateway({
    servers: { one: leaky({ API_KEY: '${keyring:shared}' }), two: leaky({ OTHER: 'plain' }) },
  });
  open.push(gateway.close);
  const { dataDir } = gateway;
  // It could not start for want of the secret; storing it is all that is needed.
  expect(await run(dataDir, ['set', 'shared'], 'first-value')).toMatchObject({ code: 0 });
  expect(await told(gateway, 'one')).toContain('API_KEY=first-value');
  await until(async () => (await state(gateway, 'two')) === 'ready', 'two');
  const since = async (): Promise<number> => {
    const result = await askCommand(dataDir, 'snapshot.get', {});
    return (result.ok ? result.value.servers.find(({ name }) => name === 'two')?.since : null) ?? 0;
  };
  const before = await since();
  const rotated = await run(dataDir, ['rotate', 'shared'], 'second-value');
  expect(rotated.err).toContain('Started anew with it: one.');
  expect(await told(gateway, 'one')).toContain('API_KEY=second-value');
  expect(await since()).toBe(before);
  expect((await run(dataDir, ['list'])).out).toBe('shared  (one)\n');
  const wrong = await run(dataDir, ['rotate', 'shraed'], 'x');
  expect(wrong).toMatchObject({ err: expect.stringContaining('There is no secret "shraed"') });
  expect(wrong.code).not.toBe(0);
});

it('moves keys out of the configuration, beside a running Gatehouse and without', async () => {
  const gateway = await startGateway({
    config: `{
  // mine
  "mcpServers": {
    "one": ${JSON.stringify(leaky({ API_KEY: 'word-of-mine', DB: 'pg://ada:hunter22@db/x' }))}, // last
  }
}`,
  });
  const { dataDir, configFile } = gateway;
  open.push(gateway.close);
  const shown = await run(dataDir, ['move']);
  expect(shown.out).toBe(
    'mcpServers.one.env.API_KEY -> ${keyring:one-api_key}\nmcpServers.one.env.DB -> ${keyring:one-db}\n',
  );
  expect(shown.err).toContain('Nothing was changed');
  expect(readFileSync(configFile, 'utf8')).toContain('word-of-mine');
  expect((await run(dataDir, ['move', '--yes'])).err).toContain('2 moved');
  const text = readFileSync(configFile, 'utf8');
  expect(text).toContain('// mine');
  expect(text).toContain('// last');
  expect(text).toContain('pg://ada:${keyring:one-db}@db/x');
  expect(text).not.toMatch(/word-of-mine|hunter22/);
  await until(async () => (await told(gateway, 'one')).includes('API_KEY=word-of-mine'), 'the same values');
  expect(await told(gateway, 'one')).toContain('DB=pg://ada:hunter22@db/x');
  await gateway.stop();
  // The same name with another value gets another secret; one with the same value does not.
  writeFileSync(
    configFile,
    JSON.stringify({ mcpServers: { one: leaky({ API_KEY: 'another-word', DB: 'x' }) } }),
  );
  expect((await run(dataDir, ['move', '-y'])).out).toContain('${keyring:one-api_key-2}');
  expect((await run(dataDir, ['move', '-y'])).err).toContain('0 moved');
});
