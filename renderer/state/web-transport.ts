/**
 * The way to the core over HTTP, for pages that a browser shows: commands are posted, events come in one stream that is
 * taken up again when it breaks. While the page is hidden it is let go. What belongs to this browser alone, such as the
 * theme, is kept here. `close()` ends the stream.
 */
import type { ApiTransport, CommandName, EventName, Result } from '../../preload/contract.ts';
import type { Preferences } from '../../preload/views/preferences.ts';
import { createEventReader } from './event-reader.ts';
import type { WebKey } from './web-key.ts';

/** Pauses between two tries to take the stream up again, in milliseconds. */
const PAUSES = [500, 1_000, 2_000, 5_000];
/** How long what somebody did counts as being there, in milliseconds. */
const PRESENT_MS = 60_000;

/** What became of the way. */
export interface WebTransportEvents {
  /** The stream runs, or does not. */
  online(online: boolean): void;
  /** The session is over. */
  ended(): void;
}

export interface WebTransport extends ApiTransport {
  /** Somebody has just done something. */
  present(): void;
  /** Whether the page can be seen. */
  visible(visible: boolean): void;
  close(): void;
}

/** The parts of the browser that it needs. */
export interface WebBrowser {
  fetch(path: string, init: RequestInit): Promise<Response>;
  now(): number;
  wait(milliseconds: number, run: () => void): () => void;
  copy(text: string): Promise<void>;
  readonly preferences: { get(): Preferences; set(change: Partial<Preferences>): Preferences };
}

export function openWebTransport(key: WebKey, browser: WebBrowser, events: WebTransportEvents): WebTransport {
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  let presentUntil = browser.now() + PRESENT_MS;
  let stream: AbortController | null = null;
  let cancelWait = (): void => undefined;
  let failures = 0;
  let open = true;
  let endpoint: string | null = null;

  const headers = (): Record<string, string> => ({
    'gatehouse-admin': key.get() ?? '',
    ...(browser.now() < presentUntil ? { 'gatehouse-admin-present': '1' } : {}),
  });
  const end = (): void => {
    if (!open) return;
    close();
    events.ended();
  };
  const heard = (name: string, payload: unknown): void => {
    if (name === 'ended') return end();
    if (name === 'snapshot') endpoint = endpointOf(payload);
    for (const listener of listeners.get(name as EventName) ?? []) listener(payload);
  };
  const again = (): void => {
    if (!open) return;
    events.online(false);
    cancelWait = browser.wait(PAUSES[Math.min(failures, PAUSES.length - 1)] ?? 5_000, () => void follow());
    failures += 1;
  };
  /** Reads the stream to its end, then waits and begins anew. */
  const follow = async (): Promise<void> => {
    if (!open || stream !== null) return;
    const mine = new AbortController();
    stream = mine;
    try {
      const answer = await browser.fetch('api/events', { headers: headers(), signal: mine.signal });
      if (answer.status === 401) return end();
      if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
      failures = 0;
      events.online(true);
      const reader = createEventReader(heard);
      const words = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let next = await words.read(); !next.done; next = await words.read()) reader(next.value);
      throw new Error('the stream ended');
    } catch {
      if (stream === mine) {
        stream = null;
        again();
      }
    }
  };
  const letGo = (): void => {
    cancelWait();
    const before = stream;
    stream = null;
    before?.abort();
  };
  const close = (): void => {
    open = false;
    letGo();
  };
  const post = async (name: CommandName, args: unknown): Promise<unknown> => {
    const answer = await browser.fetch('api/command', {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json' },
      body: JSON.stringify({ name, args }),
    });
    const result = (await answer.json()) as Result<unknown>;
    if (answer.status === 401) end();
    return result;
  };
  /** What needs nobody but this browser; undefined for everything else. */
  const here = async (name: CommandName, args: unknown): Promise<Result<unknown> | undefined> => {
    if (name === 'preferences.get') return { ok: true, value: browser.preferences.get() };
    if (name === 'preferences.set') {
      return { ok: true, value: browser.preferences.set(args as Partial<Preferences>) };
    }
    const address = name === 'client.copySnippet' && (args as { format: string }).format === 'url';
    if (!address || endpoint === null) return undefined;
    await browser.copy(endpoint);
    return { ok: true, value: null };
  };
  void follow();
  return {
    invoke: async (name, args) => (await here(name, args)) ?? post(name, args),
    on(name, listener) {
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all);
      all.add(listener);
      return () => void all.delete(listener);
    },
    present() {
      presentUntil = browser.now() + PRESENT_MS;
    },
    visible(visible) {
      if (!visible) return letGo();
      failures = 0;
      cancelWait();
      void follow();
    },
    close,
  };
}

function endpointOf(snapshot: unknown): string | null {
  const { endpoint } = snapshot as { readonly endpoint?: { readonly url?: string | null } };
  return endpoint?.url ?? null;
}
