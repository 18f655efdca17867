/** Calling tools by hand: the same rules as for clients, every kind of answer, nothing that leaves its box. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCommand, runCommand } from '../main/commands/local-client.ts';
import type { TrialView } from '../preload/views/trying.ts';
import {
  cli,
  type GatewayProcess,
  nodeEntry,
  plainEnv,
  root,
  startGateway,
  until,
  untilReady,
} from './host/gateway.ts';

let gateway: GatewayProcess;
const files = mkdtempSync(join(tmpdir(), 'gh-try-'));
const log = join(files, 'cancelled');

beforeAll(async () => {
  const script = join(root, 'test/servers/answering.mjs');
  gateway = await startGateway({
    config: {
      approval: { timeoutSeconds: 30 },
      mcpServers: {
        here: nodeEntry(script, '--log', log),
        held: { ...nodeEntry(script), quarantined: true },
      },
    },
  });
  await untilReady(gateway.base);
});

afterAll(async () => {
  await gateway.close();
  rmSync(files, { recursive: true, force: true });
});

const written = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');

let next = 0;
function trying(tool: string, args = '{}', server = 'here'): Promise<TrialView> {
  next += 1;
  return runCommand(gateway.dataDir, 'tool.try', { server, tool, arguments: args, trial: `t${next}` });
}

async function refusal(server: string, tool: string, args = '{}'): Promise<string> {
  next += 1;
  const given = { server, tool, arguments: args, trial: `t${next}` };
  const result = await askCommand(gateway.dataDir, 'tool.try', given);
  return result.ok ? (result.value.error?.gatehouse?.code ?? 'none') : result.error.code;
}

describe('a call by hand', () => {
  it('passes the arguments on as they were written, and says how long it took', async () => {
    const view = await trying('echo', '{"id":12345678901234567890,"text":"a \\u00e9"}');
    expect(view).toMatchObject({ outcome: 'ok', error: null });
    const [part] = view.parts;
    expect(part?.kind === 'text' && part.text).toContain(
      '"arguments":{"id":12345678901234567890,"text":"a \\u00e9"}',
    );
    expect(view.durationMs).toBeGreaterThanOrEqual(0);
    expect(view.bytes).toBeGreaterThan(100);
  });

  it('is recorded, with who made it', async () => {
    await trying('fails', '{"city":"recorded"}');
    await until(async () => {
      const rows = await runCommand(gateway.dataDir, 'activity.detailed', {
        limit: 5,
        filter: { tool: 'fails' },
      });
      const [row] = rows;
      return (
        row?.client === 'cli' &&
        row.outcome === 'tool-error' &&
        row.request === '{"city":"recorded"}' &&
        rows.length === 1
      );
    }, 'the call is in the log');
  });

  it('meets the gates as a client does', async () => {
    expect(await refusal('held', 'echo')).toBe('trust.server_quarantined');
    expect(await refusal('nobody', 'echo')).toBe('upstream.unknown');
    expect(await refusal('here', 'nothing')).toBe('call.no_such_tool');
    await runCommand(gateway.dataDir, 'tool.setEnabled', { server: 'here', tool: 'digits', enabled: false });
    expect(await refusal('here', 'digits')).toBe('trust.tool_off');
    await runCommand(gateway.dataDir, 'tool.setEnabled', { server: 'here', tool: 'digits', enabled: true });
    // Under another name it is still the same tool.
    const override = { tool: 'digits', name: 'numbers', title: null, description: null };
    await runCommand(gateway.dataDir, 'tool.setOverride', { server: 'here', override });
    expect((await trying('digits')).outcome).toBe('ok');
  });

  it('waits for a person where a rule says so', async () => {
    const rule = { server: 'here', tool: 'echo', client: null, rule: 'ask' } as const;
    await runCommand(gateway.dataDir, 'calls.setRule', rule);
    const answer = trying('echo', '{"city":"Bern"}');
    const waiting = () => runCommand(gateway.dataDir, 'calls.waiting', {});
    await until(async () => (await waiting()).length === 1, 'the call waits');
    const [call] = await waiting();
    expect(call).toMatchObject({ client: 'cli', clientName: 'Gatehouse', args: '{"city":"Bern"}' });
    const { id = '', hash = '' } = call ?? {};
    await runCommand(gateway.dataDir, 'call.decide', { id, hash, decision: 'deny' });
    expect((await answer).error?.gatehouse?.code).toBe('call.denied');
    await runCommand(gateway.dataDir, 'calls.setRule', { ...rule, rule: null });
  });

  it('is cancelled at the server too', async () => {
    const trial = 'to-cancel';
    const given = { server: 'here', tool: 'waits', arguments: '{}', trial };
    const answer = runCommand(gateway.dataDir, 'tool.try', given);
    await until(() => written() === 'begun\n', 'the server has it');
    await runCommand(gateway.dataDir, 'tool.cancelTry', { trial });
    expect((await answer).outcome).toBe('cancelled');
    await until(() => written() === 'begun\ncancelled\n', 'the server heard of it');
  });

  it('refuses arguments that are no object', async () => {
    for (const args of ['', '[]', '1', 'null', '{"a":}', '{} {}', '{},"x":1']) {
      expect(await refusal('here', 'echo', args), args).toBe('call.bad_arguments');
    }
  });
});

describe('an answer', () => {
  it('shows images only where they are what they say and small enough to be drawn', async () => {
    const { parts } = await trying('pictures');
    expect(parts).toMatchObject([
      { kind: 'image', mime: 'image/png', width: 1, height: 1 },
      { kind: 'no-image', why: 'not-raster' },
      { kind: 'no-image', why: 'not-raster' },
      { kind: 'no-image', why: 'too-large' },
    ]);
    expect(JSON.stringify(parts)).not.toContain('svg xmlns');
  });

  it('has every kind of piece, each within its bounds', async () => {
    const { parts } = await trying('mixed');
    expect(parts).toMatchObject([
      { kind: 'audio', mime: 'audio/wav', bytes: 3 },
      { kind: 'link', uri: 'file:///a', title: 'The a' },
      { kind: 'resource', uri: 'file:///b', bytes: 200_000 },
      { kind: 'resource', uri: 'file:///c', text: null, bytes: 3 },
      { kind: 'other' },
      { kind: 'other', json: '"not even an object"' },
    ]);
    const [, , long] = parts;
    expect(long?.kind === 'resource' && long.text?.length).toBe(100_000);
  });

  it('keeps the digits of a structured answer', async () => {
    expect((await trying('digits')).structured).toBe('{\n  "id": 12345678901234567890\n}');
  });

  it('tells errors of the server from those of Gatehouse', async () => {
    expect((await trying('errs')).error).toEqual({
      code: -32042,
      message: 'broken',
      gatehouse: null,
      data: '{\n  "at": 1\n}',
    });
  });

  it('of many megabytes shows its beginning', async () => {
    const { parts, bytes } = await trying('huge');
    expect(bytes).toBeGreaterThan(12_000_000);
    expect(JSON.stringify(parts).length).toBeLessThan(300_000);
  });
});

describe('gatehouse call', () => {
  const run = (...args: string[]): Promise<{ code: number | null; out: string; err: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [cli, 'call', ...args, '--data-dir', gateway.dataDir], {
        env: plainEnv(),
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => {
        out += String(chunk);
      });
      child.stderr.on('data', (chunk) => {
        err += String(chunk);
      });
      child.on('close', (code) => resolve({ code, out, err }));
      child.stdin.end('{"city":"from a pipe"}');
    });

  it('prints the answer, and ends as the tool did', async () => {
    const echoed = await run('here', 'echo', '--file', '-');
    expect(echoed.code).toBe(0);
    expect(echoed.out).toContain('{"city":"from a pipe"}');
    const failed = await run('here', 'fails');
    expect(failed).toEqual({ code: 1, out: 'no such city\n', err: 'The tool says that it failed.\n' });
    const refused = await run('held', 'echo', '{}');
    expect(refused.code).toBe(1);
    expect(refused.out).toBe('');
  });
});
