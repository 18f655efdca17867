/** The look for an engine against sockets that behave in every way. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { probeEngine } from '../../main/isolation/engine.ts';

let dir: string;
let servers: (Server | TcpServer)[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-engine-'));
  servers = [];
  vi.stubEnv('DOCKER_HOST', undefined);
  vi.stubEnv('DOCKER_TLS_VERIFY', undefined);
  vi.stubEnv('DOCKER_CERT_PATH', undefined);
});

afterEach(async () => {
  for (const server of servers) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
  await rm(dir, { recursive: true, force: true });
});

const docker = { Version: '27.3.1', Components: [{ Name: 'Engine' }] };
const podman = { Version: '5.2.0', Components: [{ Name: 'Podman Engine' }, { Name: 'Conmon' }] };

function engine(version: unknown, info: unknown): RequestListener {
  return (request, response) => {
    const body = request.url?.endsWith('/version') ? version : request.url?.endsWith('/info') ? info : null;
    response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}

async function listen(name: string, listener: RequestListener): Promise<string> {
  const path = join(dir, name);
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

/** A socket file behind which nobody listens any more. */
function orphan(name: string): string {
  const path = join(dir, name);
  const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script, path]);
  return path;
}

describe('an engine that answers', () => {
  it('is ready, with its version and place', async () => {
    const path = await listen(
      'd.sock',
      engine(docker, { SecurityOptions: ['name=seccomp,profile=builtin'] }),
    );
    expect(await probeEngine({ sockets: [path] })).toEqual({
      state: 'ready',
      version: 'Docker 27.3.1',
      endpoint: path,
      rootless: false,
    });
  });

  it('may be Podman without root', async () => {
    const path = await listen(
      'p.sock',
      engine(podman, { SecurityOptions: ['name=seccomp', 'name=rootless'] }),
    );
    expect(await probeEngine({ sockets: [path] })).toMatchObject({
      version: 'Podman Engine 5.2.0',
      rootless: true,
    });
  });

  it('is the most wanted of several, and found past broken ones', async () => {
    const first = await listen('1.sock', engine(docker, {}));
    const second = await listen('2.sock', engine(podman, {}));
    expect(await probeEngine({ sockets: [first, second] })).toMatchObject({ endpoint: first });
    const sockets = [join(dir, 'none.sock'), orphan('dead.sock'), second, first];
    expect(await probeEngine({ sockets })).toMatchObject({ state: 'ready', endpoint: second });
  });

  it('is the one of DOCKER_HOST when that is set, and no other', async () => {
    const other = await listen('other.sock', engine(docker, {}));
    const server = createServer(engine({ Version: '9.9' }, { SecurityOptions: null }));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${port}`);
    expect(await probeEngine({ sockets: [other] })).toMatchObject({ version: 'Docker 9.9' });
    vi.stubEnv('DOCKER_HOST', `unix://${join(dir, 'none.sock')}`);
    expect(await probeEngine({ sockets: [other] })).toMatchObject({
      problem: { code: 'isolation.engine_not_found' },
    });
    vi.stubEnv('DOCKER_HOST', 'tcp://user:hunter2@:::');
    const broken = await probeEngine({ sockets: [other] });
    expect(broken).toMatchObject({ problem: { code: 'isolation.bad_engine' } });
    expect(JSON.stringify(broken)).not.toContain('hunter2');
  });
});

describe('no engine', () => {
  const codeFor = async (
    sockets: string[],
    more: { signal?: AbortSignal; timeoutMs?: number } = {},
  ): Promise<string> => {
    const probe = await probeEngine({ sockets, ...more });
    return probe.state === 'absent' ? probe.problem.code : probe.state;
  };

  it('that is not there', async () => {
    await writeFile(join(dir, 'file'), '');
    expect(await codeFor([])).toBe('isolation.engine_not_found');
    expect(await codeFor([join(dir, 'none.sock'), join(dir, 'file', 'x.sock')])).toBe(
      'isolation.engine_not_found',
    );
  });

  it('at any of many places, without a warning of a leak', async () => {
    const warn = vi.spyOn(process, 'emitWarning');
    const sockets = Array.from({ length: 12 }, (_, i) => join(dir, `${i}.sock`));
    expect(await codeFor(sockets)).toBe('isolation.engine_not_found');
    expect(warn).not.toHaveBeenCalled();
  });

  it('that is not running', async () => {
    expect(await codeFor([join(dir, 'none.sock'), orphan('dead.sock')])).toBe('isolation.engine_refused');
  });

  it('that never answers, and does not hold us up', async () => {
    const path = join(dir, 'silent.sock');
    const silent = createTcpServer();
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(path, resolve));
    const started = Date.now();
    expect(await codeFor([path], { timeoutMs: 300 })).toBe('isolation.engine_silent');
    const halting = await listen('half.sock', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"Version":');
    });
    expect(await codeFor([halting], { timeoutMs: 300 })).toBe('isolation.engine_silent');
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('when the caller gives up', async () => {
    const path = await listen('slow.sock', () => undefined);
    expect(await codeFor([path], { signal: AbortSignal.abort(), timeoutMs: 5_000 })).toBe(
      'isolation.engine_silent',
    );
  });

  const answer =
    (status: number, body: string): RequestListener =>
    (_request, response) => {
      response.writeHead(status);
      response.end(body);
    };
  it.each([
    ['an error', answer(500, '{}')],
    ['no JSON', answer(200, '<p>')],
    ['something else', engine({ version: 1 }, {})],
  ])('that says %s', async (_what, listener) => {
    expect(await codeFor([await listen('odd.sock', listener)])).toBe('isolation.engine_unusable');
  });
});
