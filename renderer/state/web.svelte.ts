/**
 * The page in a browser: who may see it, the way in and out, and the app once one is in. `close()` ends what is open.
 */
import { createApi } from '../../preload/api.ts';
import type { Problem, Result } from '../../preload/contract.ts';
import type { Words } from '../i18n/words.ts';
import { type App, type AppWindow, createApp } from './app.svelte.ts';
import type { WebKey } from './web-key.ts';
import type { WebSession } from './web-session.ts';
import { openWebTransport, type WebBrowser, type WebTransport } from './web-transport.ts';

/** What is shown. */
export type WebState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'unreachable'; readonly problem: Problem }
  /** There is no password yet; `near` when it can be set from here. */
  | { readonly kind: 'setup'; readonly near: boolean }
  | { readonly kind: 'signed-out'; readonly why: 'first' | 'over' | 'changed' }
  | { readonly kind: 'in'; readonly app: App };

/** The page. */
export interface Web {
  readonly state: WebState;
  /** Asks how things stand. */
  ask(): Promise<void>;
  /** What went wrong, or null. */
  setUp(code: string, password: string): Promise<Problem | null>;
  signIn(password: string): Promise<Problem | null>;
  /** Somebody has done something. */
  present(): void;
  visible(visible: boolean): void;
  close(): void;
}

interface Standing {
  readonly state: 'setup' | 'signed-out' | 'signed-in';
  readonly near: boolean;
  readonly canChange: boolean;
}

export function createWeb(key: WebKey, browser: WebBrowser, words: Words, page: AppWindow): Web {
  let state = $state.raw<WebState>({ kind: 'asking' });
  let online = $state(true);
  let canChange = true;
  let transport: WebTransport | null = null;

  /** Never rejects: what cannot be reached is a problem like any other. */
  const ask = async <T>(place: string, body: object | null): Promise<Result<T>> => {
    const write = body === null ? {} : { method: 'POST', body: JSON.stringify(body) };
    const type: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
    try {
      const headers = { ...type, 'gatehouse-admin': key.get() ?? '', 'gatehouse-admin-present': '1' };
      const answer = await browser.fetch(`api/${place}`, { ...write, headers });
      return (await answer.json()) as Result<T>;
    } catch {
      return { ok: false, error: { code: 'bridge.failed', message: '', remedy: words.t('web.unreachable') } };
    }
  };
  const leave = (why: 'over' | 'changed' | 'first'): void => {
    if (state.kind === 'in') state.app.close();
    transport?.close();
    transport = null;
    key.set(null);
    state = { kind: 'signed-out', why };
  };
  const session: WebSession = {
    get online() {
      return online;
    },
    get canChange() {
      return canChange;
    },
    async signOut() {
      await ask('sign-out', {});
      leave('first');
    },
    async changePassword(current, next) {
      const answer = await ask('password', { current, next });
      if (!answer.ok) return answer.error;
      leave('changed');
      return null;
    },
  };
  const enter = (): void => {
    online = true;
    const way = openWebTransport(key, browser, {
      online(now) {
        online = now;
      },
      ended: () => leave('over'),
    });
    transport = way;
    const app = createApp(createApi(way), words, page, session);
    state = { kind: 'in', app };
    void app.acts.load();
  };
  const enterWith = (answer: Result<{ readonly key: string }>): Problem | null => {
    if (!answer.ok) return answer.error;
    key.set(answer.value.key);
    enter();
    return null;
  };
  return {
    get state() {
      return state;
    },
    async ask() {
      state = { kind: 'asking' };
      const answer = await ask<Standing>('standing', null);
      if (!answer.ok) {
        state = { kind: 'unreachable', problem: answer.error };
        return;
      }
      canChange = answer.value.canChange;
      if (answer.value.state === 'setup') state = { kind: 'setup', near: answer.value.near };
      else if (answer.value.state === 'signed-in') enter();
      else state = { kind: 'signed-out', why: key.get() === null ? 'first' : 'over' };
    },
    setUp: async (code, password) => enterWith(await ask('set-up', { code, password })),
    signIn: async (password) => enterWith(await ask('sign-in', { password })),
    present: () => transport?.present(),
    visible: (visible) => transport?.visible(visible),
    close() {
      if (state.kind === 'in') state.app.close();
      transport?.close();
    },
  };
}
