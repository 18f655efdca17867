/**
 * The browser's part of a sign-in: it comes with what a client asks for, waits while somebody decides in Gatehouse, and is
 * sent back to the client with a code, or with why there is none. Nothing that a browser does here lets anybody in, and it
 * is never sent anywhere that the client has not registered.
 */
import type { Scope } from '../../protocol/scope.ts';
import { pageWordsFor } from '../page-language.ts';
import { englishPages, type PageWords } from '../page-words.ts';
import type { Bucket } from './bucket.ts';
import type { Codes } from './codes.ts';
import { Fault, paramsOf } from './fault.ts';
import { PATHS } from './metadata.ts';
import { endPage, sendOn, waitingPage } from './pages.ts';
import type { KnownClient, WebAnswer, WebRequest } from './ports.ts';
import { isLoopbackName, redirectKind, redirectTo } from './redirects.ts';
import { type Asked, readRequest, redirectIn } from './requests.ts';
import type { WaitingRoom } from './waiting.ts';

/** What it works on. */
export interface AuthorizeDeps {
  readonly basePath: string;
  /** Our own name, as the browser's address has it. */
  readonly issuer: string;
  readonly waiting: WaitingRoom;
  readonly codes: Codes;
  readonly mayBegin: Bucket;
  readonly pollMs: number;
  clientOf(clientId: string, signal: AbortSignal): Promise<KnownClient>;
  resourceAt(resource: string): { readonly path: string; readonly scope: Scope } | null;
}

/** Answers a browser at one of the three places of a sign-in (OAuth 2.1 section 4.1). Rejects with `Fault`. */
export async function answerAuthorize(
  kind: 'authorize' | 'wait' | 'done',
  request: WebRequest,
  deps: AuthorizeDeps,
): Promise<WebAnswer> {
  const { target } = request;
  const params = paramsOf(target.includes('?') ? target.slice(target.indexOf('?') + 1) : '');
  switch (kind) {
    case 'authorize':
      return begin(params, request, deps);
    case 'wait':
      return wait(params.get('ticket') ?? '', request, deps);
    case 'done':
      return finish(params.get('ticket') ?? '', wordsFor(request), deps);
  }
}

async function begin(
  params: ReadonlyMap<string, string>,
  request: WebRequest,
  deps: AuthorizeDeps,
): Promise<WebAnswer> {
  if (!isNavigation(request)) {
    throw new Fault('invalid_request', 'Only a window of a browser of its own may come here.', 403);
  }
  if (isSentByPage(request)) {
    throw new Fault(
      'invalid_request',
      'A page of the web has sent you here. A sign-in begins in the program that wants to connect.',
      403,
    );
  }
  const words = wordsFor(request);
  const clientId = params.get('client_id');
  if (clientId === undefined) throw new Fault('invalid_request', 'client_id is missing.');
  const client = await deps.clientOf(clientId, request.gone);
  const redirect = redirectIn(params, client);
  const state = params.get('state') ?? null;
  let asked: Asked;
  try {
    asked = readRequest(params, redirect, deps.resourceAt);
  } catch (error) {
    if (error instanceof Fault) {
      const { code, message } = error;
      const said = { title: words.notSignedIn, text: words.badlyAsked, more: message };
      return sendBack(words, redirect, state, { code, message, said }, deps, false);
    }
    throw error;
  }
  const opened = deps.mayBegin() ? deps.waiting.open(asked, client) : 'full';
  switch (opened) {
    case 'over':
      return endPage(410, words, words.over, words.decidedAlready);
    case 'full': {
      const message = englishPages.tooMany;
      const said = { title: words.notSignedIn, text: words.tooMany };
      return sendBack(
        words,
        redirect,
        state,
        { code: 'temporarily_unavailable', message, said },
        deps,
        false,
      );
    }
    default: {
      const { ticket, consent } = opened;
      return waitingPage(words, { name: client.name, code: consent.id, ...addresses(ticket, deps) });
    }
  }
}

