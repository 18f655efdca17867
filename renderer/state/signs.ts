/**
 * State in three layers: the word (a message key), the icon (a name that ui/ can draw) and the tone (a colour). Every
 * place that shows a state asks here. Pure tables.
 */
import type { EndpointView, RunsIn, ServerState, ServerView } from '../../preload/contract.ts';
import type { ContainmentView } from '../../preload/views/isolation.ts';
import type { ToolEffect } from '../../preload/views/servers.ts';
import type { PlainKey } from '../i18n/words.ts';

/** Colours by meaning. `quiet` is grey; `plain` is the main text colour. */
export type Tone = 'quiet' | 'plain' | 'ok' | 'work' | 'warn' | 'bad' | 'off';

/** The icons that a sign may have; parts/sign-icons.ts knows how they look. */
export type SignIcon =
  | 'circle-check'
  | 'loader'
  | 'refresh-cw'
  | 'key-round'
  | 'shield'
  | 'shield-check'
  | 'shield-x'
  | 'triangle-alert'
  | 'eye-off'
  | 'hourglass'
  | 'octagon-alert'
  | 'unplug'
  | 'circle-minus'
  | 'circle-pause'
  | 'eye'
  | 'pencil'
  | 'trash-2'
  | 'info'
  | 'box'
  | 'laptop'
  | 'cloud'
  | 'shield-alert';

/** Icon, word and colour. */
export interface Sign {
  readonly icon: SignIcon;
  readonly word: PlainKey;
  readonly tone: Tone;
}

const byState: Readonly<Record<ServerState, Sign>> = {
  ready: { icon: 'circle-check', word: 'state.ready', tone: 'ok' },
  starting: { icon: 'loader', word: 'state.starting', tone: 'work' },
  retrying: { icon: 'refresh-cw', word: 'state.retrying', tone: 'work' },
  'signing-in': { icon: 'key-round', word: 'state.signing-in', tone: 'warn' },
  quarantined: { icon: 'shield', word: 'state.quarantined', tone: 'warn' },
  failed: { icon: 'octagon-alert', word: 'state.failed', tone: 'bad' },
  stopped: { icon: 'circle-minus', word: 'state.stopped', tone: 'off' },
  disabled: { icon: 'circle-minus', word: 'state.disabled', tone: 'off' },
};
const asleep: Sign = { icon: 'circle-pause', word: 'state.asleep', tone: 'quiet' };
const unreachable: Sign = { icon: 'unplug', word: 'state.unreachable', tone: 'bad' };

/** Codes that say that nobody was reached; a fault of the certificate is another thing. */
const unreachableCodes: ReadonlySet<string> = new Set([
  'upstream.unreachable',
  'upstream.name_not_found',
  'upstream.refused',
  'upstream.connect_timeout',
  'upstream.proxy_failed',
]);

/**
 * How a server is. A remote one that cannot be reached is told apart from one that fails, and one that the next call
 * starts from one that is stopped.
 */
export function serverSign(
  server: Pick<ServerView, 'state' | 'problem'> & Partial<Pick<ServerView, 'asleep'>>,
): Sign {
  if (server.state === 'stopped' && server.asleep === true) return asleep;
  const lost = server.state === 'failed' && unreachableCodes.has(server.problem?.code ?? '');
  return lost ? unreachable : byState[server.state];
}

const byPlace: Readonly<Record<RunsIn, Sign>> = {
  container: { icon: 'box', word: 'runs_in.container', tone: 'quiet' },
  host: { icon: 'laptop', word: 'runs_in.host', tone: 'quiet' },
  remote: { icon: 'cloud', word: 'runs_in.remote', tone: 'quiet' },
};

const weakened: Sign = { icon: 'shield-alert', word: 'runs_in.weakened', tone: 'bad' };
const fellBack: Sign = { icon: 'shield-alert', word: 'runs_in.fell_back', tone: 'bad' };

/** What tells where a server runs. */
export interface Place extends Pick<ServerView, 'runsIn'> {
  readonly containment: Pick<ContainmentView, 'weakened' | 'fellBack'> | null;
}

/** Where a server runs; what is less contained than it looks is told in red wherever the place is. */
export function placeSign({ runsIn, containment }: Place): Sign {
  if (containment?.fellBack === true) return fellBack;
  if (runsIn === 'container' && (containment?.weakened.length ?? 0) > 0) return weakened;
  return byPlace[runsIn];
}

const byEffect: Readonly<Record<ToolEffect, Sign>> = {
  reads: { icon: 'eye', word: 'effect.reads', tone: 'quiet' },
  changes: { icon: 'pencil', word: 'effect.changes', tone: 'plain' },
  deletes: { icon: 'trash-2', word: 'effect.deletes', tone: 'bad' },
  unknown: { icon: 'info', word: 'effect.unknown', tone: 'quiet' },
};

/** What a tool says that it does. */
export function effectSign(effect: ToolEffect): Sign {
  return byEffect[effect];
}

const byDoor: Readonly<Record<EndpointView['state'], Sign>> = {
  starting: { icon: 'loader', word: 'endpoint.starting', tone: 'work' },
  listening: { icon: 'circle-check', word: 'endpoint.running', tone: 'ok' },
  failed: { icon: 'octagon-alert', word: 'endpoint.failed', tone: 'bad' },
  closed: { icon: 'circle-minus', word: 'endpoint.closed', tone: 'off' },
};

/** How the endpoint is; paused is a state of its own to whoever looks at it. */
export function endpointSign(endpoint: EndpointView, paused: boolean): Sign {
  return paused && endpoint.state === 'listening'
    ? { icon: 'circle-pause', word: 'endpoint.paused', tone: 'warn' }
    : byDoor[endpoint.state];
}
