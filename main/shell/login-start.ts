/**
 * Starting by itself when the user logs in: a login item of the system on macOS and Windows, a file in the XDG autostart
 * folder on Linux. Holds nothing: the system remembers.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import type { LoginStartView } from '../../preload/views/settings.ts';
import { GatehouseError } from '../protocol/error.ts';

/** What it needs. */
export interface LoginStartDeps {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings' | 'isPackaged'>;
  readonly platform: NodeJS.Platform;
  /** `XDG_CONFIG_HOME`, or where it is without that. */
  readonly configHome: string;
  /** What starts this app as it was started now; null when that holds a secret, which no file may. */
  readonly command: { readonly program: string; readonly args: readonly string[] } | null;
}

/** See above. */
export interface LoginStart {
  get(): LoginStartView;
  /** Throws `startup.not_written`, `startup.not_installed` or `startup.has_secret`. */
  set(on: boolean): LoginStartView;
}

/** Of the desktop file specification; the same name as the app's own id. */
const FILE = 'app.gatehouse.Gatehouse.desktop';

export function openLoginStart({ app, platform, configHome, command }: LoginStartDeps): LoginStart {
  const file = join(configHome, 'autostart', FILE);
  // macOS and Windows know apps, and this one is none until it is installed.
  const isApp = platform === 'linux' || app.isPackaged;
  if (!isApp || command === null) {
    const unavailable = isApp ? 'secret-on-command-line' : 'not-installed';
    return {
      get: () => ({ on: false, unavailable }),
      set() {
        throw isApp ? hasSecret() : notInstalled();
      },
    };
  }
  const { program: path } = command;
  const args = [...command.args, '--hidden'];
  const text = desktopEntry([path, ...args]);
  const get = (): LoginStartView => ({
    on: platform === 'linux' ? startsOurs(file, text) : app.getLoginItemSettings({ path, args }).openAtLogin,
    unavailable: null,
  });
  return {
    get,
    set(on) {
      if (platform === 'linux') write(file, on ? text : null);
      else app.setLoginItemSettings({ openAtLogin: on, path, args });
      return get();
    },
  };
}

/** The autostart file for a command; see the desktop entry specification, "The Exec key". */
export function desktopEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Gatehouse',
    'Comment=Every MCP server behind one local door',
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Quoted for the Exec key, and once more as the value of a string: a backslash becomes four. */
function quoted(word: string): string {
  const inQuotes = word.replace(/["`$\\]/g, (found) => `\\${found}`).replaceAll('%', '%%');
  return `"${inQuotes.replaceAll('\\', '\\\\')}"`;
}

/** Another copy's file, or one that its user has switched off elsewhere, does not start this app. */
function startsOurs(file: string, text: string): boolean {
  if (!existsSync(file)) return false;
  const exec = (whole: string): string | undefined => /^Exec=.*$/m.exec(whole)?.[0];
  const there = readFileSync(file, 'utf8');
  return (
    exec(there) === exec(text) &&
    !/^Hidden=true$/m.test(there) &&
    !/^X-GNOME-Autostart-enabled=false$/m.test(there)
  );
}

function write(file: string, text: string | null): void {
  try {
    if (text === null) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o644 });
  } catch (cause) {
    throw new GatehouseError({
      code: 'startup.not_written',
      message: 'The file {file} could not be changed.',
      remedy: 'Check who may write it and the folder that it is in.',
      values: { file },
      cause,
    });
  }
}

function notInstalled(): GatehouseError {
  return new GatehouseError({
    code: 'startup.not_installed',
    message: 'Only the installed app can start when you log in.',
    remedy: 'Install Gatehouse, or add it to the login items of the system yourself.',
  });
}

function hasSecret(): GatehouseError {
  return new GatehouseError({
    code: 'startup.has_secret',
    message: 'Gatehouse was started with a secret on its command line, which must not be kept in a file.',
    remedy:
      'Keep the token as a secret, write "auth": {"token": "${keyring:NAME}"} into the configuration, and start Gatehouse without it.',
  });
}
