/** The settings files of clients given to the built app with --config, in front of a real server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeEntry, rawServer, startGateway, untilReady } from '../host/gateway.ts';

let dir: string;
let close: () => Promise<unknown> = async () => undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gh-files-'));
});
afterEach(async () => {
  await close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the settings of every client run as they are', () => {
  const { command, args } = nodeEntry(rawServer);
  const [first = ''] = args;
  /** The raw server in the words of each, with the variable WHO where the words have a place for one. */
  const files: Readonly<Record<string, { readonly text: object | string; readonly file?: string }>> = {
    'Claude Desktop': { text: { mcpServers: { raw: { command, args, env: { WHO: 'it-is-me' } } } } },
    'Claude Code': {
      text: { projects: {}, mcpServers: { raw: { type: 'stdio', command, args, env: { WHO: 'it-is-me' } } } },
    },
    Cursor: {
      text: {
        mcpServers: { raw: { command, args: ['${env:RAW_SCRIPT}'], env: { WHO: '${env:WHO_IT_IS}' } } },
      },
    },
    'Gemini CLI': {
      text: { theme: 'x', mcpServers: { raw: { command, args, env: { WHO: '$WHO_IT_IS' }, trust: true } } },
    },
    'VS Code': {
      text: `{
        // asked once
        "inputs": [],
        "servers": { "raw": { "type": "stdio", "command": ${JSON.stringify(command)}, "args": ["\${env:RAW_SCRIPT}"], "env": { "WHO": "it-is-me" }, }, },
      }`,
    },
    Zed: { text: { theme: 'One', context_servers: { raw: { command, args, env: { WHO: 'it-is-me' } } } } },
    'Zed, before 2025': {
      text: { context_servers: { raw: { command: { path: command, args, env: { WHO: 'it-is-me' } } } } },
    },
    OpenCode: {
      text: {
        mcp: {
          raw: {
            type: 'local',
            command: [command, ...args],
            environment: { WHO: 'it-is-me' },
            enabled: true,
          },
        },
      },
    },
    'MCP Router': {
      text: {
        mcpServers: {
          raw: {
            serverType: 'local',
            command,
            args: ['{script}'],
            env: { WHO: '{who}' },
            inputParams: { script: { default: first }, who: { default: 'it-is-me' } },
          },
        },
      },
    },
    Codex: {
      file: 'config.toml',
      text: `[mcp_servers.raw]\ncommand = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}\n[mcp_servers.raw.env]\nWHO = "it-is-me"\n`,
    },
    Goose: {
      file: 'config.yaml',
      text: `extensions:\n  raw:\n    type: stdio\n    cmd: ${JSON.stringify(command)}\n    args: ${JSON.stringify(args)}\n    envs: { WHO: it-is-me }\n`,
    },
    'Docker, a profile': {
      file: 'dev.yaml',
      text: 'version: 1\nid: dev\nname: Dev\nservers:\n  - type: image\n    image: mcp/raw\n    config: { who: it-is-me }\n    snapshot:\n      server:\n        name: raw\n        type: server\n        image: mcp/raw\n        env: [{ name: WHO, value: "{{raw.who}}" }]\n',
    },
    Continue: {
      file: 'raw.yaml',
      text: `name: mine\nversion: 0.0.1\nmcpServers:\n  - name: raw\n    command: ${JSON.stringify(command)}\n    args: ${JSON.stringify(args)}\n    env: { WHO: it-is-me }\n`,
    },
  };

  /** Does what `docker run` does for a server: the image's program gets what `-e` names, and nothing else. */
  const docker = `#!${command}
const args = process.argv.slice(2);
if (args[0] !== 'run' || !args.includes('-i') || !args.includes('mcp/raw')) throw new Error(args.join(' '));
const env = Object.fromEntries(args.flatMap((arg, i) => (args[i - 1] === '-e' ? [[arg, process.env[arg]]] : [])));
require('node:child_process').spawn(process.execPath, ${JSON.stringify(args)}, { env, stdio: 'inherit' });
`;

  it.each(Object.keys(files))('%s', async (title) => {
    const { text = '', file = 'x.json' } = files[title] ?? {};
    const path = join(dir, file);
    writeFileSync(join(dir, 'docker'), docker, { mode: 0o755 });
    writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text, null, 2));
    const gateway = await startGateway({
      auth: 'none',
      args: ['--config', path],
      env: {
        ...{ WHO_IT_IS: 'it-is-me', RAW_SCRIPT: first },
        PATH: [dir, process.env.PATH ?? ''].join(delimiter),
      },
    });
    close = gateway.close;
    await untilReady(gateway.base);
    const client = new Client({ name: 't', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.base}/raw/mcp`)));
    const { content } = await client.callTool({ name: 'env', arguments: { name: 'WHO' } });
    await client.close();
    expect((content[0] as { text: string }).text).toContain('"WHO":"it-is-me"');
  });
});
