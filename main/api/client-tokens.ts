/** Commands about clients with tokens of their own. */
import { z } from 'zod';
import type { ClientScope, ClientTokenView } from '../../preload/views/client-tokens.ts';
import { type CommandSet, name, nothing } from './command.ts';

/** What they act on. */
export interface ClientTokenDeps {
  list(): readonly ClientTokenView[];
  /** Whose token this is; null when it is nobody's any more. */
  ownerOf(token: string): string | null;
  /** Gives the token, which is shown once. */
  create(name: string, scope: ClientScope): Promise<string>;
  rotate(name: string): Promise<string>;
  revoke(name: string): Promise<void>;
  change(name: string, scope: ClientScope): Promise<void>;
  remove(name: string): Promise<void>;
}

type Names =
  | 'clientToken.list'
  | 'clientToken.check'
  | 'clientToken.create'
  | 'clientToken.rotate'
  | 'clientToken.revoke'
  | 'clientToken.change'
  | 'clientToken.remove';

const client = z.strictObject({ client: name });
const scoped = z.strictObject({
  client: name,
  servers: z.array(name).max(1_000).nullable(),
  profile: name.nullable(),
  permission: z.enum(['read', 'write', 'destructive']),
  expiresAt: z.int().min(0).max(8.64e15).nullable(),
});

export function clientTokenCommands(open: () => Promise<ClientTokenDeps>): CommandSet<Names> {
  return {
    'clientToken.list': { schema: nothing, run: async () => (await open()).list() },
    'clientToken.check': {
      schema: z.strictObject({ client: name, token: z.string().min(1).max(4_096) }),
      run: async ({ client: one, token }) => (await open()).ownerOf(token) === one,
    },
    'clientToken.create': {
      schema: scoped,
      run: async ({ client: one, ...scope }) => ({ token: await (await open()).create(one, scope) }),
    },
    'clientToken.rotate': {
      schema: client,
      run: async ({ client: one }) => ({ token: await (await open()).rotate(one) }),
    },
    'clientToken.revoke': {
      schema: client,
      async run({ client: one }) {
        await (await open()).revoke(one);
        return null;
      },
    },
    'clientToken.change': {
      schema: scoped,
      async run({ client: one, ...scope }) {
        await (await open()).change(one, scope);
        return null;
      },
    },
    'clientToken.remove': {
      schema: client,
      async run({ client: one }) {
        await (await open()).remove(one);
        return null;
      },
    },
  };
}
