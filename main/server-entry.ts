/** Writes a new server into the configuration file, in whichever of the two forms it has its servers. Holds nothing. */
import { readText } from './config/file.ts';
import { parseConfigTree } from './config/tree.ts';
import type { Configuration } from './configuration.ts';

/** Adds `entry` under a name that is free. Rejects with what `edit` throws. */
export async function addEntry(
  config: Pick<Configuration, 'file' | 'edit'>,
  name: string,
  entry: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { value } = parseConfigTree((await readText(config.file)).replace(/^\uFEFF/, ''), config.file);
  const there = (value as { mcpServers?: unknown } | null)?.mcpServers;
  if (Array.isArray(there)) await config.edit(['mcpServers', there.length], { name, ...entry });
  else await config.edit(['mcpServers', name], entry);
}
