/** Where clients' files lie, in made-up homes of all three layouts. */
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { specOf } from '../../main/clients/clients.ts';
import { findCommand, isInstalled, locate } from '../../main/clients/system.ts';
import { CLIENTS } from '../../main/clients/table.ts';
import { change, type Home, makeHome } from './home.ts';

// Many small writes, each synced: a busy computer takes its time.
vi.setConfig({ testTimeout: 60_000 });

const homes: Home[] = [];
const home = (platform: NodeJS.Platform, env: Record<string, string> = {}): Home => {
  const made = makeHome(platform, env);
  homes.push(made);
  return made;
};
afterEach(() => {
  for (const made of homes.splice(0)) made.remove();
});
/** The file of a client, below the home. */
const at = (made: Home, id: string): string =>
  locate(specOf(id), made.system).file.slice(made.dir.length + 1);

const SUPPORT = 'Library/Application Support';

describe('the usual places', () => {
  it.each([
    [
      'claude-desktop',
      `${SUPPORT}/Claude/claude_desktop_config.json`,
      'AppData/Roaming/Claude/claude_desktop_config.json',
      '.config/Claude/claude_desktop_config.json',
    ],
    ['claude-code', '.claude.json', '.claude.json', '.claude.json'],
    ['cursor', '.cursor/mcp.json', '.cursor/mcp.json', '.cursor/mcp.json'],
    [
      'vscode',
      `${SUPPORT}/Code/User/mcp.json`,
      'AppData/Roaming/Code/User/mcp.json',
      '.config/Code/User/mcp.json',
    ],
    [
      'vscode-insiders',
      `${SUPPORT}/Code - Insiders/User/mcp.json`,
      'AppData/Roaming/Code - Insiders/User/mcp.json',
      '.config/Code - Insiders/User/mcp.json',
    ],
    [
      'devin',
      '.config/devin/mcp_config.json',
      'AppData/Roaming/devin/mcp_config.json',
      '.config/devin/mcp_config.json',
    ],
    [
      'windsurf',
      '.codeium/windsurf/mcp_config.json',
      '.codeium/windsurf/mcp_config.json',
      '.codeium/windsurf/mcp_config.json',
    ],
    ['zed', '.config/zed/settings.json', 'AppData/Roaming/Zed/settings.json', '.config/zed/settings.json'],
    ['codex', '.codex/config.toml', '.codex/config.toml', '.codex/config.toml'],
    ['gemini-cli', '.gemini/settings.json', '.gemini/settings.json', '.gemini/settings.json'],
    [
      'antigravity',
      '.gemini/antigravity/mcp_config.json',
      '.gemini/antigravity/mcp_config.json',
      '.gemini/antigravity/mcp_config.json',
    ],
    [
      'cline',
      '.cline/data/settings/cline_mcp_settings.json',
      '.cline/data/settings/cline_mcp_settings.json',
      '.cline/data/settings/cline_mcp_settings.json',
    ],
    ['copilot-cli', '.copilot/mcp-config.json', '.copilot/mcp-config.json', '.copilot/mcp-config.json'],
    [
      'goose',
      '.config/goose/config.yaml',
      'AppData/Roaming/Block/goose/config/config.yaml',
      '.config/goose/config.yaml',
    ],
    [
      'opencode',
      '.config/opencode/opencode.jsonc',
      '.config/opencode/opencode.jsonc',
      '.config/opencode/opencode.jsonc',
    ],
    ['lm-studio', '.lmstudio/mcp.json', '.lmstudio/mcp.json', '.lmstudio/mcp.json'],
    ['kiro', '.kiro/settings/mcp.json', '.kiro/settings/mcp.json', '.kiro/settings/mcp.json'],
    ['continue', '.continue/config.yaml', '.continue/config.yaml', '.continue/config.yaml'],
    ['amp', '.config/amp/settings.json', 'AppData/Roaming/amp/settings.json', '.config/amp/settings.json'],
    [
      'trae',
      `${SUPPORT}/Trae/User/mcp.json`,
      'AppData/Roaming/Trae/User/mcp.json',
      '.config/Trae/User/mcp.json',
    ],
    ['crush', '.config/crush/crush.json', 'AppData/Local/crush/crush.json', '.config/crush/crush.json'],
    ['junie', '.junie/mcp/mcp.json', '.junie/mcp/mcp.json', '.junie/mcp/mcp.json'],
    ['kimi', '.kimi/mcp.json', '.kimi/mcp.json', '.kimi/mcp.json'],
    ['kimi-code', '.kimi-code/mcp.json', '.kimi-code/mcp.json', '.kimi-code/mcp.json'],
    ['qwen-code', '.qwen/settings.json', '.qwen/settings.json', '.qwen/settings.json'],
    ['qoder-cli', '.qoder/settings.json', '.qoder/settings.json', '.qoder/settings.json'],
    ['auggie', '.augment/settings.json', '.augment/settings.json', '.augment/settings.json'],
    ['factory', '.factory/mcp.json', '.factory/mcp.json', '.factory/mcp.json'],
    ['qoder', '.qoder/mcp.json', 'AppData/Roaming/Qoder/SharedClientCache/mcp.json', '.qoder/mcp.json'],
  ])('%s', (id, mac, windows, linux) => {
    expect(at(home('darwin'), id)).toBe(mac);
    expect(at(home('win32'), id)).toBe(windows);
    expect(at(home('linux'), id)).toBe(linux);
  });

  it('every client of the table is tried here', () => expect(CLIENTS).toHaveLength(29));
});

