/** The commands about the app itself: starting with the session, starting anew, its folders, the tray. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AppCommands } from '../../preload/views/settings.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { LoginStart } from './login-start.ts';

/** What they act on. */
export interface AppCommandDeps {
  readonly dataDir: string;
  readonly loginStart: LoginStart;
  restart(): void;
  hasTray(): Promise<boolean>;
  /** Opens a file with its program, or a folder; the answer is empty, or says what went wrong. */
  openPath(path: string): Promise<string>;
}

/** The handlers, over arguments that come from a page. */
export type AppHandlers = {
  readonly [N in keyof AppCommands]: (args: unknown) => Promise<AppCommands[N]['value']>;
};

const nothing = z.strictObject({});
const on = z.strictObject({ on: z.boolean() });
const folder = z.strictObject({ folder: z.enum(['data', 'logs']) });

/** @param check throws what a page is told about arguments that cannot be read */
export function appHandlers(
  deps: AppCommandDeps,
  check: <T>(schema: z.ZodType<T>, args: unknown) => T,
): AppHandlers {
  return {
    async 'app.loginStart'(args) {
      check(nothing, args);
      return deps.loginStart.get();
    },
    'app.setLoginStart': async (args) => deps.loginStart.set(check(on, args).on),
    async 'app.restart'(args) {
      check(nothing, args);
      deps.restart();
      return null;
    },
    async 'app.openFolder'(args) {
      const path = check(folder, args).folder === 'data' ? deps.dataDir : join(deps.dataDir, 'logs');
      // No server may have written yet.
      mkdirSync(path, { recursive: true, mode: 0o700 });
      const fault = await deps.openPath(path);
      if (fault === '') return null;
      throw new GatehouseError({
        code: 'desktop.open_failed',
        form: 'folder',
        message: 'The folder could not be opened: {fault}.',
        remedy: 'Open it with a file manager of your choice: {path}',
        values: { fault, path },
      });
    },
    async 'app.hasTray'(args) {
      check(nothing, args);
      return deps.hasTray();
    },
  };
}
