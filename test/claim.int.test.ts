import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, type Claim, claimDataDir, privateDataDir } from '../main/claim.ts';
import { claimPath, privateSocket } from '../main/local-door.ts';
import { systemClock } from '../main/protocol/clock.ts';
import { bundle } from './fakes/bundle.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gh-'));
  path = claimPath(privateSocket(dir));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const claim = (waitMs = 0, serves = false): Promise<Claim> =>
  claimDataDir(dir, systemClock, async () => serves, waitMs);
const taken = expect.objectContaining({ code: 'app.already_running' });

/** A socket as a killed app leaves it: a name that nobody listens on. */
async function leaveStale(): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer();
  server.listen(`${path}.tmp`);
  await once(server, 'listening');
  linkSync(`${path}.tmp`, path);
  server.close();
  await once(server, 'close');
}

describe.skipIf(process.platform === 'win32')('other-users: a data directory', () => {
  it.each([0o777, 0o775, 0o755, 0o2770])(
    'that was made with the rights %o is for its owner alone',
    (mode) => {
      chmodSync(dir, mode);
      expect(privateDataDir(dir)).toBe(true);
      expect(statSync(dir).mode & 0o077).toBe(0);
    },
  );

  it('is made for its owner alone, whatever new files may be', () => {
    const before = process.umask(0);
    try {
      expect(privateDataDir(join(dir, 'a', 'b'))).toBe(true);
    } finally {
      process.umask(before);
    }
    expect([join(dir, 'a'), join(dir, 'a', 'b')].map((path) => statSync(path).mode & 0o077)).toEqual([0, 0]);
  });
});

describe('the claim on a data directory', () => {
  it('is had by one, and by the next one when that has let go; nothing is left behind', async () => {
    const first = await claim();
    expect(first.held()).toBe(true);
    await expect(claim()).rejects.toEqual(taken);
    const second = claim(5_000);
    await first.close();
    await first.close();
    expect((await second).held()).toBe(true);
    await (await second).close();
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it('is not waited for where an app serves already', async () => {
    await expect(claim(60_000, true)).rejects.toEqual(taken);
  });

  it('of many that find what a killed app left, one has it', async () => {
    for (let round = 0; round < 20; round++) {
      await leaveStale();
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => claim()));
      const claims = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(claims.filter((each) => each.held())).toHaveLength(1);
      expect(await answers(path)).toBe(true);
      for (const each of claims) await each.close();
      expect(existsSync(path)).toBe(false);
    }
  });

  it('is had by one too where one was killed while it took over from another', async () => {
    await leaveStale();
    linkSync(path, `${path}x`);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => claim(2_000)));
    const claims = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(claims).toHaveLength(1);
    await claims[0]?.close();
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it('of many processes one has it, and a kill frees it', async () => {
    const script = await bundle(join(import.meta.dirname, 'claimant.fixture.ts'));
    const start = (): ChildProcess =>
      spawn(process.execPath, [script, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
    const says = async (child: ChildProcess): Promise<string> => {
      const [said] = (await once(child.stdout as NodeJS.EventEmitter, 'data')) as [Buffer];
      return said.toString().trim();
    };
    for (let round = 0; round < 4; round++) {
      const children = Array.from({ length: 6 }, start);
      expect(new Set(await Promise.all(children.map(says)))).toEqual(new Set(['here']));
      const heard = children.map(says);
      for (const child of children) child.stdin?.write('go\n');
      const words = await Promise.all(heard);
      expect(words.filter((word) => word === 'has')).toHaveLength(1);
      const gone = children.map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(gone);
    }
    // The last one was killed holding it.
    expect(existsSync(path)).toBe(true);
    await (await claim()).close();
  });
});
