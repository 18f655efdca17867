/**
 * The commands that need a desktop: preferences, clipboard, opening a file. Arguments come from a page, so each is
 * validated here.
 */
import { z } from 'zod';
import type { CorePort } from '../../preload/contract.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { DesktopHandlers } from './ipc.ts';
import type { PreferencesPort } from './preferences.ts';

/** What they need. */
export interface DesktopCommandDeps {
  readonly core: Promise<CorePort>;
  readonly preferences: PreferencesPort;
  writeClipboard(text: string): void;
  /** Opens a file with its program; the answer is empty, or says what went wrong. */
  openPath(file: string): Promise<string>;
}

const nothing = z.strictObject({});
const snippetArgs = z.strictObject({ format: z.enum(['url', 'json', 'claude-code']) });

/** The handlers; each throws a GatehouseError when it cannot do its work. */
export function desktopCommands(deps: DesktopCommandDeps): DesktopHandlers {
  return {
    async 'preferences.get'(args) {
      check(nothing, args);
      return deps.preferences.get();
    },
    async 'preferences.set'(args) {
      return deps.preferences.set(args);
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
      // The address comes from the core, never from the page: a page cannot choose what is opened.
      const { file } = (await deps.core).snapshot().config;
      const fault = await deps.openPath(file);
      if (fault !== '') {
        throw new GatehouseError({
          code: 'desktop.open_failed',
          message: `The configuration file could not be opened: ${fault}.`,
          remedy: `Open it with an editor of your choice: ${file}`,
        });
      }
      return null;
    },
  };
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
