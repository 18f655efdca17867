/** Settings files as clients and their users really write them, by client, and the ways in which any file may be written. */

const json = (value: unknown, indent: number | string = 2): string =>
  `${JSON.stringify(value, null, indent)}\n`;
const FILES = { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/home/ada/notes'] };
const DOCS = {
  type: 'http',
  url: 'https://docs.example.com/mcp',
  headers: { 'X-Api-Key': 'example-of-a-key' },
};

/** One file of each client. */
export const FILES_BY_CLIENT: Readonly<Record<string, string>> = {
  'claude-desktop': json({
    globalShortcut: '',
    mcpServers: { filesystem: FILES },
    scale: 0,
    isUsingBuiltInNodeForMcp: true,
  }),
  'claude-code': json({
    numStartups: 214,
    installMethod: 'native',
    userID: '5f0c1c9b',
    projects: {
      '/home/ada/site': {
        allowedTools: [],
        history: [{ display: 'fix the "menu" \u2026' }],
        mcpServers: { docs: DOCS },
      },
    },
    mcpServers: { docs: DOCS },
    bigNumber: 0,
  }).replace('"bigNumber": 0', '"bigNumber": 12345678901234567890'),
  cursor: json({ mcpServers: { files: FILES, docs: { url: 'https://docs.example.com/mcp' } } }, '\t'),
  vscode: `{
\t// shared with the team
\t"inputs": [
\t\t{ "type": "promptString", "id": "key", "description": "Key", "password": true },
\t],
\t"servers": {
\t\t"files": {
\t\t\t"type": "stdio",
\t\t\t"command": "npx", // from npm
\t\t\t"args": ["-y", "@modelcontextprotocol/server-filesystem", "\${workspaceFolder}"],
\t\t},
\t},
}
`,
  'vscode-insiders': '{"servers":{}}',
  devin: json({ mcpServers: {} }),
  windsurf: json({
    mcpServers: { docs: { serverUrl: 'https://docs.example.com/mcp', disabledTools: ['write'] } },
  }),
  zed: `// Zed settings
//
// For information on how to configure Zed, see the documentation.
{
  "theme": { "mode": "system", "light": "One Light", "dark": "One Dark" },
  "context_servers": {
    // my notes
    "files": { "command": "npx", "args": ["-y", "x"], "env": {} }
  },
  /* languages */
  "languages": { "Rust": { "tab_size": 4 } },
}
`,
  codex: `model = "gpt-5"
approval_policy = "on-request"

# tools
[mcp_servers.files]
command = "npx"
args = ["-y", "@modelcontextprotocol/server-filesystem", "/home/ada/notes"]

[mcp_servers.files.env]
"DEBUG" = '*'

[projects."/home/ada/site"]
trust_level = "trusted"
`,
  'gemini-cli': json({
    security: { auth: { selectedType: 'oauth-personal' } },
    mcpServers: { docs: { httpUrl: 'https://docs.example.com/mcp', trust: false } },
    ui: { theme: 'GitHub' },
  }),
  antigravity: '',
  cline: json({
    mcpServers: { files: { ...FILES, disabled: true, autoApprove: ['read_file'], timeout: 60 } },
  }),
  'copilot-cli': json({ mcpServers: { files: { ...FILES, type: 'local', tools: ['*'] } } }),
  goose: `GOOSE_PROVIDER: anthropic
GOOSE_MODEL: claude-sonnet
extensions:
  # comes with goose
  developer:
    bundled: true
    enabled: true
    name: developer
    timeout: 300
    type: builtin
  files:
    args:
    - -y
    - '@modelcontextprotocol/server-filesystem'
    cmd: npx
    enabled: false
    envs: {}
    name: files
    type: stdio
GOOSE_MODE: smart_approve
`,
  opencode: `{
  "$schema": "https://opencode.ai/config.json",
  "mcp": {
    "files": { "type": "local", "command": ["npx", "-y", "x"], "enabled": true }, // notes
  },
  "model": "anthropic/claude-sonnet"
}
`,
  'lm-studio': json({ mcpServers: { files: FILES } }),
  kiro: json(
    { mcpServers: { files: { ...FILES, env: { LOG: 'error' }, disabled: false, autoApprove: [] } } },
    4,
  ),
  continue: `name: Local Assistant
version: 1.0.0
schema: v1
models:
  - name: Claude
    provider: anthropic
    apiKey: example-of-a-key
mcpServers:
  - name: Files
    command: npx
    args:
      - -y
      - x
context:
  - provider: code
`,
  amp: json({ 'amp.notifications.enabled': true, 'amp.mcpServers': { files: FILES }, 'amp.tools': [] }),
  trae: json({ mcpServers: { files: FILES } }),
  crush: json({
    $schema: 'https://charm.land/crush.json',
    lsp: { go: { command: 'gopls' } },
    mcp: { files: { type: 'stdio', ...FILES } },
  }),
  junie: json({ mcpServers: { files: FILES } }, '\t'),
  kimi: json({ mcpServers: {} }),
  'kimi-code': json({ mcpServers: { docs: { url: DOCS.url, headers: DOCS.headers, enabled: false } } }),
  'qwen-code': json({
    security: { auth: { selectedType: 'openai' } },
    mcpServers: { docs: { httpUrl: DOCS.url, trust: false } },
    $version: 4,
  }),
  // The CLI writes it without a last line break.
  'qoder-cli': json({ permissions: { allow: [] }, mcpServers: { docs: DOCS } }).trimEnd(),
  auggie: json({ indexingAllowDirs: ['/home/ada/site'], mcpServers: { docs: DOCS } }),
  factory: json({ mcpServers: { docs: { ...DOCS, disabled: false } } }),
  qoder: json({ mcpServers: { files: FILES } }),
};

/** The same file as other people would have written it; null when the format has no such way. */
export const VARIANTS: Readonly<
  Record<string, (text: string, format: 'json' | 'toml' | 'yaml') => string | null>
> = {
  asIs: (text) => text,
  crlf: (text) => text.replaceAll('\n', '\r\n'),
  bom: (text) => `\ufeff${text}`,
  bomAndCrlf: (text) => `\ufeff${text.replaceAll('\n', '\r\n')}`,
  noLastBreak: (text) => text.replace(/\n$/, ''),
  blankLines: (text) => `${text}\n\n`,
  foreignLetters: (text, format) =>
    `${format === 'json' ? '//' : '#'} Ünïcödé 日本語 \u{1f600} \u202e\n${text}`,
  minified: (text, format) => (format === 'json' ? JSON.stringify(withoutComments(text)) : null),
  tabs: (text, format) => (format === 'json' ? json(withoutComments(text), '\t') : null),
  empty: () => '',
  commentOnly: (_text, format) => (format === 'json' ? '// nothing yet\n' : '# nothing yet\n'),
};

/** Reads it as JSON with comments, which only some are. */
function withoutComments(text: string): unknown {
  const plain = text
    .replace(/^\s*\/\/.*$|(?<=[\s,])\/\/ .*$|\/\*.*?\*\//gm, '')
    .replace(/,(\s*[}\]])/g, '$1');
  return plain.trim() === '' ? {} : JSON.parse(plain);
}
