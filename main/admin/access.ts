/**
 * The way in: the first password, signing in and out, another password. One password is hashed at a time, and who tries too
 * often waits. `close` ends all sessions.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { cookieIn, cookieText, isNear, isSecure, OWN_HEADER, PRESENT_HEADER } from './asking.ts';
import { isPassword } from './password.ts';
import type { Credential } from './password-file.ts';
import type { AdminPorts } from './ports.ts';
import { type AdminRefusal, REFUSALS, tooManyTries } from './refusals.ts';
import { createSessions, type Session } from './sessions.ts';
import { createSetupCode } from './setup-code.ts';
import { createTries, type Trier } from './tries.ts';

/** Seconds that a browser is known again for. */
const BROWSER_SECONDS = 180 * 24 * 3_600;
/** Passwords that may wait to be hashed. */
const MOST_WAITING = 8;

/** What a page is told before it is signed in. */
export interface Standing {
  /** `setup`: there is no password yet; `signed-out`, `signed-in`. */
  readonly state: 'setup' | 'signed-out' | 'signed-in';
  /** Whether the first password can be set from there. */
  readonly near: boolean;
  /** False when the environment gave the password, so that pages cannot change it. */
  readonly canChange: boolean;
}

/** What came of it. */
export type Outcome =
  | { readonly kind: 'refused'; readonly refusal: AdminRefusal }
  | { readonly kind: 'done'; readonly key: string | null; readonly cookies: string[] };

type Asked = Pick<IncomingMessage, 'headers' | 'socket'>;

/** The way in. */
export interface Access {
  /** The code for the first password; null when there is one. */
  setupCode(): Promise<string | null>;
  standing(request: Asked): Promise<Standing>;
  /** The session that a request belongs to, if it is good. */
  session(request: Asked): Promise<Session | null>;
  setUp(request: Asked, code: string, password: string): Promise<Outcome>;
  signIn(request: Asked, password: string): Promise<Outcome>;
  signOut(request: Asked, session: Session): Outcome;
  /** Ends all sessions, also the one that asks. */
  changePassword(request: Asked, current: string, next: string): Promise<Outcome>;
  /** Ends sessions whose time is over. */
  sweep(): Promise<void>;
  close(): void;
}

