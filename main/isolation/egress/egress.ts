/**
 * Our side of the egress proxy: one container for all servers with an allow-list, started with the first and ended with
 * the last; it stands in the private network of each. Orders go to it, and reports come from it, by its standard streams.
 * When it ends by itself, the servers that depend on it are told, and start anew.
 */
import type Docker from 'dockerode';
import type { Clock } from '../../protocol/clock.ts';
import { GatehouseError } from '../../protocol/error.ts';
import { type RunningContainer, startContainer } from '../container.ts';
import { sentenceOf } from '../trouble.ts';
import { egressSpec } from './egress-spec.ts';
import type { HostRule } from './rules.ts';
import { PROXY_PORT, type Report, type ServerOrder } from './wire.ts';

/** What the proxy is made of, decided by its owner. */
export interface EgressParts {
  readonly docker: Docker;
  /** Id of the image that has Node.js. */
  readonly imageId: string;
  /** Id of the network that leads out. */
  readonly outside: string;
  readonly instance: string;
  readonly name: string;
  readonly podman: boolean;
  /** The proxy's program text. */
  readonly program: string;
  readonly clock: Clock;
  report(report: Extract<Report, { readonly kind: 'host' }>): void;
  /** What it writes to its error output, for the log. */
  complain(line: string): void;
}

/** One server's way out. */
export interface WayOut {
  /** The name server, and the host of the proxy. */
  readonly address: string;
  /** Environment variables that tell programs of the proxy. */
  readonly env: Readonly<Record<string, string>>;
}

/** The running proxy. */
export interface Egress {
  /** Lets the server of this private network out. Rejects with `isolation.egress_failed`. */
  admit(server: string, network: string, rules: readonly HostRule[] | null): Promise<WayOut>;
  dismiss(network: string): Promise<void>;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const READY_MS = 20_000;

/** Starts the proxy and waits until it listens to orders. Rejects with `isolation.egress_failed`. */
export async function startEgress(parts: EgressParts, signal: AbortSignal): Promise<Egress> {
  const { docker, clock } = parts;
  const order = { spec: egressSpec(parts), frame: null, observed: null, memory: '256 MB' };
  const container = await startContainer(docker, order, clock, signal).catch((error: unknown) => {
    throw error instanceof GatehouseError ? error : egressFailed(sentenceOf(error));
  });
  const orders = new Map<string, ServerOrder>();
  const waiting: ((failed: boolean) => void)[] = [];
  readLines(container.stdout, (line) => {
    const report = JSON.parse(line) as Report;
    if (report.kind === 'host') parts.report(report);
    else waiting.shift()?.(report.kind === 'failed');
  });
  readLines(container.stderr, parts.complain);
  let gone: string | null = null;
  const ended = container.exited.then(({ code, why }) => {
    gone = why ?? `it ended with code ${code ?? 'unknown'}`;
    for (const done of waiting.splice(0)) done(true);
    return container.stop();
  });
  const answered = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(READY_MS, () => reject(egressFailed('it does not answer')));
      waiting.push((failed) => {
        cancel();
        if (failed) reject(egressFailed(gone ?? 'it could not open its ports'));
        else resolve();
      });
    });
  const obey = async (): Promise<void> => {
    const done = answered();
    container.stdin.write(`${JSON.stringify({ servers: [...orders.values()] })}\n`);
    await done;
  };
  /** Networks are joined one after the other: engines are not good at doing it at once. */
  let joining: Promise<unknown> = Promise.resolve();
  const join = (network: string): Promise<string> => {
    const work = joining.then(async () => {
      await docker.getNetwork(network).connect({ Container: container.id });
      return addressIn(docker, container, network);
    });
    joining = work.catch(() => undefined);
    return work;
  };
  try {
    await answered();
  } catch (error) {
    await container.stop({ graceMs: 0, termMs: 0 });
    throw error;
  }
  return {
    ended,
    async admit(server, network, rules) {
      if (gone !== null) throw egressFailed(gone);
      const address = await join(network).catch((error: unknown) => {
        throw egressFailed(sentenceOf(error));
      });
      orders.set(network, { id: network, server, address, rules });
      await obey();
      return { address, env: proxyEnv(address) };
    },
    async dismiss(network) {
      if (!orders.delete(network) || gone !== null) return;
      await obey().catch(() => undefined);
      await docker
        .getNetwork(network)
        .disconnect({ Container: container.id, Force: true })
        .catch(() => undefined);
    },
    close: () => container.stop({ graceMs: 1_000, termMs: 1_000 }),
  };
}

async function addressIn(docker: Docker, container: RunningContainer, network: string): Promise<string> {
  const { NetworkSettings } = await docker.getContainer(container.id).inspect();
  const byId = Object.values(NetworkSettings.Networks).find(({ NetworkID }) => NetworkID === network);
  // Podman says its name where Docker says its id.
  const found = byId ?? NetworkSettings.Networks[(await docker.getNetwork(network).inspect()).Name];
  if (!found?.IPAddress) throw new Error('the engine gave it no address');
  return found.IPAddress;
}

/** Programs read these in upper or lower case; Node.js reads them when it is told to. */
function proxyEnv(address: string): Record<string, string> {
  const proxy = `http://${address}:${PROXY_PORT}`;
  return {
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy },
    ...{ NO_PROXY: 'localhost,127.0.0.1', no_proxy: 'localhost,127.0.0.1', NODE_USE_ENV_PROXY: '1' },
  };
}

function readLines(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') take(line);
  });
}

function egressFailed(why: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.egress_failed',
    message: 'The proxy through which contained servers reach the network does not run: {why}.',
    remedy: 'Check that the engine can make networks, or set "network" of the server to "none" or "bridge".',
    values: { why },
  });
}
