/** A link whose other end is the test: what was sent can be read, and what a server would say can be said. */
import type { GatehouseError } from '../../main/protocol/error.ts';
import { type Connection, type ConnectionEvents, openConnection } from '../../main/upstreams/connection.ts';
import type { Link, LinkEvents, RequestHead } from '../../main/upstreams/link.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

export interface SentMessage {
  readonly text: string;
  readonly json: ReturnType<typeof JSON.parse>;
  readonly id: number;
  readonly head: RequestHead | null;
}

export interface FakeLink {
  /** To be given to `openConnection`. */
  readonly open: (events: LinkEvents) => Promise<Link>;
  readonly sent: SentMessage[];
  readonly abandoned: number[];
  revision: string | null;
  closes: number;
  /** The newest message of this method; throws when there is none. */
  last(method: string): SentMessage;
  /** The server says this. */
  say(message: object | string, about?: number): void;
  /** The server answers the newest request of this method. */
  answer(method: string, result: object, about?: boolean): void;
  refuse(method: string, error: object): void;
  fail(id: number, error: GatehouseError): void;
  lose(cause: GatehouseError): void;
}

/** `heads` as that of a link over HTTP. */
export function fakeLink(heads = false): FakeLink {
  let events: LinkEvents | null = null;
  const sent: SentMessage[] = [];
  const fake: FakeLink = {
    sent,
    abandoned: [],
    revision: null,
    closes: 0,
    open: (given) => {
      events = given;
      return Promise.resolve({
        heads,
        send(message, id, head) {
          const text = message.toString('utf8');
          sent.push({ text, json: JSON.parse(text), id, head });
        },
        abandon: (id) => void fake.abandoned.push(id),
        agreed(revision) {
          fake.revision = revision;
        },
        close() {
          fake.closes++;
          if (fake.closes === 1) events?.closed(null);
          return Promise.resolve();
        },
      });
    },
    last(method) {
      const found = sent.filter(({ json }) => json.method === method).at(-1);
      if (found === undefined) throw new Error(`nothing sent as ${method}`);
      return found;
    },
    say: (message, about) =>
      events?.message(
        Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
        about ?? null,
      ),
    answer(method, result) {
      const { id } = fake.last(method);
      fake.say({ jsonrpc: '2.0', id, result }, heads ? id : undefined);
    },
    refuse(method, error) {
      const { id } = fake.last(method);
      fake.say({ jsonrpc: '2.0', id, error }, heads ? id : undefined);
    },
    fail: (id, error) => events?.failed(id, error),
    lose: (cause) => events?.closed(cause),
  };
  return fake;
}

export interface OverFakeLink {
  readonly link: FakeLink;
  readonly clock: ManualClock;
  readonly connection: Connection;
}

/** A connection over such a link, that speaks `revision`; without one it is not agreed upon yet. Hears what `events` says. */
export async function overFakeLink(
  revision: string | null,
  heads = false,
  events: Partial<ConnectionEvents> = {},
): Promise<OverFakeLink> {
  const link = fakeLink(heads);
  const clock = manualClock();
  const connection = await openConnection(link.open, clock, {
    notification: () => undefined,
    ask: () => null,
    unreached: () => undefined,
    closed: () => undefined,
    ...events,
  });
  if (revision !== null) connection.agreed(revision);
  return { link, clock, connection };
}
