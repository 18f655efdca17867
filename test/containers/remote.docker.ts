/**
 * Engines that are not at a socket of this computer: by TLS with keys of both sides, and by the `ssh` program, whose place
 * another program takes here that does what `docker system dial-stdio` does at the other end.
 */
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTHORITY, CERTIFICATE, KEY } from '../fakes/certificates.ts';
import { readiness } from '../host/gateway.ts';
import { type Contained, hostile, ofOurs, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();

/** No path of this computer is needed: the program comes as an argument. */
const elsewhere = {
  command: 'node',
  args: [
    '--input-type=module',
    '-e',
    `await import('data:text/javascript;base64,${readFileSync(hostile).toString('base64')}')`,
  ],
  isolation: { mode: 'container' },
};

describe('engines elsewhere', () => {
  let dir: string;
  let gates: Contained[];
  let front: Server | null = null;
  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
    dir = mkdtempSync(join(tmpdir(), 'ghw-'));
    gates = [];
  });
  afterEach(async () => {
    // Also those that a failed expectation left.
    for (const gate of gates) await gate.close();
    await new Promise((resolve) => (front === null ? resolve(null) : front.close(resolve)));
    front = null;
    rmSync(dir, { recursive: true, force: true });
  });

  const start = async (...args: Parameters<typeof startContained>): Promise<Contained> => {
    const gate = await startContained(...args);
    gates.push(gate);
    return gate;
  };

  /** An engine's port of TLS that wants a key of whoever comes. */
  const openFront = async (socket: string): Promise<number> => {
    const wanted = new X509Certificate(CERTIFICATE).fingerprint256;
    const server = createServer(
      // What it was issued for is the server's side alone, so it is judged here.
      { cert: CERTIFICATE, key: KEY, ca: AUTHORITY, requestCert: true, rejectUnauthorized: false },
      (near) => {
        if (near.getPeerX509Certificate()?.fingerprint256 !== wanted) return void near.destroy();
        const far = connect({ path: socket, allowHalfOpen: true });
        for (const one of [near, far]) one.on('error', () => undefined);
        near.on('close', () => far.destroy());
        far.on('close', () => near.destroy());
        near.pipe(far).pipe(near);
      },
    );
    server.on('tlsClientError', () => undefined);
    front = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as { port: number }).port;
  };

  it('by TLS: servers start, answer and are removed; without the right keys nothing is done', async () => {
    if (host === null) return;
    const keys = join(dir, 'keys');
    mkdirSync(keys);
    writeFileSync(join(keys, 'ca.pem'), AUTHORITY);
    const port = await openFront(host.socket);
    const env = {
      DOCKER_HOST: `tcp://127.0.0.1:${port}`,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: keys,
    };
    const without = await start(host, { mcpServers: { a: elsewhere } }, env);
    expect((await readiness(without.gateway.base)).servers.a?.problem?.code).toMatch(/^isolation\.engine_/);
    await without.close();
    writeFileSync(join(keys, 'cert.pem'), CERTIFICATE);
    writeFileSync(join(keys, 'key.pem'), KEY);
    const gate = await start(host, { mcpServers: { a: elsewhere } }, env);
    expect(await gate.attempt('a', 'whoami')).toMatch(/^yes/);
    await gate.close();
    expect((await ofOurs(host)).containers).toEqual([]);
  });

  it('by ssh: with the user, port and computer of its address, never with a password prompt', async () => {
    if (host === null) return;
    const asked = join(dir, 'asked');
    // `process.stdin` ends with the caller's side; what comes back may go on.
    writeFileSync(
      join(dir, 'ssh'),
      `#!${process.execPath}
require('node:fs').appendFileSync(${JSON.stringify(asked)}, JSON.stringify(process.argv.slice(2)) + '\\n');
const far = require('node:net').connect({ path: ${JSON.stringify(host.socket)}, allowHalfOpen: true });
far.on('error', () => process.exit(255));
process.stdin.pipe(far).pipe(process.stdout);
far.on('close', () => process.exit());
`,
    );
    chmodSync(join(dir, 'ssh'), 0o755);
    const gate = await start(
      host,
      {
        mcpServers: {
          a: elsewhere,
          mounts: { ...elsewhere, isolation: { mode: 'container', mounts: [dir] } },
        },
      },
      { DOCKER_HOST: 'ssh://ada@engine.example:2222', PATH: `${dir}:${process.env.PATH ?? ''}` },
    );
    const { servers } = await readiness(gate.gateway.base);
    expect(servers.mounts?.problem?.code).toBe('isolation.remote_mounts');
    expect(await gate.attempt('a', 'whoami')).toMatch(/^yes/);
    expect(JSON.parse(readFileSync(asked, 'utf8').split('\n')[0] ?? '')).toEqual([
      ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', '-T', '-l', 'ada', '-p', '2222'],
      ...['--', 'engine.example', 'docker', 'system', 'dial-stdio'],
    ]);
    await gate.close();
    expect((await ofOurs(host)).containers).toEqual([]);
  });
});
