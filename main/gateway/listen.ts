/**
 * `subscriptions/listen` (subscriptions section): one event stream for each such request, which carries the changes
 * that its client chose. Ends with its client, when the client reads too slowly, or with `close`.
 */
import type { ServerResponse } from 'node:http';
import { arraySpans, memberSpans, stringAt, valueAt } from '../protocol/json.ts';
import { memberOf, rawJson, setMembers, withParams } from '../protocol/members.ts';
import { META } from '../protocol/modern.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import { sseEvent } from '../protocol/sse.ts';
import { notification, resultAnswer } from '../protocol/wire.ts';
import type { Beats } from './beats.ts';
import type { EnvelopeRefusal } from './envelope.ts';
import { startEvents, writeBounded } from './event-out.ts';
import type { Hub, Member } from './hub.ts';
import { changeNotice, LIST_WORDS, type ListWord, wordsFor } from './lists.ts';
import { identityOf } from './modern-lists.ts';
import type { GatewayPorts, View } from './ports.ts';
import { httpRefusal, invalidParams, REFUSALS } from './refusals.ts';
import type { Visit } from './visits.ts';

const MOST = 1_000;
const MOST_PER_CALLER = 100;
const MOST_URIS = 1_000;
/** Servers have so long to say yes to subscriptions before the client is told which were taken. Milliseconds. */
const SUBSCRIBE_MS = 10_000;
/** A reader that leaves so much unread is cut off; it will listen and list again. Bytes. */
const MAX_UNREAD = 4 * 1024 * 1024;

/** The open streams. */
export interface Listens {
  /** Opens a stream for the request, whose id is raw JSON. Null, or why it is refused; then nothing was written. */
  open(
    visit: Visit,
    body: Buffer,
    scan: MessageScan,
    id: string,
    response: ServerResponse,
    acceptsEvents: boolean,
  ): EnvelopeRefusal | null;
  readonly size: number;
  /** Ends the streams of this caller. */
  dropCaller(caller: string): void;
  /** Ends every stream in good order. Idempotent. */
  close(): void;
}

/** What a client chose. */
interface Filter {
  readonly lists: ReadonlySet<ListWord>;
  readonly uris: readonly string[];
}

interface Stream {
  readonly caller: string;
  end(): void;
}

