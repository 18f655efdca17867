/** The clients and their tokens, asked for whenever the state says that they may be others. */
import type { Api, Problem } from '../../preload/contract.ts';
import type { ClientTokenView } from '../../preload/views/client-tokens.ts';
import type { ClientView } from '../../preload/views/clients.ts';
import { type AskedAnew, askedAnew } from './asked-anew.ts';
import { share } from './share.ts';

/** What a screen shows. Replaced whole on each change. */
export interface ClientListState {
  /** Null until the first answer. */
  readonly clients: readonly ClientView[] | null;
  readonly tokens: readonly ClientTokenView[];
  /** Why the last question had no answer; what is there stays. */
  readonly problem: Problem | null;
  readonly asking: boolean;
}

/** Before the first answer. */
export const noClients: ClientListState = { clients: null, tokens: [], problem: null, asking: false };

/** @param changed called with the new state on every change */
export function openClientList(api: Api, changed: (state: ClientListState) => void): AskedAnew {
  let state = noClients;
  const put = (part: Partial<ClientListState>): void => {
    state = { ...state, ...part };
    changed(state);
  };
  return askedAnew({
    async ask() {
      const [clients, tokens] = await Promise.all([
        api.command('clients.list', { read: true }),
        api.command('clientToken.list', {}),
      ]);
      return () => {
        if (!clients.ok) return put({ problem: clients.error });
        put({
          clients: share(state.clients, clients.value),
          // Without them the clients are shown all the same.
          tokens: tokens.ok ? share(state.tokens, tokens.value) : [],
          problem: null,
        });
      };
    },
    busy: (asking) => put({ asking }),
  });
}
