/**
 * What it costs to have all of it on: approvals, switches, filters, other names, rules about asking, a client's own token
 * with its scope, and the activity log with arguments and results; beside a gateway without any of that, in turns, so that
 * both meet the same moments of this computer.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { load } from '../bench/load.mjs';
import { httpCaller } from '../bench/sessions.mjs';
import { type GatewayProcess, nodeEntry, root, startGateway, until, untilReady } from '../host/gateway.ts';
import { shareOfProcessor } from '../host/processor.ts';

/**
 * One round says little on a shared computer; so many, each way round as often, say it to some three percent. Half of them
 * are enough where three of four are on the right side: the middle of all of them would hardly come out on the other.
 */
const ROUNDS = 20;
const FEWEST = 10;
const ROUND_MS = 700;
const WARM_MS = 2_500;
const LANES = 16;
const TOOLS = 100;
/** What is left of the throughput, at least. */
const LEAST = 0.85;

const echo = nodeEntry(join(root, 'test/bench/echo-server.mjs'), String(TOOLS));
const open: GatewayProcess[] = [];
let without: () => Promise<number>;
let withAll: () => Promise<number>;

/** Calls a second of one gateway. */
async function racer(gateway: GatewayProcess, token: string): Promise<() => Promise<number>> {
  const target = (await httpCaller(gateway.url, { Authorization: `Bearer ${token}` })).tool('s0__echo');
  const run = async (ms: number): Promise<number> => {
    const { calls, seconds, faults } = await load([target], LANES, ms);
    expect(faults).toEqual([]);
    return calls / seconds;
  };
  await run(WARM_MS);
  return () => run(ROUND_MS);
}

beforeAll(async () => {
  const bare = await startGateway({
    config: { activity: { enabled: false }, mcpServers: { s0: { ...echo, trust: 'auto' } } },
  });
  open.push(bare);
  const whole = await startGateway({
    config: {
      activity: { secretNames: ['customer_number'] },
      approval: {
        destructive: 'ask',
        rules: [
          { server: 's*', tool: 'tool_1*', rule: 'ask' },
          { server: '*', tool: 'big', client: 'other-*', rule: 'ask' },
        ],
      },
      profiles: { work: { servers: ['s0'], tools: { allow: ['s0/*'], block: ['s0/tool_9*'] } } },
      mcpServers: {
        s0: {
          ...echo,
          tools: { block: ['tool_8*'], overrides: { tool_3: { name: 'third', description: 'The third.' } } },
        },
      },
    },
  });
  open.push(whole);
  for (const gateway of open) await untilReady(gateway.base);
  const { dataDir } = whole;
  const { token } = await runCommand(dataDir, 'clientToken.create', {
    ...{ client: 'racer', servers: ['s0'], profile: 'work', permission: 'destructive', expiresAt: null },
  });
  await runCommand(dataDir, 'tool.setEnabled', { server: 's0', tool: 'tool_5', enabled: false });
  await runCommand(dataDir, 'calls.setRule', { server: 's0', tool: 'tool_6', client: 'racer', rule: 'ask' });
  await runCommand(dataDir, 'client.setFilter', {
    client: 'racer',
    filter: { allow: ['s0/*'], block: ['s0/tool_7*'] },
  });
  without = await racer(bare, bare.token);
  withAll = await racer(whole, token);
  // All of it is really on.
  const [row] = await runCommand(dataDir, 'activity.query', { limit: 1, filter: { kind: 'call' } });
  expect(row).toMatchObject({ client: 'racer', server: 's0', tool: 'echo', outcome: 'ok' });
  const { items } = await runCommand(dataDir, 'approvals.list', {});
  expect(items).toEqual([]);
}, 60_000);

afterAll(async () => {
  for (const gateway of open) await gateway.close();
});

it(`throughput with all of it on is within ${Math.round((1 - LEAST) * 100)} % of the gateway without`, async ({
  skip,
}) => {
  const share = await shareOfProcessor();
  // What others take away here is no cost of trust.
  if (share < 0.85) {
    skip(`figures mean nothing: this computer is busy, ${Math.round(share * 100)} % of a core is left`);
  }
  const rounds: { bare: number; whole: number }[] = [];
  const ratios = (): number[] => rounds.map(({ bare, whole }) => whole / bare);
  const clear = (): boolean => rounds.length >= FEWEST && quarter(ratios()) >= LEAST;
  while (rounds.length < ROUNDS && !clear()) {
    // Each is first as often as the other.
    const bareFirst = rounds.length % 2 === 0;
    const first = bareFirst ? await without() : await withAll();
    const second = bareFirst ? await withAll() : await without();
    rounds.push(bareFirst ? { bare: first, whole: second } : { bare: second, whole: first });
  }
  const ratio = median(ratios());
  console.log(
    `calls a second: ${Math.round(median(rounds.map(({ bare }) => bare)))} without, ` +
      `${Math.round(median(rounds.map(({ whole }) => whole)))} with all of it; ` +
      `${(ratio * 100).toFixed(1)} % (median of ${rounds.length} rounds in turns)`,
  );
  expect(ratio).toBeGreaterThanOrEqual(LEAST);
  // Every one of the calls is on record.
  const [, whole] = open;
  if (whole === undefined) return;
  const counted = async (): Promise<number> =>
    (
      await runCommand(whole.dataDir, 'activity.stats', {
        ...{ filter: { client: 'racer' }, since: 0, until: Date.now() + 1, buckets: 1 },
      })
    ).calls;
  const least = rounds.reduce((sum, one) => sum + one.whole * (ROUND_MS / 1_000), 0) * 0.95;
  await until(async () => (await counted()) > least, 'every call is on record');
}, 180_000);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** What three of four are at least. */
function quarter(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN;
}
