/**
 * The sample server that comes with Gatehouse: this very program, started in another way, so that a first try needs
 * neither Node.js nor a download. Adding it writes an ordinary entry into the configuration. Holds nothing open.
 */
import { type Installation, ownCommand } from './bridge-command.ts';
import { createNames } from './config/dialects/names.ts';
import type { Configuration } from './configuration.ts';
import { addEntry } from './server-entry.ts';

/** The program and the arguments that start the sample server of this installation. */
export function sampleCommand(installation: Installation): {
  readonly command: string;
  readonly args: readonly string[];
} {
  return ownCommand(installation, { node: ['sample-server'], electron: ['--sample-server'] });
}

/** Adds it and gives its name; where it is there already, only its name. Rejects with an error of the configuration. */
export async function addSample(
  config: Pick<Configuration, 'current' | 'file' | 'edit' | 'setServerEnabled'>,
  installation: Installation,
): Promise<{ readonly server: string }> {
  const { command, args } = sampleCommand(installation);
  const there = config.current.servers.find(
    ({ transport }) =>
      transport.kind === 'stdio' &&
      transport.command === command &&
      JSON.stringify(transport.args) === JSON.stringify(args),
  );
  if (there !== undefined) {
    if (!there.enabled) await config.setServerEnabled(there.name, true);
    return { server: there.name };
  }
  const server = createNames(config.current.servers.map(({ name }) => name)).take('sample');
  // It is Gatehouse itself, and no image has it.
  await addEntry(config, server, { command, args, isolation: { mode: 'host' } });
  return { server };
}
