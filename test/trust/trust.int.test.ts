/** The switches on a real file system: kept, restored from the copy, never silently open. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import { Approvals } from '../../main/trust/approvals.ts';
import { openCallStore } from '../../main/trust/call-store.ts';
import { openTrust, type TrustStore } from '../../main/trust/trust.ts';
import { bundle } from '../fakes/bundle.ts';

let dir: string;
let file: string;
let stores: TrustStore[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-trust-'));
  file = join(dir, 'trust.json');
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(dir, { recursive: true, force: true });
});

async function open(): Promise<TrustStore> {
  const store = await openTrust({ file, clock: systemClock });
  stores.push(store);
  return store;
}

describe('the switches', () => {
  it('are on by default and nothing is written', async () => {
    const store = await open();
    expect(store.toolEnabled('s', 't')).toBe(true);
    expect(store.serverTrust('s')).toBe('trusted');
    expect([...store.disabledTools('s')]).toEqual([]);
    expect(await readdir(dir)).toEqual([]);
  });

  it('are kept, for the owner only, whatever the names', async () => {
    const store = await open();
    const names = ['t', '__proto__', 'constructor', 'ünï/\u0000\n"', ''];
    for (const name of names) await store.setToolEnabled('__proto__', name, false);
    await store.setToolEnabled('other', 't', false);
    await store.setToolEnabled('other', 't', true);
    await store.setServerTrust('toString', 'quarantined');
    const again = await open();
    expect(again.problem).toBeNull();
    for (const name of names) expect(again.toolEnabled('__proto__', name)).toBe(false);
    expect(again.toolEnabled('other', 't')).toBe(true);
    expect(again.serverTrust('toString')).toBe('quarantined');
    expect(again.serverTrust('__proto__')).toBe('trusted');
    expect(await readFile(file, 'utf8')).not.toContain('"other"');
    for (const name of await readdir(dir)) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
  });

  it('tell of each change once, and of none that is none', async () => {
    const store = await open();
    const told: (string | null)[] = [];
    const stop = store.onChange((server) => told.push(server));
    await store.setToolEnabled('a', 't', true);
    await store.setToolEnabled('a', 't', false);
    await store.setToolEnabled('a', 't', false);
    await store.setServerTrust('b', 'quarantined');
    stop();
    stop();
    await store.setToolEnabled('a', 't', true);
    expect(told).toEqual(['a', 'b']);
  });

  it('many at once all arrive', async () => {
    const store = await open();
    const tools = Array.from({ length: 50 }, (_, i) => `t${i}`);
    await Promise.all(tools.map((tool) => store.setToolEnabled('s', tool, false)));
    expect((await open()).disabledTools('s')).toEqual(new Set(tools));
  });

  it('are refused after close, which may come twice', async () => {
    const store = await open();
    await store.close();
    await store.close();
    await expect(store.setToolEnabled('a', 't', false)).rejects.toMatchObject({ code: 'trust.closed' });
  });
});

describe('a damaged file', () => {
  const spoils: [string, string][] = [
    ['empty', ''],
    ['half', '{"version":1,"servers":[{"na'],
    ['of a later version', '{"version":2,"servers":[]}'],
    ['of another shape', '{"version":1,"servers":{}}'],
  ];

  it.each(spoils)('that is %s is set aside, and the last good copy is used', async (_name, spoiled) => {
    const store = await open();
    await store.setToolEnabled('s', 'first', false);
    await store.setToolEnabled('s', 'last', false);
    await writeFile(file, spoiled);
    const again = await open();
    expect(again.problem?.code).toBe('trust.file_restored');
    expect(again.disabledTools('s')).toEqual(new Set(['first', 'last']));
    const aside = (await readdir(dir)).find((name) => name.includes('.damaged-'));
    expect(await readFile(join(dir, aside ?? ''), 'utf8')).toBe(spoiled);
    await again.setToolEnabled('s', 'next', false);
    expect((await open()).problem).toBeNull();
  });

  it('that is gone is replaced by its copy', async () => {
    await (await open()).setToolEnabled('s', 't', false);
    await rm(file);
    const again = await open();
    expect(again.toolEnabled('s', 't')).toBe(false);
    expect(again.problem?.code).toBe('trust.file_restored');
  });

  it.each(spoils)(
    'with a damaged copy (%s) switches nothing on, and nothing is overwritten',
    async (_name, spoiled) => {
      await (await open()).setToolEnabled('s', 't', false);
      await writeFile(file, spoiled);
      await writeFile(`${file}.backup`, spoiled);
      await expect(open()).rejects.toMatchObject({ code: 'trust.unreadable' });
      expect(await readFile(file, 'utf8')).toBe(spoiled);
    },
  );

  it('without a copy switches nothing on', async () => {
    await writeFile(file, '{');
    await expect(open()).rejects.toMatchObject({ code: 'trust.unreadable' });
  });

  it('does not matter while the file itself is good', async () => {
    await (await open()).setToolEnabled('s', 't', false);
    await writeFile(`${file}.backup`, '');
    const again = await open();
    expect(again.problem).toBeNull();
    expect(again.toolEnabled('s', 't')).toBe(false);
  });
});

describe('a kill at any moment', () => {
  it('loses no switch that was acknowledged', async () => {
    const script = await bundle(join(import.meta.dirname, 'write-trust.fixture.ts'));
    const known = new Set<string>();
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, [script, file, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.split('\n').length > 3 + round * 2) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.on('close', resolve));
      for (const line of output.split('\n').slice(0, -1)) known.add(line);
      const store = await open();
      expect(store.problem).toBeNull();
      expect(known.size).toBeGreaterThan(0);
      for (const tool of known) expect(store.toolEnabled('s', tool)).toBe(false);
    }
  });
});

describe('a kill at any moment of decisions about calls and tools', () => {
  it('loses none that was acknowledged, and neither file is ever damaged', async () => {
    const script = await bundle(join(import.meta.dirname, 'write-calls.fixture.ts'));
    const calls = join(dir, 'calls.json');
    const known = new Set<string>();
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, [script, dir, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.split('\n').length > 3 + round * 2) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.on('close', resolve));
      for (const line of output.split('\n').slice(0, -1)) known.add(line);
      const store = openCallStore(calls, systemClock);
      const problems: string[] = [];
      const approvals = new Approvals({
        ...{ server: 's', dir: join(dir, 'trust'), clock: systemClock, expected: true },
        written: () => undefined,
        noted: () => undefined,
        problem: ({ code }) => problems.push(code),
      });
      expect([store.problem, problems]).toEqual([null, []]);
      expect(known.size).toBeGreaterThan(0);
      for (const name of known) {
        expect(store.isAlways('c', name)).toBe(true);
        expect(approvals.of('tools', name)?.blocked).toBe(true);
      }
      await store.close();
      await approvals.close();
    }
  });
});

describe('a disk without room', () => {
  it('refuses the change and keeps what was there', async () => {
    const script = await bundle(join(import.meta.dirname, 'full-disk-trust.fixture.ts'));
    const limited = ['-c', 'ulimit -f 8 && exec "$0" "$@"', process.execPath, script, file];
    const { stdout } = await promisify(execFile)('bash', limited);
    expect(stdout.trim().split('\n')).toEqual(['written', 'trust.write_failed on']);
    expect((await open()).disabledTools('s')).toEqual(new Set(['short']));
  });
});
