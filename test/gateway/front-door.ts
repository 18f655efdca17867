/** The whole door behind a real socket of this process, with a house of fakes; clients here show every byte. */
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { type Door, openDoor } from '../../main/gateway/door.ts';
import { DEFAULT_TIMES, type ListenTimes, openListener } from '../../main/gateway/listener.ts';
import { DEFAULT_LIMITS, type GatewayLimits, type GatewayPorts } from '../../main/gateway/ports.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { type FakePorts, type Forwarded, fakePorts } from '../fakes/gateway-ports.ts';
import { eventually } from './modern-door.ts';

/** One server-sent event. */
export interface Event {
  readonly id: string | null;
  readonly type: string | null;
  readonly data: string;
}

/** An exchange that may still be going on. */
export interface Exchange {
  /** Settles with the headers; rejects when there is no answer. */
  readonly head: Promise<IncomingMessage>;
  /** Settles when the answer has ended or broken. */
  readonly done: Promise<Done>;
  readonly events: readonly Event[];
  /** The parsed data of the events that have some. */
  readonly messages: () => readonly Record<string, unknown>[];
  hangUp(): void;
}

export interface Done {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** False when the connection broke. */
  readonly whole: boolean;
}

export interface FrontSession {
  readonly id: string;
  post(text: string, headers?: OutgoingHttpHeaders): Exchange;
  call(id: number, token?: string): Exchange;
  get(lastEventId?: string): Exchange;
}

export interface FrontDoor {
  readonly ports: FakePorts;
  readonly door: Door;
  readonly port: number;
  /** Numbers of open sessions, as they were told. */
  readonly counts: number[];
  /** What was logged. */
  readonly logged: { fields: Record<string, unknown>; text: string }[];
  send(method: string, path: string, headers?: OutgoingHttpHeaders, body?: string): Exchange;
  session(version?: string, path?: string, headers?: OutgoingHttpHeaders): Promise<FrontSession>;
  /** A server's notification that reaches sessions on its own route as it is. */
  say(text: string): void;
  forwarded(index: number): Promise<Forwarded>;
  close(): Promise<void>;
}

export const INITIALIZE = (version: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: version, capabilities: {}, clientInfo: { name: 't', version: '1' } },
  });
export const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
export const PING = '{"jsonrpc":"2.0","id":2,"method":"ping"}';
/** Of the session that has it, on the route of the server `one`. */
export const OWN = '/one/mcp';

export const callText = (id: number, token?: string): string => {
  const meta = token === undefined ? {} : { _meta: { progressToken: token } };
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo', ...meta } });
};

/** A caller is whoever the Authorization header says, so that tests can be several. */
export async function openFrontDoor(
  settings: {
    readonly limits?: Partial<GatewayLimits>;
    readonly ports?: Partial<GatewayPorts>;
    readonly basePath?: string;
    readonly times?: Partial<ListenTimes>;
  } = {},
): Promise<FrontDoor> {
  const counts: number[] = [];
  const logged: FrontDoor['logged'] = [];
  const note = (fields: object, text: string): void =>
    void logged.push({ fields: fields as Record<string, unknown>, text });
  const ports = fakePorts({
    log: { debug: note, warn: note },
    authenticate: (_scope, authorization) =>
      authorization === 'none' ? null : { id: authorization ?? 'anyone' },
    sessionsChanged: (open) => void counts.push(open),
    ...settings.ports,
  });
  const health = {
    version: '1.2.3',
    readiness: () => ({ ready: true, servers: { one: { state: 'ready' } } }),
    connection: () => ({ endpoint: null, token: null, pid: 0 }),
    command: async () => ({ ok: true, value: null }),
  };
  const limits = { ...DEFAULT_LIMITS, ...settings.limits };
  const door = openDoor({ host: '127.0.0.1' }, ports, health, limits, settings.basePath);
  const times = { ...DEFAULT_TIMES, ...settings.times };
  const listener = await openListener({ host: '127.0.0.1', port: 0 }, door, systemClock, times);
  const { port } = listener;

  const send: FrontDoor['send'] = (method, path, headers = {}, body) => {
    const sent = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const out = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      agent: false,
      headers: { Accept: 'application/json, text/event-stream', ...sent, ...headers },
    });
    out.end(body);
    return watch(out);
  };
  return {
    ports,
    door,
    port,
    counts,
    logged,
    send,
    async session(version = '2025-11-25', path = '/mcp', extra = {}) {
      const opened = await send('POST', path, extra, INITIALIZE(version)).done;
      const id = opened.headers['mcp-session-id'];
      if (typeof id !== 'string') throw new Error(`initialize: ${opened.status} ${opened.text}`);
      const own = { 'Mcp-Session-Id': id, ...extra };
      await send('POST', path, own, INITIALIZED).done;
      const post: FrontSession['post'] = (text, headers) => send('POST', path, { ...own, ...headers }, text);
      return {
        id,
        post,
        call: (callId, token) => post(callText(callId, token)),
        get: (last) => send('GET', path, last === undefined ? own : { ...own, 'Last-Event-ID': last }),
      };
    },
    say: (text) => door.fromServers.notification('one', null, 'notifications/x', Buffer.from(text)),
    async forwarded(index) {
      await eventually(() => ports.forwarded.length > index);
      const found = ports.forwarded[index];
      if (found === undefined) throw new Error('nothing was forwarded');
      return found;
    },
    async close() {
      door.close();
      await listener.close();
    },
  };
}

function watch(out: ClientRequest): Exchange {
  const events: Event[] = [];
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    out.on('response', resolve);
    out.on('error', reject);
  });
  const done = head.then(
    (response) =>
      new Promise<Done>((resolve) => {
        const { statusCode: status = 0, headers } = response;
        let text = '';
        let taken = 0;
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          for (let end = text.indexOf('\n\n', taken); end !== -1; end = text.indexOf('\n\n', taken)) {
            const event = eventIn(text.slice(taken, end));
            if (event !== null) events.push(event);
            taken = end + 2;
          }
        });
        response.on('error', () => undefined);
        response.on('close', () => resolve({ status, headers, text, whole: response.complete }));
      }),
  );
  done.catch(() => undefined);
  return {
    head,
    done,
    events,
    messages: () =>
      events.filter(({ data }) => data !== '').map(({ data }) => JSON.parse(data) as Record<string, unknown>),
    hangUp: () => out.destroy(),
  };
}

function eventIn(text: string): Event | null {
  const field = (name: string): string | null => new RegExp(`^${name}: ?(.*)$`, 'm').exec(text)?.[1] ?? null;
  const data = field('data');
  return data === null ? null : { id: field('id'), type: field('event'), data };
}
