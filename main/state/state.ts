/**
 * The one state that tray, window, web admin and commands are drawn from. Changed by `reduce` alone.
 */
import type {
  ConfigView,
  EndpointView,
  Problem,
  RunsIn,
  SecretsView,
  ServerState,
  ServerView,
} from '../../preload/contract.ts';
import type { ActivityStatus } from '../../preload/views/activity.ts';
import type { CallsWaitingView } from '../../preload/views/calls.ts';
import type { ContainmentView } from '../../preload/views/isolation.ts';
import type { SignInView } from '../../preload/views/sign-in.ts';
import type { WaitingView } from '../../preload/views/trust.ts';

/** Everything that screens show. */
export interface AppState {
  readonly paused: boolean;
  readonly endpoint: EndpointView;
  readonly config: ConfigView;
  readonly secrets: SecretsView;
  readonly activity: ActivityStatus;
  /** In the order of the configuration. */
  readonly servers: readonly ServerView[];
  readonly callsWaiting: CallsWaitingView;
  /** Clients that want to sign in at the endpoint. */
  readonly signInsWaiting: number;
  readonly configRevision: number;
  readonly clientsRevision: number;
}

/** What a configuration says of one server. */
export type ServerEntry = Pick<
  ServerView,
  'name' | 'transport' | 'source' | 'runsIn' | 'containment' | 'enabled'
>;

/** Everything that can change the state. */
export type AppEvent =
  | { readonly kind: 'servers'; readonly servers: readonly ServerEntry[]; readonly at: number }
  | {
      readonly kind: 'server-status';
      readonly name: string;
      readonly state: ServerState;
      readonly since: number;
      readonly problem: Problem | null;
      readonly nextRetry: number | null;
      readonly asleep: boolean;
    }
  | {
      readonly kind: 'server-containment';
      readonly name: string;
      readonly runsIn: RunsIn;
      readonly containment: ContainmentView | null;
    }
  | { readonly kind: 'server-sign-in'; readonly name: string; readonly signIn: SignInView }
  | {
      readonly kind: 'server-tools';
      readonly name: string;
      readonly on: number;
      readonly total: number;
      readonly waiting: number;
    }
  | { readonly kind: 'calls'; readonly added: ReadonlyMap<string, number> }
  | { readonly kind: 'calls-reset'; readonly counts: ReadonlyMap<string, number> }
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointView }
  | { readonly kind: 'sessions'; readonly open: number }
  | { readonly kind: 'config'; readonly config: ConfigView }
  | { readonly kind: 'secrets'; readonly secrets: SecretsView }
  | { readonly kind: 'activity'; readonly activity: ActivityStatus }
  | { readonly kind: 'paused'; readonly paused: boolean }
  | { readonly kind: 'calls-waiting'; readonly count: number }
  | { readonly kind: 'sign-ins-waiting'; readonly count: number }
  | { readonly kind: 'clients-changed' };

/** The state after the event; the same object when nothing changed. Pure. */
export function reduce(state: AppState, event: AppEvent): AppState {
  switch (event.kind) {
    case 'servers': {
      const before = new Map(state.servers.map((server) => [server.name, server]));
      return {
        ...state,
        servers: event.servers.map((entry) => entered(entry, before.get(entry.name), event.at)),
      };
    }
    case 'server-status':
      return withServer(state, event.name, (server) => ({
        ...server,
        state: event.state,
        since: event.since,
        problem: event.problem,
        nextRetry: event.nextRetry,
        asleep: event.asleep,
      }));
    case 'server-tools':
      return withServer(state, event.name, (server) => ({
        ...server,
        toolsOn: event.on,
        toolsTotal: event.total,
        waiting: event.waiting,
        toolsRevision: server.toolsRevision + 1,
      }));
    case 'server-containment':
      return withServer(state, event.name, (server) => ({
        ...server,
        runsIn: event.runsIn,
        containment: event.containment,
      }));
    case 'server-sign-in':
      return withServer(state, event.name, (server) => ({ ...server, signIn: event.signIn }));
    case 'calls':
      return {
        ...state,
        servers: state.servers.map((server) => {
          const added = event.added.get(server.name) ?? 0;
          return added === 0 ? server : { ...server, callsToday: server.callsToday + added };
        }),
      };
    case 'calls-reset':
      return {
        ...state,
        servers: state.servers.map((server) => ({
          ...server,
          callsToday: event.counts.get(server.name) ?? 0,
        })),
      };
    case 'endpoint':
      return { ...state, endpoint: event.endpoint };
    case 'sessions':
      return {
        ...state,
        endpoint: { ...state.endpoint, sessions: event.open },
        // Whose sessions they are is told by `clients.list`.
        clientsRevision: state.clientsRevision + 1,
      };
    case 'config':
      return { ...state, config: event.config, configRevision: state.configRevision + 1 };
    case 'secrets':
      return { ...state, secrets: event.secrets };
    case 'activity':
      return { ...state, activity: event.activity };
    case 'paused':
      return state.paused === event.paused ? state : { ...state, paused: event.paused };
    case 'calls-waiting': {
      const { revision } = state.callsWaiting;
      return { ...state, callsWaiting: { count: event.count, revision: revision + 1 } };
    }
    case 'sign-ins-waiting':
      return { ...state, signInsWaiting: event.count, clientsRevision: state.clientsRevision + 1 };
    case 'clients-changed':
      return { ...state, clientsRevision: state.clientsRevision + 1 };
  }
}

function entered(entry: ServerEntry, before: ServerView | undefined, at: number): ServerView {
  if (before !== undefined) return { ...before, ...entry };
  return {
    ...entry,
    state: entry.enabled ? 'starting' : 'disabled',
    since: at,
    problem: null,
    nextRetry: null,
    asleep: false,
    toolsOn: 0,
    toolsTotal: 0,
    toolsRevision: 0,
    waiting: 0,
    callsToday: 0,
    signIn: null,
  };
}

function withServer(state: AppState, name: string, change: (server: ServerView) => ServerView): AppState {
  const server = state.servers.find((candidate) => candidate.name === name);
  if (server === undefined) return state;
  return { ...state, servers: state.servers.map((other) => (other === server ? change(server) : other)) };
}

/** States in which a server goes on only when a person does something. */
const waitingStates: ReadonlySet<ServerState> = new Set(['failed', 'signing-in', 'quarantined']);

/** What waits for the user. Pure. */
export function waitingIn(
  state: Pick<AppState, 'servers' | 'callsWaiting' | 'signInsWaiting' | 'endpoint' | 'config'>,
): WaitingView {
  const { servers, signInsWaiting: signIns } = state;
  const broken = Number(state.endpoint.state === 'failed') + Number(state.config.state === 'broken');
  const needing = servers.filter((server) => waitingStates.has(server.state) || heldOf(server) > 0);
  return {
    items: servers.reduce((sum, server) => sum + server.waiting, 0),
    servers: servers.filter((server) => server.state === 'quarantined').length,
    signIns,
    all: broken + state.callsWaiting.count + signIns + needing.length,
  };
}

/** What a server that is on holds back. */
function heldOf({ enabled, waiting }: ServerView): number {
  return enabled ? waiting : 0;
}
