/**
 * What the screens cost, measured in the real app: nothing while they are hidden, whatever goes through the gateway; and
 * how long the window takes to show what is. It prints its figures. Processor time is judged on any machine; time that
 * passes only where the machine has little else to do, and of several openings the best one.
 */
import { cpus, loadavg } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { e2eTarget } from '../host/electron.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { connectClient, type TestClient } from './client.ts';
import { cpuOf, type QuietApp, startQuiet } from './quiet.ts';
import { startTrayHost, type TrayHost } from './tray-host.ts';
import { waitFor } from './wait.ts';

/** Milliseconds of processor time in a second that count as none: the system counts in tens of them. */
const NOTHING = 10;
/** Milliseconds in which the window shows what is, once it was made. */
const SHOWN_WITHIN = 300;
/** Who opens it right after the start waits until the window, its process and its page are made. */
const MADE_WITHIN = 1_000;

const packaged = e2eTarget() === 'packaged';
if (packaged) console.warn('SKIPPED: what the screens cost; a packaged app loads no probe');

let desktop: Desktop;
let host: TrayHost;
let app: QuietApp | null = null;

beforeAll(async () => {
  if (packaged) return;
  desktop = await startDesktop();
  host = await startTrayHost(desktop.env.DBUS_SESSION_BUS_ADDRESS ?? '');
}, 60_000);

afterEach(async () => {
  await app?.close();
  app = null;
});

afterAll(async () => {
  host?.close();
  await desktop?.close();
});

