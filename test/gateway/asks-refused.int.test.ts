/** A server of both eras that asks in the middle of a call, through a real gateway: what is told, and what helps. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import type { ActivityRow } from '../../preload/views/activity.ts';
import { autoEntry, type GatewayProcess, startGateway, until, untilReady } from '../host/gateway.ts';
import { script } from '../upstreams/pool-host.ts';

let gateway: GatewayProcess;

beforeAll(async () => {
  const entry = autoEntry(script('asking-mid-call.mjs'));
  gateway = await startGateway({ servers: { auto: entry, legacy: { ...entry, protocol: 'legacy' } } });
  await untilReady(gateway.base);
});
afterAll(() => gateway?.close());

/** What the server's own log says of refusals. */
async function told(server: string): Promise<readonly string[]> {
  const log = await askCommand(gateway.dataDir, 'server.log', { server, lines: 1_000 });
  if (!log.ok) throw new Error(log.error.message);
  return log.value.filter((line) => line.includes('upstream.asks_refused'));
}

/** What the tool answers a client of this revision, which can be asked. */
async function asked(server: string, version: string): Promise<string> {
  const client = new Client(
    { name: 'm', version: '1' },
    {
      versionNegotiation: { mode: version === '2025-11-25' ? 'legacy' : { pin: version } },
      capabilities: { elicitation: { form: {} } },
    },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }));
  await client.connect(
    new StreamableHTTPClientTransport(new URL(gateway.url), {
      requestInit: { headers: { Authorization: `Bearer ${gateway.token}` } },
    }),
  );
  try {
    const { content } = await client.callTool({ name: `${server}__ask` });
    return JSON.stringify(content);
  } finally {
    await client.close();
  }
}

it('its refusal in the newer revision is told once, in its log and in the activity log, with what to set', async () => {
  for (const version of ['2026-07-28', '2025-11-25']) {
    expect(await asked('auto', version)).toContain('Server-to-client requests are not available');
  }
  expect(await told('auto')).toEqual([expect.stringContaining('set "protocol": "legacy"')]);
  let rows: readonly ActivityRow[] = [];
  await until(async () => {
    const filter = { server: 'auto', kind: 'connection' } as const;
    const answer = await askCommand(gateway.dataDir, 'activity.query', { filter, limit: 100 });
    rows = answer.ok ? answer.value : [];
    return rows.some(({ errorCode }) => errorCode === 'upstream.asks_refused');
  }, 'the activity log has it');
  expect(rows.filter(({ action }) => action === 'server.advice')).toMatchObject([
    { tool: 'ask', outcome: 'error', errorCode: 'upstream.asks_refused' },
  ]);
});

it('with "protocol": "legacy" it asks clients of both eras, and nothing is told', async () => {
  for (const version of ['2026-07-28', '2025-11-25']) {
    expect(await asked('legacy', version)).toContain('accept Ada');
  }
  expect(await told('legacy')).toEqual([]);
});
