/**
 * The other side of the tray on Linux: a panel, as far as D-Bus knows. It owns the name of the StatusNotifier watcher,
 * takes the app's icon in, reads the menu that the app exports (`com.canonical.dbusmenu`) and clicks in it, just as a
 * desktop's panel does. So the tray is tested in the built app, packaged or not, without any hook in it.
 */
import { Message, type MessageBus, MessageType, sessionBus, Variant } from '@jellybrick/dbus-next';
import { waitFor } from './wait.ts';

const watcherName = 'org.kde.StatusNotifierWatcher';
const itemName = 'org.kde.StatusNotifierItem';
const menuName = 'com.canonical.dbusmenu';
const propertiesName = 'org.freedesktop.DBus.Properties';

/** One entry of the menu, as a panel sees it. */
export interface TrayEntry {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  /** Null for an entry without a check mark. */
  readonly checked: boolean | null;
  readonly separator: boolean;
  readonly entries: readonly TrayEntry[];
}

/** A panel with one app's icon. */
export interface TrayHost {
  /** Width and height of the icon that the panel gets. */
  iconSize(): Promise<readonly [number, number]>;
  /** The tooltip's title. */
  tooltip(): Promise<string>;
  menu(): Promise<readonly TrayEntry[]>;
  /** Clicks the entry at this path of label beginnings; waits until it is there. */
  click(...path: readonly string[]): Promise<void>;
  /** Waits for the entry at this path of label beginnings that also fits `accept`. */
  entry(path: readonly string[], accept?: (entry: TrayEntry) => boolean): Promise<TrayEntry>;
  /** A left click on the icon itself. */
  activate(): Promise<void>;
  /** How many icons are there now. */
  icons(): number;
  close(): void;
}

/** Becomes the panel of the session bus at `busAddress`. */
export async function startTrayHost(busAddress: string): Promise<TrayHost> {
  const bus = sessionBus({ busAddress });
  const items: string[] = [];
  bus.addMethodHandler((message) => answer(bus, message, items));
  const granted = await bus.requestName(watcherName);
  if (granted !== 1) {
    throw new Error(`the name ${watcherName} is taken`);
  }
  const call = async (
    on: string,
    path: string,
    face: string,
    member: string,
    signature = '',
    body: unknown[] = [],
  ) => {
    const message = new Message({ destination: on, path, interface: face, member, signature, body });
    const reply = await bus.call(message);
    return reply?.body ?? [];
  };
  const item = (): Promise<string> => waitFor('a tray icon', () => items.at(-1) ?? null);
  const property = async (name: string): Promise<unknown> => {
    const body = await call(await item(), '/StatusNotifierItem', propertiesName, 'Get', 'ss', [
      itemName,
      name,
    ]);
    return plain(body[0]);
  };
  const menuPath = async (): Promise<string> => String(await property('Menu'));
  const menu = async (): Promise<readonly TrayEntry[]> => {
    const on = await item();
    const path = await menuPath();
    const body = await call(on, path, menuName, 'GetLayout', 'iias', [0, -1, []]);
    return entryOf(body[1]).entries;
  };
  const entry: TrayHost['entry'] = (path, accept = () => true) =>
    waitFor(`the tray entry ${path.join(' > ')}`, async () => {
      let level = await menu();
      let found: TrayEntry | undefined;
      for (const label of path) {
        found = level.find((each) => each.label.startsWith(label));
        level = found?.entries ?? [];
      }
      return found !== undefined && accept(found) ? found : null;
    });
  return {
    menu,
    entry,
    iconSize: async () => {
      const [width, height] = ((await property('IconPixmap')) as [number, number, Buffer][])[0] ?? [0, 0];
      return [width, height];
    },
    tooltip: async () => {
      const tip = await property('ToolTip');
      return Array.isArray(tip) ? String(tip[2]) : '';
    },
    async click(...path) {
      const { id } = await entry(path);
      const body = [id, 'clicked', new Variant('s', ''), 0];
      const on = await item();
      const menuAt = await menuPath();
      // "Quit" may take the app away before it answers; whether it did is for the test to see.
      await call(on, menuAt, menuName, 'Event', 'isvu', body).catch((error: unknown) => {
        if (!String(error).includes('disconnected from message bus')) {
          throw error;
        }
      });
    },
    async activate() {
      await call(await item(), '/StatusNotifierItem', itemName, 'Activate', 'ii', [0, 0]);
    },
    icons: () => items.length,
    close: () => bus.disconnect(),
  };
}

/** What a watcher answers: who is there, and that somebody looks. */
function answer(bus: MessageBus, message: Message, items: string[]): boolean {
  if (message.type !== MessageType.METHOD_CALL || message.path !== '/StatusNotifierWatcher') {
    return false;
  }
  const reply = (signature: string, body: unknown[]): true => {
    bus.send(Message.newMethodReturn(message, signature, body));
    return true;
  };
  switch (message.member) {
    case 'RegisterStatusNotifierItem':
      items.push(String(message.body[0]));
      return reply('', []);
    case 'RegisterStatusNotifierHost':
      return reply('', []);
    case 'Get':
      return reply('v', [propertyOf(String(message.body[1]), items)]);
    default:
      return false;
  }
}

function propertyOf(name: string, items: readonly string[]): Variant {
  switch (name) {
    case 'IsStatusNotifierHostRegistered':
      return new Variant('b', true);
    case 'ProtocolVersion':
      return new Variant('i', 0);
    default:
      return new Variant('as', [...items]);
  }
}

/** From the wire's (id, properties, children). */
function entryOf(node: unknown): TrayEntry {
  const [id, properties, children] = node as [number, Record<string, Variant>, Variant[]];
  const get = (name: string): unknown => plain(properties[name]);
  return {
    id,
    // On the bus an underscore marks the key, two are one.
    label: String(get('label') ?? '').replace(/_(.)/g, '$1'),
    enabled: get('enabled') !== false,
    checked: get('toggle-type') === undefined || get('toggle-type') === '' ? null : get('toggle-state') === 1,
    separator: get('type') === 'separator',
    entries: (children ?? []).map((child) => entryOf(plain(child))),
  };
}

function plain(value: unknown): unknown {
  return value instanceof Variant ? value.value : value;
}
