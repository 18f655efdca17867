/**
 * A look inside a server that is held back, on a real engine: it gets nothing of what its entry asks for, and nothing of it
 * is left afterwards.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { until } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';
import { type Contained, ofOurs, servers, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();
const PLANTED = 'planted-key-71f3';

describe('looking inside a server that is held back', () => {
  let gate: Contained | null = null;
  let listener: Server | null = null;
  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  afterEach(async () => {
    await gate?.close();
    gate = null;
    listener?.close();
    listener = null;
  });

  it('shows what it offers, gives it neither files, secrets nor network, and ends it', async () => {
    if (host === null) return;
    let connections = 0;
    const open = createServer(() => {
      connections += 1;
    });
    listener = open;
    const port = await new Promise<number>((resolve) => {
      open.listen(0, '0.0.0.0', () => resolve((open.address() as AddressInfo).port));
    });
    const script = readFileSync(join(servers, 'peeking.mjs'), 'utf8');
    gate = await startContained(
      host,
      {
        mcpServers: {
          peeking: {
            command: process.execPath,
            args: ['--input-type=module', '-e', script, `host.docker.internal:${port}`],
            env: { PEEK_AT: servers, API_KEY: `\${env:PLANTED}`, PLAIN: 'as it is written' },
            quarantined: true,
            isolation: { mode: 'container', mounts: [servers], network: 'open' },
          },
        },
      },
      { PLANTED },
    );
    const { dataDir, url, token } = gate.gateway;
    const seen = await runCommand(dataDir, 'server.inspect', { server: 'peeking', where: 'container' });
    expect(seen.ranIn).toBe('container');
    const item = seen.items.find(({ kind }) => kind === 'tools');
    expect(item?.key).toBe('saw');
    const saw = JSON.parse(item?.definition.description ?? '{}') as Readonly<Record<string, unknown>>;
    expect(JSON.stringify(saw)).not.toContain(PLANTED);
    expect(saw).toMatchObject({ interfaces: ['lo'], write: expect.stringMatching(/^no/) as string });
    // The folder that its entry asks for is not there.
    expect(saw.mounted).toMatch(/^no/);
    expect(saw.network).toMatch(/^no/);
    expect(connections).toBe(0);
    await until(async () => (await ofOurs(host)).containers.length === 0, 'its container is gone');
    const client = await rawClient(url, token);
    expect(await client.call(1, 'peeking__saw')).toContain('trust.server_quarantined');
  }, 120_000);
});
