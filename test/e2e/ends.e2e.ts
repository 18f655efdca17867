/**
 * Starting and ending, as a launcher sees it: the ready line, two apps beside each other, signals, and a start that
 * cannot succeed at first. How long a start takes is in `start.e2e.ts`.
 */
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasGraphicsCard } from '../../main/shell/gpu.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { descendants, isAlive, makeHome, readyLine, startApp } from './app.ts';
import { openLauncher } from './launcher.ts';
import { waitFor } from './wait.ts';

const memory = nodeEntry(npmServer('memory'));
const slowServer = join(import.meta.dirname, 'slow-server.mjs');
let desktop: Desktop;
const { launch, endAll } = openLauncher();

beforeAll(async () => {
  desktop = await startDesktop();
}, 60_000);

afterEach(endAll);

afterAll(() => desktop?.close());

describe('starting', () => {
  it('says on standard output where it is', async () => {
    const home = makeHome(desktop);
    const { child } = launch(home);
    const ready = await waitFor('the ready line', () => readyLine(home.out()));
    expect(ready).toEqual({
      event: 'ready',
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/),
      pid: child.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(home.out().trim().split('\n')).toHaveLength(1);
  });

  it('with another data dir is another app', async () => {
    const homes = [makeHome(desktop), makeHome(desktop)];
    for (const home of homes) {
      launch(home, '--hidden');
    }
    const lines = await Promise.all(
      homes.map((home) => waitFor('the ready line', () => readyLine(home.out()), 15_000)),
    );
    expect(new Set(lines.map((line) => line.endpoint)).size).toBe(2);
  });
});

describe('ending', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it with 0 and leaves no process behind',
    async (signal) => {
      const home = makeHome(desktop, { servers: { memory, slow: nodeEntry(slowServer) } });
      const { child } = launch(home);
      const ready = await waitFor('the ready line', () => readyLine(home.out()));
      await waitFor('both servers', async () => {
        const answer = await fetch(new URL('/_readyz', ready.endpoint));
        return answer.status === 200;
      });
      const servers = descendants(ready.pid).filter((each) => /server-memory|slow-server/.test(each.command));
      expect(servers).toHaveLength(2);
      const below = descendants(ready.pid);
      child.kill(signal);
      const [code, by] = (await once(child, 'exit')) as [number | null, string | null];
      // At this very moment: it has waited for its servers.
      expect(servers.filter((each) => isAlive(each.pid))).toEqual([]);
      expect([code, by]).toEqual([0, null]);
      await waitFor('every process to end', () => below.every((each) => !isAlive(each.pid)));
    },
  );

  // With a graphics card Chromium itself gives up when its GPU process is ended first.
  it.skipIf(hasGraphicsCard('linux'))(
    'SIGTERM to its whole process group ends it in good order',
    async () => {
      const home = makeHome(desktop, { servers: { slow: nodeEntry(slowServer) } });
      const { child } = launch(home);
      const ready = await waitFor('the ready line', () => readyLine(home.out()));
      const below = await waitFor('the server', () => {
        const all = descendants(ready.pid);
        return all.some((each) => each.command.includes('slow-server')) ? all : null;
      });
      process.kill(-ready.pid, 'SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(below.filter((each) => isAlive(each.pid))).toEqual([]);
    },
  );

  it('ends with whoever started it, when asked to', async () => {
    const home = makeHome(desktop, { servers: { slow: nodeEntry(slowServer) } });
    const { child } = launch(home, '--exit-with-parent');
    const ready = await waitFor('the ready line', () => readyLine(home.out()));
    const server = await waitFor(
      'the server',
      () => descendants(ready.pid).find((each) => each.command.includes('slow-server')) ?? null,
    );
    // As after a kill: nobody reads and nobody writes any more.
    child.stderr?.destroy();
    child.stdin?.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(isAlive(server.pid)).toBe(false);
  });

  it('SIGTERM during the start ends it as well', async () => {
    const home = makeHome(desktop, { servers: { memory } });
    const { child, log } = launch(home);
    await waitFor('the process to be on its way', () => log() !== '' || readdirSync(home.dataDir).length > 1);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect([0, 'SIGTERM']).toContain(child.signalCode ?? child.exitCode);
  });
});

describe('a start that cannot succeed', () => {
  it('shows the mistake in the configuration, and goes on once it is mended', async () => {
    const config = '{\n  "mcpServers": {\n    "memory": { "comand": "x" }\n  }\n}\n';
    const running = await startApp(desktop, { config, ready: false });
    try {
      const { page } = running;
      await page.getByText('configuration file has an error in line 3').first().waitFor();
      const answer = await page.evaluate(() => window.gatehouse?.invoke('snapshot.get', {}));
      expect(answer).toMatchObject({
        value: { config: { state: 'broken', line: 3 }, endpoint: { state: 'failed', url: null } },
      });
      writeFileSync(running.configFile, JSON.stringify({ mcpServers: { memory } }));
      await page.getByRole('link', { name: 'memory', exact: true }).waitFor();
      await running.ready();
    } finally {
      await running.close();
    }
  });

  it('shows that the port is taken, and takes it once it is free', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const running = await startApp(desktop, { args: ['--listen', `127.0.0.1:${port}`], ready: false });
    try {
      await running.page.getByText('The endpoint is not running').first().waitFor();
      blocker.close();
      const { endpoint } = await running.ready();
      expect(new URL(endpoint).port).toBe(String(port));
      await running.page.getByText('The endpoint is not running').first().waitFor({ state: 'detached' });
    } finally {
      blocker.close();
      await running.close();
    }
  });
});
