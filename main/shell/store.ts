/**
 * The file behind the preferences: electron-store, which writes a temporary file and renames it. Nothing to close.
 */
import type { IpcMain } from 'electron';
import ElectronStore from 'electron-store';
import type { PreferenceStore } from './preferences.ts';

/** Opens `preferences.json` in `dataDir`; a file that is not JSON is begun anew, for nothing in it is precious. */
export function openStore(dataDir: string, ipcMain: Pick<IpcMain, 'removeAllListeners'>): PreferenceStore {
  const store = new ElectronStore<Record<string, unknown>>({
    cwd: dataDir,
    name: 'preferences',
    clearInvalidConfig: true,
    accessPropertiesByDotNotation: false,
    configFileMode: 0o600,
  });
  // The library answers any page that asks for its folder; our pages have one bridge, and it is not this one.
  ipcMain.removeAllListeners('electron-store-get-data');
  return {
    get: (key) => store.get(key),
    set: (values) => store.set(values),
  };
}
