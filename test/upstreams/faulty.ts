/** Servers that do one thing wrong behind one gateway, marked so that a test can find what is left of them. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { META } from '../../main/protocol/modern.ts';
import { type GatewayProcess, nodeEntry, readiness, root, startGateway, until } from '../host/gateway.ts';
import { type RawClient, rawClient, rawPost } from '../host/raw-client.ts';

const script = join(root, 'test', 'servers', 'faulty.mjs');

/** A word that stands in the arguments of every process of one test, and nowhere else. */
export function newMark(): string {
  return `mark-${randomUUID()}`;
}

/** A configuration entry for the server with this fault, or, for `good`, with none. */
export function faultyEntry(fault: string, mark: string): { command: string; args: string[] } {
  return nodeEntry(script, ...(fault === 'good' ? ['--good'] : ['--fault', fault]), mark);
}

/** The processes that have the mark in their arguments. */
export function marked(mark: string): number[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-axww', '-o', 'pid=,args=']).toString().split('\n');
    return lines.filter((line) => line.includes(mark)).map((line) => Number.parseInt(line, 10));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Ends what a failed test has left. */
export function endMarked(mark: string): void {
  for (const pid of marked(mark)) process.kill(pid, 'SIGKILL');
}

/** The error that a client got. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: { readonly code: string };
}

/** An answer, or the last message of a stream. */
export interface Answer {
  readonly result?: { readonly content: readonly { readonly text: string }[] };
  readonly error?: WireError;
}

function answerIn(text: string): Answer {
  const lines = text.split('\n').filter((line) => line.startsWith('{') || line.startsWith('data: {'));
  return JSON.parse(lines.at(-1)?.replace(/^data: /, '') ?? '') as Answer;
}

export function textOf(answer: Answer): string {
  return answer.result?.content[0]?.text ?? `no text: ${JSON.stringify(answer)}`;
}

/** Answers that many tests expect. */
export const TIMED_OUT = { error: { code: -32001, data: { code: 'upstream.timeout' } } };
export const UNKNOWN_TOOL = { error: { code: -32602, data: { code: 'gateway.unknown_tool' } } };
export function failedWith(code: string): object {
  return { error: { code: -32000, data: { code } } };
}

/** What is said of a server that runs. */
export const READY = { state: 'ready', code: null };

/** What the healthy server may take for one call at most; far above what it takes alone (5 ms). */
export const BOUND_MS = 4_000;
/** The first pause before a retry is 1.25 s at most; the rest is for starting on a busy computer. */
export const RECOVERY_MS = 10_000;
/** For calls that are to run into their time-out, and for those that are not. */
export const SHORT = { callTimeoutMs: 700 };
export const LONG = { callTimeoutMs: 30_000 };

const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
/** What never ends its start. */
const HANGING = ['hang-at-initialize', 'slow-pages'];

interface Listed {
  readonly name: string;
}

/** One gateway, servers with a fault each behind it under its name, and `good` without any. */
export interface House {
  readonly mark: string;
  readonly gateway: GatewayProcess;
  readonly client: RawClient;
  /** What the first `tools/list` took, asked as soon as the gateway listened. */
  readonly firstListMs: number;
  /** Calls a tool as a client with a session does. */
  call(name: string): Promise<Answer>;
  /** Calls a tool as a client of the stateless era does. */
  modernCall(name: string): Promise<Answer>;
  /** The same, as it comes. */
  modernText(name: string): Promise<string>;
  list(): Promise<readonly Listed[]>;
  /** The tools of one server, by their names on the merged endpoint. */
  namesOf(server: string): Promise<string[]>;
  /** The same by their own names, on the endpoint of that server alone: what other servers list is not in it. */
  namesAlone(server: string): Promise<string[]>;
  /** What `/_readyz` says of one server. */
  standing(name: string): Promise<{ readonly state: string; readonly code: string | null }>;
  /** Waits until the server answers again. */
  recovery(name: string, withinMs: number): Promise<void>;
  /** Waits for `work` while the healthy server is called again and again, and fails when that is slow even once. */
  beside<T>(work: Promise<T>, boundMs: number): Promise<T>;
  logOf(server: string): string;
  residentMiB(): number;
  /** Fails unless the healthy server answers, soon, from the process that it began with. Says nothing of a house that is closed. */
  unharmed(): Promise<void>;
  /** Fails unless it ends with 0 and leaves no process. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** Opens it, and waits until every server that ever settles has. */
export async function openHouse(faults: Readonly<Record<string, object>>): Promise<House> {
  const mark = newMark();
  const servers = Object.fromEntries(
    Object.entries({ good: {}, ...faults }).map(([fault, more]) => [
      fault,
      { ...faultyEntry(fault, mark), ...more },
    ]),
  );
  const gateway = await startGateway({ servers });
  const client = await rawClient(gateway.url, gateway.token);
  const list = async (): Promise<readonly Listed[]> => {
    const { text } = await client.post(LIST);
    return (JSON.parse(text) as { result: { tools: Listed[] } }).result.tools;
  };
  const since = Date.now();
  await list();
  const firstListMs = Date.now() - since;
  const settled = async (): Promise<boolean> =>
    Object.entries((await readiness(gateway.base)).servers).every(
      ([name, { state, problem }]) => state !== 'starting' || problem !== null || HANGING.includes(name),
    );
  await until(settled, 'all but the hanging ones have settled', 30_000);

  const call = async (name: string): Promise<Answer> => answerIn(await client.call(name, name));
  const healthyPid = textOf(await call('good__pid'));
  expect(healthyPid).toMatch(/^\d+$/);
  return {
    ...{ mark, gateway, client, firstListMs, call, list },
    modernCall: async (name) => answerIn(await modernText(gateway, name)),
    modernText: (name) => modernText(gateway, name),
    async namesOf(server) {
      return (await list()).map(({ name }) => name).filter((name) => name.startsWith(`${server}__`));
    },
    async namesAlone(server) {
      const own = await rawClient(`${gateway.base}/servers/${server}/mcp`, gateway.token);
      const { text } = await own.post(LIST);
      await own.end();
      return (JSON.parse(text) as { result: { tools: Listed[] } }).result.tools.map(({ name }) => name);
    },
    async standing(name) {
      const server = (await readiness(gateway.base)).servers[name];
      return { state: server?.state ?? 'absent', code: server?.problem?.code ?? null };
    },
    recovery: (name, withinMs) =>
      until(async () => textOf(await call(`${name}__ok`)) === 'ok ok', `${name} is back`, withinMs),
    async beside(work, boundMs) {
      let on = true;
      let worst = 0;
      const beat = async (): Promise<void> => {
        while (on) {
          const before = performance.now();
          expect(textOf(await call('good__ok'))).toBe('ok ok');
          worst = Math.max(worst, performance.now() - before);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      const beats = beat();
      try {
        return await work;
      } finally {
        on = false;
        await beats;
        expect(worst).toBeLessThan(boundMs);
      }
    },
    logOf: (server) => readFileSync(join(gateway.dataDir, 'logs', `${server}.log`), 'utf8'),
    residentMiB() {
      const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
    async unharmed() {
      if (gateway.child.exitCode !== null || gateway.child.signalCode !== null) return;
      const since = Date.now();
      expect(textOf(await call('good__pid'))).toBe(healthyPid);
      expect(Date.now() - since).toBeLessThan(BOUND_MS);
    },
    async end() {
      expect(await gateway.stop('SIGTERM')).toBe(0);
      expect(marked(mark)).toEqual([]);
    },
    async close() {
      await gateway.close();
      endMarked(mark);
    },
  };
}

async function modernText(gateway: GatewayProcess, name: string): Promise<string> {
  const version = '2026-07-28';
  const _meta = {
    [META.version]: version,
    [META.clientInfo]: { name: 'raw', version: '1' },
    [META.clientCapabilities]: {},
  };
  const body = { jsonrpc: '2.0', id: name, method: 'tools/call', params: { name, arguments: {}, _meta } };
  const { text } = await rawPost(gateway.url, JSON.stringify(body), {
    Authorization: `Bearer ${gateway.token}`,
    'MCP-Protocol-Version': version,
    'Mcp-Method': 'tools/call',
    'Mcp-Name': name,
  });
  return text;
}
