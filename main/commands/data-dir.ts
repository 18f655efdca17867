/**
 * Where Gatehouse keeps its files when nobody says otherwise. Pure: the environment, the platform and the home
 * directory are arguments, so that the desktop app, the command line and the tests agree on one answer.
 */
import { posix, win32 } from 'node:path';

/** The part of an environment that this file reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The default data directory.
 *
 * `$GATEHOUSE_DATA_DIR` wins everywhere. Otherwise macOS has `~/Library/Application Support/Gatehouse`, Windows
 * `%APPDATA%\Gatehouse`, and every other system `$XDG_DATA_HOME/gatehouse` or `~/.local/share/gatehouse`.
 *
 * @param env the process environment
 * @param platform a value of `process.platform`
 * @param home the user's home directory, absolute
 * @returns the directory; absolute unless `$GATEHOUSE_DATA_DIR` itself is relative
 */
export function defaultDataDir(env: Environment, platform: NodeJS.Platform, home: string): string {
  const chosen = env.GATEHOUSE_DATA_DIR;
  if (chosen) return chosen;
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Gatehouse');
  if (platform === 'win32') {
    const roaming = env.APPDATA || win32.join(home, 'AppData', 'Roaming');
    return win32.join(roaming, 'Gatehouse');
  }
  const xdg = env.XDG_DATA_HOME;
  // The XDG specification says that a relative path there is invalid and must be ignored.
  const share = xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share');
  return posix.join(share, 'gatehouse');
}
