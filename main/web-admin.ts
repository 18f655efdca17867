/**
 * Opens the web admin where the command line or the configuration wants it: its address, its password, and its listener,
 * which is none of the endpoint's. Nothing of it is loaded otherwise. `close` ends sessions, streams and the listener.
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorePort } from '../preload/contract.ts';
import type { ActivityNote } from './activity/entry.ts';
import type { PasswordStore } from './admin/password-file.ts';
import type { AppOptions } from './app-options.ts';
import { DEFAULT_ADMIN, type ListenOption, parseListen } from './args.ts';
import type { GatehouseConfig } from './config/schema.ts';
import { isLoopbackHost, refusal } from './gateway/guards.ts';
import { type Listener, openListener } from './gateway/listener.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError } from './protocol/error.ts';

/** What it needs of the app. */
export interface WebAdminDeps {
  readonly options: AppOptions;
  readonly clock: Clock;
  readonly log: Logger;
  config(): GatehouseConfig;
  core(): CorePort;
  note(note: ActivityNote): void;
}

/** The open web admin, or that there is none. */
export interface WebAdmin {
  /** For example `http://127.0.0.1:4181/admin/`; null when it is off. */
  readonly url: string | null;
  /** Idempotent, bounded. */
  close(): Promise<void>;
}

const OFF: WebAdmin = { url: null, close: async () => undefined };

/**
 * Opens it, if it is wanted. Rejects with `gateway.port_in_use`, `gateway.address_unavailable`, `gateway.listen_failed`,
 * `admin.password_file`, or what a password from the environment breaks.
 */
export async function openWebAdmin(deps: WebAdminDeps): Promise<WebAdmin> {
  const { options, clock, log, config } = deps;
  const { enabled, listen } = config().admin;
  if (options.admin === null && !enabled) return OFF;
  const [{ openAdmin }, passwords] = await Promise.all([
    import('./admin/admin.ts'),
    passwordsOf(options.dataDir, process.env),
  ]);
  const address = options.admin?.listen ?? (listen === null ? DEFAULT_ADMIN : parseListen(listen));
  const rules = { host: address.host, trusted: () => config().trustedHosts };
  let listener: Listener | null = null;
  const admin = openAdmin({
    ...{ clock, log, passwords, note: deps.note, screens: screensFolder() },
    core: {
      snapshot: () => deps.core().snapshot(),
      onSnapshot: (told) => deps.core().onSnapshot(told),
      onActivity: (told) => deps.core().onActivity(told),
      execute: (name, args, by, within) => deps.core().execute(name, args, by, within),
    },
    port: () => listener?.port ?? 0,
    knows: (host) => refusal(rules, host, undefined) === null,
    times: () => ({ idleMs: config().admin.idleMs, wholeMs: config().admin.sessionMs }),
  });
  const code = await admin.setupCode();
  listener = await openListener(address, admin, clock).catch((error: unknown) => {
    throw forAdmin(error);
  });
  const url = `http://${hostText(address)}:${listener.port}/admin/`;
  warnOfNetwork(address, options, log);
  if (code !== null) options.onNotice?.(setupText(url, code, address));
  const opened = listener;
  return {
    url,
    async close() {
      admin.close();
      await opened.close();
    },
  };
}

/** The environment's password counts before that of the file; it is taken out, since servers are started with it. */
async function passwordsOf(dataDir: string, env: NodeJS.ProcessEnv): Promise<PasswordStore> {
  const { filePasswords, givenPassword } = await import('./admin/password-file.ts');
  const { GATEHOUSE_ADMIN_PASSWORD: given, GATEHOUSE_ADMIN_PASSWORD_FILE: file } = env;
  delete env.GATEHOUSE_ADMIN_PASSWORD;
  if (given !== undefined && given !== '') return givenPassword(given);
  if (file === undefined || file === '') return filePasswords(dataDir);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new GatehouseError({
      code: 'admin.password_file',
      form: 'named',
      message: 'The file of GATEHOUSE_ADMIN_PASSWORD_FILE, {file}, cannot be read.',
      remedy: 'Name a file that Gatehouse may read, which holds the password alone.',
      values: { file },
      cause,
    });
  }
  return givenPassword(text.replace(/\r?\n$/, ''));
}

/** Beside the bundles; this file may be in the entry or in a chunk of it. */
function screensFolder(): string {
  const beside = join(__dirname, 'renderer');
  return existsSync(beside) ? beside : join(__dirname, '..', 'renderer');
}

function hostText({ host }: ListenOption): string {
  return host.includes(':') ? `[${host}]` : host;
}

function warnOfNetwork(address: ListenOption, options: AppOptions, log: Logger): void {
  if (isLoopbackHost(address.host)) return;
  const text = `WARNING: the web admin listens at ${address.host}, where other computers may reach it, and speaks no TLS: passwords and keys can be read on the way. Put a reverse proxy with TLS before it, or listen at 127.0.0.1 and come through an SSH tunnel.`;
  log.warn({ address: address.host }, 'the web admin is open to the network, without TLS');
  options.onNotice?.(text);
}

function setupText(url: string, code: string, address: ListenOption): string {
  const where = isLoopbackHost(address.host) ? url : url.replace(hostText(address), '127.0.0.1');
  return [
    'The web admin has no password yet. Set it, on this computer, in one of two ways:',
    `  open ${where} and give this code: ${code}`,
    '  or run: gatehouse admin password',
  ].join('\n');
}

/** The same errors, with the option that is meant. */
function forAdmin(error: unknown): unknown {
  if (!(error instanceof GatehouseError) || error.code !== 'gateway.port_in_use') return error;
  return new GatehouseError({
    code: error.code,
    message: `The web admin cannot listen: ${error.message}`,
    remedy:
      'End that program, or choose another port with --admin or "listen" under "admin" in the configuration.',
    cause: error,
  });
}
