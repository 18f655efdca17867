/** The server that comes with Gatehouse: alone, in both eras, and added to a running gateway by its owner. */
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, describe, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import { connectClient } from '../e2e/client.ts';
import { waitFor } from '../e2e/wait.ts';
import { cli, startGateway } from '../host/gateway.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const TOOLS = ['drop_notes', 'keep_note', 'roll_dice', 'say_hello', 'tell_time'];

async function connect(): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  closing.push(() => client.close());
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'sample-server'] }));
  return client;
}

const textOf = (result: unknown): string =>
  (result as { content: readonly { text: string }[] }).content[0]?.text ?? '';

describe('alone', () => {
  it('has tools of every kind, which do what they say and refuse what they cannot', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(TOOLS);
    expect(tools.find(({ name }) => name === 'drop_notes')?.annotations?.destructiveHint).toBe(true);
    const call = (name: string, args: Record<string, unknown> = {}) =>
      client.callTool({ name, arguments: args });
    expect(textOf(await call('say_hello', { name: 'Ada', language: 'German' }))).toBe('Guten Tag, Ada.');
    const { structuredContent } = (await call('roll_dice', { count: 3, sides: 6 })) as {
      structuredContent: { rolls: number[]; sum: number };
    };
    expect(structuredContent.rolls).toHaveLength(3);
    expect(structuredContent.rolls.reduce((sum, one) => sum + one)).toBe(structuredContent.sum);
    expect(textOf(await call('tell_time', { zone: 'Asia/Tokyo' }))).toMatch(/\d\d:\d\d:\d\d/);
    expect(await call('tell_time', { zone: 'Nowhere' })).toMatchObject({ isError: true });
    await call('keep_note', { text: 'one' });
    expect(textOf(await call('keep_note', { text: 'two' }))).toContain('2');
    expect(textOf(await call('drop_notes'))).toContain('2');
    expect(await call('roll_dice', { count: 1000 }).catch(() => ({ isError: true }))).toMatchObject({
      isError: true,
    });
  });
});

describe('in a gateway', () => {
  it('is added once, runs, and answers a client', async () => {
    const gateway = await startGateway({ config: '{\n  // mine\n  "mcpServers": {}\n}\n' });
    closing.push(() => gateway.close());
    expect(await askCommand(gateway.dataDir, 'sample.add', {})).toEqual({
      ok: true,
      value: { server: 'sample' },
    });
    expect(await askCommand(gateway.dataDir, 'sample.add', {})).toEqual({
      ok: true,
      value: { server: 'sample' },
    });
    const text = readFileSync(gateway.configFile, 'utf8');
    expect(text).toContain('// mine');
    expect(text.match(/sample-server/g)).toHaveLength(1);
    const client = await connectClient(gateway.url, gateway.token);
    closing.push(() => client.close());
    const names = await waitFor('its tools', async () => {
      const all = await client.toolNames();
      return all.length === TOOLS.length ? all : null;
    });
    expect(names).toContain('sample__say_hello');
    expect(textOf(await client.call('sample__say_hello', { name: 'Ada' }))).toBe('Hello, Ada.');
  });
});