async function wait(ticket: string, request: WebRequest, deps: AuthorizeDeps): Promise<WebAnswer> {
  await deps.waiting.settled(ticket, deps.pollMs, request.gone);
  const pending = deps.waiting.look(ticket);
  // What is gone ends as what was decided does: the page goes on, and is told.
  const status = pending !== null && pending.outcome === null ? 204 : 200;
  return { status, headers: { 'Cache-Control': 'no-store' }, body: '' };
}

function finish(ticket: string, words: PageWords, deps: AuthorizeDeps): WebAnswer {
  const pending = deps.waiting.look(ticket);
  if (pending === null) {
    return endPage(410, words, words.over, words.mayClose);
  }
  const { asked, client, consent, outcome } = pending;
  const { redirect, state, challenge, resource } = asked;
  if (outcome === null) {
    return waitingPage(words, { name: client.name, code: consent.id, ...addresses(ticket, deps) });
  }
  deps.waiting.forget(ticket);
  if (outcome.kind === 'denied') {
    const why = outcome.by === 'time' ? 'nobodyDecided' : outcome.by === 'newer' ? 'begunAgain' : 'denied';
    const said = { title: words.notSignedIn, text: words[why] };
    return sendBack(
      words,
      redirect,
      state,
      { code: 'access_denied', message: englishPages[why], said },
      deps,
    );
  }
  const signing = { clientId: client.clientId, resource, redirect, label: client.name };
  const code = deps.codes.issue({ client: signing, choice: outcome.choice, challenge });
  const address = redirectTo(redirect, { code, state, iss: deps.issuer });
  return sendTo(words, redirect, address, { title: words.signedIn, text: words.goOn }, true);
}

/** What a page says. `more` is English. */
interface PageText {
  readonly title: string;
  readonly text: string;
  readonly more?: string;
}

/** @param refusal its `message` goes to the client, in English; `said` is for the person */
function sendBack(
  words: PageWords,
  redirect: string,
  state: string | null,
  refusal: { readonly code: string; readonly message: string; readonly said: PageText },
  { issuer }: AuthorizeDeps,
  decided = true,
): WebAnswer {
  const params = { error: refusal.code, error_description: refusal.message, state, iss: issuer };
  return sendTo(words, redirect, redirectTo(redirect, params), refusal.said, decided);
}

/**
 * A program with a scheme of its own is opened from a page, since not every browser follows there by itself; and by itself
 * only when somebody has decided, since strangers could open programs else.
 */
function sendTo(
  words: PageWords,
  redirect: string,
  address: string,
  { title, text, more }: PageText,
  goes: boolean,
): WebAnswer {
  if (redirectKind(redirect) === 'loopback') return sendOn(address);
  return endPage(200, words, title, text, more ?? null, { address, text: words.back, goes });
}

function wordsFor({ headers }: WebRequest): PageWords {
  return pageWordsFor(headers['accept-language']);
}

function addresses(
  ticket: string,
  { basePath }: AuthorizeDeps,
): { readonly wait: string; readonly done: string } {
  return {
    wait: `${basePath}${PATHS.wait}?ticket=${ticket}`,
    done: `${basePath}${PATHS.done}?ticket=${ticket}`,
  };
}

/** Never in a frame, an image or a script (Fetch metadata). Browsers without it are held back by the page's own headers. */
function isNavigation({ headers }: WebRequest): boolean {
  const dest = headers['sec-fetch-dest'];
  return dest === undefined || dest === 'document';
}

/** A page elsewhere leads here; a client opens the browser by itself, or is a page of this computer. */
function isSentByPage({ headers }: WebRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin' || site === 'same-site') return false;
  const from = headers.referer;
  try {
    return typeof from !== 'string' || !isLoopbackName(new URL(from).hostname);
  } catch {
    return true;
  }
}
