/**
 * What the tray shows, as a pure function of the snapshot: icon, tooltip and menu, without a single Electron object.
 * Rows that name a thing open it; acts are verbs in submenus.
 */
import type {
  CommandArgs,
  CommandName,
  Events,
  ServerState,
  ServerView,
  Snapshot,
} from '../../preload/contract.ts';
import { englishWords, type ShellWords } from './words.ts';

/** The four drawings of the tray icon; they differ by shape. */
export type TrayIcon = 'idle' | 'busy' | 'attention' | 'off';

/** A command with its own arguments. */
type CommandAction = {
  [N in CommandName]: { readonly kind: 'command'; readonly name: N; readonly args: CommandArgs<N> };
}[CommandName];

/** What a click does. */
export type TrayAction =
  | CommandAction
  | { readonly kind: 'open'; readonly to: Events['navigate'] | null }
  | { readonly kind: 'quit' };

/** One entry of the menu; `id` is stable across redraws. */
export type MenuItemModel =
  | { readonly type: 'separator' }
  | { readonly type: 'note'; readonly id: string; readonly label: string }
  | { readonly type: 'action'; readonly id: string; readonly label: string; readonly action: TrayAction }
  | {
      readonly type: 'switch';
      readonly id: string;
      readonly label: string;
      readonly on: boolean;
      readonly action: TrayAction;
    }
  | {
      readonly type: 'submenu';
      readonly id: string;
      readonly label: string;
      readonly items: readonly MenuItemModel[];
    };

/** The whole tray. */
export interface TrayModel {
  readonly icon: TrayIcon;
  readonly tooltip: string;
  readonly items: readonly MenuItemModel[];
}

/** More rows than this do not help in a menu; the window shows them all. */
const longestList = 25;

/** States in which a server waits for the user; the core counts them too. */
const attentionStates: ReadonlySet<ServerState> = new Set(['failed', 'signing-in', 'quarantined']);

/** Draws the tray for `snapshot` in the language of `words`. */
export function trayModel(snapshot: Snapshot, words: ShellWords = englishWords): TrayModel {
  const waiting = attentionItems(snapshot, words);
  // One line may stand for several things.
  const { all } = snapshot.waiting;
  const status = statusLine(snapshot, all, words);
  const separator: MenuItemModel = { type: 'separator' };
  const items: MenuItemModel[] = [{ type: 'note', id: 'status', label: status }];
  if (waiting.length > 0) {
    items.push({
      type: 'submenu',
      id: 'attention',
      label: words.attention(all),
      items: waiting,
    });
  }
  items.push(separator, ...serverItems(snapshot.servers, words));
  if (snapshot.servers.length > 0) {
    items.push(separator);
  }
  if (snapshot.endpoint.url !== null) {
    items.push(connectMenu(words));
  }
  items.push({
    type: 'switch',
    id: 'pause',
    label: words.pauseAll,
    on: snapshot.paused,
    action: { kind: 'command', name: 'gateway.setPaused', args: { paused: !snapshot.paused } },
  });
  if (snapshot.endpoint.url !== null) {
    items.push(copyItem('copy-endpoint', words.copyEndpoint, 'url'));
  }
  items.push(
    separator,
    { type: 'action', id: 'open', label: words.openApp, action: { kind: 'open', to: null } },
    { type: 'action', id: 'quit', label: words.quit, action: { kind: 'quit' } },
  );
  return {
    icon: iconFor(snapshot),
    tooltip: words.tooltip(status),
    items,
  };
}

function iconFor(snapshot: Snapshot): TrayIcon {
  if (snapshot.paused || snapshot.endpoint.state === 'closed') {
    return 'off';
  }
  if (snapshot.waiting.all > 0) {
    return 'attention';
  }
  const moving = snapshot.servers.some(
    (server) => server.state === 'starting' || server.state === 'retrying',
  );
  return moving || snapshot.endpoint.state === 'starting' ? 'busy' : 'idle';
}

function statusLine(snapshot: Snapshot, waiting: number, words: ShellWords): string {
  switch (snapshot.endpoint.state) {
    case 'failed':
      return words.status.failed;
    case 'closed':
      return words.status.closed;
    case 'starting':
      return words.status.starting;
    case 'listening':
      if (snapshot.paused) {
        return words.status.paused;
      }
      if (waiting > 0) {
        return words.status.waiting(waiting);
      }
      return snapshot.servers.length === 0
        ? words.status.noServers
        : words.status.running(snapshot.servers.filter((server) => server.state === 'ready').length);
  }
}

