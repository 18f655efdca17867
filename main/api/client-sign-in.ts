/** Commands about clients that want to sign in at our endpoint. */
import { z } from 'zod';
import type { SignInDecisionView, WaitingSignInView } from '../../preload/views/client-sign-in.ts';
import type { Actor } from '../../preload/views/trust.ts';
import { type CommandSet, name, nothing } from './command.ts';

/** What they act on. */
export interface ClientSignInDeps {
  waiting(): readonly WaitingSignInView[];
  decide(id: string, decision: SignInDecisionView, by: Actor): Promise<void>;
  profiles(): readonly string[];
}

type Names = 'clientSignIn.waiting' | 'clientSignIn.decide' | 'profile.list';

const decision = z.discriminatedUnion('allow', [
  z.strictObject({ allow: z.literal(false) }),
  z.strictObject({
    allow: z.literal(true),
    profile: name.nullable(),
    permission: z.enum(['read', 'write', 'destructive']),
  }),
]);

export function clientSignInCommands(deps: ClientSignInDeps): CommandSet<Names> {
  return {
    'clientSignIn.waiting': { schema: nothing, run: async () => deps.waiting() },
    'clientSignIn.decide': {
      schema: z.strictObject({ id: z.string().min(1).max(40), decision }),
      async run(args, by) {
        await deps.decide(args.id, args.decision, by);
        return null;
      },
    },
    'profile.list': { schema: nothing, run: async () => deps.profiles() },
  };
}
