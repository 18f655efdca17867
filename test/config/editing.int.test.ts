/** A server's entry is edited while it runs: in place, its keys hidden, and it starts anew with what was saved. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { askCommand, runCommand } from '../../main/commands/local-client.ts';
import { type GatewayProcess, nodeEntry, root, startGateway, until } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';

const KEY = 'sk-live-3fA9xQ27LmZpR4tY8uWcB6dE';

let gateway: GatewayProcess | null = null;
afterEach(async () => {
  await gateway?.close();
  gateway = null;
});

async function told({ dataDir, url, token }: GatewayProcess): Promise<string> {
  const ready = async (): Promise<boolean> =>
    (await runCommand(dataDir, 'snapshot.get', {})).servers.every(({ state }) => state === 'ready');
  await until(ready, 'ready');
  return (await rawClient(url, token)).call(1, 'leaky__tell', '{}');
}

it('shows the entry without its keys, writes what differs, and starts the server anew with it', async () => {
  const entry = {
    ...nodeEntry(join(root, 'test/servers/leaky.mjs')),
    env: { API_KEY: KEY, REGION: 'north' },
    trust: 'auto',
  };
  gateway = await startGateway({
    config: `{\n  // mine\n  "mcpServers": {\n    // also mine\n    "leaky": ${JSON.stringify(entry)}\n  }\n}\n`,
  });
  const { dataDir, configFile } = gateway;
  expect(await told(gateway)).toContain('REGION=north');
  const shown = await runCommand(dataDir, 'server.entry', { server: 'leaky' });
  expect(shown).toMatchObject({ hidden: 1, locked: null });
  expect(shown.text).not.toContain(KEY);
  const edited = JSON.parse(shown.text) as { env: Record<string, string> };
  expect(edited.env).toEqual({ API_KEY: '(hidden 1)', REGION: 'north' });
  edited.env.REGION = 'south';
  const text = JSON.stringify(edited);
  const args = { server: 'leaky', text, digest: shown.digest, keepKeys: false };

  // Nothing of what is wrong is written.
  const before = readFileSync(configFile, 'utf8');
  for (const [wrong, code] of [
    ['{', 'config.syntax'],
    ['[]', 'config.invalid_value'],
    ['{ "comand": "x" }', 'config.unknown_key'],
    ['{ "command": "x", "url": "http://x" }', 'config.invalid_value'],
    ['{ "command": "x", "env": { "A": "(hidden 7)" } }', 'config.hidden_unknown'],
  ] as const) {
    const answer = await askCommand(dataDir, 'server.edit', { ...args, text: wrong });
    expect(answer.ok ? '' : answer.error.code, wrong).toBe(code);
  }
  expect(readFileSync(configFile, 'utf8')).toBe(before);

  await runCommand(dataDir, 'server.edit', args);
  const after = readFileSync(configFile, 'utf8');
  expect(after).toContain('// mine');
  expect(after).toContain('// also mine');
  expect(after).toContain(KEY);
  expect(await told(gateway)).toMatch(
    /API_KEY=sk-live[\s\S]*REGION=south|REGION=south[\s\S]*API_KEY=sk-live/,
  );

  // What was read is not there any more.
  const stale = await askCommand(dataDir, 'server.edit', args);
  expect(stale.ok ? '' : stale.error.code).toBe('config.entry_changed');

  // The key goes to the secrets when that is wished, and the server has it all the same.
  const again = await runCommand(dataDir, 'server.entry', { server: 'leaky' });
  await runCommand(dataDir, 'server.edit', {
    ...args,
    text: again.text,
    digest: again.digest,
    keepKeys: true,
  });
  expect(readFileSync(configFile, 'utf8')).not.toContain(KEY);
  expect(readFileSync(configFile, 'utf8')).toContain('${keyring:leaky-api_key}');
  expect(await told(gateway)).toContain(`API_KEY=${KEY}`);
  expect((await runCommand(dataDir, 'server.entry', { server: 'leaky' })).hidden).toBe(0);
  // Nothing of it is in the activity log.
  const rows = await runCommand(dataDir, 'activity.detailed', { limit: 50 });
  expect(JSON.stringify(rows)).toContain('server.edit');
  expect(JSON.stringify(rows)).not.toContain(KEY);
});

it('leaves the file of another program alone', async () => {
  const foreign = join(process.env.TMPDIR ?? '/tmp', `foreign-${process.pid}.json`);
  writeFileSync(
    foreign,
    JSON.stringify({ mcpProxy: { addr: ':1' }, mcpServers: { a: { command: 'true' } } }),
  );
  gateway = await startGateway({ args: ['--config', foreign] });
  const shown = await runCommand(gateway.dataDir, 'server.entry', { server: 'a' });
  expect(shown.locked?.code).toBe('config.foreign_file');
});
