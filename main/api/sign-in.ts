/** Commands about signing in to remote servers. */
import { z } from 'zod';
import type { SignInStart } from '../../preload/views/sign-in.ts';
import { type CommandSet, name } from './command.ts';

/** What they act on. */
export interface SignInCommandDeps {
  signIn(server: string, fresh: boolean): Promise<SignInStart>;
  awaitSignIn(server: string): Promise<void>;
  cancelSignIn(server: string): Promise<void>;
  completeSignIn(server: string, address: string): Promise<void>;
  signOut(server: string): Promise<void>;
}

type Names =
  | 'server.signIn'
  | 'server.awaitSignIn'
  | 'server.cancelSignIn'
  | 'server.completeSignIn'
  | 'server.signOut';

export function signInCommands(deps: SignInCommandDeps): CommandSet<Names> {
  return {
    'server.signIn': {
      schema: z.strictObject({ server: name, fresh: z.boolean().optional() }),
      run: ({ server, fresh }) => deps.signIn(server, fresh ?? false),
    },
    'server.awaitSignIn': {
      schema: z.strictObject({ server: name }),
      async run({ server }) {
        await deps.awaitSignIn(server);
        return null;
      },
    },
    'server.cancelSignIn': {
      schema: z.strictObject({ server: name }),
      async run({ server }) {
        await deps.cancelSignIn(server);
        return null;
      },
    },
    'server.completeSignIn': {
      schema: z.strictObject({ server: name, address: z.string().min(1).max(65_536) }),
      async run({ server, address }) {
        await deps.completeSignIn(server, address);
        return null;
      },
    },
    'server.signOut': {
      schema: z.strictObject({ server: name }),
      async run({ server }) {
        await deps.signOut(server);
        return null;
      },
    },
  };
}
