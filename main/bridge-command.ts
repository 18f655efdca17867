/**
 * The command line of this very installation that serves one client over stdio, as it is written into clients' files. It
 * must outlive updates, and must need nothing that a client's bare environment lacks.
 */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { defaultDataDir } from './commands/data-dir.ts';

/** What runs now. */
export interface Installation {
  /** The program: Electron's or Node's. */
  readonly execPath: string;
  /** The script that Node runs, or the app's folder when Electron runs from a checkout; null for the packaged app. */
  readonly script: string | null;
  readonly kind: 'node' | 'electron';
  /** False where Chromium's sandbox had to be left off, as for root. */
  readonly sandbox: boolean;
  /** An AppImage is mounted elsewhere at each start; its own file stays. */
  readonly appImage: string | null;
  readonly dataDir: string;
  /** True when `dataDir` is where it is looked for anyway. */
  readonly isDefaultDataDir: boolean;
}

/** The one that runs. `dataDir` must be absolute. */
export function thisInstallation(dataDir: string): Installation {
  const { execPath, argv, env, platform, versions } = process;
  const isElectron = versions.electron !== undefined;
  const isPackaged = isElectron && process.defaultApp !== true;
  // A client does not have our environment, so a folder that is only named there must be written down.
  const usual = defaultDataDir({ ...env, GATEHOUSE_DATA_DIR: undefined }, platform, homedir());
  return {
    execPath,
    script: isPackaged ? null : resolve(argv.slice(1).find((arg) => !arg.startsWith('-')) ?? ''),
    kind: isElectron ? 'electron' : 'node',
    sandbox: !argv.includes('--no-sandbox'),
    appImage: isPackaged ? (env.APPIMAGE ?? null) : null,
    dataDir,
    isDefaultDataDir: dataDir === resolve(usual),
  };
}

/** Program and arguments for a client. */
export function bridgeCommand(
  installation: Installation,
  client: string,
): { readonly command: string; readonly args: readonly string[] } {
  const { dataDir, isDefaultDataDir } = installation;
  const data = isDefaultDataDir ? [] : ['--data-dir', dataDir];
  const { command, args } = ownCommand(installation, { node: ['stdio'], electron: ['--stdio'] });
  return { command, args: [...args, '--client', client, ...data] };
}

/** What starts this very installation, with the words that follow for either kind of it. */
export function ownCommand(
  { execPath, script, kind, sandbox, appImage }: Installation,
  words: { readonly node: readonly string[]; readonly electron: readonly string[] },
): { readonly command: string; readonly args: readonly string[] } {
  return {
    command: appImage ?? execPath,
    args: [
      ...(sandbox ? [] : ['--no-sandbox']),
      ...(script === null ? [] : [script]),
      ...(kind === 'node' ? words.node : words.electron),
    ],
  };
}
