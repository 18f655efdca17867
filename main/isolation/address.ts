/**
 * Where a container engine is: `DOCKER_HOST`, Docker's contexts, and the sockets that this computer may have. Reads
 * Docker's own files; opens nothing that stays open.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { GatehouseError } from '../protocol/error.ts';
import { engineSockets } from './sockets.ts';

/** What a connection over TLS needs; texts of PEM files. */
export interface EngineKeys {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** One place to ask. */
export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly keys: EngineKeys | null }
  /** By the `ssh` program of this computer, with its configuration and known hosts. */
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly port: number | null;
      readonly user: string | null;
    };

/** What the search is made in. */
export interface EngineSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** What the configuration says: an address, or `context:NAME`. */
  readonly configured: string | null;
}

const configSchema = z.object({ currentContext: z.string().optional() });
const contextSchema = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }) }),
});

/**
 * The places to ask, most wanted first: what the configuration says, else `DOCKER_HOST`, else the chosen context of Docker,
 * else the usual sockets. Rejects with `isolation.bad_engine` for what names none.
 */
export async function engineAddresses(search: EngineSearch): Promise<readonly EngineAddress[]> {
  const { env, platform, home, configured } = search;
  const folder = env.DOCKER_CONFIG ?? join(home, '.docker');
  if (configured?.startsWith('context:')) return [await contextAddress(folder, configured.slice(8))];
  const written = configured ?? (env.DOCKER_HOST || null);
  if (written !== null) return [await addressOf(written, env, folder)];
  const context = env.DOCKER_CONTEXT || (await currentContext(folder));
  if (context !== null && context !== 'default') {
    const found = await contextAddress(folder, context).catch((error: unknown) => {
      // A context that is chosen by the environment is meant; one that is only left over in a file is not.
      if (env.DOCKER_CONTEXT) throw error;
      return null;
    });
    if (found !== null) return [found];
  }
  return engineSockets(env, platform, home).map((path) => ({ kind: 'socket', path }));
}

/** For people; never with a password. */
export function addressText(address: EngineAddress): string {
  switch (address.kind) {
    case 'socket':
      return address.path;
    case 'tcp':
      return `${address.keys === null ? 'tcp' : 'https'}://${address.host}:${address.port}`;
    case 'ssh':
      return `ssh://${address.user === null ? '' : `${address.user}@`}${address.host}`;
  }
}

/** Whether the engine runs on this computer, so that it can mount our paths. */
export function isLocal(address: EngineAddress): boolean {
  return (
    address.kind === 'socket' || (address.kind === 'tcp' && /^(localhost|127\.|\[?::1)/.test(address.host))
  );
}

async function addressOf(written: string, env: EngineSearch['env'], folder: string): Promise<EngineAddress> {
  if (isAbsolute(written)) return { kind: 'socket', path: written };
  const match = /^([a-z]+):\/\/(.*)$/.exec(written);
  const rest = match?.[2] ?? written;
  switch (match?.[1] ?? 'tcp') {
    case 'unix':
    case 'npipe':
      if (rest === '') break;
      return { kind: 'socket', path: match?.[1] === 'npipe' ? rest.replaceAll('/', '\\') : rest };
    case 'ssh':
      return sshAddress(written);
    case 'tcp':
    case 'http':
    case 'https': {
      const url = urlOf(`http://${rest}`);
      const verify = !['', '0', 'false', undefined].includes(env.DOCKER_TLS_VERIFY);
      const tls = verify || match?.[1] === 'https' || url.port === '2376';
      const keys = tls ? await keysIn(env.DOCKER_CERT_PATH ?? folder) : null;
      return { kind: 'tcp', host: url.hostname, port: Number(url.port || (tls ? 2376 : 2375)), keys };
    }
  }
  throw badEngine(`"${written.replace(/\/\/[^/@]*@/, '//')}" is not the address of a container engine.`);
}

function sshAddress(written: string): EngineAddress {
  const { hostname, port, username } = urlOf(written);
  // What begins with a dash would be read as an option by ssh.
  if (hostname === '' || hostname.startsWith('-') || username.startsWith('-')) {
    throw badEngine('The address of the engine names no computer.');
  }
  return { kind: 'ssh', host: hostname, port: port === '' ? null : Number(port), user: username || null };
}

async function currentContext(folder: string): Promise<string | null> {
  try {
    const text = await readFile(join(folder, 'config.json'), 'utf8');
    return configSchema.parse(JSON.parse(text)).currentContext || null;
  } catch {
    return null;
  }
}

/** Docker keeps each context in a folder named by the hash of its name. */
async function contextAddress(folder: string, name: string): Promise<EngineAddress> {
  const id = createHash('sha256').update(name).digest('hex');
  let host: string;
  try {
    const text = await readFile(join(folder, 'contexts', 'meta', id, 'meta.json'), 'utf8');
    host = contextSchema.parse(JSON.parse(text)).Endpoints.docker.Host;
  } catch {
    throw badEngine(`Docker has no context named "${name.slice(0, 60)}".`);
  }
  const keys = await keysIn(join(folder, 'contexts', 'tls', id, 'docker')).catch(() => null);
  const address = await addressOf(host, {}, folder).catch((error: unknown) => {
    // The keys of a context are in a place of their own.
    if (keys === null) throw error;
    return addressOf(host.replace(/:2376$/, ':2375'), {}, folder);
  });
  if (address.kind !== 'tcp' || keys === null) return address;
  return { ...address, port: Number(urlOf(host.replace(/^tcp:/, 'http:')).port || 2376), keys };
}

async function keysIn(folder: string): Promise<EngineKeys> {
  const read = (name: string): Promise<string | null> =>
    readFile(join(folder, name), 'utf8').catch(() => null);
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  if (ca === null && cert === null) throw badEngine(`The keys for the engine are not in ${folder}.`);
  return { ca, cert, key };
}

function urlOf(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw badEngine('The address of the container engine cannot be read.');
  }
}

function badEngine(message: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.bad_engine',
    message,
    remedy:
      'Correct DOCKER_HOST, or "engine" in "isolation": such as unix:///path, tcp://host:2376 or ssh://user@host.',
  });
}
