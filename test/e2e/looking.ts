/** What tests look at in every screen: barriers at the sizes that windows have, and pictures for docs/screens. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { root } from '../host/gateway.ts';
import { axeProblems } from '../renderer/axe.ts';

/** A usual window, and 200 % zoom of it; what small windows cut is looked for in `screens.e2e.ts`. */
const SIZES = [
  [1080, 720],
  [540, 360],
] as const;

/** Fails where axe finds something at one of the sizes, by these rules if any are named; leaves the usual one. */
export async function expectNoBarriers(page: Page, rules?: readonly string[]): Promise<void> {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    expect(await axeProblems(page, rules), `${width} x ${height}`).toEqual([]);
  }
  await page.setViewportSize({ width: 1080, height: 720 });
}

/** The same in both themes, as NAME-dark and NAME-light, each once it is `there`; leaves the light one. */
export async function pictures(page: Page, name: string, there?: () => Promise<unknown>): Promise<void> {
  if (process.env.GATEHOUSE_SCREENS !== '1') return;
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((wanted) => window.gatehouse?.invoke('preferences.set', { theme: wanted }), theme);
    await page.waitForFunction(
      (dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark,
      theme === 'dark',
    );
    await there?.();
    await picture(page, `${name}-${theme}`);
  }
}

/** Writes docs/screens/NAME.png when pictures are asked for with GATEHOUSE_SCREENS=1. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.GATEHOUSE_SCREENS !== '1') return;
  const folder = join(root, 'docs', 'screens');
  mkdirSync(folder, { recursive: true });
  // Neither the pointer nor the focus is what they show.
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
