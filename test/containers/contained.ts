/**
 * A gateway with contained servers, for tests: configured, started with the engine's address, and asked.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineHost } from '../host/container-engine.ts';
import { api } from '../host/container-engine.ts';
import { type GatewayProcess, nodeEntry, readiness, root, startGateway, until } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';

export const servers = join(root, 'test', 'servers');
export const hostile = join(servers, 'hostile.mjs');

/** A configuration entry of a script that runs contained and sees its own folder. */
export function contained(script: string, isolation: object = {}, more: object = {}): object {
  return {
    ...nodeEntry(script),
    ...more,
    isolation: { mode: 'container', mounts: [servers], ...isolation },
  };
}

export interface Contained {
  readonly gateway: GatewayProcess;
  /** What the hostile server of this name says of an attempt: `yes: ...` or `no: ...`. */
  attempt(server: string, what: string, ...words: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Starts the gateway and waits until each server has connected or failed. */
export async function startContained(
  host: Pick<EngineHost, 'address'>,
  config: object,
  env: Readonly<Record<string, string>> = {},
  dataDir?: string,
): Promise<Contained> {
  const gateway = await startGateway({
    config,
    env: { DOCKER_HOST: host.address, ...env },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  await until(
    async () => (await readiness(gateway.base)).ready,
    'every server has started or failed',
    45_000,
  );
  const clients = new Map<string, Awaited<ReturnType<typeof rawClient>>>();
  let id = 0;
  return {
    gateway,
    async attempt(server, what, ...words) {
      const client =
        clients.get(server) ?? (await rawClient(`${gateway.base}/servers/${server}/mcp`, gateway.token));
      clients.set(server, client);
      const text = await client.call(++id, 'attempt', JSON.stringify({ what, words }));
      const answer = JSON.parse(text) as {
        result?: { content: { text: string }[] };
        error?: { message: string };
      };
      return answer.result?.content[0]?.text ?? `error: ${answer.error?.message ?? text}`;
    },
    close: () => gateway.close(),
  };
}

/** One container as the engine lists it. */
export interface ListedContainer {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** Everything of ours at the engine. */
export async function ofOurs(
  host: EngineHost,
): Promise<{ containers: ListedContainer[]; networks: string[] }> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['app.gatehouse.managed=true'] }));
  const containers = JSON.parse(await api(host.socket, 'GET', `/containers/json?all=1&filters=${filters}`));
  const networks = JSON.parse(await api(host.socket, 'GET', `/networks?filters=${filters}`)) as {
    Name: string;
  }[];
  return { containers, networks: networks.map(({ Name }) => Name) };
}

/** What has visited the world, as its lines. */
export function visits(host: EngineHost): string {
  return readFileSync(host.visits, 'utf8');
}
