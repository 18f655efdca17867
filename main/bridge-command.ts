/**
 * The command line of this very installation that serves one client over stdio, as it is written into clients' files. It
 * must outlive updates, and must need nothing that a client's bare environment lacks. Pure.
 */

/** What runs now. */
export interface Installation {
  /** The program: Electron's or Node's. */
  readonly execPath: string;
  /** The script that Node runs, or the app's folder when Electron runs from a checkout; null for the packaged app. */
  readonly script: string | null;
  readonly kind: 'node' | 'electron';
  /** An AppImage is mounted elsewhere at each start; its own file stays. */
  readonly appImage: string | null;
  readonly dataDir: string;
  /** True when `dataDir` is where it is looked for anyway. */
  readonly isDefaultDataDir: boolean;
}

/** Program and arguments for a client. */
export function bridgeCommand(
  installation: Installation,
  client: string,
): { readonly command: string; readonly args: readonly string[] } {
  const { execPath, script, kind, appImage, dataDir, isDefaultDataDir } = installation;
  const data = isDefaultDataDir ? [] : ['--data-dir', dataDir];
  const mode = kind === 'node' ? 'stdio' : '--stdio';
  return {
    command: appImage ?? execPath,
    args: [...(script === null ? [] : [script]), mode, '--client', client, ...data],
  };
}
