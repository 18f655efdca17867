/** Commands about what has happened. */
import { z } from 'zod';
import type { ActivityRow, CoreCommands } from '../../preload/contract.ts';
import { type CommandSet, name } from './command.ts';

/** What they act on. */
export interface ActivityDeps {
  recent(query: CoreCommands['activity.recent']['args']): readonly ActivityRow[];
}

export function activityCommands(deps: ActivityDeps): CommandSet<'activity.recent'> {
  return {
    'activity.recent': {
      schema: z.strictObject({
        limit: z.int().min(1).max(500),
        before: z.int().min(0).optional(),
        server: name.optional(),
      }),
      run: async (query) => deps.recent(query),
    },
  };
}
