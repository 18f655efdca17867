import { expect, it } from 'vitest';
import { clientSnippet, shownConfig } from '../../main/config/export.ts';
import { parseConfig } from '../../main/config/read.ts';

const config = parseConfig(
  JSON.stringify({
    listen: '0.0.0.0:9090',
    basePath: '/gate',
    auth: { token: 'planted-1', tokens: ['planted-2', '${keyring:x}'] },
    mcpServers: {
      a: {
        command: 'x',
        env: { K: 'planted-3', R: 'Bearer ${env:R}' },
        authTokens: ['planted-4'],
        route: 'x/planted-7',
      },
      open: { url: 'https://h.example/mcp?key=planted-5', headers: { A: 'planted-6' }, authTokens: [] },
      keyed: { command: 'x', authTokens: ['${keyring:k}'] },
      off: { command: 'x', enabled: false },
    },
  }),
  '/c.json',
);

it('shows everything in force and hides what may be secret; references stay', () => {
  const text = JSON.stringify(shownConfig(config));
  expect(text).not.toContain('planted');
  for (const part of ['${env:R}', '${keyring:x}', '"callTimeoutMs":120000', '/gate', 'https://h.example/mcp'])
    expect(text).toContain(part);
});

it('gives clients one entry for all, or one for each server, with the token where it is known', () => {
  const all = clientSnippet(config, { base: null, each: false });
  expect(JSON.parse(all.text)).toEqual({
    mcpServers: {
      gatehouse: {
        type: 'http',
        url: 'http://127.0.0.1:9090/gate/mcp',
        headers: { Authorization: 'Bearer planted-1' },
      },
    },
  });
  const each = clientSnippet(config, { base: 'https://mcp.example.com/', each: true });
  expect(JSON.parse(each.text)).toEqual({
    mcpServers: {
      a: {
        type: 'http',
        url: 'https://mcp.example.com/a/mcp',
        headers: { Authorization: 'Bearer planted-4' },
      },
      open: { type: 'http', url: 'https://mcp.example.com/open/mcp' },
      keyed: { type: 'http', url: 'https://mcp.example.com/keyed/mcp' },
    },
  });
  expect(each.missing).toEqual(['keyed']);
});
