/**
 * Every way in which a server does not come about, for real: a program that is not there, a certificate that nobody
 * knows, a page where a server should be. Each has a code of its own, a sentence that names what is wrong, and a remedy;
 * docs/errors.md lists exactly these.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { UpstreamSpec, UpstreamStatus } from '../../main/upstreams/ports.ts';
import { CERTIFICATE, KEY } from '../fakes/certificates.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { root, until } from '../host/gateway.ts';
import { json, serve, stream, type TestServer } from './http-peers.ts';
import { local, type PoolHost, poolHost, remote, script } from './pool-host.ts';
import { webProxy } from './web-proxy.ts';

const dir = mkdtempSync(join(tmpdir(), 'gh-diagnosis-'));
const provoked = new Set<string>();
const close: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A file that may be executed. */
function program(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

function command(
  file: string,
  args: readonly string[] = [],
  more: { env?: Record<string, string>; cwd?: string } = {},
): UpstreamSpec['transport'] {
  return { kind: 'stdio', command: file, args, env: more.env ?? {}, cwd: more.cwd ?? null };
}

async function web(handler: Parameters<typeof serve>[0]): Promise<TestServer> {
  const server = await serve(handler);
  close.push(server.close);
  return server;
}

/** The first problem that is said of the server. */
async function problemOf(spec: UpstreamSpec, host: PoolHost = poolHost()): Promise<UpstreamStatus> {
  close.push(host.close);
  host.pool.apply([spec]);
  await until(
    () => host.statuses.get(spec.name)?.some(({ problem }) => problem !== null) === true,
    'a problem',
  );
  const status = host.statuses.get(spec.name)?.find(({ problem }) => problem !== null);
  if (status?.problem == null) throw new Error('none');
  provoked.add(status.problem.code);
  // What every one of them must have, whatever it is.
  expect(status.problem.message).toMatch(/^[A-Z].*\.$/s);
  expect(status.problem.remedy.length).toBeGreaterThan(10);
  expect(status).toMatchObject({ settled: true, nextRetry: expect.any(Number) });
  return status;
}

const spec = (transport: UpstreamSpec['transport'], more: Partial<UpstreamSpec> = {}): UpstreamSpec => ({
  ...local('s', []),
  transport,
  ...more,
});
const TRUST = { tls: { verify: true, caFile: null } };
const faulty = (fault: string): UpstreamSpec => local('s', ['faulty.mjs', '--fault', fault]);

describe('a program that does not start', () => {
  const plain = join(dir, 'plain');
  writeFileSync(plain, '#!/bin/sh\n', { mode: 0o644 });
  const noEnv = program('no-env', '#!/usr/bin/env gh-no-such-runtime\n');
  const noInterpreter = program('no-interpreter', '#!/no/such/interpreter\n');
  const wrapper = program('wrapper', '#!/bin/sh\nexec gh-no-such-tool --serve\n');
  const here = { env: { PATH: '/no/such/directory' } };

  it.each<[code: string, says: string, transport: UpstreamSpec['transport']]>([
    ['command_not_found', 'no-such-command', command('no-such-command')],
    ['command_not_found', '/no/such/program', command('/no/such/program')],
    ['command_not_found', 'Write "node" alone', command('node server.js --port 1')],
    ['command_not_found', 'Remove the spaces', command(' node ')],
    ['command_not_found', '${env:HOME}', command('~/bin/server')],
    ['command_not_found', '${env:NAME}', command('$HOME/bin/server')],
    ['not_executable', 'is a directory', command(dir)],
    ['runtime_missing', 'uv', command('uvx', ['mcp-server-time'], here)],
    ['runtime_missing', 'Node.js', command('npx', ['-y', 'x'], here)],
    ['runtime_missing', 'gh-no-such-runtime', command(noEnv)],
    ['runtime_missing', 'interpreter', command(noInterpreter)],
    ['runtime_missing', 'gh-no-such-tool', command(wrapper)],
    ['not_executable', plain, command(plain)],
    ['bad_directory', '/no/such/directory', command('node', [], { cwd: '/no/such/directory' })],
    ['script_not_found', '/no/such/server.js', command(process.execPath, ['/no/such/server.js'])],
    ['script_not_found', join(dir, 'gone.py'), command('python3', ['gone.py'], { cwd: dir })],
    // Longer than any system takes.
    ['spawn_failed', 'E2BIG', command(process.execPath, ['-e', 'x'.repeat(4 * 1024 * 1024)])],
  ])('%s: %s', async (code, says, transport) => {
    const { state, problem } = await problemOf(spec(transport));
    expect([state, problem?.code]).toEqual(['failed', `upstream.${code}`]);
    expect(`${problem?.message} ${problem?.remedy}`).toContain(says);
  });

  it('package_not_found: the registry does not have it', async () => {
    const registry = await web((_got, response) => json(response, 404, '{"error":"Not found"}'));
    const env = {
      npm_config_registry: `${registry.origin}/`,
      npm_config_cache: join(dir, 'npm'),
      npm_config_update_notifier: 'false',
    };
    const { problem } = await problemOf(spec(command('npx', ['-y', '@ada/no-such-server@1.0.0'], { env })));
    expect(problem?.code).toBe('upstream.package_not_found');
    expect(problem?.message).toContain('"@ada/no-such-server"');
  });
});

describe('a program that ends, or says something else', () => {
  const lines = 'console.error("reading config");throw new Error("no database at the usual place")';

  it.each<[code: string, says: string, spec: UpstreamSpec]>([
    ['exited', 'no database at the usual place', spec(command(process.execPath, ['-e', lines]))],
    ['exited', 'signal SIGKILL', spec(command('sh', ['-c', 'kill -9 $$']))],
    ['not_mcp', 'hello world', spec(command('echo', ['hello world']))],
    ['not_mcp', '{"level":30}', spec(command('echo', ['{"level":30}']))],
    ['not_mcp', 'back to us', spec(command('cat'))],
    ['not_mcp', '"y" and does not cease', spec(command('yes'))],
    ['not_mcp', '"{}" and does not cease', spec(command('yes', ['{}']))],
    ['not_mcp', 'no line', spec(command('cat', ['/dev/zero']))],
    [
      'not_mcp',
      'Listening',
      spec(command('sh', ['-c', 'echo Listening; cat >/dev/null']), { startTimeoutMs: 500 }),
    ],
    ['start_timeout', '500 ms', spec(command('sh', ['-c', 'cat >/dev/null']), { startTimeoutMs: 500 })],
    ['pipe_closed', 'output', spec(command('sh', ['-c', 'exec >&-; cat >/dev/null']))],
    ['protocol_mismatch', 'revisions', faulty('odd-initialize')],
    ['bad_answer', 'not JSON', faulty('cut-initialize')],
    ['bad_list', 'tools/list', faulty('not-a-list')],
    ['answered_error', 'the licence has run out', faulty('refuses-initialize')],
  ])('%s: %s', async (code, says, spec) => {
    const { state, problem } = await problemOf(spec);
    expect([state, problem?.code]).toEqual(['failed', `upstream.${code}`]);
    expect(problem?.message).toContain(says);
  });

  it('exited: the last lines that say something, not where in the code it was; and no secret', async () => {
    const code = `console.error('key is ' + process.env.KEY);console.error('reading');${'console.error("");'.repeat(9)}null.x`;
    const transport = command(process.execPath, ['-e', code], { env: { KEY: 'REFERENCE-REFERENCE' } });
    const host = poolHost();
    const { problem } = await problemOf(spec(transport), host);
    expect(problem?.message).toContain('key is [hidden: ');
    expect(problem?.message).toContain('reading | ');
    expect(problem?.message).not.toMatch(/Node\.js v|at .*\d:\d|resolved/);
    expect(host.log('s')).not.toContain('resolved');
  });
});

describe('an address at which there is no server', () => {
  it('refused; name_not_found; unreachable for another reason', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const refused = await problemOf(remote('s', `${gone.origin}/mcp?key=SECRET`));
    expect(refused.problem).toMatchObject({ code: 'upstream.refused' });
    expect(refused.problem?.message).toContain(gone.origin);
    expect(refused.problem?.message).not.toContain('SECRET');
    const unknown = await problemOf(remote('s', 'https://gatehouse-no-such-host.invalid/mcp'));
    expect(unknown.problem).toMatchObject({ code: 'upstream.name_not_found' });
    // No connection can be made to a group of computers; nothing is sent.
    const nowhere = await problemOf(remote('s', 'http://224.0.0.1:9/mcp'));
    expect(nowhere.problem).toMatchObject({ code: 'upstream.unreachable' });
  });

  it('connect_timeout: nobody takes the connection', async () => {
    // The handshake of TLS does not come about with a listener that says nothing.
    const silent = createTcpServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    close.push(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const clock = manualClock();
    const found = problemOf(
      remote('s', `https://127.0.0.1:${port}/mcp`, 'http', { startTimeoutMs: 90_000, protocol: 'legacy' }),
      poolHost(clock),
    );
    await vi.waitFor(() => expect(clock.pending()).toContain(30_000), 10_000);
    clock.advance(30_000);
    expect((await found).problem).toMatchObject({ code: 'upstream.connect_timeout' });
  });

  it('tls_failed: an authority that nobody knows; http behind https', async () => {
    const secure = createTlsServer({ cert: CERTIFICATE, key: KEY }, (_request, response) =>
      response.end('{}'),
    );
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    close.push(() => secure.close());
    const { port } = secure.address() as AddressInfo;
    const unknown = await problemOf(remote('s', `https://localhost:${port}/mcp`));
    expect(unknown.problem).toMatchObject({ code: 'upstream.tls_failed' });
    expect(unknown.problem?.remedy).toContain('caFile');
    const plain = await web((_got, response) => json(response, 200, '{}'));
    const wrong = await problemOf(remote('s', plain.origin.replace('http:', 'https:')));
    expect(wrong.problem).toMatchObject({ code: 'upstream.tls_failed' });
    expect(wrong.problem?.remedy).toContain('http://');
  });

  it('bad_ca_file: the file of authorities is not there, or holds none', async () => {
    for (const caFile of [join(dir, 'no-such.pem'), script('raw-server.mjs')]) {
      const tls = { verify: true, caFile };
      const { problem } = await problemOf(
        spec({ kind: 'http', url: 'https://127.0.0.1:9', headers: {}, tls }),
      );
      expect(problem).toMatchObject({ code: 'upstream.bad_ca_file' });
      expect(problem?.message).toContain(caFile);
    }
  });

  it('proxy_failed: the proxy of the environment is not there, or refuses', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const refuses = await webProxy(9, 'ada:right');
    close.push(refuses.close);
    for (const [proxy, says] of [
      [gone.origin, 'ECONNREFUSED'],
      [refuses.origin, '407'],
    ] as const) {
      for (const url of ['http://mcp.test/mcp', 'https://mcp.test/mcp']) {
        const env = { HTTP_PROXY: proxy.replace('//', '//ada:SECRET@'), https_proxy: proxy };
        const { problem } = await problemOf(remote('s', url), poolHost(undefined, env));
        expect(problem).toMatchObject({ code: 'upstream.proxy_failed' });
        expect(problem?.message).toContain(`${proxy}, and`);
        expect(problem?.message).toContain(says);
      }
    }
  });

  it('stream_broken: connections are taken and dropped', async () => {
    const rude = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    close.push(() => rude.close());
    const { port } = rude.address() as AddressInfo;
    const { problem } = await problemOf(remote('s', `http://127.0.0.1:${port}/mcp`, 'http'));
    expect(problem).toMatchObject({ code: 'upstream.stream_broken' });
  });

  it('bad_url and bad_header: what is configured, or what a reference stands for, cannot be used', async () => {
    expect((await problemOf(remote('s', 'REFERENCE'))).problem?.code).toBe('upstream.bad_url');
    const headers = { 'X-Key': 'two\nlines' };
    const { problem } = await problemOf(spec({ ...TRUST, kind: 'http', url: 'http://127.0.0.1:9', headers }));
    expect(problem).toMatchObject({ code: 'upstream.bad_header' });
    expect(problem?.message).not.toContain('lines');
  });
});