/** The things that wait, each with its verbs. */
function attentionItems(snapshot: Snapshot, words: ShellWords): MenuItemModel[] {
  const openWindow: MenuItemModel = {
    type: 'action',
    id: 'endpoint:open',
    label: words.openApp,
    action: { kind: 'open', to: null },
  };
  const items: MenuItemModel[] = [];
  if (snapshot.endpoint.state === 'failed') {
    items.push({ type: 'submenu', id: 'endpoint', label: words.status.failed, items: [openWindow] });
  }
  if (snapshot.config.state === 'broken') {
    const action: TrayAction = { kind: 'command', name: 'config.open', args: {} };
    items.push({
      type: 'submenu',
      id: 'config',
      label: words.configBroken,
      items: [{ type: 'action', id: 'config:open', label: words.openConfig, action }],
    });
  }
  const calls = snapshot.callsWaiting.count;
  if (calls > 0) {
    const action: TrayAction = { kind: 'open', to: { view: 'approvals', server: null } };
    items.push({
      type: 'submenu',
      id: 'calls',
      label: words.callsWaiting(calls),
      items: [{ type: 'action', id: 'calls:review', label: words.review, action }],
    });
  }
  const { signIns } = snapshot.waiting;
  if (signIns > 0) {
    // The window asks on any of its screens.
    const action: TrayAction = { kind: 'open', to: null };
    items.push({
      type: 'submenu',
      id: 'sign-ins',
      label: words.clientsWait(signIns),
      items: [{ type: 'action', id: 'sign-ins:review', label: words.review, action }],
    });
  }
  for (const server of snapshot.servers) {
    if (attentionStates.has(server.state)) {
      items.push(attentionItem(server, words));
    } else if (server.enabled && server.waiting > 0) {
      items.push(heldItem(server, words));
    }
  }
  return items;
}

function attentionItem(server: ServerView, words: ShellWords): MenuItemModel {
  const id = `attention:${server.name}`;
  const items: MenuItemModel[] = [
    {
      type: 'action',
      id: `${id}:open`,
      label: words.open,
      action: { kind: 'open', to: { view: 'server', server: server.name } },
    },
  ];
  if (server.signIn?.state === 'needed' || server.signIn?.state === 'waiting') {
    items.push({
      type: 'action',
      id: `${id}:sign-in`,
      label: words.signIn,
      action: { kind: 'command', name: 'server.signIn', args: { server: server.name } },
    });
  } else if (server.state !== 'quarantined') {
    items.push({
      type: 'action',
      id: `${id}:restart`,
      label: server.state === 'failed' ? words.tryAgain : words.restart,
      action: { kind: 'command', name: 'server.restart', args: { server: server.name } },
    });
  }
  return { type: 'submenu', id, label: words.serverLine(server.name, stateWord(server, words)), items };
}

/** Definitions of a running server that wait for approval. */
function heldItem({ name, waiting }: ServerView, words: ShellWords): MenuItemModel {
  const action: TrayAction = { kind: 'open', to: { view: 'approvals', server: null } };
  return {
    type: 'submenu',
    id: `held:${name}`,
    label: words.changedServer(name, waiting),
    items: [{ type: 'action', id: `held:${name}:review`, label: words.review, action }],
  };
}

function serverItems(servers: readonly ServerView[], words: ShellWords): MenuItemModel[] {
  const items: MenuItemModel[] = servers.slice(0, longestList).map((server) => ({
    type: 'switch',
    id: `server:${server.name}`,
    label: words.serverLine(server.name, stateWord(server, words)),
    on: server.enabled,
    action: {
      kind: 'command',
      name: 'server.setEnabled',
      args: { server: server.name, enabled: !server.enabled },
    },
  }));
  if (servers.length > longestList) {
    const action: TrayAction = { kind: 'open', to: { view: 'servers', server: null } };
    const label = words.moreServers(servers.length - longestList);
    items.push({ type: 'action', id: 'more-servers', label, action });
  }
  return items;
}

function connectMenu(words: ShellWords): MenuItemModel {
  return {
    type: 'submenu',
    id: 'connect',
    label: words.connect,
    items: [
      copyItem('connect:claude-code', words.copyForClaudeCode, 'claude-code'),
      copyItem('connect:json', words.copyForJson, 'json'),
      copyItem('connect:url', words.copyAddress, 'url'),
    ],
  };
}

function copyItem(
  id: string,
  label: string,
  format: CommandArgs<'client.copySnippet'>['format'],
): MenuItemModel {
  return {
    type: 'action',
    id,
    label,
    action: { kind: 'command', name: 'client.copySnippet', args: { format } },
  };
}

function stateWord({ state, asleep }: ServerView, words: ShellWords): string {
  return state === 'stopped' && asleep ? words.asleep : words.state[state];
}
