/** Commands about editing a server's entry in the configuration. */
import { z } from 'zod';
import type { EditingCommands } from '../../preload/views/editing.ts';
import { type CommandSet, name } from './command.ts';

/** What they act on; each function has the arguments and the value of its command. */
export interface EditingDeps {
  read(server: string): Promise<EditingCommands['server.entry']['value']>;
  save(args: EditingCommands['server.edit']['args']): Promise<void>;
}

export function editingCommands(deps: EditingDeps): CommandSet<keyof EditingCommands> {
  return {
    'server.entry': {
      schema: z.strictObject({ server: name }),
      run: ({ server }) => deps.read(server),
    },
    'server.edit': {
      schema: z.strictObject({
        server: name,
        text: z.string().max(1_000_000),
        digest: z.string().max(100),
        keepKeys: z.boolean(),
      }),
      async run(args) {
        await deps.save(args);
        return null;
      },
    },
  };
}
