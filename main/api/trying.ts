/** Commands that call a tool by hand. */
import { z } from 'zod';
import type { Actor } from '../../preload/views/trust.ts';
import type { TrialView, TryingCommands } from '../../preload/views/trying.ts';
import { type CommandSet, name, toolName } from './command.ts';

/** What they act on. Each rejects with a GatehouseError. */
export interface TryingDeps {
  schema(server: string, tool: string): string | null;
  call(trial: Trial, by: Actor): Promise<TrialView>;
  cancel(trial: string): void;
}

/** What is to be called. */
export type Trial = TryingCommands['tool.try']['args'];

/** Characters of arguments by hand. */
const LONGEST_ARGUMENTS = 8 * 1024 * 1024;

const trial = z.string().min(1).max(64);

export function tryingCommands(deps: TryingDeps): CommandSet<keyof TryingCommands> {
  return {
    'tool.schema': {
      schema: z.strictObject({ server: name, tool: toolName }),
      run: async ({ server, tool }) => deps.schema(server, tool),
    },
    'tool.try': {
      schema: z.strictObject({
        server: name,
        tool: toolName,
        arguments: z.string().max(LONGEST_ARGUMENTS),
        trial,
      }),
      run: (args, by) => deps.call(args, by),
    },
    'tool.cancelTry': {
      schema: z.strictObject({ trial }),
      async run(args) {
        deps.cancel(args.trial);
        return null;
      },
    },
  };
}
