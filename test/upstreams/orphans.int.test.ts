/** kill -9 of Gatehouse: what is left of its servers is ended by its next start, and nothing else is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemProcesses } from '../../main/upstreams/process-table.ts';
import { type GatewayProcess, startGateway, until, untilReady } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';
import { endMarked, faultyEntry, marked, newMark } from './faulty.ts';

interface Notes {
  readonly boot: string;
  readonly groups: readonly { readonly pid: number; readonly began: string }[];
}

let dataDir: string;
let mark: string;
const open: GatewayProcess[] = [];
const strangers: ChildProcess[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gh-orphans-'));
  mark = newMark();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
  for (const child of strangers.splice(0)) child.kill('SIGKILL');
  endMarked(mark);
  rmSync(dataDir, { recursive: true, force: true });
}, 40_000);

/** One that has ended and that nobody has taken note of yet does not run. */
const runs = (pid: number): boolean => marked(mark).includes(pid);
const file = (): string => join(dataDir, 'processes.json');
/** The file is written beside what a server does, so a server may be ready before its note is there. */
const notes = (): Notes =>
  existsSync(file()) ? (JSON.parse(readFileSync(file(), 'utf8')) as Notes) : { boot: '', groups: [] };

async function start(...faults: string[]): Promise<GatewayProcess> {
  const servers = Object.fromEntries(faults.map((fault) => [fault, faultyEntry(fault, mark)]));
  const gateway = await startGateway({ servers, dataDir });
  open.push(gateway);
  await untilReady(gateway.base);
  return gateway;
}
async function pidOf({ url, token }: GatewayProcess, server: string): Promise<number> {
  const answer = await (await rawClient(url, token)).call(1, `${server}__pid`);
  return Number(/"text":"(\d+)"/.exec(answer)?.[1]);
}
/** A process in a group of its own that none of ours knows; it hears no SIGTERM. */
async function stranger(): Promise<number> {
  const script = "process.on('SIGTERM',()=>{});setInterval(()=>{},60000);console.log('here')";
  const child = spawn(process.execPath, ['-e', script, mark], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  strangers.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
}

describe.skipIf(process.platform === 'win32')('after kill -9', () => {
  it('servers that end with their input are gone; one that does not stays until the next start', async () => {
    const first = await start('good', 'ignores-end', 'leaks-children');
    const [good, deaf] = [await pidOf(first, 'good'), await pidOf(first, 'ignores-end')];
    await until(() => notes().groups.length === 3, 'all groups are noted');
    expect(notes().groups.map(({ pid }) => pid)).toEqual(expect.arrayContaining([good, deaf]));
    expect(statSync(file()).mode & 0o777).toBe(0o600);

    await first.stop('SIGKILL');
    await until(() => !runs(good), 'the healthy server has ended by itself');
    expect(runs(deaf)).toBe(true);

    const second = await start('good');
    expect(runs(deaf)).toBe(false);
    expect(second.log()).toContain('a server of the last run is still there');
    expect(notes().groups.map(({ pid }) => pid)).toEqual([await pidOf(second, 'good')]);
  });

  it('the same server begins only when the old one has ended', async () => {
    const first = await start('ignores-end');
    const old = await pidOf(first, 'ignores-end');
    await until(() => notes().groups.length === 1, 'it is noted');
    await first.stop('SIGKILL');
    const since = Date.now();
    const servers = { 'ignores-end': faultyEntry('ignores-end', mark) };
    const second = await startGateway({ servers, dataDir });
    open.push(second);
    // The door does not wait for that.
    expect(runs(old)).toBe(true);
    expect(Date.now() - since).toBeLessThan(2_000);
    await untilReady(second.base);
    expect(runs(old)).toBe(false);
    expect(marked(mark)).toEqual([await pidOf(second, 'ignores-end')]);
    await second.stop('SIGKILL');
  });

  it('a process that has got the id of one of ours since then is left alone', async () => {
    const first = await start('good');
    await until(() => notes().groups.length === 1, 'it is noted');
    const { boot, groups } = notes();
    await first.stop('SIGKILL');
    const [other, ended] = [await stranger(), await stranger()];
    const began = groups[0]?.began;
    writeFileSync(file(), JSON.stringify({ boot, groups: [{ pid: other, began }] }));
    const second = await start('good');
    await until(() => notes().groups.length === 1, 'the notes are new');
    await second.stop();
    expect(runs(other)).toBe(true);
    expect(notes().groups).toEqual([]);

    // The control: with the right beginning it would have been ended.
    const right = await systemProcesses.leaderBegan(ended);
    writeFileSync(file(), JSON.stringify({ boot, groups: [{ pid: ended, began: right }] }));
    await start('good');
    await until(() => strangers[1]?.signalCode === 'SIGKILL', 'it is ended');
    expect(runs(other)).toBe(true);
  });

  it.each([
    '',
    '{"boot":',
    'null',
    '[]',
    '{"boot":"another","groups":[{"pid":PID,"began":"BEGAN"}]}',
    '{"boot":"BOOT","groups":{"pid":1}}',
    '{"boot":"BOOT","groups":[null,7,{"pid":-1,"began":"1"},{"pid":0,"began":"1"},{"pid":1,"began":"1"},{"pid":"PID"}]}',
  ])('a file that says %s ends nobody', async (text) => {
    const first = await start('good');
    await until(() => notes().groups.length === 1, 'it is noted');
    const { boot } = notes();
    await first.stop('SIGKILL');
    const pid = await stranger();
    const began = (await systemProcesses.leaderBegan(pid)) ?? '';
    expect(began).not.toBe('');
    writeFileSync(file(), text.replace('BOOT', boot).replace('PID', String(pid)).replace('BEGAN', began));
    const second = await start('good');
    await until(() => notes().groups.length === 1, 'the notes are new');
    expect(runs(pid)).toBe(true);
    expect(await second.stop()).toBe(0);
  });
});
