/** The address of a screen, as the part after `#`, so that links, "back" and a reload work by themselves. Pure. */
import type { Events } from '../../preload/contract.ts';

/** A screen and what it shows. */
export type Route =
  | { readonly view: 'servers' | SimpleView }
  | { readonly view: 'client'; readonly client: string }
  | { readonly view: 'settings'; readonly group?: SettingGroupId }
  | { readonly view: 'server'; readonly server: string; readonly tab: ServerTab };

/** Screens that are one page. */
export type SimpleView = (typeof simpleViews)[number];
const simpleViews = ['add', 'approvals', 'activity', 'clients', 'doctor', 'welcome'] as const;

/** The groups of the settings, in their order; each is an anchor. */
export const settingGroups = [
  ...(['general', 'endpoint', 'isolation', 'secrets', 'data', 'updates', 'about'] as const),
] as const;
export type SettingGroupId = (typeof settingGroups)[number];

/** The tabs of a server's page. */
export type ServerTab = (typeof serverTabs)[number];
const serverTabs = ['tools', 'activity', 'log', 'isolation', 'config', 'terminal'] as const;

/** Reads a hash; anything unknown is the list of servers. */
export function parseRoute(hash: string): Route {
  const [view = '', server = '', tab = ''] = hash.replace(/^#?\/?/, '').split('/');
  const name = decode(server);
  const simple = simpleViews.find((one) => one === view);
  if (view === 'settings') {
    const group = settingGroups.find((one) => one === name);
    return group === undefined ? { view } : { view, group };
  }
  if (view === 'clients' && name !== '') {
    return { view: 'client', client: name };
  }
  if (simple !== undefined) {
    return { view: simple };
  }
  return view === 'servers' && name !== ''
    ? { view: 'server', server: name, tab: serverTabs.find((one) => one === tab) ?? 'tools' }
    : { view: 'servers' };
}

/** Writes a hash; the opposite of `parseRoute`. */
export function routeHash(route: Route): string {
  if (route.view === 'client') {
    return `#/clients/${encodeURIComponent(route.client)}`;
  }
  if (route.view === 'settings') {
    return route.group === undefined ? '#/settings' : `#/settings/${route.group}`;
  }
  if (route.view !== 'server') {
    return `#/${route.view}`;
  }
  const tab = route.tab === 'tools' ? '' : `/${route.tab}`;
  return `#/servers/${encodeURIComponent(route.server)}${tab}`;
}

/** Where the shell sends the window. */
export function routeOf(event: Events['navigate']): Route {
  if (event.view === 'settings') {
    return { view: 'settings' };
  }
  const simple = simpleViews.find((one) => one === event.view);
  if (simple !== undefined) {
    return { view: simple };
  }
  return event.view === 'server' && event.server !== null && event.server !== ''
    ? { view: 'server', server: event.server, tab: 'tools' }
    : { view: 'servers' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