describe('what moves a file', () => {
  it('variables, by the strongest; on Windows in any case', () => {
    const moved = home('linux');
    const located = (id: string, env: Record<string, string>, platform: NodeJS.Platform = 'linux'): string =>
      locate(specOf(id), { platform, home: moved.dir, env }).file;
    expect(located('claude-code', { CLAUDE_CONFIG_DIR: '/x' })).toBe('/x/.claude.json');
    expect(located('codex', { CODEX_HOME: '/x' })).toBe('/x/config.toml');
    expect(located('gemini-cli', { GEMINI_CLI_HOME: '/x' })).toBe('/x/.gemini/settings.json');
    expect(located('kimi-code', { KIMI_CODE_HOME: '/x' })).toBe('/x/mcp.json');
    expect(located('qwen-code', { QWEN_HOME: '/x' })).toBe('/x/settings.json');
    expect(located('qoder-cli', { QODER_CLI_HOME: '/a', QODER_CONFIG_DIR: '/b' })).toBe('/b/settings.json');
    expect(located('qoder-cli', { QODER_CLI_HOME: '/a' })).toBe('/a/.qoder/settings.json');
    expect(located('copilot-cli', { COPILOT_HOME: '/x' })).toBe('/x/mcp-config.json');
    expect(located('cline', { CLINE_DIR: '/a', CLINE_DATA_DIR: '/b' })).toBe(
      '/b/settings/cline_mcp_settings.json',
    );
    expect(located('cline', { CLINE_DIR: '/a', CLINE_MCP_SETTINGS_PATH: '/c.json' })).toBe('/c.json');
    expect(located('zed', { FLATPAK_XDG_CONFIG_HOME: '/f', XDG_CONFIG_HOME: '/g' })).toBe(
      '/f/zed/settings.json',
    );
    expect(located('goose', { XDG_CONFIG_HOME: '/g' })).toBe('/g/goose/config.yaml');
    expect(located('opencode', { XDG_CONFIG_HOME: '/g' })).toBe('/g/opencode/opencode.jsonc');
    expect(located('devin', { XDG_CONFIG_HOME: '/g' }, 'darwin')).toBe('/g/devin/mcp_config.json');
    // Zed does not follow it there; and a relative one counts nowhere.
    expect(located('zed', { XDG_CONFIG_HOME: '/g' }, 'darwin')).toBe(
      join(moved.dir, '.config/zed/settings.json'),
    );
    expect(located('goose', { XDG_CONFIG_HOME: 'g' })).toBe(join(moved.dir, '.config/goose/config.yaml'));
    expect(located('vscode', { appdata: '/roaming' }, 'win32')).toBe('/roaming/Code/User/mcp.json');
  });

  it('files that exist: the preferred ones win, profiles count besides', () => {
    const made = home('linux');
    made.write('.config/opencode/opencode.json', '{}');
    expect(at(made, 'opencode')).toBe('.config/opencode/opencode.json');
    made.write('.config/opencode/opencode.jsonc', '{}');
    expect(at(made, 'opencode')).toBe('.config/opencode/opencode.jsonc');
    const old = '.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json';
    made.write(old, '{}');
    expect(at(made, 'cline')).toBe(old);
    made.write('.cline/data/settings/cline_mcp_settings.json', '{}');
    expect(at(made, 'cline')).toBe('.cline/data/settings/cline_mcp_settings.json');
    const profile = made.write('.config/Code/User/profiles/-1a2b/mcp.json', '{}');
    expect(locate(specOf('vscode'), made.system).files).toContain(profile);
    made.write('.lmstudio-home-pointer', `${made.dir}/models\n`);
    expect(at(made, 'lm-studio')).toBe('models/mcp.json');
  });

  it('Claude Desktop as a packaged app: its private copy, the newest of several; never made by us', () => {
    const made = home('win32');
    mkdirSync(join(made.dir, 'AppData/Local/Packages/Claude_pzs8sxrjxfjjc'), { recursive: true });
    expect(at(made, 'claude-desktop')).toBe('AppData/Roaming/Claude/claude_desktop_config.json');
    const inside = 'LocalCache/Roaming/Claude/claude_desktop_config.json';
    const older = made.write(`AppData/Local/Packages/Claude_aaaa/${inside}`, '{}');
    utimesSync(older, 1, 1);
    made.write(`AppData/Local/Packages/Claude_pzs8sxrjxfjjc/${inside}`, '{}');
    made.write('AppData/Roaming/Claude/claude_desktop_config.json', '{}');
    expect(at(made, 'claude-desktop')).toBe(`AppData/Local/Packages/Claude_pzs8sxrjxfjjc/${inside}`);
    expect(locate(specOf('claude-desktop'), made.system).files).toHaveLength(3);
  });
});

