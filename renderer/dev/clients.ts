/** Clients of the made-up worlds: one in each state. Plain data. */
import type { ClientTokenView } from '../../preload/views/client-tokens.ts';
import type { ClientChange, ClientPreview, ClientView } from '../../preload/views/clients.ts';
import type { ImportSource, ImportView, Replaceable } from '../../preload/views/import.ts';

function client(id: string, label: string, file: string, part: Partial<ClientView> = {}): ClientView {
  return {
    id,
    label,
    state: 'not-connected',
    installed: true,
    present: false,
    file,
    files: [file],
    chosen: false,
    via: 'http',
    takesAddress: true,
    outdated: false,
    here: false,
    lastSeen: null,
    calls: null,
    reload: 'automatic',
    canUndo: false,
    hasLink: false,
    hasBundle: false,
    repaired: 0,
    problem: null,
    ...part,
  };
}

const ago = (minutes: number): number => Date.now() - minutes * 60_000;
const absent = { state: 'not-installed', installed: false } as const;

export const clientViews: readonly ClientView[] = [
  client('claude-code', 'Claude Code', '/home/u/.claude.json', {
    state: 'connected',
    present: true,
    here: true,
    lastSeen: ago(0.2),
    calls: { name: 'claude-code', version: '2.1.60' },
    canUndo: true,
    reload: 'new-session',
  }),
  client('claude-desktop', 'Claude Desktop', '/home/u/.config/Claude/claude_desktop_config.json', {
    via: 'bridge',
    takesAddress: false,
    reload: 'restart',
    hasBundle: true,
  }),
  client('codex', 'Codex', '/home/u/.codex/config.toml', { state: 'gone', lastSeen: ago(900) }),
  client('cursor', 'Cursor', '/home/u/.cursor/mcp.json', {
    state: 'connected',
    present: true,
    lastSeen: ago(1),
    hasLink: true,
  }),
  client('gemini', 'Gemini CLI', '/home/u/.gemini/settings.json', {
    problem: {
      code: 'clients.syntax',
      message: 'This is not valid JSON at line 4.',
      remedy: 'Mend the file; nothing was changed.',
    },
  }),
  client('vscode', 'VS Code', '/home/u/.config/Code/User/mcp.json', {
    state: 'waiting',
    present: true,
    files: ['/home/u/.config/Code/User/mcp.json', '/home/u/.config/Code/User/profiles/ab12/mcp.json'],
  }),
  client('zed', 'Zed', '/home/u/.config/zed/settings.json', {
    state: 'connected',
    present: true,
    outdated: true,
  }),
  client('amp', 'Amp', '/home/u/.config/amp/settings.json', absent),
  client('goose', 'Goose', '/home/u/.config/goose/config.yaml', absent),
];

export const clientTokens: readonly ClientTokenView[] = [
  {
    name: 'cursor',
    servers: null,
    profile: null,
    permission: 'destructive',
    expiresAt: null,
    createdAt: ago(5000),
    rotatedAt: null,
    lastSeen: ago(1),
    revokedAt: null,
    signedIn: null,
  },
];

const from = (source: string, label: string, file: string, name: string): ImportSource => ({
  source,
  label,
  file,
  name,
});
const inCursor = from('cursor', 'Cursor', '/home/u/.cursor/mcp.json', 'github');

/** What the clients have already. */
export const importable: ImportView = {
  servers: [
    {
      name: 'github',
      digest: 'a',
      from: [inCursor, from('claude-desktop', 'Claude Desktop', '/home/u/.config/Claude/x.json', 'github')],
      kind: 'program',
      what: 'npx',
      keys: ['GITHUB_TOKEN'],
      enabled: true,
    },
    {
      name: 'linear',
      digest: 'b',
      from: [from('cursor', 'Cursor', '/home/u/.cursor/mcp.json', 'linear')],
      kind: 'address',
      what: 'mcp.linear.app',
      keys: [],
      enabled: false,
    },
  ],
  problems: [
    {
      label: 'Gemini CLI',
      file: '/home/u/.gemini/settings.json',
      problem: {
        code: 'clients.syntax',
        message: 'This is not valid JSON at line 4.',
        remedy: 'Mend the file.',
      },
    },
  ],
};
export const replaceable: readonly Replaceable[] = [
  { client: 'cursor', label: 'Cursor', file: '/home/u/.cursor/mcp.json', names: ['github', 'linear'] },
];

export function clientPreview({ action, client: id, via, file }: ClientChange): ClientPreview {
  const one = clientViews.find((view) => view.id === id);
  const path = file ?? one?.file ?? '';
  const way = via ?? one?.via ?? 'bridge';
  const kind: 'added' | 'removed' = action === 'connect' ? 'added' : 'removed';
  const entry =
    way === 'bridge'
      ? ['"command": "/usr/bin/gatehouse",', `"args": ["--stdio", "--client", "${id}"]`]
      : ['"url": "http://127.0.0.1:4180/mcp",', '"headers": { "Authorization": "Bearer ***" }'];
  return {
    client: id,
    action,
    file: path,
    realFile: path,
    exists: true,
    hash: 'x',
    changes: true,
    removesFile: false,
    diff: [
      { kind: 'same', line: 1, text: '{' },
      { kind: 'same', line: 2, text: '  "mcpServers": {' },
      { kind, line: 3, text: '    "gatehouse": {' },
      ...entry.map((text, index) => ({ kind, line: 4 + index, text: `      ${text}` })),
      { kind, line: 6, text: '    },' },
      { kind: 'same', line: 7, text: '    "filesystem": {' },
      { kind: 'skipped', count: 18 },
    ],
    via: way,
    holdsToken: way === 'http',
    reload: one?.reload ?? 'automatic',
    link: null,
    running: id === 'claude-desktop' ? true : null,
  };
}
