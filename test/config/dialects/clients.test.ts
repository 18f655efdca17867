/** Files of clients, given as the configuration. */
import { describe, expect, it } from 'vitest';
import { reading, said, server } from './help.ts';

describe('clients', () => {
  it('Cursor, Windsurf, Cline, Gemini, Copilot and their like, in one file', () => {
    const read = reading(
      {
        mcpServers: {
          'My Server': {
            command: 'npx',
            args: ['${HOME_DIR}', '${NOT_SET:-def}', '${userHome}/x', 'a${b'],
            autoApprove: ['x'],
          },
          gemini: {
            httpUrl: 'https://h.example/mcp',
            headers: { A: 'b' },
            timeout: 30_000,
            includeTools: ['a'],
            excludeTools: ['b'],
            trust: true,
          },
          windsurf: { serverUrl: 'https://h.example/mcp' },
          cline: { type: 'streamableHttp', url: 'https://h.example/mcp', disabled: true, timeout: 60 },
          copilot: { type: 'local', command: 'x', tools: ['*'] },
          login: { url: 'https://u:p%40@h.example/mcp' },
        },
      },
      { env: { HOME_DIR: '/h' } },
    );
    expect(read.dialect?.id).toBe('clients');
    expect(server(read, 'My-Server').transport).toMatchObject({
      args: ['${env:HOME_DIR}', 'def', '${env:HOME}/x', 'a$${b'],
    });
    expect(server(read, 'gemini')).toMatchObject({
      transport: { kind: 'http' },
      callTimeoutMs: 30_000,
      tools: { allow: ['a'], block: ['b'] },
    });
    expect(server(read, 'windsurf').transport.kind).toBe('auto');
    expect(server(read, 'cline')).toMatchObject({ enabled: false, transport: { kind: 'http' } });
    expect(server(read, 'copilot').tools.allow).toBeNull();
    expect(server(read, 'login').transport).toMatchObject({
      url: 'https://h.example/mcp',
      headers: { Authorization: `Basic ${Buffer.from('u:p@').toString('base64')}` },
    });
  });

  it.each([
    ['a name that is none here', { 'Framelink Figma MCP': { command: 'npx', args: ['-y', 'figma'] } }],
    ['numbers and switches for text', { a: { command: 'x', args: ['--port', 80], env: { DEBUG: true } } }],
  ])('a plain file with %s', (_what, mcpServers) => {
    const read = reading({ mcpServers });
    expect(read.dialect?.id).toBe('clients');
    expect(read.config.servers).toHaveLength(1);
    expect(read.report.some(({ kind }) => kind === 'changed')).toBe(true);
    // With anything of ours in it, it is ours, and a mistake.
    const ours = Object.fromEntries(
      Object.entries(mcpServers).map(([name, entry]) => [name, { ...entry, start: 'on-demand' }]),
    );
    expect(() => reading({ mcpServers: ours })).toThrow();
    expect(() => reading({ listen: '127.0.0.1:1', mcpServers })).toThrow();
  });

  it("a client's other settings are left to it", () => {
    const read = reading({ globalShortcut: '', mcpServers: { a: { command: 'x' } }, preferences: { b: 1 } });
    expect(read.config.servers).toHaveLength(1);
    expect(said(read, 'preferences')?.kind).toBe('dropped');
  });

  it('VS Code, with questions', () => {
    const read = reading({
      inputs: [{ type: 'promptString', id: 'api key', password: true }],
      servers: {
        a: { type: 'stdio', command: 'x', env: { K: '${input:api key}' } },
        b: { type: 'http', url: 'https://h.example/mcp' },
      },
    });
    expect(read.dialect?.id).toBe('vscode');
    expect(server(read, 'a').transport).toMatchObject({ env: { K: '${keyring:api-key}' } });
    expect(server(read, 'b').transport.kind).toBe('http');
  });

  it('Zed and OpenCode', () => {
    const zed = reading({
      theme: 'One',
      context_servers: {
        a: { source: 'custom', command: 'x', args: ['y'], env: {} },
        b: { command: { path: 'p', args: ['q'] } },
        c: { settings: {} },
      },
    });
    expect(zed.config.servers.map(({ name, transport }) => [name, transport])).toMatchObject([
      ['a', { command: 'x' }],
      ['b', { command: 'p', args: ['q'] }],
    ]);
    const open = reading({
      mcp: {
        a: { type: 'local', command: ['npx', '-y', 'z'], environment: { A: 'b' }, enabled: false },
        b: { type: 'remote', url: 'https://h.example/mcp' },
      },
    });
    expect(open.dialect?.id).toBe('opencode');
    expect(server(open, 'a')).toMatchObject({
      enabled: false,
      transport: { command: 'npx', args: ['-y', 'z'], env: { A: 'b' } },
    });
  });

  it('Codex, in TOML', () => {
    const text = `model = "o9"\n\n[mcp_servers.docs]\nurl = "https://h.example/mcp"\nbearer_token_env_var = "DOCS"\nhttp_headers = { "X-A" = "1" }\ntool_timeout_sec = 45\nenabled_tools = ["a"]\n\n[mcp_servers.files]\ncommand = "npx"\nargs = ["-y", "files"]\nenabled = false\nstartup_timeout_sec = 20\n[mcp_servers.files.env]\nA = "b"\nN = 1\n`;
    const read = reading(text, { file: '/home/a/.codex/config.toml' });
    expect(read.dialect?.id).toBe('codex');
    expect(server(read, 'docs')).toMatchObject({
      transport: { kind: 'http', headers: { Authorization: 'Bearer ${env:DOCS}', 'X-A': '1' } },
      callTimeoutMs: 45_000,
      tools: { allow: ['a'] },
    });
    expect(server(read, 'files')).toMatchObject({
      enabled: false,
      startTimeoutMs: 20_000,
      transport: { env: { A: 'b', N: '1' } },
    });
    expect(said(read, 'model')).toMatchObject({ kind: 'dropped', line: 1 });
    expect(said(read, 'mcp_servers.files.env.N')).toMatchObject({ kind: 'changed', line: 17 });
  });

  it('a list of tables in TOML, each part in its place', () => {
    const text = `[[mcp_servers]]\nname = "a"\ncommand = "x"\n\n[[mcp_servers]]\nname = "b"\nurl = "https://h.example"\nodd = 9007199254740993\n[mcp_servers.http_headers]\nN = 1\n`;
    const read = reading(text, { file: '/v/config.toml' });
    expect(read.config.servers.map(({ name }) => name)).toEqual(['a', 'b']);
    const rare = reading(`[mcp_servers.a]\ncommand = "x"\n"\\U0001F600" = 1\n`, { file: '/v/config.toml' });
    expect(rare.config.servers).toHaveLength(1);
    expect(said(read, 'mcp_servers[0].command')).toMatchObject({ line: 3, column: 1 });
    expect(said(read, 'mcp_servers[1].odd')).toMatchObject({ kind: 'dropped', line: 8 });
    expect(said(read, 'mcp_servers[1].http_headers.N')).toMatchObject({ kind: 'changed', line: 10 });
  });

  it('Goose and Continue, in YAML', () => {
    const text =
      'GOOSE_MODEL: x\nextensions:\n  dev: { type: builtin, enabled: true }\n  gh:\n    type: stdio\n    cmd: npx\n    args: [-y, gh]\n    envs: { A: b }\n    env_keys: [TOKEN]\n    timeout: 300\n    enabled: true\n  web:\n    type: streamable_http\n    uri: https://h.example/mcp\n';
    const read = reading(text, { file: '/c/goose/config.yaml' });
    expect(read.dialect?.id).toBe('goose');
    expect(server(read, 'gh')).toMatchObject({
      callTimeoutMs: 300_000,
      transport: { command: 'npx', env: { A: 'b', TOKEN: '${keyring:TOKEN}' } },
    });
    expect(server(read, 'web').transport).toMatchObject({ kind: 'http', url: 'https://h.example/mcp' });
    expect(said(read, 'extensions.dev')).toMatchObject({ fault: true, line: 3 });
    const continued = reading('name: c\nmcpServers:\n  - name: a b\n    command: x\n', {
      file: '/c/config.yaml',
    });
    expect(continued.config.servers.map(({ name }) => name)).toEqual(['a-b']);
  });

  it('MCP Router and Docker', () => {
    const router = reading({
      servers: [
        {
          id: '1',
          name: 'a',
          serverType: 'local',
          command: 'x',
          args: ['{KEY}'],
          env: { K: '{KEY}' },
          inputParams: { KEY: { default: 'v' } },
          disabled: true,
          toolPermissions: { t: false, u: true },
        },
        {
          id: '2',
          name: 'b',
          serverType: 'remote-streamable',
          remoteUrl: 'https://h.example/mcp',
          bearerToken: 't',
          autoStart: true,
        },
      ],
    });
    expect(router.dialect?.id).toBe('mcp-router');
    expect(server(router, 'a')).toMatchObject({
      enabled: false,
      tools: { block: ['t'] },
      transport: { args: ['v'], env: { K: 'v' } },
    });
    expect(server(router, 'b').transport).toMatchObject({
      kind: 'http',
      headers: { Authorization: 'Bearer t' },
    });
    const profile = reading(
      'version: 1\nid: dev\nname: Dev\nservers:\n  - type: image\n    image: mcp/db@sha256:ab\n    config: { host: h1 }\n    tools: [query]\n    secrets: default\n    snapshot:\n      server:\n        name: db\n        type: server\n        image: mcp/db@sha256:ab\n        env: [{ name: HOST, value: "{{db.host}}" }]\n        secrets: [{ name: db.key, env: KEY }]\n        command: [--stdio]\n',
      { file: '/x/dev.yaml' },
    );
    expect(profile.dialect?.id).toBe('docker');
    const db = server(profile, 'db');
    expect(db.transport).toMatchObject({ command: 'docker', env: { HOST: 'h1', KEY: '${keyring:db.key}' } });
    expect(db.transport.kind === 'stdio' && db.transport.args.slice(-6)).toEqual([
      '-e',
      'HOST',
      '-e',
      'KEY',
      'mcp/db@sha256:ab',
      '--stdio',
    ]);
    expect(db.tools.allow).toEqual(['query']);
  });
});
