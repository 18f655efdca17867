/**
 * 64 clients of all eras and fronts on one shared server, for a minute: every answer belongs to its asker, and nothing
 * is left behind. `GATEHOUSE_HAMMER_S` sets another length in seconds.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayProcess, nodeEntry, root, startGateway, until, untilReady } from '../host/gateway.ts';
import { type LoadClient, sessionClient, sseClient, statelessClient, stdioClient } from './clients.ts';

const SECONDS = Number(process.env.GATEHOUSE_HAMMER_S ?? 60);
/** Sessions, stateless, SSE and bridges: 64 in all. A bridge is a process of its own, so there are few. */
const MIX = [
  [sessionClient, 22],
  [statelessClient, 22],
  [sseClient, 16],
  [stdioClient, 4],
] as const;
/** What the second half may add to the memory of the first, in MiB: a leak of 1 KiB a call would be tens of them. */
const GROWTH_MIB = 24;

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGateway({
    servers: { shared: nodeEntry(join(root, 'test/servers/parity-legacy.mjs')) },
  });
  await untilReady(gateway.base);
});
afterAll(async () => {
  await gateway?.close();
});

const rssMiB = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) / 1024;
const descriptors = (): number => readdirSync(`/proc/${gateway.pid}/fd`).length;

async function sessions(): Promise<number> {
  const response = await fetch(`${gateway.base}/status`, {
    headers: { Authorization: `Bearer ${gateway.token}` },
  });
  return ((await response.json()) as { sessions: number }).sessions;
}

interface Tally {
  answers: number;
  abandoned: number;
  readonly wrong: string[];
}

/** One client's loop; what is wrong is kept, not thrown, so that one fault does not hide the others. */
async function hammer(client: LoadClient, until: number, tally: Tally): Promise<void> {
  for (let round = 0; Date.now() < until; round++) {
    const mark = randomBytes(9).toString('base64');
    const say = (what: string): void => void tally.wrong.push(`${client.kind}: ${what}`);
    switch (round % 8) {
      case 3: {
        const { answer, notified } = await client.ask('tools/call', {
          name: 'shared__slow',
          arguments: { key: mark, steps: 2, ms: 1 },
          _meta: { progressToken: `t${mark}` },
        });
        if (!JSON.stringify(answer.result).includes(`done ${mark}`))
          say(`slow ${mark} got ${JSON.stringify(answer)}`);
        for (const { method, params } of notified) {
          if (method === 'notifications/progress' && params.progressToken !== `t${mark}`)
            say(`progress of another: ${JSON.stringify(params)}`);
        }
        break;
      }
      case 5: {
        const uri = `page://${encodeURIComponent(mark)}`;
        const { answer } = await client.ask('resources/read', { uri });
        if (!JSON.stringify(answer.result).includes(`text of ${uri}`))
          say(`read ${uri} got ${JSON.stringify(answer)}`);
        break;
      }
      case 7:
        await client.abandon(
          'tools/call',
          { name: 'shared__slow', arguments: { key: mark, steps: 9_999, ms: 5 } },
          3,
        );
        tally.abandoned++;
        continue;
      default: {
        const { answer } = await client.ask('tools/call', { name: 'shared__echo', arguments: { mark } });
        const text = (answer.result?.content as { text: string }[] | undefined)?.[0]?.text;
        if (text !== JSON.stringify({ mark })) say(`echo ${mark} got ${JSON.stringify(answer)}`);
      }
    }
    tally.answers++;
  }
}

async function half(seconds: number): Promise<Tally> {
  const tally: Tally = { answers: 0, abandoned: 0, wrong: [] };
  const clients = await Promise.all(
    MIX.flatMap(([open, count]) => Array.from({ length: count }, () => open(gateway))),
  );
  const end = Date.now() + seconds * 1_000;
  await Promise.all(clients.map((client) => hammer(client, end, tally)));
  await Promise.all(clients.map((client) => client.close()));
  return tally;
}

it(
  `${MIX.reduce((sum, [, count]) => sum + count, 0)} clients of all eras for ${SECONDS} s: no answer lost or crossed, nothing left`,
  async () => {
    const idle = descriptors();
    const first = await half(SECONDS / 2);
    await until(async () => (await sessions()) === 0, 'all sessions gone', 30_000);
    const between = rssMiB();
    const second = await half(SECONDS / 2);
    await until(async () => (await sessions()) === 0, 'all sessions gone', 30_000);
    await until(
      () => descriptors() <= idle + 2,
      `no socket left (${descriptors()}, at first ${idle})`,
      30_000,
    );
    const after = rssMiB();
    const answers = first.answers + second.answers;
    // The figures are what a reader of the run wants; the assertions alone say nothing of how near it was.
    console.log(
      `${answers} answers, ${first.abandoned + second.abandoned} abandoned, ${Math.round(answers / SECONDS)}/s; ` +
        `memory ${between.toFixed(0)} MiB at half time, ${after.toFixed(0)} at the end`,
    );
    expect([...first.wrong, ...second.wrong].slice(0, 10)).toEqual([]);
    expect(answers).toBeGreaterThan(SECONDS * 100);
    expect(after - between).toBeLessThan(GROWTH_MIB);
  },
  SECONDS * 1_000 + 120_000,
);
