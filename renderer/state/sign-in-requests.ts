/**
 * Clients that want to sign in, asked for whenever the state says that they may be others. One question at a time; what
 * changes meanwhile is asked for once more afterwards. `close()` lets later answers fall.
 */
import type { Api } from '../../preload/contract.ts';
import type { WaitingSignInView } from '../../preload/views/client-sign-in.ts';
import type { ClientPermission } from '../../preload/views/client-tokens.ts';
import type { PlainKey } from '../i18n/words.ts';
import { share } from './share.ts';

/** See above. */
export interface SignInRequests {
  /** Tells the newest revision; asks again when it is another one. */
  sync(revision: number): void;
  /** Asks again whatever the revision. */
  reload(): Promise<void>;
  close(): void;
}

/** @param changed called with all that wait, the oldest first */
export function openSignInRequests(
  api: Api,
  changed: (waiting: readonly WaitingSignInView[]) => void,
): SignInRequests {
  let known: readonly WaitingSignInView[] = [];
  let seen: number | null = null;
  let asking: Promise<void> | null = null;
  let again = false;
  let open = true;
  const ask = async (): Promise<void> => {
    do {
      again = false;
      const answer = await api.command('clientSignIn.waiting', {});
      // Without an answer, what is there stays: nothing of it can be let in without one.
      if (answer.ok && open) {
        known = share(known, answer.value);
        changed(known);
      }
    } while (again && open);
    asking = null;
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

/** What a client may call, each including the ones before, with its words. */
export const PERMISSIONS: readonly { readonly id: ClientPermission; readonly word: PlainKey }[] = [
  { id: 'read', word: 'let_in.may_read' },
  { id: 'write', word: 'let_in.may_write' },
  { id: 'destructive', word: 'let_in.may_all' },
];

/** What can be chosen for a client that asks for this much. Pure. */
export function upTo(asks: ClientPermission): typeof PERMISSIONS {
  return PERMISSIONS.slice(0, PERMISSIONS.findIndex(({ id }) => id === asks) + 1);
}
