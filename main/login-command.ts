/** What starts the app again as it was started now, for a file that the system reads when its user logs in. Pure. */
import type { LaunchOptions } from './args.ts';
import { type Installation, ownCommand } from './bridge-command.ts';

/** Null when it was given a secret, which must stand in no file: a token, or headers for a configuration. */
export function loginCommand(
  { configGiven, configFile, configHeaders, listen, auth, dataDir }: LaunchOptions,
  installation: Installation,
): { readonly program: string; readonly args: readonly string[] } | null {
  if (auth?.kind === 'token' || configHeaders.length > 0) return null;
  const { command, args } = ownCommand(installation, { node: ['serve'], electron: [] });
  const host = listen?.host.includes(':') === true ? `[${listen.host}]` : listen?.host;
  return {
    program: command,
    args: [
      ...args,
      ...(installation.isDefaultDataDir ? [] : ['--data-dir', dataDir]),
      ...(configGiven ? ['--config', configFile] : []),
      ...(listen === null ? [] : ['--listen', `${host}:${listen.port}`]),
      ...(auth?.kind === 'none' ? ['--no-auth'] : []),
    ],
  };
}