export function openAccess(ports: AdminPorts): Access {
  const { clock, passwords } = ports;
  const sessions = createSessions(clock, ports.times);
  const tries = createTries(clock);
  const code = createSetupCode();
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** One after another: each run takes 64 MiB. Null when too many wait. */
  const inTurn = async <T>(run: () => Promise<T>): Promise<T | null> => {
    if (waiting >= MOST_WAITING) return null;
    waiting += 1;
    const mine = last.then(run);
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      waiting -= 1;
    }
  };
  const cookieName = (): string => `gatehouse-admin-${ports.port()}`;
  const browserName = (): string => `gatehouse-browser-${ports.port()}`;
  const trierOf = (request: Asked, credential: Credential | null): Trier => ({
    address: request.socket.remoteAddress ?? '',
    near: isNear(request),
    browser:
      credential === null ? null : knownBrowser(cookieIn(request, browserName()), credential.browserKey),
  });
  const noted = (action: string, request: Asked, refusal: AdminRefusal | null): void =>
    ports.note({
      ...{
        kind: 'decision',
        action,
        client: 'web',
        detail: JSON.stringify({ from: request.socket.remoteAddress }),
      },
      ...{ outcome: refusal === null ? 'ok' : 'refused', errorCode: refusal?.error.code ?? null },
    });
  const refused = (action: string, request: Asked, refusal: AdminRefusal): Outcome => {
    // A flood is refused without being told: the first ones were.
    if (refusal.status !== 429) noted(action, request, refusal);
    return { kind: 'refused', refusal };
  };
  const enter = (request: Asked, { edition, browserKey }: Credential): Outcome => {
    const { cookie, key } = sessions.open(edition);
    const secure = isSecure(request);
    return {
      kind: 'done',
      key,
      cookies: [
        cookieText(cookieName(), cookie, null, secure),
        cookieText(browserName(), browserText(browserKey), BROWSER_SECONDS, secure),
      ],
    };
  };
  /** Ends what the browser had before: a new sign-in begins with nothing of it. */
  const forget = async (request: Asked): Promise<void> => {
    const before = await find(request);
    if (before !== null) sessions.end(before);
  };
  const find = async (request: Asked): Promise<Session | null> => {
    const cookie = cookieIn(request, cookieName());
    const key = request.headers[OWN_HEADER];
    if (cookie === null || typeof key !== 'string') return null;
    const credential = await passwords.current();
    if (credential === null) return null;
    return sessions.find(cookie, key, credential.edition, request.headers[PRESENT_HEADER] !== undefined);
  };
  const signedOutCookie = (request: Asked): string => cookieText(cookieName(), '', 0, isSecure(request));

  return {
    setupCode: async () => ((await passwords.current()) === null ? code.text : null),
    async standing(request) {
      const near = isNear(request);
      const canChange = !passwords.fixed;
      if ((await passwords.current()) === null) return { state: 'setup', near, canChange };
      return { state: (await find(request)) === null ? 'signed-out' : 'signed-in', near, canChange };
    },
    session: find,
    async setUp(request, shown, password) {
      const action = 'web.setPassword';
      if ((await passwords.current()) !== null) return refused(action, request, REFUSALS.hasPassword);
      if (!isNear(request)) return refused(action, request, REFUSALS.setupElsewhere);
      const trier = trierOf(request, null);
      const wait = tries.take(trier);
      if (wait > 0) return refused(action, request, tooManyTries(wait));
      if (!code.fits(shown)) return refused(action, request, REFUSALS.wrongCode);
      tries.right(trier);
      const set = await inTurn(async () => {
        // Of two who know the code, the first counts.
        if (!code.fits(shown)) return REFUSALS.hasPassword;
        const outcome = await attempt(() => passwords.set(password));
        if (outcome === 'done') code.spend();
        return outcome;
      });
      if (set === null) return refused(action, request, tooManyTries(1_000));
      if (set !== 'done') return refused(action, request, set);
      noted(action, request, null);
      const credential = await passwords.current();
      return credential === null ? refused(action, request, REFUSALS.noPassword) : enter(request, credential);
    },
    async signIn(request, password) {
      const action = 'web.signIn';
      const credential = await passwords.current();
      if (credential === null) return refused(action, request, REFUSALS.noPassword);
      const trier = trierOf(request, credential);
      const wait = tries.take(trier);
      if (wait > 0) return refused(action, request, tooManyTries(wait));
      const right = await inTurn(() => isPassword(password, credential.password));
      if (right === null) return refused(action, request, tooManyTries(1_000));
      if (!right) return refused(action, request, REFUSALS.wrongPassword);
      tries.right(trier);
      await forget(request);
      noted(action, request, null);
      return enter(request, credential);
    },
    signOut(request, session) {
      sessions.end(session);
      noted('web.signOut', request, null);
      return { kind: 'done', key: null, cookies: [signedOutCookie(request)] };
    },
    async changePassword(request, current, next) {
      const action = 'web.setPassword';
      const credential = await passwords.current();
      if (credential === null) return refused(action, request, REFUSALS.noPassword);
      const trier = trierOf(request, credential);
      const wait = tries.take(trier);
      if (wait > 0) return refused(action, request, tooManyTries(wait));
      const right = await inTurn(() => isPassword(current, credential.password));
      if (right === null) return refused(action, request, tooManyTries(1_000));
      if (!right) return refused(action, request, REFUSALS.wrongPassword);
      tries.right(trier);
      const set = await inTurn(async () => {
        // Of two who gave the same one, the first counts: it is the old one now.
        if ((await passwords.current())?.edition !== credential.edition) return REFUSALS.wrongPassword;
        return attempt(() => passwords.set(next));
      });
      if (set === null) return refused(action, request, tooManyTries(1_000));
      if (set !== 'done') return refused(action, request, set);
      sessions.endAll();
      noted(action, request, null);
      return { kind: 'done', key: null, cookies: [signedOutCookie(request)] };
    },
    async sweep() {
      if (sessions.size === 0) return;
      const credential = await passwords.current().catch(() => null);
      sessions.sweep(credential?.edition ?? null);
    },
    close: sessions.endAll,
  };
}

/** What was wrong, as an answer. */
async function attempt(run: () => Promise<void>): Promise<AdminRefusal | 'done'> {
  try {
    await run();
    return 'done';
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    return { status: 422, error: problemOf(error) };
  }
}

/** An id with its signature. */
function browserText(key: Buffer): string {
  const id = randomBytes(12).toString('base64url');
  return `${id}.${sign(id, key).toString('base64url')}`;
}

/** The id of a browser that was signed in before; null for any other text. */
function knownBrowser(text: string | null, key: Buffer): string | null {
  const [id = '', signature = ''] = text?.split('.') ?? [];
  const shown = Buffer.from(signature, 'base64url');
  const expected = sign(id, key);
  return id !== '' && shown.length === expected.length && timingSafeEqual(shown, expected) ? id : null;
}

function sign(id: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(id).digest();
}
