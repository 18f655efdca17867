/**
 * A real Gatehouse in a process of its own, on a free port and a data directory of its own, for integration tests.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const cli = join(root, 'out', 'cli.js');
export const rawServer = join(root, 'test', 'servers', 'raw-server.mjs');

/** The path of a server that comes from npm. */
export function npmServer(name: 'everything' | 'filesystem' | 'memory' | 'sequential-thinking'): string {
  return join(root, 'node_modules', '@modelcontextprotocol', `server-${name}`, 'dist', 'index.js');
}

/** A configuration entry that runs a script under this Node. */
export function nodeEntry(script: string, ...args: string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: [script, ...args] };
}

/** The same for a server whose changes need nobody's approval. */
export function autoEntry(
  script: string,
  ...args: string[]
): { command: string; args: string[]; trust: 'auto' } {
  return { ...nodeEntry(script, ...args), trust: 'auto' };
}

export interface GatewayProcess {
  /** For example `http://127.0.0.1:40123/mcp`. */
  readonly url: string;
  readonly base: string;
  /** Such as `http://127.0.0.1:40124/admin/`, with `--admin`. */
  readonly admin: string;
  readonly token: string;
  readonly dataDir: string;
  readonly configFile: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it has written to stderr so far. */
  readonly log: () => string;
  writeConfig(config: object | string): void;
  /** Sends the signal and gives the exit code, or the signal's name. */
  stop(signal?: NodeJS.Signals): Promise<number | string | null>;
  close(): Promise<void>;
}

interface ReadyLine {
  readonly endpoint: string;
  readonly admin?: string;
}

export interface GatewaySettings {
  readonly servers?: object;
  readonly config?: object | string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A token of its own unless this says otherwise. */
  readonly auth?: 'token' | 'none' | 'default';
  readonly dataDir?: string;
  /** Where it is started, and its servers with it. */
  readonly cwd?: string;
}

/** The environment of a user who has nothing of ours set, and no keychain to leave traces in. */
export function plainEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: tmpdir(), GATEHOUSE_KEYCHAIN: 'off', ...extra };
}

/** Starts it and waits for its ready line. Rejects with its stderr when it ends first. */
export async function startGateway(settings: GatewaySettings = {}): Promise<GatewayProcess> {
  const dataDir = settings.dataDir ?? mkdtempSync(join(tmpdir(), 'gh-'));
  const configFile = join(dataDir, 'config.json');
  const writeConfig = (config: object | string): void =>
    writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config, null, 2));
  if (settings.config !== undefined || settings.servers !== undefined) {
    writeConfig(settings.config ?? { mcpServers: settings.servers });
  }
  const token = 'integration-token';
  const auth = { token: ['--token', token], none: ['--no-auth'], default: [] }[settings.auth ?? 'token'];
  const args = [
    cli,
    'serve',
    '--data-dir',
    dataDir,
    '--listen',
    '127.0.0.1:0',
    ...auth,
    ...(settings.args ?? []),
  ];
  const child = spawn(process.execPath, args, {
    cwd: settings.cwd,
    env: plainEnv(settings.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const { endpoint, admin = '' } = await new Promise<ReadyLine>((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
      if (out.includes('\n')) resolve(JSON.parse(out.slice(0, out.indexOf('\n'))) as ReadyLine);
    });
    void exited.then(([code]) => reject(new Error(`ended with ${String(code)}: ${log}`)));
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [code, by] = await exited;
    return code ?? by;
  };
  return {
    url: endpoint,
    admin,
    base: endpoint.replace(/\/mcp$/, ''),
    token,
    dataDir,
    configFile,
    pid: child.pid ?? -1,
    child,
    log: () => log,
    writeConfig,
    stop,
    async close() {
      await stop('SIGTERM');
      if (settings.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Waits until `check` is true, looking often; fails after `ms` with `what`. A check that throws is not true yet:
 * what it looks at may still be on its way.
 */
export async function until(
  check: () => boolean | Promise<boolean>,
  what: string,
  ms = 15_000,
): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    let cause: unknown;
    try {
      if (await check()) return;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What `/_readyz` says. */
export interface Readiness {
  readonly ready: boolean;
  readonly servers: Readonly<Record<string, { state: string; problem: { code: string } | null }>>;
}

export async function readiness(base: string): Promise<Readiness> {
  const response = await fetch(`${base}/_readyz`);
  const { servers } = (await response.json()) as Pick<Readiness, 'servers'>;
  return { ready: response.status === 200, servers };
}

/** Waits until every enabled server has connected or failed once. */
export async function untilReady(base: string): Promise<void> {
  await until(async () => (await readiness(base)).ready, `${base} ready`, 20_000);
}

/** True while a process with this id exists. */
export function alive(pid: number): boolean {
  if (existsSync('/proc')) return existsSync(`/proc/${pid}`);
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