export function openListens(ports: GatewayPorts, hub: Hub, beats: Beats): Listens {
  const streams = new Set<Stream>();

  const begin = (visit: Visit, filter: Filter, id: string, response: ServerResponse): void => {
    const { session } = visit;
    const { scope, peer, caller } = session;
    /** What comes before the acknowledgment waits for it. */
    let early: Buffer[] | null = [];
    let done = false;
    const write = (message: Buffer): void => {
      if (done || response.destroyed) return;
      if (writeBounded(response, sseEvent(tagged(message, id)), MAX_UNREAD)) return;
      ports.log.warn({ client: caller.id }, 'a reader of changes was too slow');
      response.destroy();
    };
    const push = (message: Buffer): void => {
      if (early === null) write(message);
      else if (early.length < MOST_URIS) early.push(message);
    };
    const member: Member = {
      peer: { ...peer, logLevel: null },
      caller,
      scope,
      wants: (method) => method === 'notifications/resources/updated',
      push,
      ask: () => null,
    };
    const unwatch = ports.watch(scope, peer, (kinds) => {
      for (const word of wordsFor(kinds)) if (filter.lists.has(word)) push(changeNotice(word));
    });
    const release = (): void => {
      if (done) return;
      done = true;
      streams.delete(stream);
      beats.remove(response);
      visit.streams--;
      unwatch();
      hub.leave(member);
    };
    const stream: Stream = {
      caller: caller.id,
      end() {
        if (done) return;
        const result = setMembers(EMPTY, 0, 0, {
          resultType: rawJson('complete'),
          _meta: setMembers(EMPTY, 0, 0, {
            [META.subscriptionId]: Buffer.from(id),
            [META.serverInfo]: rawJson(identityOf(ports, scope)),
          }),
        });
        response.end(sseEvent(resultAnswer(id, result)));
        release();
      },
    };
    streams.add(stream);
    visit.streams++;
    hub.join(member);
    startEvents(response);
    beats.add(response);
    response.on('close', release);
    void subscribed(member, filter.uris).then((uris) => {
      const honored: Record<string, unknown> = {};
      for (const word of filter.lists) honored[choiceOf(word)] = true;
      if (uris.length > 0) honored.resourceSubscriptions = uris;
      write(notification('notifications/subscriptions/acknowledged', { notifications: honored }));
      const waited = early ?? [];
      early = null;
      for (const message of waited) write(message);
      // Nothing will ever come on it.
      if (Object.keys(honored).length === 0) stream.end();
    });
  };
  /** Those of the URIs that were taken, or may still be. */
  const subscribed = async (member: Member, uris: readonly string[]): Promise<readonly string[]> => {
    if (uris.length === 0) return uris;
    const refused = new Set<string>();
    const all = Promise.all(uris.map((uri) => hub.subscribe(member, uri).catch(() => refused.add(uri))));
    let cancel: () => void = () => undefined;
    const bound = new Promise<void>((resolve) => {
      cancel = ports.clock.after(SUBSCRIBE_MS, resolve);
    });
    await Promise.race([all, bound]);
    cancel();
    return uris.filter((uri) => !refused.has(uri));
  };

  return {
    open(visit, body, scan, id, response, acceptsEvents) {
      const { session } = visit;
      if (!acceptsEvents) return REFUSALS.notAcceptable;
      const filter = filterIn(body, scan, ports.view(session.scope, session.peer));
      if (filter === null) {
        return { status: 200, error: invalidParams('"notifications" must say what to listen for.') };
      }
      if (filter.uris.length > MOST_URIS) {
        return {
          status: 200,
          error: invalidParams(`At most ${MOST_URIS} resources fit into one subscription.`),
        };
      }
      let mine = 0;
      for (const stream of streams) if (stream.caller === session.caller.id) mine++;
      if (mine >= MOST_PER_CALLER || streams.size >= MOST) return TOO_MANY;
      begin(visit, filter, id, response);
      return null;
    },
    get size() {
      return streams.size;
    },
    dropCaller(caller) {
      for (const stream of [...streams]) if (stream.caller === caller) stream.end();
    },
    close() {
      for (const stream of [...streams]) stream.end();
    },
  };
}

/** What of the client's filter this view can serve; null when it is malformed. */
function filterIn(body: Buffer, scan: MessageScan, view: View): Filter | null {
  const filter = memberOf(body, scan.paramsStart, scan.paramsEnd, 'notifications');
  const members = filter === null ? null : memberSpans(filter, 0, filter.length);
  if (filter === null || members === null) return null;
  const lists = new Set<ListWord>();
  for (const word of LIST_WORDS) {
    const span = members.get(choiceOf(word));
    const value = span === undefined ? false : valueAt(filter, span.start, span.end);
    if (typeof value !== 'boolean') return null;
    if (value && offers(view, word, 'listChanged')) lists.add(word);
  }
  const listed = members.get('resourceSubscriptions');
  if (listed === undefined) return { lists, uris: [] };
  const spans = arraySpans(filter, listed.start, listed.end);
  if (spans?.every(({ start }) => filter[start] === 0x22) !== true) return null;
  const uris = new Set(spans.map(({ start, end }) => stringAt(filter, start, end)));
  return { lists, uris: offers(view, 'resources', 'subscribe') ? [...uris] : [] };
}

/** The member of the filter that asks for changes of these lists. */
function choiceOf(word: ListWord): string {
  return `${word}ListChanged`;
}

function offers(view: View, capability: string, feature: string): boolean {
  const declared = view.capabilities[capability];
  return (
    typeof declared === 'object' &&
    declared !== null &&
    (declared as Record<string, unknown>)[feature] === true
  );
}

/** The notification with the id of the request whose stream it is on. */
function tagged(message: Buffer, id: string): Buffer {
  const scan = scanMessage(message);
  const meta = setMembers(message, Math.max(scan.metaStart, 0), Math.max(scan.metaEnd, 0), {
    [META.subscriptionId]: Buffer.from(id),
  });
  return withParams(message, scan, { _meta: meta }).bytes;
}

const EMPTY = Buffer.alloc(0);

const TOO_MANY = httpRefusal(
  200,
  'gateway.too_many_streams',
  'This client listens on too many streams already.',
  'Close streams that are not needed any more; one can carry everything.',
);
