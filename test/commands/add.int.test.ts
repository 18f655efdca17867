/** `gatehouse add`: what is pasted is described, and added only when that is said, held back and without its keys. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cli, type GatewayProcess, npmServer, plainEnv, startGateway, untilReady } from '../host/gateway.ts';
import { type RawClient, rawClient } from '../host/raw-client.ts';

/** No real one. */
const KEY = 'sk-live-3fA9xQ27LmZpR4tY8uWcB6dE';
let gateway: GatewayProcess;
let client: RawClient;

beforeAll(async () => {
  gateway = await startGateway({ config: { mcpServers: {} } });
  await untilReady(gateway.base);
  client = await rawClient(gateway.url, gateway.token);
});
afterAll(() => gateway?.close());

function run(input: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const words = ['add', '--data-dir', gateway.dataDir, ...args];
    const child = spawn(process.execPath, [cli, ...words], { env: plainEnv() });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}
const configuration = (): string => readFileSync(join(gateway.dataDir, 'config.json'), 'utf8');

it('describes what it reads, without its key, and changes nothing', async () => {
  const entry = { command: process.execPath, args: [npmServer('memory')], env: { API_KEY: KEY, REGION: '' } };
  const { code, out, err } = await run(JSON.stringify({ mcpServers: { notes: entry } }));
  expect(code).toBe(0);
  expect(out).toContain('API_KEY=[hidden]');
  expect(out).toContain('REGION has no value yet');
  expect(out + err).not.toContain(KEY);
  expect(err).toContain('Nothing was changed');
  expect(configuration()).not.toContain('notes');
});

it('adds it held back, with its key among the secrets; a look shows its tools to its user alone', async () => {
  const entry = { command: process.execPath, args: [npmServer('memory')], env: { API_KEY: KEY } };
  const added = await run(
    JSON.stringify({ mcpServers: { notes: entry } }),
    '--yes',
    '--on-host',
    '--name',
    'mine',
  );
  expect(added.err).toContain('gatehouse server inspect mine --on-host');
  expect(configuration()).toContain('"quarantined": true');
  expect(configuration()).toContain('${keyring:mine-api_key}');
  expect(configuration()).not.toContain(KEY);
  const inspected = await new Promise<string>((resolve) => {
    const words = ['server', 'inspect', 'mine', '--on-host', '--data-dir', gateway.dataDir];
    const child = spawn(process.execPath, [cli, ...words], { env: plainEnv() });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.on('close', () => resolve(out));
  });
  expect(inspected).toContain('read_graph');
  const listed = await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
  expect(JSON.stringify(listed)).toContain('tools');
  expect(JSON.stringify(listed)).not.toContain('read_graph');
});

it('takes a command line behind --, and says what is none', async () => {
  expect((await run('', '--', 'npx', '-y', 'some-mcp@1.2.3', '--dir', 'a b')).out).toContain(
    'npm some-mcp 1.2.3',
  );
  const refused = await run('npx a && reboot');
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('needs a shell');
});
