/** How a server is kept running, and the keys of those at an address: what the file says, and what it must not. */
import { expect, it } from 'vitest';
import { parseConfig } from '../../main/config/read.ts';

const server = (entry: object): ReturnType<typeof parseConfig>['servers'][number] | undefined =>
  parseConfig(JSON.stringify({ mcpServers: { one: entry } }), '/data/config.json').servers[0];

it('what is written is meant', () => {
  const upkeep = {
    ...{ start: 'on-demand', startTimeoutMs: 7, callTimeoutMs: 5, toolTimeoutsMs: { slow: 9 } },
    ...{ maxConcurrentCalls: 2, maxQueuedCalls: 0, maxResultBytes: 1024 },
  };
  expect(server({ command: 'x', ...upkeep })).toMatchObject(upkeep);
});

it('minutes and seconds become milliseconds', () => {
  expect(server({ command: 'x', idleStop: 0.5, healthCheckSeconds: 0 })).toMatchObject({
    ...{ idleStopMs: 30_000, healthCheckMs: 0 },
  });
});

it('keys in short form are headers; whose certificates are accepted', () => {
  const keys = { bearerToken: '${keyring:a}', apiKey: 'k' };
  const tls = { verify: false, caFile: 'ca.pem' };
  expect(server({ url: 'https://h/mcp', ...keys, tls })?.transport).toMatchObject({
    ...{ kind: 'auto', url: 'https://h/mcp', tls: { verify: false, caFile: '/data/ca.pem' } },
    headers: { Authorization: 'Bearer ${keyring:a}', 'X-Api-Key': 'k' },
  });
  expect(server({ url: 'https://h/mcp' })?.transport).toMatchObject({ tls: { verify: true, caFile: null } });
});

it.each([
  [{ command: 'x', idleStop: 0 }, 'idleStop'],
  [{ command: 'x', toolTimeoutsMs: { a: 0 } }, 'toolTimeoutsMs.a'],
  [{ command: 'x', maxQueuedCalls: 3 }, 'maxQueuedCalls'],
  [{ command: 'x', maxResultBytes: 5 }, 'maxResultBytes'],
  [{ command: 'x', start: 'later' }, 'start'],
  [{ command: 'x', tls: { verify: false } }, 'tls'],
  [{ command: 'x', apiKey: 'k' }, 'apiKey'],
  [{ url: 'https://h', apiKey: 'k', headers: { 'x-api-key': 'other' } }, 'apiKey'],
  [{ url: 'https://h', bearerToken: 'a\nb' }, 'bearerToken'],
])('%o is refused at %s', (entry, key) => {
  expect(() => server(entry)).toThrow(
    expect.objectContaining({ code: 'config.invalid_value', key: `mcpServers.one.${key}` }),
  );
});
