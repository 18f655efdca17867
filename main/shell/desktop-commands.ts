/**
 * The commands that need a desktop: preferences, clipboard, opening a file. Arguments come from a page, so each is
 * validated here.
 */
import { z } from 'zod';
import type { CorePort, Events, Result } from '../../preload/contract.ts';
import { GatehouseError } from '../protocol/error.ts';
import { type AppCommandDeps, appHandlers } from './app-commands.ts';
import type { DesktopHandlers } from './ipc.ts';
import type { PreferencesPort } from './preferences.ts';
import type { Shortcut } from './shortcut.ts';

/** What they need. */
export interface DesktopCommandDeps extends AppCommandDeps {
  readonly core: Promise<CorePort>;
  readonly preferences: PreferencesPort;
  writeClipboard(text: string): void;
  /** Shows the main window, and a place in it. */
  showWindow(to: Events['navigate'] | null): void;
  /** The keys that open the popover. */
  readonly shortcut: Pick<Shortcut, 'use'>;
  /** Lets the user choose a file, beginning beside this one; null when they gave up. */
  pickFile(near: string): Promise<string | null>;
  /** Hands a link to the program that it belongs to. */
  openLink(url: string): Promise<void>;
}

const nothing = z.strictObject({});
const clientArgs = z.strictObject({ client: z.string().min(1).max(200) });
const place = z.strictObject({
  view: z.enum(['servers', 'server', 'approvals', 'activity', 'settings', 'add']),
  server: z.string().max(200).nullable(),
});
const showArgs = z.strictObject({ to: place.nullable() });
const snippetArgs = z.strictObject({ format: z.enum(['url', 'json', 'claude-code']) });

/** The handlers; each throws a GatehouseError when it cannot do its work. */
export function desktopCommands(deps: DesktopCommandDeps): DesktopHandlers {
  // Files and links come from the core, never from the page: a page cannot choose what is opened.
  const fileOf = async (args: unknown): Promise<string> => {
    const { client } = check(clientArgs, args);
    const clients = granted(await (await deps.core).execute('clients.list', { read: false }));
    const found = clients.find(({ id }) => id === client);
    if (found === undefined) throw noSuchClient();
    return found.file;
  };
  const open = async (what: keyof typeof FILES, file: string): Promise<null> => {
    const fault = await deps.openPath(file);
    if (fault === '') return null;
    throw new GatehouseError({
      code: 'desktop.open_failed',
      form: FILES[what],
      message: `The ${what} could not be opened: {fault}.`,
      remedy: 'Open it with an editor of your choice: {file}',
      values: { fault, file },
    });
  };
  return {
    ...appHandlers(deps, check),
    async 'preferences.get'(args) {
      check(nothing, args);
      return deps.preferences.get();
    },
    async 'preferences.set'(args) {
      const { shortcut } = deps.preferences.get();
      const now = deps.preferences.set(args);
      try {
        deps.shortcut.use(now.shortcut);
      } catch (error) {
        // Keys that cannot be had are not kept.
        deps.preferences.set({ shortcut });
        throw error;
      }
      return now;
    },
    async 'window.show'(args) {
      deps.showWindow(check(showArgs, args).to);
      return null;
    },
    async 'client.copySnippet'(args) {
      const { format } = check(snippetArgs, args);
      const snippet = await (await deps.core).snippet(format);
      if (!snippet.ok) {
        throw new GatehouseError(snippet.error);
      }
      deps.writeClipboard(snippet.value);
      return null;
    },
    async 'config.open'(args) {
      check(nothing, args);
      return open('configuration file', (await deps.core).snapshot().config.file);
    },
    'client.openFile': async (args) => open('settings file', await fileOf(args)),
    'client.pickFile': async (args) => deps.pickFile(await fileOf(args)),
    async 'client.openBundle'(args) {
      const { client } = check(clientArgs, args);
      const made = granted(await (await deps.core).execute('clients.bundle', { client }));
      await open('bundle', made.file);
      return made;
    },
    async 'client.openLink'(args) {
      const { client } = check(clientArgs, args);
      const asked = { action: 'connect', client, via: 'http' } as const;
      const { link } = granted(await (await deps.core).execute('clients.preview', asked));
      if (link === null) throw noLink();
      await deps.openLink(link);
      return null;
    },
  };
}

function granted<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new GatehouseError(result.error);
}

/** What is opened, and its word in errors. */
const FILES = {
  'configuration file': 'config',
  'settings file': 'settings',
  bundle: 'bundle',
} as const;

function noSuchClient(): GatehouseError {
  return new GatehouseError({
    code: 'clients.unknown',
    form: 'gone',
    message: 'There is no such client in the list.',
    remedy: 'Look at the list of clients again.',
  });
}

function noLink(): GatehouseError {
  return new GatehouseError({
    code: 'clients.no_link',
    message: 'This client has no link by which it adds a server, or Gatehouse has no lasting address.',
    remedy: 'Connect it by its settings file.',
  });
}

function check<T>(schema: z.ZodType<T>, args: unknown): T {
  const parsed = schema.safeParse(args);
  if (!parsed.success) {
    throw new GatehouseError({
      code: 'ipc.bad_arguments',
      message: `The command cannot be read: ${z.prettifyError(parsed.error)}.`,
      remedy: 'Restart Gatehouse, so that its window and its core are of the same version.',
    });
  }
  return parsed.data;
}
