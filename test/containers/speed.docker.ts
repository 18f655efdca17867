/**
 * What containment costs: the start of many servers at once, and each call.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeEntry, readiness, until } from '../host/gateway.ts';
import { shareOfProcessor } from '../host/processor.ts';
import { rawClient } from '../host/raw-client.ts';
import { type Contained, contained, hostile, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();

const MANY = 20;
const ROUNDS = 20;
const CALLS_A_ROUND = 10;

describe('the cost of containment', () => {
  let gate: Contained | null = null;
  beforeEach(async ({ skip }) => {
    if (host === null) skip(absent);
    const share = await shareOfProcessor();
    // What others take away here is no cost of containment.
    if (share < 0.85)
      skip(`times mean nothing: this computer is busy, ${Math.round(share * 100)} % of a core is left`);
  });
  afterEach(async () => {
    await gate?.close();
    gate = null;
  });

  it(`${MANY} contained servers start within 15 s`, async () => {
    if (host === null) return;
    const names = Array.from({ length: MANY }, (_, i) => `s${i}`);
    const began = performance.now();
    gate = await startContained(host, {
      mcpServers: Object.fromEntries(names.map((name) => [name, contained(hostile)])),
    });
    const { base } = gate.gateway;
    await until(
      async () => Object.values((await readiness(base)).servers).every(({ state }) => state === 'ready'),
      'all are ready',
    );
    const took = performance.now() - began;
    console.log(`${MANY} contained servers: ready in ${Math.round(took)} ms`);
    expect(took).toBeLessThan(15_000);
  });

  it('a call takes less than 1 ms longer at the median', async () => {
    if (host === null) return;
    gate = await startContained(host, {
      mcpServers: { here: nodeEntry(hostile), inside: contained(hostile) },
    });
    const { base, token } = gate.gateway;
    const measure = async (server: string): Promise<() => Promise<number>> => {
      const client = await rawClient(`${base}/servers/${server}/mcp`, token);
      let id = 0;
      return async () => {
        const began = performance.now();
        await client.call(++id, 'attempt', '{"what":"argv"}');
        return performance.now() - began;
      };
    };
    const [here, inside] = [await measure('here'), await measure('inside')];
    for (let i = 0; i < 20; i++) await Promise.all([here(), inside()]);
    // In turns, so that both meet the same moments of this computer.
    const added: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const times: { here: number[]; inside: number[] } = { here: [], inside: [] };
      for (let i = 0; i < CALLS_A_ROUND; i++) times.here.push(await here());
      for (let i = 0; i < CALLS_A_ROUND; i++) times.inside.push(await inside());
      added.push(median(times.inside) - median(times.here));
    }
    // What the engine still does for containers that have just ended only adds, so the quiet quarter of the rounds counts.
    const quiet = added.sort((a, b) => a - b)[ROUNDS >> 2] ?? Number.NaN;
    // The figure is what whoever runs this wants to read.
    console.log(`contained, a call takes ${quiet.toFixed(3)} ms longer (median ${median(added).toFixed(3)})`);
    expect(quiet).toBeLessThan(1);
  });
});

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
