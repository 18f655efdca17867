/** Commands about the settings files of clients. */
import { z } from 'zod';
import type { CoreCommands } from '../../preload/contract.ts';
import { type CommandSet, name } from './command.ts';

type Names =
  | 'clients.list'
  | 'clients.preview'
  | 'clients.apply'
  | 'clients.undo'
  | 'clients.chooseFile'
  | 'clients.entry'
  | 'clients.bundle';

/** What they act on; each function has the arguments and the value of its command. */
export type ClientDeps = {
  readonly [N in Names]: (args: CoreCommands[N]['args']) => Promise<CoreCommands[N]['value']>;
};

const file = z.string().min(1).max(4_096);
const change = {
  action: z.enum(['connect', 'disconnect']),
  client: name,
  file: file.optional(),
  via: z.enum(['http', 'bridge']).optional(),
  without: z.array(name).max(1_000).optional(),
};

export function clientCommands(deps: ClientDeps): CommandSet<Names> {
  return {
    'clients.list': { schema: z.strictObject({ read: z.boolean() }), run: deps['clients.list'] },
    'clients.preview': { schema: z.strictObject(change), run: deps['clients.preview'] },
    'clients.apply': {
      schema: z.strictObject({ ...change, hash: z.string().min(1).max(64), reopen: z.boolean().optional() }),
      run: deps['clients.apply'],
    },
    'clients.undo': { schema: z.strictObject({ client: name }), run: deps['clients.undo'] },
    'clients.chooseFile': {
      schema: z.strictObject({ client: name, file: file.nullable() }),
      run: deps['clients.chooseFile'],
    },
    'clients.bundle': { schema: z.strictObject({ client: name }), run: deps['clients.bundle'] },
    'clients.entry': { schema: z.strictObject({ client: name }), run: deps['clients.entry'] },
  };
}
