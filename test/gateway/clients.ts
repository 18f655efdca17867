/** Clients of the sessionful revisions in front of two servers that are not there: what they send and what they get. */
import { createHub, type Hub } from '../../main/gateway/hub.ts';
import { createLoads, type LoadLimits, type Loads } from '../../main/gateway/loads.ts';
import type { GatewayPorts, Route, View } from '../../main/gateway/ports.ts';
import type { Reply } from '../../main/gateway/reply.ts';
import { openSession, type Session } from '../../main/gateway/session.ts';
import type { Ask } from '../../main/protocol/call.ts';
import { scanMessage } from '../../main/protocol/scan.ts';
import { ALL, type Scope } from '../../main/protocol/scope.ts';
import { withId } from '../../main/protocol/wire.ts';
import { type FakePorts, fakePorts, fakeView } from '../fakes/gateway-ports.ts';

export type Json = Record<string, unknown>;

/** What became of one message of a client. */
export interface Sent extends Reply {
  /** Came before the answer, on its own stream. */
  readonly stream: Json[];
  answered: Json | null;
  /** The answer's own bytes. */
  bytes: string;
  end: 'open' | 'answer' | 'accepted' | 'nothing';
  waiting: { abandon(): void } | null;
}

export function sent(streams = true): Sent {
  const one: Sent = {
    stream: [],
    answered: null,
    bytes: '',
    end: 'open',
    waiting: null,
    follow: () => undefined,
    notify(message) {
      if (!streams || one.end !== 'open') return false;
      one.stream.push(JSON.parse(message.toString('utf8')) as Json);
      return true;
    },
    answer(message) {
      ended('answer');
      one.bytes = message.toString('utf8');
      one.answered = JSON.parse(one.bytes) as Json;
    },
    relay: (bytes, idStart, idEnd, id) => one.answer(withId(bytes, idStart, idEnd, id)),
    accepted: () => ended('accepted'),
    nothing: () => ended('nothing'),
  };
  const ended = (end: Sent['end']): void => {
    if (one.end !== 'open') throw new Error(`a reply ended twice: ${one.end}, then ${end}`);
    one.end = end;
  };
  return one;
}

export interface ClientOptions {
  readonly id?: string;
  readonly caller?: string;
  readonly scope?: Scope;
  readonly version?: string;
  readonly capabilities?: Json;
  /** False for one that has no standing stream. */
  readonly standing?: boolean;
  /** False for one that takes no events with its answers. */
  readonly streams?: boolean;
  /** False for one that has not sent `notifications/initialized`. */
  readonly initialized?: boolean;
}

/** One client. */
export interface Client {
  readonly session: Session;
  readonly hello: Sent;
  /** What came on its standing stream. */
  readonly pushed: Json[];
  request(method: string, params?: unknown, id?: unknown): Sent;
  notify(method: string, params?: unknown): Sent;
  /** Answers a question of a server. */
  reply(id: unknown, body: { result: unknown } | { error: unknown }): Sent;
  raw(text: string): Sent;
}

/** The rooms and who comes to them. */
export interface House {
  readonly ports: FakePorts;
  readonly hub: Hub;
  readonly loads: Loads;
  /** Notifications that went to servers: server, key of the peer, message. */
  readonly notified: [string, string, Json][];
  /** Which peer is subscribed to what: `server uri peer`. */
  readonly subscribed: string[];
  open(options?: ClientOptions): Client;
}

const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: {},
  resources: { subscribe: true },
  logging: {},
  completions: {},
  tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
};

