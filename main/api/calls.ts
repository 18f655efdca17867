/** Commands about calls that wait for a person, and about before which calls one is asked. */
import { z } from 'zod';
import type { CoreCommands } from '../../preload/contract.ts';
import { type CommandSet, name, nothing, toolName } from './command.ts';

/** What they act on. */
export interface CallDeps {
  waiting(): CoreCommands['calls.waiting']['value'];
  decide(args: CoreCommands['call.decide']['args']): Promise<void>;
  rules(): CoreCommands['calls.rules']['value'];
  setRule(args: CoreCommands['calls.setRule']['args']): Promise<void>;
  forget(server: string, tool: string): Promise<void>;
}

type Names = 'calls.waiting' | 'call.decide' | 'calls.rules' | 'calls.setRule' | 'calls.forget';

export function callCommands(deps: CallDeps): CommandSet<Names> {
  return {
    'calls.waiting': { schema: nothing, run: async () => deps.waiting() },
    'call.decide': {
      schema: z.strictObject({
        id: z.string().min(1).max(40),
        hash: z.string().length(64),
        decision: z.enum(['once', 'session', 'always', 'deny']),
      }),
      async run(args) {
        await deps.decide(args);
        return null;
      },
    },
    'calls.rules': { schema: nothing, run: async () => deps.rules() },
    'calls.setRule': {
      schema: z.strictObject({
        server: name,
        tool: toolName,
        client: name.nullable(),
        rule: z.enum(['never', 'ask']).nullable(),
      }),
      async run(args) {
        await deps.setRule(args);
        return null;
      },
    },
    'calls.forget': {
      schema: z.strictObject({ server: name, tool: toolName }),
      async run({ server, tool }) {
        await deps.forget(server, tool);
        return null;
      },
    },
  };
}
