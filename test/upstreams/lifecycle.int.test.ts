/** Servers that fail, crash, are edited, and end: only they are touched, and nothing is left behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  alive,
  autoEntry,
  type GatewayProcess,
  type GatewaySettings,
  nodeEntry,
  rawServer,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';

const open: GatewayProcess[] = [];

async function start(settings: GatewaySettings): Promise<GatewayProcess> {
  const gateway = await startGateway(settings);
  open.push(gateway);
  return gateway;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

const textOf = (answer: string): string =>
  (JSON.parse(answer) as { result: { content: [{ text: string }] } }).result.content[0].text;

/** The process ids of everything that a process has started, from the system's own list. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const found: number[] = [];
  const walk = (of: number): void => {
    for (const [child, parent] of parents) {
      if (parent !== of) continue;
      found.push(child);
      walk(child);
    }
  };
  walk(pid);
  return found;
}

describe('a server that fails', () => {
  it('a crash in a call answers that call, leaves the other server alone, and the server comes back', async () => {
    const gateway = await start({ servers: { a: nodeEntry(rawServer), b: nodeEntry(rawServer) } });
    await untilReady(gateway.base);
    const client = await rawClient(gateway.url, gateway.token);
    const other = client.call(1, 'b__slow', '{"ms":300}');
    expect(JSON.parse(await client.call(2, 'a__crash'))).toMatchObject({
      id: 2,
      error: { data: { code: 'upstream.exited' } },
    });
    expect(textOf(await other)).toContain('slow done');
    // While it is away its tools stay listed, and a call says what is the matter.
    const list = await client.post('{"jsonrpc":"2.0","id":3,"method":"tools/list"}');
    expect(list.text).toContain('a__pid');
    expect(JSON.parse(await client.call(4, 'a__pid'))).toMatchObject({
      error: { data: { code: 'upstream.not_ready' } },
    });
    await until(async () => (await client.call(5, 'a__pid')).includes('"result"'), 'a is back');
  });

  it('a call that is never answered ends after its time, and the server is told', async () => {
    const gateway = await start({ servers: { raw: { ...nodeEntry(rawServer), callTimeoutMs: 400 } } });
    await untilReady(gateway.base);
    const client = await rawClient(gateway.url, gateway.token);
    const answer = JSON.parse(await client.call(1, 'raw__slow', '{"ms":20000}'));
    expect(answer).toMatchObject({ error: { code: -32001, data: { code: 'upstream.timeout' } } });
    expect(JSON.parse(textOf(await client.call(2, 'raw__cancelled')))).toHaveLength(1);
    // Progress shows that the server lives; then the time begins anew.
    expect(await client.call(3, 'raw__slow', '{"ms":900}', '{"progressToken":7}')).toContain('slow done');
  });

  it('tools/list waits a little for servers that start slowly, and for those only', async () => {
    const gateway = await start({ servers: { late: nodeEntry(rawServer, '--late', '700') } });
    const client = await rawClient(gateway.url, gateway.token);
    const list = await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
    expect(list.text).toContain('late__pid');
  });
});

describe('changes while it runs', () => {
  it('server/tools list_changed: reaches the client once, and the new tool can be called', async () => {
    const gateway = await start({ servers: { raw: autoEntry(rawServer) } });
    await untilReady(gateway.base);
    const client = await rawClient(gateway.url, gateway.token);
    const stream = await client.listen();
    await client.call(1, 'raw__grow');
    await until(() => stream.messages.length > 0, 'list_changed');
    expect(stream.messages).toEqual(['{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}']);
    expect(await client.call(2, 'raw__grown_10')).toContain('grown_10');
    stream.close();
  });

  it('an edit restarts the server that it names and no other; a broken edit changes nothing and is reported', async () => {
    const entry = nodeEntry(rawServer);
    const gateway = await start({ servers: { a: entry, b: entry } });
    await untilReady(gateway.base);
    const client = await rawClient(gateway.url, gateway.token);
    const pid = async (name: string): Promise<string> => textOf(await client.call(1, `${name}__pid`));
    const [a, b] = [await pid('a'), await pid('b')];
    gateway.writeConfig({ mcpServers: { a: { ...entry, env: { MARK: 'new' } }, b: entry, c: entry } });
    await until(async () => (await client.call(2, 'c__pid')).includes('"result"'), 'c is there');
    await until(async () => (await client.call(3, 'a__env')).includes('MARK'), 'a restarted');
    expect(await pid('a')).not.toBe(a);
    expect(await pid('b')).toBe(b);
    expect(alive(Number(a))).toBe(false);
    gateway.writeConfig('{ "mcpServers": { "a": { "command": ');
    await until(() => gateway.log().includes('config.'), 'the fault is logged');
    expect(await pid('b')).toBe(b);
    gateway.writeConfig({ mcpServers: { b: entry } });
    await until(async () => (await client.call(4, 'a__pid')).includes('gateway.unknown_tool'), 'a is gone');
    expect(await pid('b')).toBe(b);
  });
});

describe('ends', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: exit 0, and no process is left, not even a deaf one',
    async (signal) => {
      const gateway = await start({ servers: { a: nodeEntry(rawServer), b: nodeEntry(rawServer) } });
      await untilReady(gateway.base);
      const children = descendants(gateway.pid);
      expect(children.length).toBeGreaterThanOrEqual(2);
      expect(await gateway.stop(signal)).toBe(0);
      expect(children.filter(alive)).toEqual([]);
    },
  );

  it('kill -9: servers that read their input end by themselves', async () => {
    const gateway = await start({ servers: { a: nodeEntry(rawServer) } });
    await untilReady(gateway.base);
    const children = descendants(gateway.pid);
    await gateway.stop('SIGKILL');
    await until(() => children.filter(alive).length === 0, 'children gone');
  });

  it('servers see a safe environment: what is configured and never what Gatehouse was started with', async () => {
    const gateway = await start({
      servers: { raw: { ...nodeEntry(rawServer), env: { MINE: 'yes', FROM: '${env:GH_TEST_SECRET}' } } },
      env: { GH_TEST_SECRET: 'planted', GH_OTHER_SECRET: 'not for servers' },
    });
    await untilReady(gateway.base);
    const client = await rawClient(gateway.url, gateway.token);
    const env = JSON.parse(textOf(await client.call(1, 'raw__env'))) as Record<string, string>;
    expect(env).toMatchObject({ MINE: 'yes', FROM: 'planted' });
    expect(env.PATH).toBeDefined();
    expect(JSON.stringify(env)).not.toContain('not for servers');
  });

  it("a server's stderr goes to its own log", async () => {
    const script =
      'process.stdin.on("data",()=>{});setTimeout(()=>{console.error("said this");process.exit(1)},50)';
    const gateway = await start({ servers: { loud: { command: process.execPath, args: ['-e', script] } } });
    const file = join(gateway.dataDir, 'logs', 'loud.log');
    await until(() => {
      try {
        return readFileSync(file, 'utf8').includes('said this');
      } catch {
        return false;
      }
    }, 'the log');
  });
});
