/**
 * Every screen in every language, and turned around: no sentence is cut at the sizes that windows have, with words that
 * are 40 % longer, in German and in Japanese; nothing depends on left and right; axe finds no barrier in either theme.
 * The screens are the real ones over a made-up core, since that has every state at once.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { axeProblems, COLOR_RULES } from '../renderer/axe.ts';
import { type RunningApp, startApp } from './app.ts';
import { look, type Tongue } from './pages/cut-text.ts';
import { type DevPages, serveDevPages } from './pages/dev-pages.ts';
import { allPlaces, type Place } from './pages/places.ts';

let desktop: Desktop;
let running: RunningApp;
let pages: DevPages;
let page: Page;
let world: string | null = null;
let loads = 0;

beforeAll(async () => {
  [desktop, pages] = await Promise.all([startDesktop(), serveDevPages()]);
  running = await startApp(desktop, { servers: {}, window: false });
  page = await pages.open(running, 'app.html');
}, 120_000);

afterAll(async () => {
  await running?.close();
  await pages?.close();
  await desktop?.close();
});

/** Opens a place, as a person does who reads English. */
async function open(place: Place): Promise<void> {
  const wanted = place.world ?? 'nine';
  await page.setViewportSize({ width: 1080, height: 720 });
  if (world !== wanted || place.act !== undefined) {
    const { origin } = new URL(page.url());
    // With a query of its own, so that it is loaded anew and nothing is open any more.
    loads += 1;
    await page.goto(`${origin}/dev/app.html?world=${wanted}&lang=en-US&load=${loads}#/${place.hash}`);
    world = place.act === undefined ? wanted : null;
  } else {
    await page.evaluate((hash) => {
      location.hash = `#/${hash}`;
    }, place.hash);
  }
  await quiet();
  await place.act?.(page);
  await quiet();
}

/** Waits until nothing is on its way and everything is drawn. */
async function quiet(): Promise<void> {
  await page.waitForFunction(() => {
    const busy = [...document.querySelectorAll('main :not(button)[aria-busy="true"]')];
    return document.querySelector('main') !== null && !busy.some((one) => one.checkVisibility());
  });
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))),
  );
}

/**
 * What is read at which size. English comes last: the others are compared with it, and the next place begins with it.
 */
const readings: readonly (readonly [width: number, height: number, tongues: readonly Tongue[]])[] = [
  [
    ...([1080, 720] as const),
    [
      ['en-XA', 'ltr'],
      ['en-US', 'ltr'],
    ],
  ],
  [
    ...([860, 560] as const),
    [
      ['en-XA', 'ltr'],
      ['de', 'ltr'],
      ['ja', 'ltr'],
      ['en-XA', 'rtl'],
      ['en-US', 'ltr'],
    ],
  ],
];

describe.each(allPlaces)('$name', (place) => {
  it('can be read whole in every language, and turned around', async () => {
    await open(place);
    const faults: string[] = [];
    for (const [width, height, tongues] of readings) {
      await page.setViewportSize({ width, height });
      const seen = await look(page, tongues);
      const english = new Set(seen.at(-1)?.texts);
      for (const [index, [tag, dir]] of tongues.slice(0, -1).entries()) {
        const { cut = [], tooWide = 0 } = seen[index] ?? {};
        const where = `${tag} ${dir} ${width}x${height}`;
        // Names, paths and what servers say may be shortened; they are the same in every language.
        const ours = cut.filter(({ text }) => !english.has(text));
        faults.push(...ours.map(({ text, by }) => `${where}: “${text}” is cut by ${by}`));
        if (tooWide > 1) faults.push(`${where}: ${tooWide} pixels too wide`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('has no barrier, in either theme', async () => {
    // It is open, and in English.
    await page.setViewportSize({ width: 1080, height: 720 });
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    const dark = await axeProblems(page, COLOR_RULES);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    expect([...(await axeProblems(page)), ...dark.map((each) => `dark: ${each}`)]).toEqual([]);
    if (place.dialog !== undefined) expect(await page.locator('dialog[open]').count()).toBe(1);
  });
});
