/**
 * A real panel on a test's desktop: the one of Xfce (`xfce4-panel`), which shows the icons of StatusNotifier, as Electron
 * makes them on Linux, with the menus that they export. `xdotool` is the hand with the mouse. Both are Debian packages.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { nameAppears } from '../host/bus.ts';
import type { Desktop } from '../host/desktop.ts';

/** Height in pixels, as the desktop has it by itself. */
export const PANEL_HEIGHT = 32;

/** A running panel, along the lower edge of the screen, with nothing but its tray at its right end. */
export interface Panel {
  /** Moves the pointer there and presses a button: 1 is left, 3 is right; null only points. */
  point(x: number, y: number, button: 1 | 3 | null): Promise<void>;
  key(name: string): Promise<void>;
  close(): void;
}

/** What is missing on this computer; null when all is there. */
export function missingForPanel(): string | null {
  const here = (name: string): boolean =>
    (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
  const missing = ['xfce4-panel', 'xdotool'].filter((name) => !here(name));
  if (settingsProgram() === undefined) missing.push('xfconf');
  return missing.length === 0 ? null : missing.join(', ');
}

/** Where Debian and others put the program that keeps Xfce's settings; it is not on the path. */
function settingsProgram(): string | undefined {
  const libraries = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name))
    : [];
  return ['/usr/lib', '/usr/lib64', ...libraries]
    .map((folder) => join(folder, 'xfce4', 'xfconf', 'xfconfd'))
    .find((file) => existsSync(file));
}

/** Starts it and waits until it takes icons. */
export async function startPanel({ env }: Desktop, dark: boolean): Promise<Panel> {
  const folder = join(env.XDG_CONFIG_HOME ?? '', 'xfce4', 'xfconf', 'xfce-perchannel-xml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'xfce4-panel.xml'), settings(dark));
  const bus = env.DBUS_SESSION_BUS_ADDRESS ?? '';
  const running: ChildProcess[] = [];
  const start = (program: string): void => void running.push(spawn(program, [], { env, stdio: 'ignore' }));
  const close = (): void => {
    for (const child of running.reverse()) child.kill('SIGKILL');
  };
  try {
    start(settingsProgram() ?? 'xfconfd');
    await nameAppears(bus, 'org.xfce.Xfconf', 15_000);
    start('xfce4-panel');
    await nameAppears(bus, 'org.kde.StatusNotifierWatcher', 20_000);
  } catch (error) {
    close();
    throw error;
  }
  const hand = async (...args: string[]): Promise<void> => {
    await promisify(execFile)('xdotool', args, { env });
  };
  return {
    point: (x, y, button) =>
      hand('mousemove', String(x), String(y), ...(button === null ? [] : ['click', String(button)])),
    key: (name) => hand('key', name),
    close,
  };
}

function settings(dark: boolean): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="${dark}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="${PANEL_HEIGHT}"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/><value type="int" value="2"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray"/>
  </property>
</channel>
`;
}
