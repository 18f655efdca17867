/**
 * Gives Chromium its own folder inside the data dir, so that two data dirs are two apps: separate profile, separate
 * single-instance lock, nothing shared.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';

/** Must run before the single-instance lock and before `ready`. Creates the folders with access for the owner only. */
export function useDataDir(app: Pick<App, 'setPath'>, dataDir: string): void {
  const profile = join(dataDir, 'electron');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', profile);
  app.setPath('sessionData', profile);
}
