/**
 * A client for one engine's address. What Docker's variables say is decided before (`address.ts`), so that the client
 * library takes nothing from the environment by itself. Connections by ssh run the `ssh` program, so that its
 * configuration, keys and known hosts count; each ends with its request.
 */
import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { EngineAddress } from './address.ts';

/** What the library would otherwise take from the environment. */
const NOTHING = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined };

/** Makes the client; connects to nothing yet. */
export async function connectEngine(address: EngineAddress): Promise<Docker> {
  // Large, and needed by those who isolate only.
  const { default: Engine } = await import('dockerode');
  switch (address.kind) {
    case 'socket':
      return new Engine({ ...NOTHING, protocol: 'http', socketPath: address.path } as Docker.DockerOptions);
    case 'tcp': {
      const { host, port, keys } = address;
      return new Engine({
        ...NOTHING,
        ...{ host, port, protocol: keys === null ? 'http' : 'https' },
        ...(keys?.ca == null ? {} : { ca: keys.ca }),
        ...(keys?.cert == null ? {} : { cert: keys.cert }),
        ...(keys?.key == null ? {} : { key: keys.key }),
      } as Docker.DockerOptions);
    }
    case 'ssh':
      return new Engine({
        ...NOTHING,
        ...{ host: 'docker', port: 80, protocol: 'http', agent: sshAgent(address) },
      } as Docker.DockerOptions);
  }
}

/** Arguments of `ssh`; pure, for tests. */
export function sshArguments(address: Extract<EngineAddress, { readonly kind: 'ssh' }>): string[] {
  return [
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', '-T'],
    ...(address.user === null ? [] : ['-l', address.user]),
    ...(address.port === null ? [] : ['-p', String(address.port)]),
    ...['--', address.host, 'docker', 'system', 'dial-stdio'],
  ];
}

function sshAgent(address: Extract<EngineAddress, { readonly kind: 'ssh' }>): Agent {
  const agent = new Agent({ keepAlive: false });
  const dial = (): Duplex => {
    const child = spawn('ssh', sshArguments(address), {
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const stream = new Duplex({
      read: () => void child.stdout.resume(),
      write: (chunk, _encoding, done) => void child.stdin.write(chunk, done),
      final: (done) => void child.stdin.end(done),
      destroy: (error, done) => {
        child.kill();
        done(error);
      },
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (!stream.push(chunk)) child.stdout.pause();
    });
    child.stdout.once('end', () => stream.push(null));
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => stream.destroy(error));
    // What sockets have and the HTTP client calls.
    return Object.assign(stream, {
      setTimeout: () => stream,
      setNoDelay: () => stream,
      setKeepAlive: () => stream,
      ref: () => stream,
      unref: () => stream,
    });
  };
  return Object.assign(agent, { createConnection: dial });
}