/** Calls one after the other for so long; gives the processor time that each process used meanwhile, by the second. */
async function during(client: TestClient, ms: number, pids: readonly number[]): Promise<readonly number[]> {
  const before = pids.map(cpuOf);
  const begun = Date.now();
  let calls = 0;
  while (Date.now() - begun < ms) {
    await client.call('memory__read_graph', {});
    calls += 1;
    // The pace of the calls; not a wait for anything.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(calls).toBeGreaterThan(ms / 1_000);
  const seconds = (Date.now() - begun) / 1_000;
  return pids.map((pid, index) => Math.round((cpuOf(pid) - (before[index] ?? 0)) / seconds));
}

/** What an opening took: time that passed, and processor time of the app's main process and its window's, in ms. */
interface Opening {
  readonly passed: number;
  readonly used: number;
}

/** From the wish to see the window to the frame after the one in which its page holds. */
async function opening({ ask, ready, page }: QuietApp, holds: string, fresh: boolean): Promise<Opening> {
  const window = fresh ? null : (await page('index.html')).pid;
  const before = cpuOf(ready.pid) + (window === null ? 0 : cpuOf(window));
  const passed = await ask<number>(`
    const watch = \`new Promise((resolve) => {
      const look = () => {
        const text = document.querySelector('main')?.textContent ?? '';
        if (${holds}) requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    })\`;
    const begun = Date.now();
    const known = electron.webContents.getAllWebContents().find((one) => one.getURL().includes('/index.html'));
    const painted = known !== undefined ? known.executeJavaScript(watch) : new Promise((resolve, reject) => {
      electron.app.once('web-contents-created', (_event, made) => {
        made.once('dom-ready', () => made.executeJavaScript(watch).then(resolve, reject));
      });
    });
    electron.app.emit('activate');
    return (await painted) - begun;`);
  const now = window ?? (await page('index.html')).pid;
  return { passed, used: cpuOf(ready.pid) + cpuOf(now) - before };
}

/** The best, the middle and the worst. */
function spread(values: readonly number[]): readonly [number, number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
}

async function token({ ask }: QuietApp): Promise<string> {
  await host.click('Connect a client', 'Copy the JSON');
  const text = await waitFor('the entry on the clipboard', async () => {
    const copied = await ask<string>('return electron.clipboard.readText();');
    return copied.includes('Authorization') ? copied : null;
  });
  const entry = JSON.parse(text) as { mcpServers: { gatehouse: { headers: { Authorization: string } } } };
  return entry.mcpServers.gatehouse.headers.Authorization.replace(/^Bearer /, '');
}

const hideWindow = async ({ ask, page }: QuietApp): Promise<void> => {
  await ask(
    `electron.BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().includes('/index.html')).close();`,
  );
  await waitFor('the window to hide', async () => !(await page('index.html')).visible);
};

describe.skipIf(packaged)('what the screens cost', () => {
  it('is nothing while they are hidden and calls go through', { timeout: 120_000 }, async () => {
    app = await startQuiet(desktop, { servers: { memory: nodeEntry(npmServer('memory')) } });
    await host.entry(['memory · Ready']);
    const client = await connectClient(app.ready.endpoint, await token(app));
    try {
      await app.ask(`electron.app.emit('activate');`);
      const window = await app.page('index.html');
      await waitFor('the window', async () => (await app?.page('index.html'))?.visible ?? false);
      const [shown] = await during(client, 3_000, [window.pid]);
      await hideWindow(app);
      await host.activate();
      const popover = await app.page('popover.html');
      await waitFor('the popover', async () => (await app?.page('popover.html'))?.visible ?? false);
      const [popped] = await during(client, 3_000, [popover.pid]);
      await host.activate();
      await waitFor('the popover to hide', async () => !(await app?.page('popover.html'))?.visible);
      // It holds nothing any more, so nothing in it can tick.
      const left = await app.ask<number>(`
        const page = electron.webContents.getAllWebContents().find((one) => one.getURL().includes('/popover.html'));
        return page.executeJavaScript("document.querySelector('#app').childElementCount");`);
      expect(left).toBe(0);
      // What closing left to do is done.
      await during(client, 1_000, []);
      const [windowHidden, popoverHidden] = await during(client, 5_000, [window.pid, popover.pid]);
      // The figures, which no assertion shows.
      console.log(
        `processor time while calls go through, in ms per s: window ${shown} shown, ${windowHidden} hidden; ` +
          `popover ${popped} shown, ${popoverHidden} hidden`,
      );
      expect(windowHidden).toBeLessThanOrEqual(NOTHING);
      expect(popoverHidden).toBeLessThanOrEqual(NOTHING);
      // The measure would show it: the same calls cost what is seen.
      expect(shown).toBeGreaterThan(windowHidden ?? 0);
      expect(popped).toBeGreaterThan(popoverHidden ?? 0);
    } finally {
      await client.close();
    }
  });

  it.each([3, 200])('the window shows %i servers as they are', { timeout: 120_000 }, async (count) => {
    const names = Array.from({ length: count }, (_, index) => `server-${String(index + 1).padStart(3, '0')}`);
    const off = { ...nodeEntry(npmServer('memory')), enabled: false };
    const servers = Object.fromEntries(names.map((name) => [name, off]));
    app = await startQuiet(desktop, { servers });
    await host.entry(['Open Gatehouse']);
    const made = await opening(app, "text.includes('server-001')", true);
    await app.close();
    app = await startQuiet(desktop, { servers });
    await waitFor('the window to be made, unseen', async () => !(await app?.page('index.html'))?.visible);
    const first = await opening(app, "text.includes('server-001')", false);
    const later: Opening[] = [];
    for (let i = 0; i < 8; i += 1) {
      await hideWindow(app);
      // What happened meanwhile is what it must show.
      const paused = i % 2 === 0;
      const answer = await askCommand(app.dataDir, 'gateway.setPaused', { paused });
      expect(answer).toMatchObject({ ok: true });
      later.push(await opening(app, `text.includes('All servers are paused') === ${paused}`, false));
    }
    const passed = spread(later.map((one) => one.passed));
    const used = spread(later.map((one) => one.used));
    const [load = 0] = loadavg();
    const quiet = load < cpus().length * 0.75;
    // The figures, which no assertion shows.
    console.log(
      `${count} servers, ms that pass (of them processor time): right after the start ${made.passed} (${made.used}); ` +
        `the first opening ${first.passed} (${first.used}); later ones at best ${passed[0]} (${used[0]}), in the middle ${passed[1]} (${used[1]}), ` +
        `at worst ${passed[2]} (${used[2]}); load ${load.toFixed(1)}${quiet ? '' : ': too busy to judge what passes'}`,
    );
    expect(used[1]).toBeLessThan(SHOWN_WITHIN);
    expect(first.used).toBeLessThan(SHOWN_WITHIN);
    expect(made.used).toBeLessThan(MADE_WITHIN);
    if (!quiet) return;
    expect(first.passed).toBeLessThan(SHOWN_WITHIN);
    expect(passed[0]).toBeLessThan(SHOWN_WITHIN);
    expect(made.passed).toBeLessThan(MADE_WITHIN);
  });
});
