/** What a program says last, and that its end is known only when that was heard. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import type { GatehouseError } from '../../main/protocol/error.ts';
import { startProcess } from '../../main/upstreams/process.ts';
import { openServerLog } from '../../main/upstreams/server-log.ts';
import { openStdioLink } from '../../main/upstreams/stdio.ts';

const dir = mkdtempSync(join(tmpdir(), 'gh-stdio-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const block = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

/**
 * Runs the program such that its end is known before its last words are read, as on a busy computer: it writes and ends
 * in a turn of the event loop that has heard of the end of another program, and the system tells of both ends at once.
 */
async function endOfProgram(last: string): Promise<{ messages: string[]; cause: GatehouseError | null }> {
  const log = openServerLog(join(dir, 'x.log'), systemClock);
  const sign = join(mkdtempSync(join(dir, 'sign-')), 'now');
  const code = `const wait = setInterval(() => {
    if (!require('node:fs').existsSync(${JSON.stringify(sign)})) return;
    clearInterval(wait);
    ${last}
  }, 2)`;
  const spec = { command: process.execPath, args: ['-e', code], cwd: dir, env: {}, own: {}, secrets: [] };
  const messages: string[] = [];
  let tell: (cause: GatehouseError | null) => void = () => undefined;
  const cause = new Promise<GatehouseError | null>((resolve) => {
    tell = resolve;
  });
  const events = {
    message: (bytes: Buffer) => void messages.push(bytes.toString('utf8')),
    stream: () => undefined,
    failed: () => undefined,
    closed: (why: GatehouseError | null) => tell(why),
  };
  const heard = { messages: 0, stray: null };
  await openStdioLink(() => startProcess(spec, systemClock), spec, log, systemClock, events, heard, 1e6);
  const other = spawn('sh', ['-c', 'echo here'], { stdio: ['ignore', 'pipe', 'ignore'] });
  other.stdout.once('data', () => {
    writeFileSync(sign, '');
    block(500);
  });
  // It has written and ended by the next turn.
  block(300);
  const found = { cause: await cause, messages };
  await log.close();
  return found;
}

it('the last words of a program that ended while we were busy are part of why it ended', async () => {
  const { cause } = await endOfProgram(
    'console.error("x".repeat(50_000) + "\\nno database");process.exit(3)',
  );
  expect(cause).toMatchObject({ code: 'upstream.exited' });
  expect(cause?.message).toContain('code 3');
  expect(cause?.message).toContain('no database');
});

it('and so is what it wrote to the wrong stream', async () => {
  // The program's own words, where only JSON-RPC belongs.
  const { cause } = await endOfProgram('console.log("v20.1.0");process.exit(0)');
  expect(cause).toMatchObject({ code: 'upstream.not_mcp', message: expect.stringContaining('v20.1.0') });
});

it('every message that it finished arrives before its end does', async () => {
  const line = '{"jsonrpc":"2.0","method":"m"}';
  const { messages } = await endOfProgram(
    `process.stdout.write(${JSON.stringify(`${line}\n`)}.repeat(1500));process.exit(0)`,
  );
  expect(messages).toHaveLength(1_500);
});
