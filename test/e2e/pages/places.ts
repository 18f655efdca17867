/**
 * Every screen of the window, in the states that hold most text, with what opens over it. A screen or a tab that is
 * missing here does not compile, and a test finds a dialog that is (`test/renderer/places.test.ts`).
 */
import type { Page } from 'playwright-core';
import type { WorldName } from '../../../renderer/dev/worlds.ts';
import type { Route, ServerTab } from '../../../renderer/state/route.ts';

/** A screen in a state. */
export interface Place {
  readonly name: string;
  readonly world?: WorldName;
  /** After `#/`. */
  readonly hash: string;
  /** Goes further, in English. */
  readonly act?: (page: Page) => Promise<void>;
  /** The component of the dialog that is open then. */
  readonly dialog?: string;
}

/** The tabs of a server's page. */
const tabs: Readonly<Record<ServerTab, readonly Place[]>> = {
  tools: [
    { name: 'server, tools', hash: 'servers/github' },
    {
      name: 'server, a tool with its form',
      hash: 'servers/github',
      act: async (page) => {
        await page.getByRole('button', { name: /^create_issue/ }).click();
        await page.getByRole('heading', { name: 'Try it' }).waitFor();
        await page.getByRole('button', { name: /^Run/ }).waitFor();
      },
    },
    {
      name: 'server, a tool by another name',
      hash: 'servers/github',
      act: async (page) => {
        await page.getByRole('button', { name: /^get_me/ }).click();
        await page.getByRole('button', { name: 'Name and description' }).click();
        await page.getByLabel('Description', { exact: true }).waitFor();
      },
      dialog: 'RenameTool',
    },
    {
      name: 'server, a tool with its answer',
      hash: 'servers/github',
      act: async (page) => {
        await page.getByRole('button', { name: /^get_me/ }).click();
        await page.getByRole('button', { name: /^Run/ }).click();
        await page.getByText('612 ms').waitFor();
      },
    },
  ],
  activity: [
    { name: 'server, activity', hash: 'servers/github/activity' },
    {
      name: 'server, one call',
      hash: 'servers/github/activity',
      act: (page) => page.locator('[data-row]').first().click(),
    },
  ],
  log: [{ name: 'server, log', hash: 'servers/github/log' }],
  isolation: [{ name: 'server, isolation', hash: 'servers/github/isolation' }],
  config: [{ name: 'server, configuration', hash: 'servers/github/config' }],
  terminal: [
    { name: 'server, terminal', hash: 'servers/github/terminal' },
    {
      name: 'server, open terminal',
      hash: 'servers/github/terminal',
      act: async (page) => {
        await page.getByRole('button', { name: 'Open terminal' }).click();
        await page.locator('.xterm-rows').getByText('server.js').waitFor();
      },
    },
  ],
};

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();

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
      act: press(/^Connect /),
      dialog: 'ClientChange',
    },
    {
      name: 'clients, bring in',
      hash: 'clients',
      act: press('Bring in servers'),
      dialog: 'ImportServers',
    },
    { name: 'clients, one wants in', world: 'asked', hash: 'clients', dialog: 'SignInRequest' },
  ],
  client: [
    { name: 'client, gone', hash: 'clients/cursor' },
    { name: 'client, connected', hash: 'clients/claude-code' },
  ],
  server: [
    ...Object.values(tabs).flat(),
    { name: 'server, sign-in needed', hash: 'servers/sentry' },
    { name: 'server, signed in', hash: 'servers/linear' },
    { name: 'server, gone', hash: 'servers/nobody' },
    { name: 'server, failed', hash: 'servers/postgres' },
  ],
  settings: [
    { name: 'settings', hash: 'settings' },
    {
      name: 'settings, open to the network',
      hash: 'settings/endpoint',
      act: (page) => page.getByRole('radio', { name: 'The network' }).click(),
      dialog: 'OpenToNetwork',
    },
    {
      name: 'settings, a new secret',
      hash: 'settings/secrets',
      act: press('Add a secret'),
      dialog: 'StoreSecret',
    },
    {
      name: 'settings, a secret less',
      hash: 'settings/secrets',
      act: press(/^Delete GITHUB/),
      dialog: 'DeleteSecret',
    },
    {
      name: 'settings, no activity',
      hash: 'settings/data',
      act: press(/^Delete activity/),
      dialog: 'SettingsData',
    },
  ],
  welcome: [{ name: 'first steps', hash: 'welcome' }],
  doctor: [{ name: 'doctor', hash: 'doctor' }],
};

export const allPlaces: readonly Place[] = Object.values(places).flat();
