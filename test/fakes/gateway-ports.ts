/** The house as the gateway sees it, without a house: what is forwarded is kept, and the test answers. */

import type { CallRecord, GatewayPorts, Route, View } from '../../main/gateway/ports.ts';
import type { Ask, AskHandle, CallSink, Forward } from '../../main/protocol/call.ts';
import { LIST_KINDS, type ListKind, UNCACHED } from '../../main/protocol/listing.ts';
import type { LogLevel, Peer } from '../../main/protocol/peer.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

/** One forwarded request. */
export interface Forwarded {
  readonly server: string;
  readonly request: Forward;
  readonly sink: CallSink;
  /** Why it was cancelled; null while it was not. */
  cancelled: string | null;
  /** Answers with this result, raw JSON. */
  result(json: string): void;
  /** Answers with this error, raw JSON. */
  error(json: string): void;
  /** Asks the client; what it answers is kept. */
  ask(method: string, params: object | null): Asked;
}

/** A question of a server. */
export interface Asked {
  /** Null when it was refused. */
  readonly handle: AskHandle | null;
  result: string | null;
  error: string | null;
}

export interface FakePorts extends GatewayPorts {
  readonly clock: ManualClock;
  readonly forwarded: Forwarded[];
  readonly records: CallRecord[];
  readonly subscribed: string[];
  readonly levels: [string, LogLevel | null][];
  readonly gone: Peer[];
  /** Who was used when, in the order in which it was told. */
  readonly used: { readonly caller: string; readonly at: number }[];
  current: View;
  /** Tells all watchers. */
  change(kinds: readonly ListKind[]): void;
}

/** Tools by exposed name; every one belongs to the server `one` and has the same name there. */
export function fakeView(
  tools: Readonly<Record<string, object>> = { echo: {} },
  more: Partial<View> = {},
): View {
  const route = (name: string): Route => ({ server: 'one', name, key: null });
  const listed = Object.entries(tools).map(([name, inputSchema]) => ({ name, inputSchema }));
  const lists = Object.fromEntries(
    LIST_KINDS.map((kind) => [kind, Buffer.from(JSON.stringify({ [kind]: kind === 'tools' ? listed : [] }))]),
  ) as Record<ListKind, Buffer>;
  return {
    lists,
    caching: Object.fromEntries(LIST_KINDS.map((kind) => [kind, UNCACHED])) as View['caching'],
    capabilities: { tools: { listChanged: true }, resources: { subscribe: true } },
    instructions: null,
    servers: ['one'],
    tool: (name) => (Object.hasOwn(tools, name) ? route(name) : null),
    prompt: (name) => route(name),
    resource: (uri) => (uri.startsWith('test:') ? route(uri) : null),
    template: () => null,
    exposedUri: (_server, uri) => uri,
    exposeLinks: (_server, answer) => answer,
    capabilitiesOf: () => ({}),
    inputSchemaOf: ({ name }) => tools[name],
    ...more,
  };
}

export function fakePorts(overrides: Partial<Omit<GatewayPorts, 'clock'>> = {}): FakePorts {
  const watchers = new Set<(kinds: readonly ListKind[]) => void>();
  const ports: FakePorts = {
    clock: manualClock(),
    forwarded: [],
    records: [],
    subscribed: [],
    levels: [],
    gone: [],
    used: [],
    current: fakeView(),
    change: (kinds) => {
      for (const listener of [...watchers]) listener(kinds);
    },
    log: { debug: () => undefined, warn: () => undefined },
    serverInfo: { name: 'gatehouse', title: 'Gatehouse', version: '0' },
    hasServer: () => true,
    hasProfile: () => true,
    streams: () => false,
    infoOf: (server) => ({ name: server, version: '1' }),
    view: () => ports.current,
    watch(_scope, _peer, listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    settled: () => null,
    admitTool: () => null,
    asksFirst: () => false,
    askPerson: () => ({ by: 'always', stands: () => null }),
    admitServer: () => null,
    refusal: () => null,
    forward(server, request) {
      const one = forwardedTo(server, request);
      ports.forwarded.push(one);
      return {
        cancel(reason) {
          one.cancelled ??= reason;
        },
      };
    },
    async subscribe(server, uri) {
      ports.subscribed.push(`${server} ${uri}`);
    },
    async unsubscribe(server, uri) {
      ports.subscribed.splice(ports.subscribed.indexOf(`${server} ${uri}`), 1);
    },
    setLogLevel: (server, level) => {
      ports.levels.push([server, level]);
    },
    notifyServer: () => undefined,
    peerGone: (peer) => {
      ports.gone.push(peer);
    },
    opening: () => null,
    authenticate: () => ({ id: 'caller' }),
    record: (call) => {
      ports.records.push(call);
    },
    clientCame: () => undefined,
    clientUsed: ({ id }, at) => {
      ports.used.push({ caller: id, at });
    },
    sessionsChanged: () => undefined,
    ...overrides,
  };
  return ports;
}

function forwardedTo(server: string, request: Forward): Forwarded {
  const { sink } = request;
  const answer = (member: string, json: string, isError: boolean): void => {
    const head = '{"jsonrpc":"2.0","id":';
    sink.answer(Buffer.from(`${head}7,"${member}":${json}}`), head.length, head.length + 1, isError);
  };
  return {
    server,
    request,
    sink,
    cancelled: null,
    result: (json) => answer('result', json, false),
    error: (json) => answer('error', json, true),
    ask(method, params) {
      const asked: { handle: AskHandle | null; result: string | null; error: string | null } = {
        handle: null,
        result: null,
        error: null,
      };
      const ask: Ask = {
        method,
        params: params === null ? null : Buffer.from(JSON.stringify(params)),
        result: (json) => {
          asked.result = json.toString('utf8');
        },
        error: (json) => {
          asked.error = json.toString('utf8');
        },
      };
      asked.handle = sink.ask(ask);
      return asked;
    },
  };
}
