/** Commands about bringing in the servers that clients have already. */
import { z } from 'zod';
import type { ImportCommands } from '../../preload/views/import.ts';
import { type CommandSet, name } from './command.ts';

/** What they act on; each function has the arguments and the value of its command. */
export type ImportDeps = {
  readonly [N in keyof ImportCommands]: (
    args: ImportCommands[N]['args'],
  ) => Promise<ImportCommands[N]['value']>;
};

const files = z.array(z.string().min(1).max(4_096)).max(20);

export function importCommands(deps: ImportDeps): CommandSet<keyof ImportCommands> {
  return {
    'import.find': { schema: z.strictObject({ files }), run: deps['import.find'] },
    'import.apply': {
      schema: z.strictObject({
        files,
        servers: z.array(z.strictObject({ name, digest: z.string().min(1).max(64) })).max(1_000),
        keepKeys: z.boolean(),
      }),
      run: deps['import.apply'],
    },
  };
}
