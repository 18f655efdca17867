/**
 * A stdio client of the revisions with sessions, as the app's HTTP front sees it: `initialize` opens the session, the
 * standing stream carries what belongs to no request. When the app was started anew, the session is opened again with
 * what the client once said, without the client noticing. Ends with `close`.
 */
import type { Clock } from '../protocol/clock.ts';
import { stringAt } from '../protocol/json.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import { notification, withId } from '../protocol/wire.ts';
import { type Exchange, exchange, type Outcome, type Way } from './bridge-exchange.ts';

/** Milliseconds before a lost standing stream is opened again; doubled up to the second. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 3_000;
const INITIALIZED = notification('notifications/initialized');
/** Our own requests never meet the client's: their answers are not passed on. */
const OWN_ID = '"gatehouse-bridge"';

/** The session of one stdio client. */
export interface BridgeSession {
  /** Null before the client's `initialize` was answered. */
  readonly id: string | null;
  /** Opens it with the client's own message; the answer goes to `onMessage` or into the outcome. */
  open(line: Buffer, onMessage: (message: Buffer) => void): Promise<Outcome>;
  /** Posts a message in it, once more in a new one when the app does not know it any more. */
  post(
    line: Buffer,
    scan: MessageScan,
    onMessage: (message: Buffer) => void,
    track: (running: Exchange) => void,
  ): Promise<Outcome>;
  /** Opens the standing stream and keeps it open. */
  listen(): void;
  /** Ends it in the app too. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** `push` takes what comes on the standing stream. */
export function createBridgeSession(way: Way, clock: Clock, push: (message: Buffer) => void): BridgeSession {
  let id: string | null = null;
  let first: Buffer | null = null;
  /** What must be said again in a new session. */
  let level: Buffer | null = null;
  const subscriptions = new Map<string, Buffer>();
  /** Posts wait for `initialize`, whose answer names the session. */
  let opening: Promise<unknown> = Promise.resolve();
  let reopening: Promise<boolean> | null = null;
  let stream: Exchange | null = null;
  let listening = false;
  let closed = false;
  let cancelRetry: () => void = () => undefined;

  const headers = (): Record<string, string> => (id === null ? {} : { 'Mcp-Session-Id': id });
  const say = (line: Buffer): Promise<Outcome> =>
    exchange(way, 'POST', line, () => undefined, { headers: headers(), repeatable: true }).done;

  /** True when there is a session again. */
  const reopen = (): Promise<boolean> => {
    reopening ??= begin()
      .catch(() => false)
      .finally(() => {
        reopening = null;
      });
    return reopening;
  };
  const begin = async (): Promise<boolean> => {
    if (first === null || closed) return false;
    const answer = await exchange(way, 'POST', withOwnId(first), () => undefined, { repeatable: true }).done;
    if (answer.sessionId === null || answer.body === null || !answer.whole) return false;
    id = answer.sessionId;
    await say(INITIALIZED);
    for (const line of [level, ...subscriptions.values()]) if (line !== null) await say(withOwnId(line));
    // The servers may offer other things now than before.
    for (const method of changes(answer.body)) push(notification(method));
    return true;
  };
  const listenAgain = (pause: number): void => {
    if (closed || stream !== null) return;
    let wait = pause;
    const own = exchange(way, 'GET', null, push, {
      headers: headers(),
      repeatable: true,
      begun(status) {
        if (status === 200) wait = FIRST_RETRY_MS;
      },
    });
    stream = own;
    void own.done
      .then(
        ({ status }) => status,
        () => 0,
      )
      .then(async (status) => {
        stream = null;
        if (status === 404 && (await reopen())) wait = 0;
        if (closed || status === 405) return;
        cancelRetry = clock.after(wait, () => listenAgain(Math.min(Math.max(wait, 50) * 2, LAST_RETRY_MS)));
      });
  };
  const remember = (line: Buffer, scan: MessageScan): void => {
    if (scan.method === 'logging/setLevel') level = Buffer.from(line);
    if (scan.uriStart < 0 || line[scan.uriStart] !== 0x22) return;
    const uri = stringAt(line, scan.uriStart, scan.uriEnd);
    if (scan.method === 'resources/subscribe') subscriptions.set(uri, Buffer.from(line));
    else if (scan.method === 'resources/unsubscribe') subscriptions.delete(uri);
  };

  return {
    get id() {
      return id;
    },
    async open(line, onMessage) {
      first = Buffer.from(line);
      level = null;
      subscriptions.clear();
      const own = exchange(way, 'POST', line, onMessage, { repeatable: true, wanted: true }).done.then(
        (outcome) => {
          id = outcome.sessionId ?? id;
          return outcome;
        },
      );
      opening = own.catch(() => undefined);
      return own;
    },
    async post(line, scan, onMessage, track) {
      await opening;
      if (reopening !== null) await reopening;
      remember(line, scan);
      const begun = id;
      const send = (): Promise<Outcome> => {
        const running = exchange(way, 'POST', line, onMessage, {
          headers: headers(),
          repeatable: scan.method !== 'tools/call',
          wanted: scan.kind === 'request',
        });
        track(running);
        return running.done;
      };
      const outcome = await send();
      if (outcome.status !== 404 || begun === null) return outcome;
      return id !== begun || (await reopen()) ? send() : outcome;
    },
    listen() {
      if (listening) return;
      listening = true;
      listenAgain(FIRST_RETRY_MS);
    },
    async close() {
      if (closed) return;
      closed = true;
      cancelRetry();
      stream?.abort();
      if (id === null) return;
      await exchange(way, 'DELETE', null, () => undefined, { headers: headers() }).done.catch(
        () => undefined,
      );
    },
  };
}

function withOwnId(line: Buffer): Buffer {
  const { idStart, idEnd } = scanMessage(line);
  return withId(line, idStart, idEnd, OWN_ID);
}

/** The notifications for all lists that, by this answer to `initialize`, may change. */
function changes(answer: Buffer): readonly string[] {
  const { result } = JSON.parse(answer.toString('utf8')) as {
    result?: { capabilities?: Readonly<Record<string, { listChanged?: unknown } | undefined>> };
  };
  return ['tools', 'prompts', 'resources']
    .filter((name) => result?.capabilities?.[name]?.listChanged === true)
    .map((name) => `notifications/${name}/list_changed`);
}
