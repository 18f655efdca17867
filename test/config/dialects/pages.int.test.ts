/**
 * The examples of other programs' pages given to the built app as they are. Around them is what they need: real `npx` with
 * the packages that they name (those that need an account are stood in for), `uvx` and `mcp-proxy` stood in for, and a web
 * proxy by way of which their addresses lead to real servers on this computer.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as onwards } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AUTHORITY, CERTIFICATE, KEY } from '../../fakes/certificates.ts';
import {
  type GatewayProcess,
  rawServer,
  readiness,
  root,
  startGateway,
  until,
  untilReady,
} from '../../host/gateway.ts';
import { webProxy } from '../../upstreams/web-proxy.ts';
import { EXAMPLES } from './pages.ts';

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gh-pages-')));
const projects = join(dir, 'projects');
const bin = join(dir, 'bin');
const lasting: (() => unknown)[] = [];
let env: Record<string, string>;
let gateway: GatewayProcess | null = null;

/** A program of this name that is the raw server. */
function program(name: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\nexec ${process.execPath} ${rawServer}\n`, { mode: 0o755 });
}

/** What `npx` finds without asking anybody: the real package, or one of this name that is the raw server. */
function pack(name: string, real: string | null): void {
  const at = join(dir, 'node_modules', name);
  mkdirSync(dirname(at), { recursive: true });
  if (real !== null) return symlinkSync(real, at);
  mkdirSync(at);
  const main = { name, version: '1.0.0', bin: { [name.replace(/.*\//, '')]: 'main.mjs' } };
  writeFileSync(join(at, 'package.json'), JSON.stringify(main));
  writeFileSync(join(at, 'main.mjs'), `#!/usr/bin/env node\nimport ${JSON.stringify(rawServer)};\n`, {
    mode: 0o755,
  });
  const links = join(dir, 'node_modules', '.bin');
  mkdirSync(links, { recursive: true });
  symlinkSync(join(at, 'main.mjs'), join(links, name.replace(/.*\//, '')));
}

/** A real server of the session era; gives its address. */
async function server(mode: '--http' | '--sse'): Promise<URL> {
  const child = spawn(process.execPath, [join(root, 'test', 'servers', 'parity-legacy.mjs'), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  lasting.push(async () => {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return new URL((JSON.parse(line.toString('utf8')) as { endpoint: string }).endpoint);
}

beforeAll(async () => {
  mkdirSync(bin);
  mkdirSync(projects);
  for (const name of ['uvx', 'mcp-proxy']) program(name);
  writeFileSync(join(dir, 'package.json'), '{"name":"home","version":"1.0.0"}');
  const filesystem = '@modelcontextprotocol/server-filesystem';
  pack(filesystem, join(root, 'node_modules', filesystem));
  pack('@modelcontextprotocol/server-github', null);
  const sites: Record<string, URL> = {
    'api.example.com': await server('--http'),
    'mcp.amap.com': await server('--sse'),
  };
  const front = createSecure({ cert: CERTIFICATE, key: KEY }, (request, response) => {
    const site = sites[request.headers.host ?? ''];
    if (site === undefined) return void response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
    const there = onwards({
      ...{ host: site.hostname, port: site.port, method: request.method, path: request.url },
      headers: { ...request.headers, host: site.host },
    });
    there.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    there.on('error', () => response.destroy());
    response.on('close', () => there.destroy());
    request.pipe(there);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  lasting.push(() => {
    front.close();
    front.closeAllConnections();
  });
  const proxy = await webProxy((front.address() as AddressInfo).port);
  lasting.push(proxy.close);
  writeFileSync(join(dir, 'ca.pem'), AUTHORITY);
  env = {
    PATH: [bin, process.env.PATH ?? ''].join(delimiter),
    HOME: dir,
    HTTPS_PROXY: proxy.origin,
    NODE_EXTRA_CA_CERTS: join(dir, 'ca.pem'),
    // No engine, wherever this runs.
    DOCKER_HOST: 'tcp://127.0.0.1:9',
  };
}, 60_000);
afterEach(() => gateway?.close());
afterAll(async () => {
  for (const end of lasting.reverse()) await end();
  rmSync(dir, { recursive: true, force: true });
});

/** What each of the servers in the examples is to be; `ready` where nothing is said. */
const otherwise: Readonly<Record<string, readonly [state: string, code: string]>> = {
  'github-server': ['signing-in', 'upstream.unauthorized'],
  'isolated-server': ['failed', 'isolation.engine_refused'],
};

describe('the examples of other programs’ pages', () => {
  it.each(EXAMPLES)(
    '$title',
    async ({ title, text, servers }) => {
      const file = join(dir, 'example.json');
      writeFileSync(file, text.replace('/home/user/projects', projects).replace('/full/path/to/bin', bin));
      gateway = await startGateway({ args: ['--config', file], env, cwd: dir });
      const { base } = gateway;
      await untilReady(base);
      const known = (await readiness(base)).servers;
      expect(Object.keys(known).sort()).toEqual([...servers].sort());
      for (const name of servers) {
        const [state, code] = otherwise[name] ?? ['ready', null];
        await until(
          async () => (await readiness(base)).servers[name]?.state === state,
          `${name} is ${state}`,
          // A busy computer takes long for what npx does before it runs anything.
          40_000,
        );
        expect((await readiness(base)).servers[name]?.problem?.code ?? null).toBe(code);
        if (state === 'ready') expect((await toolsOf(gateway, name, title)).length).toBeGreaterThan(5);
      }
    },
    60_000,
  );
});

/** The tools of one server at its own path; TBXark's have paths and tokens of their own there. */
async function toolsOf({ base, token }: GatewayProcess, name: string, title: string): Promise<string[]> {
  const client = new Client({ name: 't', version: '1' });
  const theirs = title === 'TBXark';
  const shown = theirs ? (name === 'fetch' ? 'SpecificTokens' : 'DefaultTokens') : token;
  const requestInit = { headers: { Authorization: `Bearer ${shown}` } };
  const url = new URL(`${base}${theirs ? '' : '/servers'}/${name}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  try {
    return (await client.listTools()).tools.map((tool) => tool.name);
  } finally {
    await client.close();
  }
}