describe('a server that answers otherwise', () => {
  const page = '<!doctype html><title>Welcome</title>';

  it.each<
    [code: string, state: string, says: string, kind: 'http' | 'sse' | 'auto', Parameters<typeof serve>[0]]
  >([
    ['unauthorized', 'signing-in', 'proof', 'auto', (_got, response) => json(response, 401, '{}')],
    [
      'forbidden',
      'failed',
      'not for you',
      'auto',
      (_got, response) => json(response, 403, '{"why":"not for you"}'),
    ],
    ['http_status', 'failed', '500', 'auto', (_got, response) => json(response, 500, '{}')],
    [
      'not_mcp',
      'failed',
      'text/html',
      'auto',
      (_got, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    ],
    [
      'not_mcp',
      'failed',
      'something else',
      'auto',
      (_got, response) => json(response, 200, '{"hello":"world"}'),
    ],
    ['no_transport', 'failed', 'SSE:', 'auto', (_got, response) => json(response, 404, '{}')],
    ['not_sse', 'failed', 'stream of events', 'sse', (_got, response) => json(response, 200, '{}')],
    [
      'foreign_endpoint',
      'failed',
      'another place',
      'sse',
      (_got, response) => stream(response).write('event: endpoint\ndata: http://127.0.0.2:9/x\n\n'),
    ],
    [
      'redirected',
      'failed',
      'http://127.0.0.2:9',
      'auto',
      (_got, response) => response.writeHead(307, { location: 'http://127.0.0.2:9/mcp' }).end(),
    ],
    [
      'stream_ended',
      'failed',
      'ended the stream',
      'sse',
      (got, response) => {
        if (got.method !== 'GET') return response.writeHead(202).end();
        stream(response).write('event: endpoint\ndata: /post\n\n');
        return setImmediate(() => response.end());
      },
    ],
    [
      'protocol_mismatch',
      'failed',
      '1999-01-01',
      'http',
      (got, response) =>
        json(
          response,
          200,
          JSON.stringify({
            jsonrpc: '2.0',
            id: got.message.id,
            result: { protocolVersion: '1999-01-01', capabilities: {}, serverInfo: {} },
          }),
        ),
    ],
  ])('%s', async (code, state, says, kind, handler) => {
    const one = await web(handler);
    const status = await problemOf(remote('s', `${one.origin}/mcp`, kind));
    expect([status.state, status.problem?.code]).toEqual([state, `upstream.${code}`]);
    expect(status.problem?.message).toContain(says);
  });

  it('start_timeout: it takes the question and is silent', async () => {
    const one = await web(() => undefined);
    const { problem } = await problemOf(remote('s', `${one.origin}/mcp`, 'http', { startTimeoutMs: 300 }));
    expect(problem).toMatchObject({ code: 'upstream.start_timeout' });
  });
});

it('docs/errors.md lists exactly these under "Servers that do not connect"', () => {
  const text = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
  const section = text.split('## Servers that do not connect')[1]?.split('\n## ')[0] ?? '';
  const listed = [...section.matchAll(/^\| `(upstream\.\w+)` \|/gm)].map((match) => match[1]);
  expect(listed.sort()).toEqual([...provoked].sort());
});
