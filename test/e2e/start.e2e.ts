/**
 * How long a start takes until something can be seen, and a second start. It measures time: nothing may run beside it.
 * What else there is to starting and ending is in `ends.e2e.ts`.
 */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { closeWindow, pageAt, type RunningApp, startApp, startPlain, windowVisible } from './app.ts';
import { openLauncher } from './launcher.ts';
import { startTrayHost } from './tray-host.ts';
import { waitFor } from './wait.ts';

const memory = nodeEntry(npmServer('memory'));
let desktop: Desktop;
const { launch, endAll } = openLauncher();

beforeAll(async () => {
  desktop = await startDesktop();
}, 60_000);

afterEach(endAll);

afterAll(() => desktop?.close());

describe('a cold start', () => {
  it('is ready and shows its servers soon', async () => {
    const [running, begun] = await startPlain(desktop, { servers: { memory } });
    try {
      await running.ready();
      const readyMs = Math.round(statSync(running.outFile).mtimeMs) - begun;
      const page = await pageAt(running.app, 'index.html');
      await page.getByRole('link', { name: 'memory', exact: true }).waitFor();
      await waitFor('the window', () => windowVisible(running.app));
      // The engine notes a paint a moment after it was made.
      const paint = await waitFor('the first paint', () =>
        page.evaluate(() => {
          const first = performance.getEntriesByName('first-contentful-paint')[0];
          return first === undefined ? null : performance.timeOrigin + first.startTime;
        }),
      );
      const paintMs = Math.round(paint - begun);
      expect(paintMs).toBeGreaterThan(0);
      console.log(`cold start: ready line after ${readyMs} ms, first paint after ${paintMs} ms`);
      expect(readyMs).toBeLessThan(5000);
      expect(paintMs).toBeLessThan(5000);
    } finally {
      await running.close();
    }
  });
});

describe('a second start', () => {
  it('ends at once with 0, and the first shows its window', async () => {
    const host = await startTrayHost(desktop.env.DBUS_SESSION_BUS_ADDRESS ?? '');
    let running: RunningApp | null = null;
    try {
      running = await startApp(desktop);
      const { app } = running;
      await host.entry(['Open Gatehouse']);
      await closeWindow(app);
      await waitFor('the window to hide', async () => !(await windowVisible(app)));
      const begun = Date.now();
      const { child } = launch(running);
      const [code] = (await once(child, 'exit')) as [number | null];
      const tookMs = Date.now() - begun;
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(3000);
      console.log(`second start: over after ${tookMs} ms`);
      await waitFor('the first window to come forward', () => windowVisible(app));
      expect(running.out()).toContain('"event":"already-running"');
      expect(
        running
          .out()
          .split('\n')
          .filter((line) => line.includes('"event":"ready"')),
      ).toHaveLength(1);
    } finally {
      await running?.close();
      host.close();
    }
  });
});
