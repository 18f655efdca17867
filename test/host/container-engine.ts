/**
 * Real container engines for tests: Debian's dockerd, each in directories of its own and, with a small world (`world.mjs`), in a
 * network of its own, so that neither this computer's network nor its firewall is touched. Their images are made from what
 * this computer has, since no registry may be needed. Where none can run, they say why.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './gateway.ts';
import { EVIL, GOOD, METADATA, NAMES } from './world.mjs';

/** What tests get of it. */
export interface EngineHost {
  /** For `DOCKER_HOST`. */
  readonly address: string;
  readonly socket: string;
  /** A process that stands in the engine's network. */
  readonly pid: number;
  /** What has visited the world so far, one JSON object a line. */
  readonly visits: string;
  /** The folder that holds what is in its image `node-as-tsx:1`. */
  readonly image: string;
}

/** The engines, or why there are none. */
export type StartedEngines =
  | { readonly hosts: readonly EngineHost[]; readonly absent: null; close(): Promise<void> }
  | { readonly hosts: null; readonly absent: string; close(): Promise<void> };

const world = fileURLToPath(new URL('world.mjs', import.meta.url));

/** Starts so many, which know nothing of each other. Never rejects: what goes wrong is the reason why there are none. */
export async function startEngines(count: number): Promise<StartedEngines> {
  const dir = mkdtempSync(join(tmpdir(), 'ghe-'));
  const children: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    for (const child of children.reverse()) await end(child);
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const missing = lacking();
    if (missing !== null) throw new Error(missing);
    const hosts: EngineHost[] = [];
    for (let index = 0; index < count; index++) {
      const own = join(dir, String(index));
      mkdirSync(own);
      hosts.push({ ...(await startOne(own, children)), image: join(dir, 'image') });
    }
    await makeImages(dir, async (name, tag, tar) => {
      const image = tar();
      const path = `/images/create?fromSrc=-&repo=${name}&tag=${tag}`;
      for (const { socket } of hosts) await api(socket, 'POST', path, image);
    });
    return { hosts, absent: null, close };
  } catch (error) {
    await close();
    return { hosts: null, absent: `no container engine can run here: ${(error as Error).message}`, close };
  }
}

/** Starts one with its world, and adds what runs to `children` at once. */
async function startOne(dir: string, children: ChildProcess[]): Promise<Omit<EngineHost, 'image'>> {
  const socket = join(dir, 'd.sock');
  const log = join(dir, 'dockerd.log');
  const flags = `--data-root ${dir}/data --exec-root ${dir}/exec -H unix://${socket} --pidfile ${dir}/pid`;
  const more = `--dns ${NAMES} --bridge none --log-driver json-file`;
  const addresses = [GOOD, EVIL, NAMES, METADATA].map((ip) => `ip addr add ${ip}/32 dev lo`).join(' && ');
  const start = `ip link set lo up && ${addresses} && exec dockerd ${flags} ${more} >${log} 2>&1`;
  const engine = spawn('unshare', ['--net', 'sh', '-c', start], {
    stdio: 'ignore',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  children.push(engine);
  let ended = false;
  engine.once('exit', () => {
    ended = true;
  });
  await until(
    async () => ended || (await api(socket, 'GET', '/_ping').catch(() => '')) === 'OK',
    'dockerd',
    60_000,
  );
  if (ended) throw new Error(`dockerd ended: ${readFileSync(log, 'utf8').split('\n').slice(-4).join(' ')}`);
  const visits = join(dir, 'visits');
  writeFileSync(visits, '');
  const neighbours = spawn(
    'nsenter',
    ['--net', '-t', String(engine.pid), 'sh', '-c', `exec ${process.execPath} ${world} serve >>${visits}`],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  children.push(neighbours);
  await until(() => readFileSync(visits, 'utf8').includes('ready'), 'the world', 20_000);
  const { pid } = engine;
  if (pid === undefined) throw new Error('dockerd could not be started');
  return { address: `unix://${socket}`, socket, pid, visits };
}

/** One request to the engine; gives the answer's text. Rejects on any status but 2xx. */
export function api(
  socketPath: string,
  method: string,
  path: string,
  body?: Buffer | object,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const raw = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const type = Buffer.isBuffer(body) ? 'application/x-tar' : 'application/json';
    const headers = { Host: 'docker', 'Content-Type': type, 'Content-Length': raw?.length ?? 0 };
    const ask = request({ socketPath, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if ((answer.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`));
      });
    });
    ask.on('error', reject);
    ask.end(raw);
  });
}

/** Why no engine can be started; null when it can be tried. */
function lacking(): string | null {
  if (process.platform !== 'linux') return `this is ${process.platform}, and the tests know Linux only`;
  if (process.getuid?.() !== 0) return 'it has to be started by root';
  const path = `${process.env.PATH}:/usr/sbin:/sbin`.split(':');
  for (const program of [
    'dockerd',
    'unshare',
    'nsenter',
    'ip',
    'iptables',
    'busybox',
    'tar',
    'ldd',
    'perl',
  ]) {
    if (!path.some((folder) => existsSync(join(folder, program)))) return `"${program}" is not installed`;
  }
  return null;
}

/**
 * Images out of what this computer has: Node.js, Perl and busybox as `node:22`; nothing but Node.js as `bare-node:1`; Node.js also under the name `tsx` as `node-as-tsx:1`.
 */
export async function makeImages(
  dir: string,
  take: (name: string, tag: string, tar: () => Buffer) => Promise<void>,
): Promise<void> {
  const root = join(dir, 'image');
  const put = (from: string, to: string): void => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(from, join(root, to), { dereference: true });
  };
  put(process.execPath, 'usr/local/bin/node');
  const putLibraries = (program: string): void => {
    const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
    for (const library of libraries) if (library.includes('.so')) put(library, library);
  };
  putLibraries(process.execPath);
  for (const folder of ['tmp', 'proc', 'sys', 'dev', 'etc'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
  const load = (name: string, tag: string): Promise<void> =>
    take(name, tag, () => execFileSync('tar', ['-C', root, '-cf', '-', '.'], { maxBuffer: 1024 ** 3 }));
  await load('bare-node', '1');
  const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
  put(busybox, 'bin/busybox');
  for (const tool of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
    if (tool !== 'busybox') symlinkSync('busybox', join(root, 'bin', tool));
  }
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  symlinkSync('/bin/busybox', join(root, 'usr/bin/env'));
  // What every image that is based on Debian has.
  put('/usr/bin/perl', 'usr/bin/perl');
  putLibraries('/usr/bin/perl');
  const modules = 'use strict; use warnings; print join "\\n", values %INC';
  for (const file of execFileSync('/usr/bin/perl', ['-e', modules], { encoding: 'utf8' }).split('\n'))
    put(file, file);
  await load('node', '22');
  symlinkSync('node', join(root, 'usr/local/bin/tsx'));
  await load('node-as-tsx', '1');
}

/** Ends it, and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.end();
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}
