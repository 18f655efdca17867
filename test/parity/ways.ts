/**
 * The ways from a client to a fixture server: directly, and through a real gateway, for each era on either side.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type GatewayProcess, nodeEntry, root, startGateway, untilReady } from '../host/gateway.ts';
import { type Answers, legacyClient, modernClient, type ParityClient } from './clients.ts';

export type Era = 'legacy' | 'modern';
export type Upstream = 'direct' | 'http' | 'sse' | 'stdio' | 'container';

/** One way to try. */
export interface Way {
  readonly client: Era;
  readonly server: Era;
  /** `direct`, or what lies between the gateway and the server. */
  readonly upstream: Upstream;
  /** The front that the client uses. */
  readonly front: 'mcp' | 'sse';
}

/** Direct ways first: what they do is what all others must do. */
export const WAYS: readonly Way[] = [
  { client: 'legacy', server: 'legacy', upstream: 'direct', front: 'mcp' },
  { client: 'modern', server: 'modern', upstream: 'direct', front: 'mcp' },
  { client: 'legacy', server: 'legacy', upstream: 'http', front: 'mcp' },
  { client: 'legacy', server: 'legacy', upstream: 'sse', front: 'mcp' },
  { client: 'legacy', server: 'legacy', upstream: 'stdio', front: 'mcp' },
  { client: 'legacy', server: 'legacy', upstream: 'stdio', front: 'sse' },
  { client: 'modern', server: 'modern', upstream: 'http', front: 'mcp' },
  { client: 'modern', server: 'modern', upstream: 'stdio', front: 'mcp' },
  { client: 'legacy', server: 'modern', upstream: 'http', front: 'mcp' },
  { client: 'legacy', server: 'modern', upstream: 'stdio', front: 'mcp' },
  { client: 'modern', server: 'legacy', upstream: 'http', front: 'mcp' },
  { client: 'modern', server: 'legacy', upstream: 'stdio', front: 'mcp' },
];

export const nameOf = ({ client, server, upstream, front }: Way): string =>
  upstream === 'direct'
    ? `${client} client, directly`
    : `${client} client${front === 'sse' ? ' over SSE' : ''}, gateway, ${server} server over ${upstream}`;

/** A way that is open: any number of clients may go it. */
export interface OpenWay {
  client(answers?: Answers): Promise<ParityClient>;
  close(): Promise<void>;
}

export interface Fixture {
  readonly url: string;
  stop(): Promise<void>;
}

/** A fixture server of its own process, over HTTP. */
export async function startFixture(era: Era, mode: '--http' | '--sse'): Promise<Fixture> {
  const child = spawn(process.execPath, [join(root, `test/servers/parity-${era}.mjs`), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: (JSON.parse(line.toString('utf8')) as { endpoint: string }).endpoint,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * Starts what the way needs; nothing is shared between ways. A way to a container needs the address of its engine, for
 * `DOCKER_HOST`.
 */
export async function openWay(way: Way, engine: string | null = null): Promise<OpenWay> {
  const make = way.client === 'legacy' ? legacyClient : modernClient;
  const open: ParityClient[] = [];
  const keep = async (client: Promise<ParityClient>): Promise<ParityClient> => {
    open.push(await client);
    return client;
  };
  const closeClients = async (): Promise<void> => {
    await Promise.all(open.map((client) => client.close().catch(() => undefined)));
  };
  if (way.upstream === 'direct') {
    const fixture = await startFixture(way.server, '--http');
    return {
      client: (answers) => keep(make({ url: fixture.url, token: null }, answers)),
      async close() {
        await closeClients();
        await fixture.stop();
      },
    };
  }
  const started = way.upstream === 'stdio' || way.upstream === 'container';
  const fixture = started
    ? null
    : await startFixture(way.server, way.upstream === 'sse' ? '--sse' : '--http');
  const entry =
    fixture === null ? nodeEntry(join(root, `test/servers/parity-${way.server}.mjs`)) : { url: fixture.url };
  const isolation = { mode: 'container', mounts: [join(root, 'test/servers'), join(root, 'node_modules')] };
  const place = way.upstream === 'container' ? { isolation } : {};
  // What the fixture changes of itself has to come through without anybody's approval.
  const gateway: GatewayProcess = await startGateway({
    servers: { parity: { ...entry, ...place, trust: 'auto' } },
    ...(engine === null ? {} : { env: { DOCKER_HOST: engine } }),
  });
  await untilReady(gateway.base);
  return {
    client: (answers) =>
      keep(
        make(
          {
            url: `${gateway.base}/servers/parity/${way.front}`,
            token: gateway.token,
            sse: way.front === 'sse',
          },
          answers,
        ),
      ),
    async close() {
      await closeClients();
      await gateway.close();
      await fixture?.stop();
    },
  };
}
