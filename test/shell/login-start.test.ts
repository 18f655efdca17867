/** Starting with the session, and starting anew: what is written for the system, and what the next start is given. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseLaunch } from '../../main/args.ts';
import type { Installation } from '../../main/bridge-command.ts';
import { loginCommand } from '../../main/login-command.ts';
import { desktopEntry, openLoginStart } from '../../main/shell/login-start.ts';
import { nextArguments, restart } from '../../main/shell/relaunch.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const command = { program: '/opt/Gate house/gatehouse', args: ['--data-dir', '/home/ada/my data'] };

function setup(part: Partial<Parameters<typeof openLoginStart>[0]> = {}) {
  const configHome = mkdtempSync(join(tmpdir(), 'gatehouse-login-'));
  folders.push(configHome);
  const app = {
    isPackaged: true,
    setLoginItemSettings: vi.fn(),
    getLoginItemSettings: vi.fn(() => ({ openAtLogin: true }) as never),
  };
  const start = openLoginStart({ app, platform: 'linux', configHome, command, ...part });
  return { app, start, file: join(configHome, 'autostart', 'app.gatehouse.Gatehouse.desktop') };
}

describe('on Linux', () => {
  it('is a file that starts this very app hidden; switched off, the file is gone', () => {
    const { start, file } = setup();
    expect(start.get()).toEqual({ on: false, unavailable: null });
    expect(start.set(true)).toEqual({ on: true, unavailable: null });
    expect(readFileSync(file, 'utf8')).toContain(
      'Exec="/opt/Gate house/gatehouse" "--data-dir" "/home/ada/my data" "--hidden"\n',
    );
    expect(start.set(false).on).toBe(false);
    expect(existsSync(file)).toBe(false);
    expect(start.set(false).on).toBe(false);
  });

  it('is off when its user has switched it off elsewhere, or when the file starts another copy', () => {
    const { start, file } = setup();
    for (const [from, to] of [
      ['X-GNOME-Autostart-enabled=true', 'X-GNOME-Autostart-enabled=false'],
      ['Terminal=false', 'Hidden=true'],
      ['/opt/Gate house', '/tmp/elsewhere'],
    ] as const) {
      start.set(true);
      writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
      expect(start.get().on).toBe(false);
    }
  });

  it('keeps what a shell or a launcher would take for more than a word', () => {
    const line = desktopEntry(['/a"b', '$HOME', 'x`y', 'a\\b', '50%']).match(/^Exec=(.*)$/m)?.[1];
    expect(line).toBe('"/a\\\\"b" "\\\\$HOME" "x\\\\`y" "a\\\\\\\\b" "50%%"');
  });

  it('says what could not be written', () => {
    const { start, file } = setup();
    mkdirSync(file, { recursive: true });
    chmodSync(file, 0o700);
    expect(() => start.set(true)).toThrow(expect.objectContaining({ code: 'startup.not_written' }));
  });
});

describe('elsewhere', () => {
  it('is a login item of the installed app', () => {
    const { app, start } = setup({ platform: 'win32' });
    start.set(true);
    expect(app.setLoginItemSettings).toHaveBeenCalledWith({
      ...{ openAtLogin: true, path: command.program, args: [...command.args, '--hidden'] },
    });
    expect(start.get()).toEqual({ on: true, unavailable: null });
  });

  it('is not there for an app that is not installed', () => {
    const { app, start } = setup({ platform: 'darwin', app: { ...setup().app, isPackaged: false } });
    expect(start.get()).toEqual({ on: false, unavailable: 'not-installed' });
    expect(() => start.set(true)).toThrow(expect.objectContaining({ code: 'startup.not_installed' }));
    expect(app.setLoginItemSettings).not.toHaveBeenCalled();
  });
});

describe('the command', () => {
  const installation: Installation = {
    ...{ execPath: '/x/electron', script: '/x/app', kind: 'electron', sandbox: true, appImage: null },
    ...{ dataDir: '/d', isDefaultDataDir: false },
  };

  it('is how the app was started now', () => {
    const launch = parseLaunch([
      '--data-dir',
      '/d',
      '--listen',
      '[::1]:5000',
      '--config',
      '/c.json',
      '--no-auth',
    ]);
    expect(loginCommand(launch, installation)).toEqual({
      program: '/x/electron',
      args: ['/x/app', '--data-dir', '/d', '--config', '/c.json', '--listen', '[::1]:5000', '--no-auth'],
    });
    const packaged = { ...installation, script: null, appImage: '/a.AppImage', isDefaultDataDir: true };
    expect(loginCommand(parseLaunch([]), packaged)).toEqual({ program: '/a.AppImage', args: [] });
  });

  it('never holds a secret', () => {
    expect(loginCommand(parseLaunch(['--token', 'planted']), installation)).toBeNull();
    const headers = ['--config', 'https://x/c.json', '--config-header', 'Authorization: planted'];
    expect(loginCommand(parseLaunch(headers), installation)).toBeNull();
    const { start, file } = setup({ command: null });
    expect(start.get().unavailable).toBe('secret-on-command-line');
    expect(() => start.set(true)).toThrow(expect.objectContaining({ code: 'startup.has_secret' }));
    expect(existsSync(file)).toBe(false);
  });
});

describe('starting anew', () => {
  const args = [
    '--no-sandbox',
    '--inspect=0',
    '--remote-debugging-port=0',
    '/app',
    '--hidden',
    '--data-dir',
    '/d',
  ];

  it('goes with the same arguments, its window, and no debugger', () => {
    expect(nextArguments([...args, 'gatehouse://x'])).toEqual(['--no-sandbox', '/app', '--data-dir', '/d']);
  });

  it('is done by Electron, or by the launcher that takes everything down with it', () => {
    const [relaunch, event, quit] = [vi.fn(), vi.fn(), vi.fn()];
    restart({ app: { relaunch }, args, appImage: '/a.AppImage', launched: false, event, quit });
    expect(relaunch).toHaveBeenCalledWith({ args: nextArguments(args), execPath: '/a.AppImage' });
    expect(event).not.toHaveBeenCalled();
    restart({ app: { relaunch }, args, appImage: undefined, launched: true, event, quit });
    expect(event).toHaveBeenCalledWith({ event: 'restart' });
    expect(relaunch).toHaveBeenCalledTimes(1);
    expect(quit).toHaveBeenCalledTimes(2);
  });
});
