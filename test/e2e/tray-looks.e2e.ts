/**
 * The tray as people see it: on a real panel, in both of its colours, each state of the icon, the menu and the popover. That
 * they differ is tested; that they look well is for eyes: with GATEHOUSE_SCREENS=1 it writes docs/screens/tray-*.png.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer, root } from '../host/gateway.ts';
import { pageAt, type RunningApp, shows, startApp } from './app.ts';
import { missingForPanel, PANEL_HEIGHT, type Panel, startPanel } from './panel.ts';
import { waitFor } from './wait.ts';

const missing = missingForPanel();
if (missing !== null) {
  console.warn(
    `SKIPPED: the tray on a real panel; install ${missing} (apt-get install xfce4-panel xfconf xdotool)`,
  );
}

/** The screen of the tests' desktop. */
const SCREEN = { width: 1600, height: 1200 };
/** The end of the panel, where its tray is. */
const TRAY = { x: SCREEN.width - 120, y: SCREEN.height - PANEL_HEIGHT, width: 120, height: PANEL_HEIGHT };

let desktop: Desktop;
let panel: Panel | null = null;
let running: RunningApp | null = null;
/** Strips of the tray, one under the other: each state on each panel. */
const strips: Buffer[] = [];

afterEach(async () => {
  await running?.close();
  running = null;
  panel?.close();
  panel = null;
  await desktop?.close();
});

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is on the screen there, as PNG or as bare pixels. */
async function look(app: ElectronApplication, area: Area, as: 'png' | 'pixels'): Promise<Buffer> {
  const text = await app.evaluate(
    async ({ desktopCapturer }, [size, part, kind]) => {
      const [screen] = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: size });
      const image = screen?.thumbnail.crop(part);
      return (kind === 'png' ? image?.toPNG() : image?.toBitmap())?.toString('base64') ?? '';
    },
    [SCREEN, area, as] as const,
  );
  return Buffer.from(text, 'base64');
}

/** Waits until the screen there has stopped changing, which a panel and its menus do by themselves. */
async function still(app: ElectronApplication, area: Area): Promise<Buffer> {
  let last = await look(app, area, 'pixels');
  return waitFor('the screen to be still', async () => {
    // Between two looks: stillness is nothing that could be waited for otherwise.
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = await look(app, area, 'pixels');
    const same = now.equals(last);
    last = now;
    return same ? now : null;
  });
}

function keep(name: string, png: Buffer): void {
  if (process.env.GATEHOUSE_SCREENS !== '1') return;
  mkdirSync(join(root, 'docs', 'screens'), { recursive: true });
  writeFileSync(join(root, 'docs', 'screens', `${name}.png`), png);
}

/** Where the icon stands in the strip: the middle of what differs from the bare panel. */
function iconAt(bare: Buffer, strip: Buffer): number {
  let first = TRAY.width;
  let last = 0;
  for (let at = 0; at < strip.length; at += 4) {
    if (strip.subarray(at, at + 3).equals(bare.subarray(at, at + 3))) continue;
    const x = (at / 4) % TRAY.width;
    first = Math.min(first, x);
    last = Math.max(last, x);
  }
  return Math.round((first + last) / 2);
}

