/** Commands about installing a server's program. */
import { z } from 'zod';
import type { InstallCommands } from '../../preload/views/installing.ts';
import { type CommandSet, name } from './command.ts';

/** What they act on; each function has the arguments and the value of its command. */
export interface InstallDeps {
  begin(args: InstallCommands['server.install']['args']): Promise<InstallCommands['server.install']['value']>;
  output(
    args: InstallCommands['server.installOutput']['args'],
  ): Promise<InstallCommands['server.installOutput']['value']>;
  /** Null when none runs. */
  running(server: string): InstallCommands['server.installation']['value'];
  cancel(args: InstallCommands['server.cancelInstall']['args']): Promise<void>;
}

const run = z.string().min(1).max(100);

export function installCommands(deps: InstallDeps): CommandSet<keyof InstallCommands> {
  return {
    'server.install': {
      schema: z.strictObject({ server: name, line: z.string().min(1).max(16_384) }),
      run: deps.begin,
    },
    'server.installOutput': {
      schema: z.strictObject({ server: name, run, from: z.int().min(0) }),
      run: deps.output,
    },
    'server.installation': {
      schema: z.strictObject({ server: name }),
      run: async ({ server }) => deps.running(server),
    },
    'server.cancelInstall': {
      schema: z.strictObject({ server: name, run }),
      async run(args) {
        await deps.cancel(args);
        return null;
      },
    },
  };
}
