/**
 * Ties terminals to the rest: in which container or folder a server's terminal stands, whether the configuration lets it,
 * and what the activity log is told: who opened one where, and for how long, never what went through it. `close` ends all.
 */
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { TerminalPlace } from '../preload/views/terminal.ts';
import type { ActivityNote } from './activity/entry.ts';
import type { TerminalDeps } from './api/terminal.ts';
import type { GatehouseConfig, ServerConfig } from './config/schema.ts';
import type { Containment } from './containment.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError, problemOf } from './protocol/error.ts';
import { openHostPty } from './terminal/host-pty.ts';
import type { Pty, Size } from './terminal/ports.ts';
import { createTerminals } from './terminal/terminals.ts';

/** What it needs. */
export interface TerminalRoomDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  /** The environment that every server may see: nothing secret of Gatehouse's own. */
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly containment: Pick<Containment, 'insides' | 'view' | 'detail'>;
  config(): GatehouseConfig;
  /** Resolves references, as in the folder of a server. */
  resolve(text: string): Promise<string>;
  note(note: ActivityNote): void;
}

/** The commands, and the end of them. */
export interface TerminalRoom extends TerminalDeps {
  /** Another configuration is in force. */
  configured(): void;
  /** Idempotent, bounded. */
  close(): Promise<void>;
}

export function openTerminalRoom(deps: TerminalRoomDeps): TerminalRoom {
  const { clock, containment, note } = deps;
  const terminals = createTerminals(clock);
  const onThisComputer = (): boolean => deps.config().terminal.onThisComputer;
  const serverOf = (name: string): ServerConfig => {
    const server = deps.config().servers.find((one) => one.name === name);
    if (server === undefined) throw noServer(name);
    return server;
  };
  const folderOf = ({ name, transport }: ServerConfig): string =>
    (transport.kind === 'stdio' ? transport.cwd : null) ?? join(deps.dataDir, 'servers', name);

  const onComputer = async (server: ServerConfig, size: Size): Promise<Pty> => {
    if (server.transport.kind !== 'stdio') throw remote(server.name);
    if (!onThisComputer()) throw forbidden();
    const cwd = await deps.resolve(folderOf(server));
    if (server.transport.cwd === null) await mkdir(cwd, { recursive: true, mode: 0o700 });
    const { file, args } = shellOf(process.platform, process.env);
    return openHostPty({ file, args, cwd, env: { ...deps.baseEnv, TERM: 'xterm-256color' }, size }, clock);
  };
  const inContainer = async (server: ServerConfig, size: Size): Promise<Pty> => {
    if (containment.view(server).runsIn !== 'container') throw notContained(server.name);
    const inside = await containment.insides.open(server.name, size);
    if (inside === null) throw notRunning(server.name);
    return inside;
  };
  return {
    places(name) {
      const server = serverOf(name);
      if (server.transport.kind !== 'stdio') return { container: null, computer: null };
      const contained = containment.view(server).runsIn === 'container';
      return {
        container: contained
          ? { image: containment.detail(name).image ?? '', running: containment.insides.has(name) }
          : null,
        computer: {
          ...{ allowed: onThisComputer(), folder: folderOf(server), user: userName() },
          shell: shellOf(process.platform, process.env).file,
        },
      };
    },
    async open({ by, within }, name, place: TerminalPlace, size) {
      const began = clock.now();
      const told = (action: string, detail: object, failure: string | null = null): void =>
        note({
          ...{
            kind: 'decision',
            action,
            client: by,
            server: name,
            detail: JSON.stringify({ place, ...detail }),
          },
          ...{ outcome: failure === null ? 'ok' : 'refused', errorCode: failure },
        });
      try {
        const server = serverOf(name);
        const terminal = await terminals.open(
          within,
          {
            allowed: () => place === 'container' || onThisComputer(),
            ended: (how) =>
              told('server.closeTerminal', { how, seconds: Math.round((clock.now() - began) / 1_000) }),
          },
          () => (place === 'container' ? inContainer(server, size) : onComputer(server, size)),
        );
        told('server.openTerminal', {});
        return terminal;
      } catch (error) {
        told('server.openTerminal', {}, problemOf(error).code);
        throw error;
      }
    },
    output: ({ within }, terminal, from) => terminals.output(within, terminal, from),
    input: ({ within }, terminal, text) => terminals.input(within, terminal, text),
    resize: ({ within }, terminal, size) => terminals.resize(within, terminal, size),
    end: ({ within }, terminal) => terminals.end(within, terminal),
    configured: terminals.review,
    close: terminals.close,
  };
}

/** The user's own shell, as a terminal of the system would start it. */
export function shellOf(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): { readonly file: string; readonly args: readonly string[] } {
  if (platform === 'win32') return { file: 'powershell.exe', args: ['-NoLogo'] };
  const { SHELL } = env;
  return { file: SHELL?.startsWith('/') === true ? SHELL : '/bin/sh', args: ['-l'] };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user of a container that no file knows.
    return String(process.getuid?.() ?? '');
  }
}

function noServer(name: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unknown',
    message: 'There is no server named "{server}".',
    remedy: 'Look at the names in the server list.',
    values: { server: name.slice(0, 200) },
  });
}

function remote(name: string): GatehouseError {
  return new GatehouseError({
    code: 'terminal.remote',
    message: '"{server}" runs on another computer: there is no place here for its terminal.',
    remedy: 'Choose a server that is a program.',
    values: { server: name },
  });
}

function forbidden(): GatehouseError {
  return new GatehouseError({
    code: 'terminal.host_off',
    message: 'Terminals on this computer itself are switched off.',
    remedy:
      'Write "terminal": {"onThisComputer": true} into the configuration file, if whoever can open this page may do everything that you may.',
  });
}

function notContained(name: string): GatehouseError {
  return new GatehouseError({
    code: 'terminal.no_container',
    message: '"{server}" does not run in a container.',
    remedy: 'Set "isolation": {"mode": "container"} for it first.',
    values: { server: name },
  });
}

function notRunning(name: string): GatehouseError {
  return new GatehouseError({
    code: 'terminal.not_running',
    message: 'The container of "{server}" does not run.',
    remedy: 'Switch the server on, and look at its log if it does not start.',
    values: { server: name },
  });
}
