/**
 * The command line that both entries share: where data lies, where to listen, who may come in.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { defaultDataDir } from './commands/data-dir.ts';
import type { AuthMode } from './identity/tokens.ts';
import { GatehouseError } from './protocol/error.ts';

/** How the app is to be started. */
export interface LaunchOptions {
  readonly dataDir: string;
  readonly configFile: string;
  /** True when `--config` named the file: it must exist, may be an address, and may be another program's. */
  readonly configGiven: boolean;
  /** Headers for a configuration at an address, as `Name: value`. */
  readonly configHeaders: readonly string[];
  /** Null leaves it to the configuration, and that to the default. */
  readonly listen: ListenOption | null;
  /** Null leaves it to the configuration. */
  readonly auth: AuthMode | null;
  /** Null leaves it to the configuration whether there is a web admin; without an address, that one's or the default. */
  readonly admin: { readonly listen: ListenOption | null } | null;
  /** A file to begin with when no configuration exists yet; null begins with an empty one. */
  readonly sampleConfig: string | null;
  readonly logLevel: string;
  /** Milliseconds without a session after which the app ends by itself; null never. */
  readonly exitIdleMs: number | null;
  /** True ends the app when its standard input ends: whoever started it has gone. */
  readonly exitWithParent: boolean;
}

/** An address to listen at. */
export interface ListenOption {
  readonly host: string;
  readonly port: number;
}

/** The default address. */
export const DEFAULT_LISTEN: ListenOption = { host: '127.0.0.1', port: 4180 };
/** That of the web admin. */
export const DEFAULT_ADMIN: ListenOption = { host: '127.0.0.1', port: 4181 };

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** Adds the shared options to a command. */
export function launchOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--config <file>',
        'configuration, a file or an http(s) address, also of other programs (default: config.json in the data directory)',
      ),
    )
    .addOption(
      new Option('--config-header <header...>', 'header for a configuration at an address, "Name: value"'),
    )
    .addOption(new Option('--listen <host:port>', 'address of the endpoint (default: 127.0.0.1:4180)'))
    .addOption(
      new Option(
        '--admin [host:port]',
        'serve the screens over HTTP too, behind a password (default: 127.0.0.1:4181)',
      ),
    )
    .addOption(new Option('--data-dir <dir>', 'where Gatehouse keeps its files'))
    .addOption(
      new Option('--log-level <level>', 'how much to log to stderr').choices(LOG_LEVELS).default('info'),
    )
    .addOption(new Option('--token <token>', 'the token that clients must show').conflicts('auth'))
    .addOption(new Option('--no-auth', 'ask for no token; only on a loopback address'))
    .addOption(new Option('--sample-config <file>', 'begin with this file when there is none yet').hideHelp())
    .addOption(new Option('--exit-idle <seconds>', 'end after this time without a session').hideHelp())
    .addOption(new Option('--exit-with-parent', 'end when standard input ends').hideHelp());
}

/** Reads the shared options. Throws `args.invalid` with what is wrong. */
export function parseLaunch(argv: readonly string[]): LaunchOptions {
  const command = launchOptions(new Command('gatehouse'))
    .exitOverride()
    .configureOutput({
      writeErr: () => undefined,
    });
  try {
    command.parse([...argv], { from: 'user' });
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause));
  }
  return readLaunch(command.opts());
}

/** The options as commander gives them, made into `LaunchOptions`. Throws `args.invalid`. */
export function readLaunch(options: Readonly<Record<string, unknown>>): LaunchOptions {
  const text = (name: string): string | null => {
    const value = options[name];
    return typeof value === 'string' ? value : null;
  };
  const dataDir = resolve(text('dataDir') ?? defaultDataDir(process.env, process.platform, homedir()));
  const config = text('config');
  const listen = text('listen');
  const token = text('token');
  const idle = text('exitIdle');
  const admin = text('admin');
  if (token === '') throw invalid('--token must not be empty.');
  return {
    dataDir,
    configFile: config === null ? join(dataDir, 'config.json') : isAddress(config) ? config : resolve(config),
    configGiven: config !== null,
    configHeaders: Array.isArray(options.configHeader) ? options.configHeader.map(String) : [],
    listen: listen === null ? null : parseListen(listen),
    auth: token !== null ? { kind: 'token', token } : options.auth === false ? { kind: 'none' } : null,
    admin: admin !== null ? { listen: parseListen(admin) } : options.admin === true ? { listen: null } : null,
    sampleConfig: text('sampleConfig'),
    logLevel: text('logLevel') ?? 'info',
    exitIdleMs: idle === null ? null : Number(idle) * 1000,
    exitWithParent: options.exitWithParent === true,
  };
}

/** Reads `host:port`, `[v6]:port`, `:port` or `port`. Throws `args.invalid`. */
export function parseListen(text: string): ListenOption {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]]*):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw invalid(`"${text}" is no address to listen at; write it as 127.0.0.1:4180.`);
  }
  const host = (match[1] ?? '').replace(/^\[|\]$/g, '');
  return { host: host === '' ? DEFAULT_LISTEN.host : host, port };
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function invalid(message: string): GatehouseError {
  return new GatehouseError({
    code: 'args.invalid',
    message,
    remedy: 'Run with --help to see what may be given.',
  });
}
