/**
 * The tokens of connected clients, made of what identity offers for any client: one of the client's name is taken up
 * again, so that what its owner chose for it (servers, permission) outlives reconnecting. Holds nothing.
 */
import type { ClientScope, ClientTokenView } from '../../preload/views/client-tokens.ts';
import type { ClientTokenPort } from './clients.ts';

/** What identity offers. */
export interface TokenCommands {
  check(client: string, token: string): Promise<boolean>;
  list(): Promise<readonly ClientTokenView[]>;
  create(client: string, scope: ClientScope): Promise<string>;
  rotate(client: string): Promise<string>;
  revoke(client: string): Promise<void>;
}

/** A client that is connected by its owner may do what its owner's tools allow; approvals and switches hold as ever. */
const EVERYTHING: ClientScope = { servers: null, profile: null, permission: 'destructive', expiresAt: null };

/** The same tokens in the terms of this room. Rejects with what the commands refuse with. */
export function tokensOf(commands: TokenCommands): Omit<ClientTokenPort, 'required'> {
  const isKnown = async (client: string): Promise<boolean> =>
    (await commands.list()).some(({ name }) => name === client);
  return {
    isGood: commands.check,
    issue: async (client) =>
      (await isKnown(client)) ? commands.rotate(client) : commands.create(client, EVERYTHING),
    async revoke(client) {
      if (await isKnown(client)) await commands.revoke(client);
    },
  };
}
