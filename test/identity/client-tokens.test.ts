import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientChoice, type ClientTokens, openClientTokens } from '../../main/identity/client-tokens.ts';
import { hashOf } from '../../main/identity/token-text.ts';
import { openIdentity } from '../../main/identity/tokens.ts';
import type { GatehouseError } from '../../main/protocol/error.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';

const all: ClientChoice = { servers: null, profile: null, permission: 'destructive', expiresAt: null };

let dir: string;
let file: string;
let clock: ManualClock;
let problems: GatehouseError[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-clients-'));
  file = join(dir, 'clients.json');
  clock = manualClock();
  problems = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (): Promise<ClientTokens> =>
  openClientTokens({ file, clock, onError: (problem) => problems.push(problem) });

describe('tokens of single clients', () => {
  it('are long, made by lot, shown once and kept as hashes, for the owner alone', async () => {
    const tokens = await open();
    const token = await tokens.create('cursor', all);
    expect(token).toMatch(/^gate_[\w-]{43}$/);
    expect(await tokens.create('other', all)).not.toBe(token);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(token);
    expect(text).toContain(hashOf(token));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(tokens.list())).not.toContain(hashOf(token));
    expect((await open()).find(hashOf(token))?.name).toBe('cursor');
  });

  it('revoked-token, rotated-token, removed-client: end at once', async () => {
    const tokens = await open();
    const first = await tokens.create('a', all);
    const second = await tokens.rotate('a');
    expect(tokens.find(hashOf(first))).toBeNull();
    expect(tokens.find(hashOf(second))?.name).toBe('a');
    await tokens.revoke('a');
    expect(tokens.find(hashOf(second))).toBeNull();
    const third = await tokens.rotate('a');
    expect(tokens.find(hashOf(third))?.name).toBe('a');
    await tokens.remove('a');
    expect(tokens.find(hashOf(third))).toBeNull();
    expect(tokens.list()).toEqual([]);
  });

  it('expired-token: ends by the clock', async () => {
    const tokens = await open();
    const token = await tokens.create('a', { ...all, expiresAt: clock.now() + 1_000 });
    clock.advance(999);
    expect(tokens.find(hashOf(token))).not.toBeNull();
    clock.advance(1);
    expect(tokens.find(hashOf(token))).toBeNull();
  });

  it('remember when they were last seen, also over a restart', async () => {
    const tokens = await open();
    const token = await tokens.create('a', all);
    expect(tokens.list()[0]?.lastSeen).toBeNull();
    clock.advance(5_000);
    tokens.find(hashOf(token));
    const seen = clock.now();
    clock.advance(10);
    await tokens.change('a', { ...all, permission: 'read' });
    expect(tokens.list()[0]).toMatchObject({ lastSeen: seen, permission: 'read' });
    await tokens.close();
    expect((await open()).list()[0]?.lastSeen).toBe(seen);
  });

  it('have names that are nobody else, once each', async () => {
    const tokens = await open();
    for (const name of ['local', 'token-12345678', '', '~a', 'a/b', 'a\nb', 'x'.repeat(65), '-a']) {
      await expect(tokens.create(name, all), name).rejects.toMatchObject({ code: 'identity.bad_name' });
    }
    await tokens.create('a', all);
    await expect(tokens.create('a', all)).rejects.toMatchObject({ code: 'identity.name_taken' });
    for (const run of [tokens.rotate, tokens.revoke, tokens.remove]) {
      await expect(run('nobody')).rejects.toMatchObject({ code: 'identity.unknown_client' });
    }
  });

  it('damaged-file: nobody is let in, and it is kept and told', async () => {
    const token = await (await open()).create('a', all);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
    const tokens = await open();
    expect(tokens.find(hashOf(token))).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(['identity.clients_damaged']);
  });

  it('a change that cannot be saved is not in force', async () => {
    const tokens = await open();
    const token = await tokens.create('a', all);
    rmSync(dir, { recursive: true });
    await expect(tokens.revoke('a')).rejects.toMatchObject({ code: 'identity.clients_unwritable' });
    expect(tokens.find(hashOf(token))).not.toBeNull();
  });
});

describe('a client that shows its token', () => {
  it('is known by its name, in every spelling of the header, beside the own token', async () => {
    const clients = await open();
    const token = await clients.create('cursor', all);
    const store = async () => ({ get: async () => null, set: async () => undefined });
    const identity = await openIdentity(
      { kind: 'token', token: 'own' },
      { store, resolve: async (text) => text, clients },
    );
    for (const header of [`Bearer ${token}`, `bearer ${token}`, `BEARER   ${token}`, token]) {
      expect(identity.authenticate(null, header, undefined)).toEqual({ id: 'cursor' });
      expect(identity.authenticate('some-server', header, undefined)).toEqual({ id: 'cursor' });
    }
    expect(identity.authenticate(null, undefined, token)).toEqual({ id: 'cursor' });
    expect(identity.authenticate(null, 'Bearer own', undefined)?.id).toMatch(/^token-/);
    for (const wrong of [
      `${token}x`,
      token.slice(0, -1),
      token.toUpperCase(),
      `gate_${'A'.repeat(43)}`,
      'gate_',
    ]) {
      expect(identity.authenticate(null, `Bearer ${wrong}`, undefined), wrong).toBeNull();
    }
    await clients.revoke('cursor');
    expect(identity.authenticate(null, `Bearer ${token}`, undefined)).toBeNull();
  });

  it('timing: how near a wrong token is does not show in the time that it takes', async () => {
    const clients = await open();
    const token = await clients.create('a', all);
    const store = async () => ({ get: async () => null, set: async () => undefined });
    const identity = await openIdentity(
      { kind: 'token', token: 'own' },
      { store, resolve: async (text) => text, clients },
    );
    const near = Array.from(
      { length: 4_000 },
      (_, index) => `Bearer ${token.slice(0, -4)}${(index + 1_000).toString()}`,
    );
    const far = Array.from(
      { length: 4_000 },
      (_, index) => `Bearer gate_${'z'.repeat(39)}${(index + 1_000).toString()}`,
    );
    const timeOf = (header: string): number => {
      const from = process.hrtime.bigint();
      identity.authenticate(null, header, undefined);
      return Number(process.hrtime.bigint() - from);
    };
    const undisturbed = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 3] ?? 0;
    // One of each in turn, and only the quick ones count: other programs share the processor.
    const round = (): number => {
      const pairs = near.map((header, index) => [timeOf(header), timeOf(far[index] ?? '')] as const);
      return undisturbed(pairs.map(([first]) => first)) / undisturbed(pairs.map(([, second]) => second));
    };
    const ratios = Array.from({ length: 7 }, round).sort((a, b) => a - b);
    expect(ratios[3]).toBeGreaterThan(0.7);
    expect(ratios[3]).toBeLessThan(1.4);
  });
});
