/** Clients that want to sign in, asked for whenever the state says that they may be others. */
import type { Api } from '../../preload/contract.ts';
import type { WaitingSignInView } from '../../preload/views/client-sign-in.ts';
import type { ClientPermission } from '../../preload/views/client-tokens.ts';
import type { PlainKey } from '../i18n/words.ts';
import { type AskedAnew, askedAnew } from './asked-anew.ts';
import { share } from './share.ts';

/** @param changed called with all that wait, the oldest first */
export function openSignInRequests(
  api: Api,
  changed: (waiting: readonly WaitingSignInView[]) => void,
): AskedAnew {
  let known: readonly WaitingSignInView[] = [];
  return askedAnew({
    async ask() {
      const answer = await api.command('clientSignIn.waiting', {});
      return () => {
        // Without an answer, what is there stays: nothing of it can be let in without one.
        if (!answer.ok) return;
        known = share(known, answer.value);
        changed(known);
      };
    },
  });
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
