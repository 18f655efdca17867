/**
 * Secrets of twenty shapes reach contained servers unharmed, by each way that an image has to be started; and nobody else
 * finds one of them: not at the engine, on no command line, in no file, log or record, while it runs and after a kill.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { api } from '../host/container-engine.ts';
import { type Contained, contained, hostile, ofOurs, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');
const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** By the variable that holds it. None is shorter than ten characters, so that chance finds none. */
const SECRETS: Readonly<Record<string, string>> = {
  PLAIN: `plain-${hex(8)}`,
  WORDS: `several plain words ${hex(4)} in a row`,
  SINGLE: `it's ${hex(6)} 'quoted'`,
  DOUBLE: `say "${hex(6)}" twice "${hex(4)}"`,
  SHELL: `$(touch /tmp/x) \`id\` $HOME ${hex(6)} ; true && false | cat`,
  GLOB: `*?[a-z] ~ {a,b} ${hex(6)} #no comment !history`,
  BACKSLASH: `\\n \\\\ C:\\keys\\${hex(6)}\\`,
  LINES: `first ${hex(6)}\nsecond ${hex(6)}\n`,
  RETURNS: `one ${hex(6)}\r\ntwo\ttabbed`,
  PEM: `-----BEGIN PRIVATE KEY-----\n${randomBytes(48).toString('base64')}\n-----END PRIVATE KEY-----\n`,
  JSON: JSON.stringify({ key: hex(12), nested: { "it's": '"' } }),
  ADDRESS: `postgres://ada:${hex(8)}@db.example/x?sslmode=require&y=%20`,
  UNICODE: `pässwört-${hex(6)}-日本-🔑`,
  GITHUB: `ghp_${hex(18)}`,
  JWT: `eyJhbGciOiJub25lIn0.${random(18)}.${random(24)}`,
  SPACES: `  led and trailed ${hex(6)}  `,
  EQUALS: `a=b=${hex(6)}==`,
  DASHES: `--option=${hex(6)}`,
  LONG: random(6_000),
  HEX: hex(32),
};

describe('secrets of contained servers', () => {
  let gate: Contained;
  let dataDir: string;
  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  beforeAll(async () => {
    if (host === null) return;
    const home = mkdtempSync(join(tmpdir(), 'ghs-'));
    dataDir = join(home, 'data');
    mkdirSync(dataDir);
    const env = Object.fromEntries(Object.keys(SECRETS).map((name) => [name, `\${env:GH_${name}_SECRET}`]));
    const outside = Object.entries(SECRETS).map(([name, value]) => [`GH_${name}_SECRET`, value] as const);
    gate = await startContained(
      host,
      {
        mcpServers: {
          shell: contained(hostile, {}, { env }),
          bare: contained(hostile, { image: 'bare-node:1' }, { env }),
          listed: contained(hostile, { allow: ['good.example'] }, { env }),
        },
      },
      Object.fromEntries(outside),
      dataDir,
    );
  }, 120_000);
  afterAll(async () => {
    await gate?.close();
    if (host === null) return;
    // What the kill has left.
    for (const { Id } of (await ofOurs(host)).containers)
      await api(host.socket, 'DELETE', `/containers/${Id}?force=1`);
    for (const name of (await ofOurs(host)).networks) await api(host.socket, 'DELETE', `/networks/${name}`);
    if (dataDir !== undefined) rmSync(join(dataDir, '..'), { recursive: true, force: true });
  });

  /** Everything that says something about them from outside. */
  const places = async (ended = false): Promise<[string, string][]> => {
    if (host === null) return [];
    const ask = async (path: string): Promise<[string, string]> => [
      path,
      await api(host.socket, 'GET', path).catch((error: unknown) => {
        // A container that ends while it is asked has no processes any more.
        if (ended && path.startsWith('/containers/')) return '';
        throw error;
      }),
    ];
    const { containers } = await ofOurs(host);
    const [now, of] = [Math.floor(Date.now() / 1000), containers.map(({ Id }) => Id)];
    const asked = [
      ...of.map((id) => `/containers/${id}/json`),
      ...of.map((id) => `/containers/${id}/top?ps_args=auxww`),
      ...['/containers/json?all=1', '/networks', '/volumes', '/images/json', '/info', '/system/df'],
      `/events?since=0&until=${now}`,
    ];
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const commands = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return [
      ...(await Promise.all(asked.map(ask))),
      ...files.map((file): [string, string] => [file, readFileSync(file, 'utf8')]),
      ...commands.map((pid): [string, string] => [`command line of ${pid}`, commandLine(pid)]),
      ['its own output', gate.gateway.log()],
    ];
  };
  const found = (all: readonly [string, string][]): string[] =>
    Object.entries(SECRETS).flatMap(([name, value]) => {
      const forms = [
        value,
        value.trim(),
        JSON.stringify(value).slice(1, -1),
        encodeURIComponent(value),
        Buffer.from(value).toString('base64').replace(/=+$/, ''),
        ...(value.includes('\n')
          ? value.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'))
          : []),
      ];
      return all
        .filter(([, text]) => forms.some((form) => text.includes(form)))
        .map(([place]) => `${name} in ${place}`);
    });

  it.each(['shell', 'bare', 'listed'])('%s has each as it is', async (server) => {
    const env = JSON.parse((await gate.attempt(server, 'env')).slice('yes: '.length)) as Record<
      string,
      string
    >;
    expect(Object.fromEntries(Object.keys(SECRETS).map((name) => [name, env[name]]))).toEqual(SECRETS);
  });

  it('nobody else has one', async () => {
    if (host === null) return;
    await gate.attempt('shell', 'parent');
    const { containers } = await ofOurs(host);
    expect(containers.length).toBeGreaterThanOrEqual(4);
    const all = await places();
    expect(all.some(([place]) => /activity.*db/.test(place))).toBe(true);
    expect(all.filter(([place]) => place.startsWith('/containers/')).length).toBeGreaterThan(8);
    expect(found(all)).toEqual([]);
    expect(JSON.stringify(await runCommand(dataDir, 'snapshot.get', {}))).not.toContain(SECRETS.PLAIN);
  });

  it('nor after it was killed', async () => {
    await gate.gateway.stop('SIGKILL');
    expect(found(await places(true))).toEqual([]);
  });
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
