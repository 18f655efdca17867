/** Fifty servers, ten of them broken in ten ways: all are known for what they are within seconds, and the forty serve. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, readiness, startGateway, until } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';
import { endMarked, faultyEntry, marked, newMark } from './faulty.ts';

/** What two idle cores may take at most; more only in the measure in which others use them. */
const READY_MS = 10_000 * Math.max(1, 1 + (loadavg()[0] ?? 0) / availableParallelism());

const dir = mkdtempSync(join(tmpdir(), 'gh-fifty-'));
const mark = newMark();
let gateway: GatewayProcess | null = null;

afterEach(async () => {
  await gateway?.close();
  endMarked(mark);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const plain = join(dir, 'plain-file');
writeFileSync(plain, '#!/bin/sh\n', { mode: 0o644 });

/** Each broken one with the code under which it is to be named. */
const broken: Readonly<Record<string, readonly [code: string, entry: object]>> = {
  absent: ['upstream.command_not_found', { command: 'no-such-command-anywhere' }],
  'not-executable': ['upstream.not_executable', { command: plain }],
  homeless: ['upstream.bad_directory', { ...faultyEntry('good', mark), cwd: join(dir, 'no-such-directory') }],
  'no-script': [
    'upstream.script_not_found',
    { command: process.execPath, args: [join(dir, 'no-such-script.js')] },
  ],
  'no-secret': [
    'secrets.env_missing',
    { ...faultyEntry('good', mark), env: { KEY: '${env:GH_NO_SUCH_VARIABLE}' } },
  ],
  crashing: ['upstream.exited', faultyEntry('crash-at-start', mark)],
  'not-a-list': ['upstream.bad_list', faultyEntry('not-a-list', mark)],
  'deep-list': ['upstream.bad_answer', faultyEntry('deep-list', mark)],
  cut: ['upstream.bad_answer', faultyEntry('cut-initialize', mark)],
  odd: ['upstream.protocol_mismatch', faultyEntry('odd-initialize', mark)],
};

describe('fifty servers', () => {
  it('are all settled in seconds: forty serve, ten are named with what is wrong with them', async () => {
    const good = Array.from({ length: 40 }, (_, i) => `good-${i}`);
    // The broken ones among the good ones, as in life.
    const names = [...good, ...Object.keys(broken)].sort();
    const servers = Object.fromEntries(
      names.map((name) => [name, broken[name]?.[1] ?? faultyEntry('good', mark)]),
    );
    const since = Date.now();
    gateway = await startGateway({ servers });
    const { base, url, token } = gateway;
    const listening = Date.now() - since;
    await until(async () => (await readiness(base)).ready, 'every one has settled', READY_MS);
    const took = Date.now() - since;
    // Said at once, before any server has started.
    expect(listening).toBeLessThan(took);

    const known = (await readiness(base)).servers;
    expect(Object.keys(known).sort()).toEqual(names);
    const named = Object.fromEntries(
      names.map((name) => [name, known[name]?.problem?.code ?? known[name]?.state]),
    );
    const expected = names.map((name) => [name, broken[name]?.[0] ?? 'ready']);
    expect(named).toEqual(Object.fromEntries(expected));

    const client = await rawClient(url, token);
    const { text } = await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
    const listed = (JSON.parse(text) as { result: { tools: { name: string }[] } }).result.tools;
    expect(listed.map(({ name }) => name).sort()).toEqual(
      good.flatMap((name) => ['fault', 'ok', 'pid', 'seen'].map((tool) => `${name}__${tool}`)).sort(),
    );
    const pids = await Promise.all(good.map((name, i) => client.call(i, `${name}__pid`)));
    expect(new Set(pids.map((answer) => /"text":"(\d+)"/.exec(answer)?.[1])).size).toBe(40);

    const stopping = Date.now();
    expect(await gateway.stop()).toBe(0);
    const stopped = Date.now() - stopping;
    expect(stopped).toBeLessThan(READY_MS);
    expect(marked(mark)).toEqual([]);
    if (process.env.GATEHOUSE_TEST_FIGURES !== undefined) {
      process.stderr.write(`fifty: listening ${listening} ms, settled ${took} ms, stopped ${stopped} ms\n`);
    }
  }, 120_000);
});
