/** What screens do about signing in to a server and about keys in the configuration. A failure becomes a message; nothing rejects. */
import type { Api, Problem, Result } from '../../preload/contract.ts';
import type { MessageKey } from '../i18n/en.ts';
import type { Words } from '../i18n/words.ts';

/** What there is to do. */
export interface SignInActs {
  /** Begins a sign-in in the browser, or opens the one under way again; `fresh` begins anew. Busy as `sign-in:{name}`. */
  signIn(server: string, fresh?: boolean): Promise<void>;
  /** Gives up the sign-in under way. Busy as `sign-in:{name}`. */
  cancelSignIn(server: string): Promise<void>;
  /** Takes the last address of a browser elsewhere; true when the sign-in is done. Busy as `paste:{name}`. */
  finishSignIn(server: string, address: string): Promise<boolean>;
  /** Busy as `sign-out:{name}`. */
  signOut(server: string): Promise<void>;
  /** Moves keys of the configuration file to the secrets. Busy as `move-keys`. */
  moveKeys(): Promise<void>;
}

type Failed = Extract<MessageKey, `toast.sign${string}`>;

/** @param during runs work under a name, unless it is under way already */
export function signInActs(
  api: Api,
  words: Words,
  during: (act: string, work: () => Promise<void>) => Promise<void>,
  tell: (text: string, problem: Problem) => void,
  say: (text: string) => void,
): SignInActs {
  /** True when it was done. */
  const done = async (name: string, key: Failed, asked: Promise<Result<unknown>>): Promise<boolean> => {
    const answer = await asked;
    if (!answer.ok) tell(words.t(key, { name, message: words.said(answer.error).message }), answer.error);
    return answer.ok;
  };
  return {
    signIn: (server, fresh = false) =>
      during(`sign-in:${server}`, async () => {
        await done(server, 'toast.sign_in_failed', api.command('server.signIn', { server, fresh }));
      }),
    cancelSignIn: (server) =>
      during(`sign-in:${server}`, async () => {
        await done(server, 'toast.sign_in_failed', api.command('server.cancelSignIn', { server }));
      }),
    async finishSignIn(server, address) {
      let ok = false;
      await during(`paste:${server}`, async () => {
        const asked = api.command('server.completeSignIn', { server, address });
        ok = await done(server, 'toast.sign_in_failed', asked);
      });
      return ok;
    },
    moveKeys: () =>
      during('move-keys', async () => {
        const answer = await api.command('secret.moveKeys', {});
        if (answer.ok) say(words.t('config.keys_moved', { count: answer.value.length }));
        else tell(words.t('toast.keys_failed', { message: words.said(answer.error).message }), answer.error);
      }),
    signOut: (server) =>
      during(`sign-out:${server}`, async () => {
        await done(server, 'toast.sign_out_failed', api.command('server.signOut', { server }));
      }),
  };
}
