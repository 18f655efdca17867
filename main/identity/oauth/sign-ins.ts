/**
 * Signing in to remote servers: one session per server, kept for as long as the app runs. Ends with `close`.
 */
import type { SignInView } from '../../../preload/views/sign-in.ts';
import type { SignInDeps } from './ports.ts';
import { noSignIn } from './problems.ts';
import { type Refused, Session, type Waits } from './session.ts';

/** What the requests to one server show. */
export interface ServerCredentials {
  authorization(): string | null | Promise<string | null>;
  refused(shown: string | null, refusal: Refused, waits: Waits | null): Promise<boolean>;
}

/** All of it. */
export interface SignIns {
  /** What requests of `server` to exactly this address show. */
  credentials(server: string, url: string): ServerCredentials;
  /** Asks somebody to sign in, and settles when it is done. Rejects with `signin.*`, also after three minutes. */
  wanted(server: string, waits: Waits): Promise<void>;
  /**
   * Begins a sign-in and opens the browser where there is one; `url` is its address, empty when no person is needed.
   * `fresh` begins anew, also as a client.
   */
  signIn(server: string, fresh: boolean): Promise<{ readonly url: string; readonly opened: boolean }>;
  /** Settles as the sign-in under way does; at once when none is. */
  awaitSignIn(server: string): Promise<void>;
  /** Gives up the sign-in under way; nothing when none is. */
  cancelSignIn(server: string): Promise<void>;
  /** Takes the address at which a browser elsewhere has ended. */
  completeSignIn(server: string, address: string): Promise<void>;
  signOut(server: string): Promise<void>;
  /** Null for servers that nobody has signed in to, and that have not asked for it. */
  view(server: string): SignInView | null;
  /** Gives up sign-ins under way. Idempotent. */
  close(): void;
}

export function openSignIns(deps: SignInDeps): SignIns {
  const sessions = new Map<string, Session>();
  const sessionOf = (server: string): Session => {
    let session = sessions.get(server);
    if (session === undefined) {
      session = new Session(server, deps);
      sessions.set(server, session);
    }
    return session;
  };
  const known = async (server: string): Promise<Session> => {
    if ((await deps.target(server)) === null) throw noSignIn(server);
    return sessionOf(server);
  };
  return {
    credentials(server, url) {
      const session = sessionOf(server);
      return {
        authorization: () => session.authorization(url),
        refused: (shown, refusal, waits) => session.refused(url, shown, refusal, waits),
      };
    },
    wanted: (server, waits) => sessionOf(server).wanted(waits),
    async signIn(server, fresh) {
      const session = await known(server);
      const { url, done } = await session.begin(fresh);
      done.catch(() => undefined);
      return { url, opened: url !== '' && deps.openBrowser !== null };
    },
    async awaitSignIn(server) {
      await (await known(server)).ended();
    },
    async cancelSignIn(server) {
      await (await known(server)).cancel();
    },
    async completeSignIn(server, address) {
      await (await known(server)).complete(address);
    },
    async signOut(server) {
      await (await known(server)).signOut();
    },
    view: (server) => sessions.get(server)?.view ?? null,
    close() {
      for (const session of sessions.values()) session.close();
    },
  };
}
