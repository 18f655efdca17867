/** Commands about adding servers. What was pasted and typed goes in and never comes out. */
import { z } from 'zod';
import type { AddingCommands } from '../../preload/views/adding.ts';
import { type CommandSet, name } from './command.ts';

type Names = keyof AddingCommands;

/** What they act on. */
export interface AddingCommandDeps {
  /** Rejects with `adding.not_understood` or a ConfigError. */
  read(text: string): Promise<AddingCommands['adding.read']['value']>;
  /** Rejects besides with `adding.changed`, `adding.bad_name`, `adding.name_taken`, and as the file and the secrets do. */
  add(choice: AddingCommands['adding.add']['args']): Promise<AddingCommands['adding.add']['value']>;
}

const pasted = z.string().max(1024 * 1024);
const path = z.string().min(1).max(4_096);

export function addingCommands(deps: AddingCommandDeps): CommandSet<Names> {
  return {
    'adding.read': { schema: z.strictObject({ text: pasted }), run: ({ text }) => deps.read(text) },
    'adding.add': {
      schema: z.strictObject({
        text: pasted,
        digest: z.string().max(64),
        index: z.int().min(0).max(10_000),
        name,
        place: z.enum(['container', 'host']),
        mounts: z.array(z.strictObject({ path, write: z.boolean() })).max(100),
        values: z.record(z.string().max(300), z.string().max(100_000)),
        keepKeys: z.boolean(),
      }),
      run: (choice) => deps.add(choice),
    },
  };
}
