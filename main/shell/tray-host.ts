/**
 * Is there anything that shows a tray icon? Always so on macOS and Windows; on Linux a panel must have taken the name
 * of the StatusNotifier watcher on the session bus (plain GNOME has none). Asked with the bus's own command line tools,
 * so that no D-Bus library is needed for one question.
 */
import { execFile } from 'node:child_process';

const watcher = 'org.kde.StatusNotifierWatcher';
const bus = 'org.freedesktop.DBus';

/** The same question for each tool that may be installed. */
const questions: readonly (readonly [command: string, args: readonly string[]])[] = [
  [
    'gdbus',
    [
      'call',
      '--session',
      '--dest',
      bus,
      '--object-path',
      '/org/freedesktop/DBus',
      '--method',
      `${bus}.NameHasOwner`,
      watcher,
    ],
  ],
  [
    'dbus-send',
    [
      '--session',
      '--print-reply',
      `--dest=${bus}`,
      '/org/freedesktop/DBus',
      `${bus}.NameHasOwner`,
      `string:${watcher}`,
    ],
  ],
];

/**
 * True when an icon will be seen. False when nobody shows it, or when that cannot be found out within a second: a
 * window that hides must never be lost.
 */
export async function hasTrayHost(platform: NodeJS.Platform, timeoutMs = 1000): Promise<boolean> {
  if (platform !== 'linux') {
    return true;
  }
  for (const [command, args] of questions) {
    const answer = await ask(command, args, timeoutMs);
    if (answer !== null) {
      return /\btrue\b/.test(answer);
    }
  }
  return false;
}

/** The tool's answer, or null when there is no such tool or no bus. */
function ask(command: string, args: readonly string[], timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: timeoutMs, killSignal: 'SIGKILL' }, (error, stdout) => {
      resolve(error === null ? stdout : null);
    });
  });
}