describe('signs of a client', () => {
  it('an app, a program, or a folder of its own; not its file', () => {
    const made = home('linux', { PATH: '/nowhere' });
    const installed = (id: string): boolean => isInstalled(specOf(id), made.system);
    expect(CLIENTS.filter(({ id }) => installed(id)).map(({ id }) => id)).toEqual([]);
    made.write('.gemini/settings.json', '{}');
    expect(installed('gemini-cli')).toBe(false);
    const program = made.write('.nvm/versions/node/v22.1.0/bin/gemini', '#!/bin/sh\n');
    expect(installed('gemini-cli')).toBe(false);
    symlinkSync('/bin/sh', join(made.dir, '.nvm/versions/node/v22.1.0/bin/codex'));
    expect(installed('codex')).toBe(true);
    expect(findCommand('codex', made.system)).toContain(made.dir);
    expect(program).toContain('gemini');
    mkdirSync(join(made.dir, '.kiro'));
    expect(installed('kiro')).toBe(true);
    const windows = home('win32');
    mkdirSync(join(windows.dir, 'AppData/Local/Packages/Claude_pzs8sxrjxfjjc'), { recursive: true });
    expect(isInstalled(specOf('claude-desktop'), windows.system)).toBe(true);
  });
});

it.each(['darwin', 'win32'] as const)(
  'all clients connect and disconnect on %s, from nothing',
  async (platform) => {
    const made = home(platform);
    const clients = await made.open();
    for (const { id } of CLIENTS) {
      expect(await change(clients, 'connect', id), id).toBe(true);
      expect(await change(clients, 'disconnect', id), id).toBe(true);
    }
    const list = await clients.list(true);
    expect(list.filter(({ state }) => state !== 'not-installed' && state !== 'not-connected')).toEqual([]);
    await clients.close();
  },
);
