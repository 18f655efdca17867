/** Editing the file while the built app runs: only what changed is restarted, and what cannot follow is told. */
import { afterEach, expect, it } from 'vitest';
import {
  type GatewayProcess,
  nodeEntry,
  rawServer,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';

let gateway: GatewayProcess;
afterEach(() => gateway.close());

/** The process that answers for a server now. */
async function pidOf(name: string): Promise<string> {
  const client = await rawClient(`${gateway.base}/servers/${name}/mcp`, gateway.token);
  const { text } = await client.post(
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"pid","arguments":{}}}',
  );
  return /"text":"(\d+)"/.exec(text)?.[1] ?? '';
}

const config = (who: string, more: object = {}) => ({
  ...more,
  mcpServers: {
    a: { ...nodeEntry(rawServer), env: { WHO: who } },
    b: nodeEntry(rawServer),
    c: nodeEntry(rawServer),
  },
});

it("changing one server's environment restarts that server alone; listen, limits and basePath are said to wait", async () => {
  gateway = await startGateway({ config: config('one') });
  await untilReady(gateway.base);
  const before = await Promise.all(['a', 'b', 'c'].map(pidOf));
  expect(before.every((pid) => /^\d+$/.test(pid))).toBe(true);

  gateway.writeConfig(config('two'));
  await until(async () => {
    const now = await pidOf('a').catch(() => '');
    return now !== '' && now !== before[0];
  }, 'another process of "a"');
  expect([await pidOf('b'), await pidOf('c')]).toEqual(before.slice(1));

  const after = await pidOf('a');
  gateway.writeConfig(
    config('two', {
      listen: '127.0.0.1:9',
      basePath: '/x',
      limits: { sessions: 5 },
      trustedHosts: ['h.example'],
    }),
  );
  await until(() => gateway.log().includes('in force only after a restart'), 'the word about a restart');
  // The address comes from the command line here, so that a change of "listen" in the file changes nothing.
  expect(gateway.log()).toContain('"keys":["basePath","limits"]');
  expect([await pidOf('a'), await pidOf('b'), await pidOf('c')]).toEqual([after, ...before.slice(1)]);
});
