/** What a server has started and that has left its process group ends with it, on Linux; nothing else does. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import type { ServerProcess } from '../../main/upstreams/ports.ts';
import { startProcess } from '../../main/upstreams/process.ts';
import { until } from '../host/gateway.ts';
import { endMarked, marked, newMark } from './faulty.ts';

let mark: string;
/** Each process that is ready puts a file here. */
let dir: string;
beforeEach(() => {
  mark = newMark();
  dir = mkdtempSync(join(tmpdir(), 'gh-descendants-'));
});
afterEach(() => {
  endMarked(mark);
  rmSync(dir, { recursive: true, force: true });
});

const file = (name: string): string => `require('fs').writeFileSync(process.env.DIR+'/'+${name},'')`;
/** Lives until it is killed. */
const DEAF = `process.on('SIGTERM',()=>{});setInterval(()=>{},60000);${file('process.pid')}`;
/** Ends when it is asked to, and leaves word. */
const POLITE = `process.on('SIGTERM',()=>{${file("'heard'")};process.exit(0)});setInterval(()=>{},60000);${file('process.pid')}`;
/** A server that ends when its input does. */
const OBEDIENT = "process.stdin.on('end',()=>process.exit(0)).resume()";
/** Starts `script` in a session of its own (setsid), with the mark in its arguments. */
const apart = (script: string): string =>
  `require('child_process').spawn(process.execPath,['-e',${JSON.stringify(script)},'--',process.env.MARK],{detached:true,stdio:'ignore'}).unref()`;

const ready = (count: number): Promise<void> =>
  until(() => readdirSync(dir).length === count, `${count} are ready`);

/** A server that runs this script; settles when so many processes are ready. */
async function server(script: string, count: number): Promise<ServerProcess> {
  const own = { PATH: process.env.PATH ?? '', DIR: dir, MARK: mark };
  const spec = { command: process.execPath, args: ['-e', script], env: own, own, cwd: null, secrets: [] };
  const started = await startProcess(spec, systemClock);
  started.stdout.resume();
  started.stderr.resume();
  await ready(count);
  return started;
}

describe.runIf(process.platform === 'linux')('what has left the group of its server', () => {
  it('ends with a server that ends by itself, with what it has started in turn', async () => {
    const started = await server(`${apart(`${apart(DEAF)};${DEAF}`)};${OBEDIENT}`, 2);
    expect(marked(mark).length).toBe(2);
    await started.stop();
    expect(await started.exited).toEqual({ code: 0, signal: null });
    await until(() => marked(mark).length === 0, 'both have ended');
  });

  it('ends with a server that has to be killed, also when it was started only meanwhile', async () => {
    const started = await server(`${DEAF};process.on('SIGTERM',()=>{${apart(DEAF)}});${apart(DEAF)}`, 2);
    const stopped = started.stop({ graceMs: 50, termMs: 4_000 });
    await ready(3);
    expect(marked(mark).length).toBe(2);
    await stopped;
    expect((await started.exited).signal).toBe('SIGKILL');
    await until(() => marked(mark).length === 0, 'both have ended');
  });

  it('is asked to end before it is killed', async () => {
    const started = await server(`${apart(POLITE)};${OBEDIENT}`, 1);
    await started.stop();
    expect(existsSync(join(dir, 'heard'))).toBe(true);
    expect(marked(mark)).toEqual([]);
  });

  it('is nobody whom somebody else has started', async () => {
    const stranger = spawn(process.execPath, ['-e', DEAF, '--', mark], {
      env: { DIR: dir },
      detached: true,
      stdio: 'ignore',
    });
    const started = await server(OBEDIENT, 1);
    await started.stop();
    expect(marked(mark)).toEqual([stranger.pid]);
  });
});
