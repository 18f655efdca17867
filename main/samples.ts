/**
 * A first run with something to see: begins a new data directory with the sample servers that the launcher offers.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchOptions } from './args.ts';

/** Stands in the sample file for the folder that the samples may use; becomes its path, escaped for JSON. */
const FOLDER = '__SAMPLES__';

/**
 * Writes the sample configuration, only where the data directory has none: what the user has written is never touched.
 * Makes the folder `samples` beside it with one file to read. Throws what the file system says.
 */
export function beginWithSamples({ sampleConfig, configFile, configGiven, dataDir }: LaunchOptions): void {
  if (sampleConfig === null || configGiven || existsSync(configFile)) return;
  const folder = join(dataDir, 'samples');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const text = readFileSync(sampleConfig, 'utf8');
  writeFileSync(
    join(folder, 'welcome.txt'),
    'This file is here for the sample server "filesystem" to read.\n',
  );
  // 'wx': another app may have begun at the same moment, and then its file stands.
  writeFileSync(configFile, text.replaceAll(FOLDER, JSON.stringify(folder).slice(1, -1)), {
    flag: 'wx',
    mode: 0o600,
  });
}
