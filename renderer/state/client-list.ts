/**
 * The clients and their tokens, asked for whenever the state says that they may be others. One question at a time: what
 * changes meanwhile is asked for once more afterwards. `close()` lets later answers fall.
 */
import type { Api, Problem } from '../../preload/contract.ts';
import type { ClientTokenView } from '../../preload/views/client-tokens.ts';
import type { ClientView } from '../../preload/views/clients.ts';
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

/** See above. */
export interface ClientList {
  /** Tells the newest revision; asks again when it is another one. */
  sync(revision: number): void;
  /** Asks again whatever the revision. */
  reload(): Promise<void>;
  close(): void;
}

/** Before the first answer. */
export const noClients: ClientListState = { clients: null, tokens: [], problem: null, asking: false };

/** @param changed called with the new state on every change */
export function openClientList(api: Api, changed: (state: ClientListState) => void): ClientList {
  let state = noClients;
  let seen: number | null = null;
  let asking: Promise<void> | null = null;
  let again = false;
  let open = true;
  const put = (part: Partial<ClientListState>): void => {
    state = { ...state, ...part };
    if (open) changed(state);
  };
  const ask = async (): Promise<void> => {
    put({ asking: true });
    do {
      again = false;
      const [clients, tokens] = await Promise.all([
        api.command('clients.list', { read: true }),
        api.command('clientToken.list', {}),
      ]);
      if (clients.ok) {
        put({
          clients: share(state.clients, clients.value),
          // Without them the clients are shown all the same.
          tokens: tokens.ok ? share(state.tokens, tokens.value) : [],
          problem: null,
        });
      } else {
        put({ problem: clients.error });
      }
    } while (again && open);
    asking = null;
    put({ asking: false });
  };
  const reload = (): Promise<void> => {
    again = asking !== null;
    asking ??= ask();
    return asking;
  };
  return {
    sync(revision) {
      if (revision !== seen) {
        seen = revision;
        void reload();
      }
    },
    reload,
    close() {
      open = false;
    },
  };
}
