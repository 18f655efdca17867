/**
 * THE contract between the core and every screen (window, popover, tray, web admin).
 *
 * Types and name lists only: this file imports nothing but types of `views/` and runs nothing, so both sides may import it.
 * A command is one line in `CoreCommands` or `DesktopCommands`; its handler and its argument schema live in the
 * main process, and a missing one is a compile error there. Types of a topic live in `views/`.
 */

import type { ActivityAppended, ActivityCommands, ActivityStatus } from './views/activity.ts';
import type { AddingCommands } from './views/adding.ts';
import type { CallCommands, CallsWaitingView } from './views/calls.ts';
import type { ClientSignInCommands } from './views/client-sign-in.ts';
import type { ClientTokenCommands } from './views/client-tokens.ts';
import type { ClientCommands, ClientDesktopCommands, SnippetFormat } from './views/clients.ts';
import type { ConfigView } from './views/config.ts';
import type { DoctorCommands } from './views/doctor.ts';
import type { EditingCommands } from './views/editing.ts';
import type { ImportCommands } from './views/import.ts';
import type { InstallCommands } from './views/installing.ts';
import type { ContainmentView, IsolationCommands } from './views/isolation.ts';
import type { Place, WindowCommands } from './views/places.ts';
import type { PreferenceCommands } from './views/preferences.ts';
import type { Problem, Said } from './views/said.ts';
import type { SecretCommands } from './views/secrets.ts';
import type { ServerCommands } from './views/servers.ts';
import type { AppCommands, SettingsCommands } from './views/settings.ts';
import type { SignInCommands, SignInView } from './views/sign-in.ts';
import type { TerminalCommands } from './views/terminal.ts';
import type { Actor, TrustCommands, WaitingView } from './views/trust.ts';
import type { TryingCommands } from './views/trying.ts';

export type { ConfigView, Problem };

/** The one answer shape of every command. Commands never throw across the bridge. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Problem };

/** Lifecycle of one server behind the gateway. */
export type ServerState =
  | 'disabled'
  | 'quarantined'
  | 'starting'
  | 'signing-in'
  | 'ready'
  | 'retrying'
  | 'failed'
  | 'stopped';

/** Where a server's code runs. */
export type RunsIn = 'host' | 'container' | 'remote';

/** How the gateway talks to a server. */
export type TransportKind = 'stdio' | 'sse' | 'http';

/** One server as a row on a screen. Holds no secret and no unbounded list. */
export interface ServerView {
  readonly name: string;
  readonly transport: TransportKind;
  /** Short origin for people: package and version, or host name. */
  readonly source: string;
  readonly runsIn: RunsIn;
  /** How far it is kept from this computer; null for remote servers. */
  readonly containment: ContainmentView | null;
  readonly enabled: boolean;
  readonly state: ServerState;
  /** Epoch milliseconds when `state` was entered. */
  readonly since: number;
  /** Why it is failed or retrying; null otherwise. */
  readonly problem: Problem | null;
  /** Epoch milliseconds of the next automatic try, or null. */
  readonly nextRetry: number | null;
  /** Stopped until the next call starts it; `state` is `stopped` then. */
  readonly asleep: boolean;
  readonly toolsOn: number;
  readonly toolsTotal: number;
  /** Grows whenever this server's tools or their switches change: the sign to ask `server.tools` again. */
  readonly toolsRevision: number;
  /** Definitions of it that are new or have changed and wait for approval. */
  readonly waiting: number;
  /** Calls since local midnight. */
  readonly callsToday: number;
  /** Null for servers that have not asked for a sign-in. */
  readonly signIn: SignInView | null;
}

/** State of the local door. */
export interface EndpointView {
  readonly state: 'starting' | 'listening' | 'failed' | 'closed';
  /** For example `http://127.0.0.1:4180/mcp`; null until it listens. */
  readonly url: string | null;
  readonly problem: Problem | null;
  readonly tokenRequired: boolean;
  /** Sessions that are open now. */
  readonly sessions: number;
}

/** Which store holds secrets. */
export interface SecretsView {
  readonly store: 'keychain' | 'safe-storage' | 'key-file';
  /** Plain words for people: "the system keychain", "an encrypted file, key in ...". */
  readonly description: string;
  /** The description for other languages. */
  readonly said?: Said;
  /** Set when the preferred store could not be used. */
  readonly problem: Problem | null;
}

/** The whole state that screens draw from. Replaced whole; older revisions are ignored. */
export interface Snapshot {
  readonly revision: number;
  readonly version: string;
  readonly mode: 'desktop' | 'headless';
  readonly platform: string;
  readonly dataDir: string;
  readonly paused: boolean;
  readonly endpoint: EndpointView;
  readonly config: ConfigView;
  readonly secrets: SecretsView;
  readonly activity: ActivityStatus;
  readonly servers: readonly ServerView[];
  readonly callsWaiting: CallsWaitingView;
  /** Another number whenever the configuration in force is another one. */
  readonly configRevision: number;
  /** Another number whenever `clients.list` may say something else, such as when a client came. */
  readonly clientsRevision: number;
  readonly waiting: WaitingView;
}

/** Commands that the core answers, headless or not. */
export interface CoreCommands
  extends ActivityCommands,
    AddingCommands,
    CallCommands,
    ClientCommands,
    ClientSignInCommands,
    ClientTokenCommands,
    DoctorCommands,
    EditingCommands,
    ImportCommands,
    IsolationCommands,
    InstallCommands,
    SecretCommands,
    ServerCommands,
    SettingsCommands,
    SignInCommands,
    TerminalCommands,
    TrustCommands,
    TryingCommands {
  'snapshot.get': { args: Record<string, never>; value: Snapshot };
  'gateway.setPaused': { args: { paused: boolean }; value: null };
}

