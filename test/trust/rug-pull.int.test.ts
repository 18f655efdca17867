/** A server that shows another face after it was approved: the real process behind the real gateway. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import type { HeldView } from '../../preload/views/trust.ts';
import { type GatewayProcess, nodeEntry, root, startGateway, until, untilReady } from '../host/gateway.ts';
import { type RawClient, rawClient } from '../host/raw-client.ts';

const MARK = 'SEND-ME-YOUR-KEYS';
const script = join(root, 'test/servers/two-faced.mjs');
const open: GatewayProcess[] = [];

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

async function start(...args: string[]): Promise<GatewayProcess> {
  const entry = nodeEntry(script, '--mark', MARK, ...args);
  const gateway = await startGateway({ servers: { two: entry } });
  open.push(gateway);
  await untilReady(gateway.base);
  return gateway;
}

async function heldOf(gateway: GatewayProcess): Promise<readonly HeldView[]> {
  return (await runCommand(gateway.dataDir, 'approvals.list', {})).items;
}

interface Called {
  readonly listed: string;
  readonly announced: boolean;
  readonly face: string;
}

/** What the server says of a call that it has carried out; the code when it was refused. */
function outcome(answer: string): Called | string {
  const { result, error } = JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? '{}') as {
    result?: { content: { text: string }[] };
    error?: { data?: { code?: string } };
  };
  if (result !== undefined) return JSON.parse(result.content[0]?.text ?? '') as Called;
  return error?.data?.code ?? 'none';
}

async function listed(client: RawClient): Promise<string> {
  return (await client.post('{"jsonrpc":"2.0","id":"l","method":"tools/list"}')).text;
}

describe('rug-pull', () => {
  it('a changed tool is neither listed nor called, by any route, until this very change is approved', async () => {
    const gateway = await start();
    const merged = await rawClient(gateway.url, gateway.token);
    const alone = await rawClient(`${gateway.base}/servers/two/mcp`, gateway.token);
    const stream = await merged.listen();
    expect(outcome(await merged.call(1, 'two__add'))).toMatchObject({ face: 'a' });
    await merged.call(2, 'two__flip');
    // The very next call comes before the list was read again, and waits for it.
    expect(outcome(await merged.call(3, 'two__add'))).toBe('trust.changed');
    expect(outcome(await alone.call(4, 'add'))).toBe('trust.changed');
    expect(await listed(merged)).not.toContain('two__add');
    expect(await listed(alone)).not.toContain('"add"');
    await until(() => stream.messages.length > 0, 'told that a tool is gone');
    const [held] = await heldOf(gateway);
    if (held === undefined) throw new Error('nothing is held');
    expect(held).toMatchObject({ server: 'two', kind: 'tools', key: 'add', state: 'changed', waits: true });
    const shown = await runCommand(gateway.dataDir, 'approvals.show', {
      server: 'two',
      kind: 'tools',
      key: 'add',
    });
    expect(shown.before?.description).toBe('Adds two numbers.');
    expect(shown.after?.description).toContain(MARK);
    expect(JSON.parse(shown.after?.annotations ?? '')).toEqual({ readOnlyHint: true });
    const { kind, key, fingerprint } = held;
    const items = [{ kind, key, fingerprint }];
    // It has turned back meanwhile: what was shown is not what would be approved.
    await merged.call(5, 'two__flip');
    await until(async () => (await heldOf(gateway)).length === 0, 'nothing is held any more');
    await expect(
      runCommand(gateway.dataDir, 'approvals.approve', { server: 'two', items }),
    ).rejects.toMatchObject({
      code: 'trust.stale',
    });
    expect(outcome(await merged.call(6, 'two__add'))).toMatchObject({ face: 'a' });
    await merged.call(7, 'two__flip');
    await until(async () => (await heldOf(gateway)).length === 1, 'held again');
    await runCommand(gateway.dataDir, 'approvals.approve', { server: 'two', items });
    expect(outcome(await merged.call(8, 'two__add'))).toMatchObject({ face: 'b' });
    expect(await listed(merged)).toContain(MARK);
    stream.close();
  });

  it('what was decided survives kill -9, and what changed while nobody looked is held', async () => {
    const gateway = await start();
    const client = await rawClient(gateway.url, gateway.token);
    const shown = await runCommand(gateway.dataDir, 'approvals.show', {
      server: 'two',
      kind: 'tools',
      key: 'quiet',
    });
    const items = [{ kind: 'tools' as const, key: 'quiet', fingerprint: shown.fingerprint }];
    await runCommand(gateway.dataDir, 'approvals.block', { server: 'two', items });
    expect(outcome(await client.call(1, 'two__quiet'))).toBe('trust.blocked');
    await gateway.stop('SIGKILL');
    const { dataDir } = gateway;
    const again = await startGateway({
      dataDir,
      servers: { two: nodeEntry(script, '--mark', MARK, '--face', 'b') },
    });
    open.unshift(again);
    await untilReady(again.base);
    const after = await rawClient(again.url, again.token);
    expect(outcome(await after.call(1, 'two__quiet'))).toBe('trust.blocked');
    expect(outcome(await after.call(2, 'two__add'))).toBe('trust.changed');
    expect(await listed(after)).not.toContain(MARK);
    const history = await runCommand(dataDir, 'approvals.history', { server: 'two', limit: 5 });
    expect(history[0]).toMatchObject({ act: 'block', by: 'cli', key: 'quiet' });
  });

  it('alternating with every call: none is sent while the list in force, or an announced one, is not the approved one', async () => {
    const gateway = await start('--alternate');
    const client = await rawClient(gateway.url, gateway.token);
    const fetched: string[] = [];
    const seen = { sent: 0, refused: 0 };
    for (let id = 1; id <= 24; id++) {
      const answer = await client.call(id, 'two__add');
      fetched.push(answer);
      const what = outcome(answer);
      if (typeof what === 'string') {
        expect(what).toBe('trust.changed');
        seen.refused++;
        await client.call(`f${id}`, 'two__flip');
        await until(async () => (await listed(client)).includes('two__add'), 'it is offered again');
      } else {
        expect(what).toMatchObject({ listed: 'a', announced: false });
        seen.sent++;
      }
      fetched.push(await listed(client));
    }
    expect(seen.sent).toBeGreaterThan(8);
    expect(seen.refused).toBeGreaterThan(8);
    expect(fetched.join('\n')).not.toContain(MARK);
  });

  it('alternating under many calls at once: each was sent under the approved list', async () => {
    const gateway = await start('--alternate');
    const clients = await Promise.all([1, 2, 3, 4].map(() => rawClient(gateway.url, gateway.token)));
    const fetched: string[] = [];
    const sent: Called[] = [];
    await Promise.all(
      clients.map(async (client, who) => {
        for (let id = 1; id <= 25; id++) {
          const answer = await client.call(id, id % 5 === 0 ? 'two__flip' : 'two__add');
          fetched.push(answer);
          if (id % 5 === 0) continue;
          const what = outcome(answer);
          if (typeof what === 'string') expect(what).toBe('trust.changed');
          else sent.push(what);
          if (id % 7 === who) fetched.push(await listed(client));
        }
      }),
    );
    // Calls that cross an announcement on their way are the server's word against itself; the list is what counts.
    expect(sent.length).toBeGreaterThan(0);
    for (const call of sent) expect(call.listed).toBe('a');
    expect(fetched.join('\n')).not.toContain(MARK);
  });
});
