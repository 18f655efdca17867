/** Commands about the whole: its state, and the switch that pauses it. */
import { z } from 'zod';
import type { Snapshot } from '../../preload/contract.ts';
import { type CommandSet, nothing } from './command.ts';

/** What they act on. */
export interface GatewayDeps {
  snapshot(): Snapshot;
  setPaused(paused: boolean): void;
}

export function gatewayCommands(deps: GatewayDeps): CommandSet<'snapshot.get' | 'gateway.setPaused'> {
  return {
    'snapshot.get': { schema: nothing, run: async () => deps.snapshot() },
    'gateway.setPaused': {
      schema: z.strictObject({ paused: z.boolean() }),
      async run({ paused }) {
        deps.setPaused(paused);
        return null;
      },
    },
  };
}