/** Commands that need a desktop: answered by the shell, refused elsewhere with `desktop.unavailable`. */
export interface DesktopCommands
  extends AppCommands,
    ClientDesktopCommands,
    PreferenceCommands,
    WindowCommands {
  /** Opens the configuration file in the user's editor. */
  'config.open': { args: Record<string, never>; value: null };
}

export type Commands = CoreCommands & DesktopCommands;
export type CommandName = keyof Commands;
export type CoreCommandName = keyof CoreCommands;
export type DesktopCommandName = keyof DesktopCommands;
export type CommandArgs<N extends CommandName> = Commands[N]['args'];
export type CommandValue<N extends CommandName> = Commands[N]['value'];

/** Events that are pushed to screens. */
export interface Events {
  snapshot: Snapshot;
  /** What has just been recorded; several times a second at most. */
  activity: ActivityAppended;
  /** The shell asks the page to show a screen (tray menu, second instance, deep link). */
  navigate: Place;
  /** The language that the user wants from now on, as a BCP 47 tag. */
  language: string;
}
export type EventName = keyof Events;

/** Every command name, for the bridge's allow-list. The type makes a missing or foreign name a compile error. */
export const commandNames = [
  'snapshot.get',
  'server.setEnabled',
  'server.remove',
  'server.restore',
  'server.restart',
  'server.entry',
  'server.edit',
  'server.install',
  'server.installOutput',
  'server.installation',
  'server.cancelInstall',
  'terminal.places',
  'terminal.open',
  'terminal.output',
  'terminal.input',
  'terminal.resize',
  'terminal.close',
  'server.tools',
  'server.log',
  'tool.setEnabled',
  'gateway.setPaused',
  'tool.schema',
  'tool.try',
  'tool.cancelTry',
  'server.containment',
  'server.allowHosts',
  'engine.get',
  'image.approve',
  'clients.list',
  'clients.preview',
  'clients.apply',
  'clients.undo',
  'clients.chooseFile',
  'clients.entry',
  'clients.bundle',
  'import.find',
  'import.apply',
  'server.findings',
  'calls.waiting',
  'call.decide',
  'calls.rules',
  'calls.setRule',
  'calls.forget',
  'approvals.list',
  'approvals.show',
  'approvals.approve',
  'approvals.block',
  'approvals.unblock',
  'approvals.revert',
  'approvals.history',
  'approvals.decided',
  'server.quarantine',
  'server.inspect',
  'server.release',
  'tool.rules',
  'tool.setOverride',
  'tool.setFilter',
  'client.setFilter',
  'client.filter',
  'doctor.run',
  'server.signIn',
  'secret.list',
  'secret.set',
  'secret.remove',
  'secret.keys',
  'adding.add',
  'adding.read',
  'secret.moveKeys',
  'secret.migrate',
  'server.awaitSignIn',
  'server.cancelSignIn',
  'server.completeSignIn',
  'server.signOut',
  'activity.query',
  'activity.detailed',
  'activity.entry',
  'activity.stats',
  'activity.export',
  'activity.clear',
  'clientSignIn.waiting',
  'clientSignIn.decide',
  'profile.list',
  'clientToken.list',
  'clientToken.check',
  'clientToken.create',
  'clientToken.rotate',
  'clientToken.revoke',
  'clientToken.change',
  'clientToken.remove',
  'settings.get',
  'settings.set',
  'engine.find',
  'sample.add',
  'app.loginStart',
  'app.setLoginStart',
  'app.restart',
  'app.openFolder',
  'app.hasTray',
  'preferences.get',
  'preferences.set',
  'client.copySnippet',
  'client.pickFile',
  'client.openFile',
  'client.openLink',
  'client.openBundle',
  'config.open',
  'window.show',
] as const satisfies readonly CommandName[];

/** Every event name, for the bridge's allow-list. */
export const eventNames = [
  'snapshot',
  'activity',
  'navigate',
  'language',
] as const satisfies readonly EventName[];

type Missing =
  | Exclude<CommandName, (typeof commandNames)[number]>
  | Exclude<EventName, (typeof eventNames)[number]>;
type AssertNever<T extends never> = T;
/** Compile-time proof that the lists above are complete. */
export type ContractIsComplete = AssertNever<Missing>;

/** Stops a subscription; calling it twice does nothing. */
export type Unsubscribe = () => void;

/** What carries commands and events: Electron IPC, HTTP, or a fake in a test. */
export interface ApiTransport {
  invoke(name: CommandName, args: unknown): Promise<unknown>;
  on(name: EventName, listener: (payload: unknown) => void): Unsubscribe;
}

/** The client that screens use, the same over every transport. */
export interface Api {
  command<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>>;
  on<N extends EventName>(name: N, listener: (payload: Events[N]) => void): Unsubscribe;
}

/** What the core offers to the side that shows it (shell, web admin). */
export interface CorePort {
  snapshot(): Snapshot;
  /** Listener is called at most every 50 ms, with the newest snapshot only. */
  onSnapshot(listener: (snapshot: Snapshot) => void): Unsubscribe;
  /** Told what has just been recorded, while anybody listens. */
  onActivity(listener: (appended: ActivityAppended) => void): Unsubscribe;
  /**
   * Validates `args` and runs a core command; `by` (the window unless said) is where it was given, and `within` aborts when
   * who gave it is gone. Never rejects.
   */
  execute<N extends CoreCommandName>(
    name: N,
    args: unknown,
    by?: Actor,
    within?: AbortSignal | null,
  ): Promise<Result<CoreCommands[N]['value']>>;
  /** A connection snippet that may hold the token; for the clipboard, never for a page. */
  snippet(format: SnippetFormat): Promise<Result<string>>;
}
