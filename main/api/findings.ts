/** Commands about what the scanner says. */
import { z } from 'zod';
import type { ItemFindingsView } from '../../preload/views/trust.ts';
import { type CommandSet, name } from './command.ts';

/** What they act on. */
export interface FindingDeps {
  ofServer(server: string): Promise<readonly ItemFindingsView[]>;
}

export function findingCommands(deps: FindingDeps): CommandSet<'server.findings'> {
  return {
    'server.findings': {
      schema: z.strictObject({ server: name }),
      run: ({ server }) => deps.ofServer(server),
    },
  };
}