describe.each(['light', 'dark'] as const)('on a %s panel', (theme) => {
  beforeEach(({ skip }) => skip(missing !== null, `not installed: ${missing}`));

  it('each state of the icon is another picture, its menu opens, and so does the popover', {
    timeout: 180_000,
  }, async () => {
    desktop = await startDesktop();
    panel = await startPanel(desktop, theme === 'dark');
    const memory = nodeEntry(npmServer('memory'));
    const files = nodeEntry(npmServer('filesystem'), desktop.env.TMPDIR ?? '/tmp');
    // It never says that it is there.
    const moving = { command: 'sleep', args: ['600'], enabled: false };
    const broken = { command: '/nonexistent/server', args: [], enabled: false };
    running = await startApp(desktop, { servers: { memory, files, moving, broken }, window: false });
    const { app, dataDir } = running;
    await app.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
    const command = async (name: 'gateway.setPaused' | 'server.setEnabled', args: object): Promise<void> => {
      expect(await askCommand(dataDir, name, args as never)).toMatchObject({ ok: true });
    };
    const state = (server: string, is: string): Promise<unknown> =>
      waitFor(
        `${server} to be ${is}`,
        async () => {
          const answer = await askCommand(dataDir, 'snapshot.get', {});
          return answer.ok && answer.value.servers.some((one) => one.name === server && one.state === is);
        },
        20_000,
      );
    await state('memory', 'ready');
    await state('files', 'ready');
    const seen: Record<string, Buffer> = {};
    seen.idle = await still(app, TRAY);
    await command('server.setEnabled', { server: 'moving', enabled: true });
    await state('moving', 'starting');
    seen.busy = await still(app, TRAY);
    await command('server.setEnabled', { server: 'moving', enabled: false });
    await command('server.setEnabled', { server: 'broken', enabled: true });
    await state('broken', 'failed');
    seen.attention = await still(app, TRAY);
    await command('gateway.setPaused', { paused: true });
    seen.off = await waitFor('the hollow icon', async () => {
      const now = await still(app, TRAY);
      return now.equals(seen.attention ?? now) ? null : now;
    });
    await command('gateway.setPaused', { paused: false });
    const pictures = Object.values(seen).map((one) => one.toString('base64'));
    expect(new Set(pictures).size).toBe(4);
    strips.push(...Object.values(seen));

    // The icon is what the idle strip has and an empty panel has not; the panel is of one colour at its start.
    const bare = await look(app, { ...TRAY, x: 600 }, 'pixels');
    const x = TRAY.x + iconAt(bare, seen.idle);
    const y = TRAY.y + PANEL_HEIGHT / 2;
    const above: Area = { x: SCREEN.width - 540, y: SCREEN.height - 340, width: 540, height: 340 };
    const before = await still(app, above);
    await panel.point(x, y, 3);
    await waitFor('the menu', async () => !(await look(app, above, 'pixels')).equals(before));
    await still(app, above);
    // What needs somebody comes first, and has its verbs in a menu of its own.
    await panel.key('Down');
    await panel.key('Right');
    await still(app, above);
    keep(`tray-menu-${theme}`, await look(app, above, 'png'));
    await panel.key('Escape');
    await panel.key('Escape');
    await panel.key('Escape');
    await still(app, above);

    await panel.point(x, y, 1);
    const popover = await pageAt(app, 'popover.html');
    await waitFor('the popover', () => shows(app, 'popover.html'));
    await popover.getByText('broken does not run').waitFor();
    await panel.point(600, 300, null);
    const whole: Area = { x: SCREEN.width - 420, y: SCREEN.height - 580, width: 420, height: 580 };
    await still(app, whole);
    keep(`tray-popover-${theme}`, await look(app, whole, 'png'));
    if (theme === 'dark' && process.env.GATEHOUSE_SCREENS === '1') keep('tray-icons', await sheet(app));
  });
});

/** All strips under one another, three times as large, so that one sees the pixels. */
async function sheet(app: ElectronApplication): Promise<Buffer> {
  const pixels = Buffer.concat(strips).toString('base64');
  const size = { width: TRAY.width, height: TRAY.height * strips.length };
  const png = await app.evaluate(
    ({ nativeImage }, [text, of]) => {
      const image = nativeImage.createFromBitmap(Buffer.from(text, 'base64'), of);
      return image
        .resize({ width: of.width * 3, quality: 'good' })
        .toPNG()
        .toString('base64');
    },
    [pixels, size] as const,
  );
  return Buffer.from(png, 'base64');
}

afterAll(() => strips.splice(0));
