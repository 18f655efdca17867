/** Every screen of the window, in the states that hold most text; a screen that is missing here does not compile. */
import type { Page } from 'playwright-core';
import type { WorldName } from '../../../renderer/dev/worlds.ts';
import type { Route } from '../../../renderer/state/route.ts';

/** A screen in a state. */
export interface Place {
  readonly name: string;
  readonly world?: WorldName;
  /** After `#/`. */
  readonly hash: string;
  /** Goes further, in English. */
  readonly act?: (page: Page) => Promise<void>;
}

const places: Readonly<Record<Route['view'], readonly Place[]>> = {
  servers: [
    { name: 'servers', hash: 'servers' },
    { name: 'servers, broken configuration', world: 'broken', hash: 'servers' },
    { name: 'servers, endpoint down', world: 'down', hash: 'servers' },
    { name: 'servers, none', world: 'empty', hash: 'servers' },
  ],
  add: [
    { name: 'add', hash: 'add' },
    {
      name: 'add, review',
      hash: 'add',
      act: async (page) => {
        await page.getByRole('textbox').fill('npx -y @modelcontextprotocol/server-postgres');
        await page.getByRole('button', { name: /^Review/ }).click();
        await page.getByRole('button', { name: 'Add and start' }).waitFor();
      },
    },
  ],
  approvals: [
    { name: 'approvals, a call', hash: 'approvals' },
    ...[1, 2, 3].map((index) => ({
      name: `approvals, line ${index + 1}`,
      hash: 'approvals',
      act: (page: Page) => page.getByRole('option').nth(index).click(),
    })),
    { name: 'approvals, none', world: 'calm', hash: 'approvals' },
  ],
  activity: [
    { name: 'activity', hash: 'activity' },
    {
      name: 'activity, one row',
      hash: 'activity',
      act: (page) => page.locator('[data-row]').first().click(),
    },
    { name: 'activity, none', world: 'empty', hash: 'activity' },
  ],
  clients: [
    { name: 'clients', hash: 'clients' },
    {
      name: 'clients, connect',
      hash: 'clients',
      act: (page) =>
        page
          .getByRole('button', { name: /^Connect / })
          .first()
          .click(),
    },
    {
      name: 'clients, bring in',
      hash: 'clients',
      act: (page) => page.getByRole('button', { name: 'Bring in servers' }).click(),
    },
  ],
  client: [
    { name: 'client, gone', hash: 'clients/cursor' },
    { name: 'client, connected', hash: 'clients/claude-code' },
  ],
  server: [
    { name: 'server, tools', hash: 'servers/github' },
    { name: 'server, isolation', hash: 'servers/github/isolation' },
    { name: 'server, log', hash: 'servers/github/log' },
    { name: 'server, configuration', hash: 'servers/github/config' },
    { name: 'server, sign-in needed', hash: 'servers/sentry' },
    { name: 'server, signed in', hash: 'servers/linear' },
    { name: 'server, gone', hash: 'servers/nobody' },
    { name: 'server, failed', hash: 'servers/postgres' },
  ],
  settings: [{ name: 'settings', hash: 'settings' }],
  welcome: [{ name: 'first steps', hash: 'welcome' }],
  doctor: [{ name: 'doctor', hash: 'doctor' }],
};

export const allPlaces: readonly Place[] = Object.values(places).flat();
