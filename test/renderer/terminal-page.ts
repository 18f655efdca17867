/** A terminal as a person finds it on a server's page, in whatever shows it. */
import type { Locator, Page } from 'playwright-core';
import { until } from '../host/gateway.ts';

/** See above. */
export interface TerminalPage {
  /** Where one types. */
  readonly input: Locator;
  readonly rows: Locator;
  /** All that it shows, without line ends. */
  screen(): Promise<string>;
  shows(text: string | RegExp): Promise<void>;
  /** One has just been opened: it has the focus, and its shell is there. */
  opened(): Promise<void>;
  /** Types a line. */
  type(line: string): Promise<void>;
  /** Has the shell say a number, which what was typed does not hold; on a screen of its own. */
  number(name: string, expression: string): Promise<number>;
}

export function terminalOn(page: Page): TerminalPage {
  const rows = page.locator('.xterm-rows');
  const screen = async (): Promise<string> => (await rows.textContent()) ?? '';
  const shows = async (text: string | RegExp): Promise<void> => {
    try {
      await until(async () => (await screen()).match(text) !== null, `${text} in the terminal`);
    } catch (cause) {
      const focused = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
      throw new Error(`It shows ${JSON.stringify(await screen())}; the focus is in ${focused}`, { cause });
    }
  };
  const type = (line: string): Promise<void> => page.keyboard.type(`${line}\n`);
  const input = page.getByRole('textbox', { name: 'Terminal. F6 leaves it.' });
  return {
    async opened() {
      await until(
        () => input.evaluateAll(([one]) => one !== undefined && one === document.activeElement),
        'the focus in the terminal',
      );
      await shows(/\S/);
    },
    ...{ input, rows, screen, shows, type },
    async number(name, expression) {
      const said = new RegExp(`${name}=(\\d+)\\.`);
      await type(`clear; echo ${name}=${expression}.`);
      await shows(said);
      return Number(said.exec(await screen())?.[1]);
    },
  };
}