/** Servers `one` and `two`; merged routes write `one__echo` and `two+test:x` for what they call `echo` and `test:x`. */
export function viewOf(scope: Scope, capabilities: Json = CAPABILITIES): View {
  const servers = scope.kind === 'server' ? [scope.server] : ['one', 'two'];
  const route = (text: string, separator: string): Route | null => {
    if (scope.kind === 'server') return { server: scope.server, name: text, key: null };
    const at = text.indexOf(separator);
    const server = text.slice(0, at);
    const name = text.slice(at + separator.length);
    return at > 0 && servers.includes(server)
      ? { server, name, key: Buffer.from(JSON.stringify(name)) }
      : null;
  };
  const known = (found: Route | null): Route | null =>
    found?.name.startsWith('no-') === true ? null : found;
  return fakeView(
    {},
    {
      servers,
      capabilities,
      tool: (name) => known(route(name, '__')),
      prompt: (name) => known(route(name, '__')),
      resource: (uri) => known(route(uri, '+')),
      template: (uri) => (uri.includes('{') ? route(uri, '+') : null),
      exposedUri: (server, uri) => (scope.kind === 'server' ? uri : `${server}+${uri}`),
      exposeLinks: (server, answer) =>
        Buffer.from(answer.toString('utf8').replaceAll('"uri":"', `"uri":"${server}+`)),
      capabilitiesOf: (server) => (servers.includes(server) ? capabilities : null),
    },
  );
}

export function openHouse(
  overrides: Partial<GatewayPorts> = {},
  limits: LoadLimits = { callsPerClient: 100, queuePerClient: 100 },
): House {
  const notified: [string, string, Json][] = [];
  const subscribed: string[] = [];
  const ports = fakePorts({
    view: (scope) => viewOf(scope),
    notifyServer: (server, peer, message) => {
      notified.push([server, peer.key, JSON.parse(message.toString('utf8')) as Json]);
    },
    async subscribe(server, uri, peer) {
      const one = `${server} ${uri} ${peer.key}`;
      if (!subscribed.includes(one)) subscribed.push(one);
    },
    async unsubscribe(server, uri, peer) {
      const at = subscribed.indexOf(`${server} ${uri} ${peer.key}`);
      if (at === -1) throw new Error(`${server} ${uri} ${peer.key} was not subscribed`);
      subscribed.splice(at, 1);
    },
    ...overrides,
  });
  const hub = createHub(ports);
  const loads = createLoads(limits);
  let count = 0;
  return {
    ports,
    hub,
    loads,
    notified,
    subscribed,
    open: (options = {}) => openClient(options, `client-${++count}`, ports, hub, loads),
  };
}

function openClient(options: ClientOptions, name: string, ports: FakePorts, hub: Hub, loads: Loads): Client {
  const { version = '2025-11-25', capabilities = {}, streams = true } = options;
  const hello = sent();
  const pushed: Json[] = [];
  const params = { protocolVersion: version, capabilities, clientInfo: { name, version: '1' } };
  const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }));
  const session = openSession(
    {
      id: options.id ?? name,
      caller: { id: options.caller ?? name },
      scope: options.scope ?? ALL,
      push: (message) => {
        pushed.push(JSON.parse(message.toString('utf8')) as Json);
      },
      standing: () => options.standing ?? true,
    },
    bytes,
    scanMessage(bytes),
    hello,
    ports,
    hub,
    loads,
  );
  if (session === null) throw new Error(`refused: ${hello.bytes}`);
  let id = 0;
  const raw = (text: string): Sent => {
    const one = sent(streams);
    one.waiting = session.receive(Buffer.from(text), one);
    return one;
  };
  const client: Client = {
    session,
    hello,
    pushed,
    raw,
    request: (method, asked, own = ++id) =>
      raw(JSON.stringify({ jsonrpc: '2.0', id: own, method, params: asked })),
    notify: (method, told) => raw(JSON.stringify({ jsonrpc: '2.0', method, params: told })),
    reply: (own, body) => raw(JSON.stringify({ jsonrpc: '2.0', id: own, ...body })),
  };
  if (options.initialized !== false) client.notify('notifications/initialized');
  return client;
}

/** A question that no call caused, and what became of it. */
export interface Question extends Ask {
  answer: string | null;
  refusal: string | null;
}

export function question(method: string, params: object | null = null): Question {
  const one: Question = {
    method,
    params: params === null ? null : Buffer.from(JSON.stringify(params)),
    answer: null,
    refusal: null,
    result: (json) => {
      one.answer = json.toString('utf8');
    },
    error: (json) => {
      one.refusal = json.toString('utf8');
    },
  };
  return one;
}
