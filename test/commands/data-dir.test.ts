import { describe, expect, it } from 'vitest';
import { defaultDataDir } from '../../main/commands/data-dir.ts';

describe('defaultDataDir', () => {
  it.each([
    ['linux', {}, '/home/ada', '/home/ada/.local/share/gatehouse'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/home/ada', '/data/gatehouse'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada', '/home/ada/.local/share/gatehouse'],
    ['linux', { XDG_DATA_HOME: '' }, '/home/ada', '/home/ada/.local/share/gatehouse'],
    ['freebsd', {}, '/home/ada', '/home/ada/.local/share/gatehouse'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/Users/ada', '/Users/ada/Library/Application Support/Gatehouse'],
    ['win32', { APPDATA: 'C:\\Users\\ada\\Roam' }, 'C:\\Users\\ada', 'C:\\Users\\ada\\Roam\\Gatehouse'],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Roaming\\Gatehouse'],
    ['linux', { GATEHOUSE_DATA_DIR: '/else', XDG_DATA_HOME: '/data' }, '/home/ada', '/else'],
    ['darwin', { GATEHOUSE_DATA_DIR: '/else' }, '/Users/ada', '/else'],
    ['win32', { GATEHOUSE_DATA_DIR: 'D:\\else' }, 'C:\\Users\\ada', 'D:\\else'],
    ['linux', { GATEHOUSE_DATA_DIR: '' }, '/home/ada', '/home/ada/.local/share/gatehouse'],
  ] as const)('%s with %o', (platform, env, home, expected) => {
    expect(defaultDataDir(env, platform, home)).toBe(expected);
  });
});
