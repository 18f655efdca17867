import { describe, expect, it } from 'vitest';
import { parseListen } from '../main/args.ts';
import { programName } from '../main/describe.ts';
import type { ListedItem } from '../main/protocol/listing.ts';
import { readItem } from '../main/protocol/listing.ts';
import { toolView } from '../main/tools.ts';

describe('programName', () => {
  it.each([
    ['npx', ['-y', '@modelcontextprotocol/server-memory@2026.8.31'], 'server-memory 2026.8.31'],
    ['npx', ['--yes', '@playwright/mcp@latest'], '@playwright/mcp latest'],
    ['/usr/bin/npx', ['some-mcp'], 'some-mcp'],
    ['uvx', ['mcp-server-git'], 'mcp-server-git'],
    ['node', ['/x/node_modules/@modelcontextprotocol/server-everything/dist/index.js'], 'server-everything'],
    ['node', ['/x/node_modules/plain/cli.js', '--flag'], 'plain'],
    ['node', ['/home/me/server-x/dist/index.js'], 'server-x'],
    ['python3', ['/home/me/tickets.py'], 'tickets'],
    ['docker', ['run', '--rm', 'ghcr.io/a/b'], 'ghcr.io/a/b'],
    ['/opt/bin/my-server.exe', [], 'my-server'],
    ['npx', [], 'npx'],
  ])('%s %j is shown as %s', (command, args, expected) => {
    expect(programName(command, args)).toBe(expected);
  });
});

describe('toolView', () => {
  const item = (annotations: string): ListedItem =>
    readItem('tools', Buffer.from(`{"name":"t","annotations":${annotations}}`)) as ListedItem;

  it.each([
    ['{"readOnlyHint":true}', 'reads'],
    ['{"readOnlyHint":true,"destructiveHint":true}', 'reads'],
    ['{"destructiveHint":true}', 'deletes'],
    ['{"readOnlyHint":false}', 'changes'],
    ['{"destructiveHint":false}', 'changes'],
    ['{}', 'unknown'],
    ['null', 'unknown'],
    ['{"readOnlyHint":"true"}', 'unknown'],
  ])('annotations %s are shown as %s', (annotations, effect) => {
    const standing = { enabled: true, approval: 'approved', offered: true } as const;
    expect(toolView(item(annotations), 's__t', standing).effect).toBe(effect);
  });
});

describe('parseListen', () => {
  it.each([
    ['127.0.0.1:4180', '127.0.0.1', 4180],
    ['[::1]:0', '::1', 0],
    ['localhost:80', 'localhost', 80],
    [':5000', '127.0.0.1', 5000],
    ['5000', '127.0.0.1', 5000],
  ])('%s', (text, host, port) => {
    expect(parseListen(text)).toEqual({ host, port });
  });

  it.each(['', 'host', '1.2.3.4:70000', '1.2.3.4:-1', '::1:80', 'a:b', 'http://x:1'])(
    '%j is refused',
    (text) => {
      expect(() => parseListen(text)).toThrow(expect.objectContaining({ code: 'args.invalid' }) as Error);
    },
  );
});
