/**
 * Every component in every state looks as it did: pictures of the page of components in the light and the dark theme and
 * with the high contrast colors of the system, drawn in a font of blocks (see `pages/block-font.ts`), compared with the
 * ones in `pages/pictures`.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { axeProblems, COLOR_RULES } from '../renderer/axe.ts';
import { type RunningApp, startApp } from './app.ts';
import { blockFont } from './pages/block-font.ts';
import { type DevPages, serveDevPages } from './pages/dev-pages.ts';
import { compare, differs, madeByAnother } from './pages/pictures.ts';

let desktop: Desktop;
let running: RunningApp;
let pages: DevPages;
let page: Page;

beforeAll(async () => {
  [desktop, pages] = await Promise.all([startDesktop(), serveDevPages()]);
  running = await startApp(desktop, { servers: {}, window: false });
  page = await pages.open(running, 'components.html');
  await arrange();
}, 120_000);

afterAll(async () => {
  await running?.close();
  await pages?.close();
  await desktop?.close();
});

/** Heavier text is higher. */
const weights = [
  [400, 480],
  [500, 580],
  [600, 680],
] as const;

/** Draws all text in blocks, and brings what the pointer, the keyboard and time would bring. */
async function arrange(): Promise<void> {
  // Everything at once, without scrolling.
  await page.setViewportSize({ width: 1400, height: 1800 });
  const fonts = weights.map(([weight, height]) => [weight, [...blockFont(height)]] as const);
  await page.evaluate(async (made) => {
    for (const [weight, bytes] of made) {
      const font = new FontFace('Blocks', new Uint8Array(bytes), { weight: String(weight) });
      document.fonts.add(await font.load());
    }
    const { style } = document.documentElement;
    style.setProperty('--font-ui', 'Blocks');
    style.setProperty('--font-code', 'Blocks');
    style.setProperty('font-synthesis', 'none');
  }, fonts);
  await force('Hover', ['hover']);
  await force('Focus', ['focus', 'focus-visible']);
  await page.getByText('Still loading').waitFor();
}

/** Brings a state for as long as the page is open. */
async function force(state: string, forcedPseudoClasses: string[]): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('DOM.enable');
  await browser.send('CSS.enable');
  const { root } = await browser.send('DOM.getDocument');
  const selector = `[data-force="${state}"] > *`;
  const { nodeIds } = await browser.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector });
  for (const nodeId of nodeIds) {
    await browser.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses });
  }
}

async function wear(theme: 'light' | 'dark', forcedColors: 'none' | 'active'): Promise<void> {
  await page.emulateMedia({ forcedColors, colorScheme: theme, reducedMotion: 'reduce' });
  await page.evaluate((wanted) => {
    document.documentElement.dataset.theme = wanted;
    // What was opened and closed before has given the focus back.
    (document.activeElement as HTMLElement | null)?.blur();
  }, theme);
}

const still = { animations: 'disabled', caret: 'hide', scale: 'css' } as const;

describe.each([
  ['light', 'light', 'none'],
  ['dark', 'dark', 'none'],
  ['contrast', 'light', 'active'],
] as const)('in the %s look', (name, theme, forcedColors) => {
  it('every component is as it was', async ({ skip }) => {
    const other = await madeByAnother(running);
    skip(other !== null, other ?? '');
    await wear(theme, forcedColors);
    const faults = [await differs(page, name, await page.screenshot(still))];
    await page.getByRole('button', { name: 'More', exact: true }).click();
    faults.push(await differs(page, `${name}-menu`, await page.getByRole('menu').screenshot(still)));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open dialog' }).click();
    faults.push(await differs(page, `${name}-dialog`, await page.getByRole('dialog').screenshot(still)));
    await page.keyboard.press('Escape');
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });

  it('has no barrier', async () => {
    await wear(theme, forcedColors);
    // Forced colors may hide and show more than colors.
    expect(await axeProblems(page, name === 'dark' ? COLOR_RULES : undefined)).toEqual([]);
  });
});

describe('a change that a person would see', () => {
  let before: Buffer;
  beforeAll(async () => {
    await wear('light', 'none');
    before = await page.screenshot(still);
  });

  it.each([
    ['the same again', ':root {}', 0],
    ['another shade of a border', ':root { --line: #d0d0cc !important; }', 40],
    ['a corner that is less round', 'button { border-radius: 1px !important; }', 40],
    ['an icon that is gone', 'main svg { visibility: hidden; }', 40],
    ['lighter text', ':root { --text-2: #8a8d92 !important; }', 40],
    ['text of another weight', 'h2 { font-weight: 400 !important; }', 40],
    ['two pixels more between things', '.line { gap: 14px !important; }', 40],
  ])('%s', async (_what, content, least) => {
    const style = await page.addStyleTag({ content });
    const { pixels, sizes } = await compare(page, before, await page.screenshot(still));
    await style.evaluate((element) => (element as HTMLElement).remove());
    expect(sizes).toBeNull();
    if (least === 0) expect(pixels).toBe(0);
    else expect(pixels).toBeGreaterThan(least);
  });
});
