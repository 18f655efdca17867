/** What commands about the settings of the gateway carry. Types only. */
import type { Problem } from './said.ts';

/** A network that this computer is in. */
export interface NetworkView {
  /** The system's name of the interface, such as `eth0`. */
  readonly name: string;
  /** This computer's address there. */
  readonly address: string;
  /** All addresses of the network, such as `192.168.1.0/24`. */
  readonly range: string;
  /** `private`: a network at home or at work; `public`: the internet, as far as no firewall stands between. */
  readonly kind: 'private' | 'public';
}

/** The settings that are in force, defaults included. */
export interface SettingsView {
  /** Why none of them can be changed from here; null when they can. */
  readonly locked: Problem | null;
  readonly endpoint: {
    /** As it is to be after the next start. */
    readonly host: string;
    /** 0 picks a free one at each start. */
    readonly port: number;
    readonly reach: 'computer' | 'network';
    /** The command line said where to listen, and wins. */
    readonly addressFixed: boolean;
    readonly tokenRequired: boolean;
    /** The command line said so, and wins. */
    readonly tokenFixed: boolean;
    /** Who could reach it if it were open. */
    readonly networks: readonly NetworkView[];
  };
  readonly isolation: {
    readonly mode: 'host' | 'container';
    /** `none`, `allowlist`, `learn`, `bridge`, or the name of a network of the engine. */
    readonly network: string;
    readonly memoryMegabytes: number;
    readonly cpus: number;
    readonly fallback: 'none' | 'host';
    readonly cache: boolean;
  };
  readonly activity: {
    readonly enabled: boolean;
    readonly arguments: boolean;
    readonly results: boolean;
    readonly days: number;
    readonly megabytes: number;
  };
  /** Where servers write their logs. */
  readonly logFolder: string;
}

/** One setting and its new value. Each is a key of the configuration file. */
export type SettingChange =
  | { readonly key: 'listen.port'; readonly to: number }
  | { readonly key: 'listen.reach'; readonly to: 'computer' | 'network' }
  | { readonly key: 'auth.required'; readonly to: boolean }
  | { readonly key: 'isolation.mode'; readonly to: 'host' | 'container' }
  | { readonly key: 'isolation.network'; readonly to: 'none' | 'allowlist' | 'learn' | 'bridge' }
  | { readonly key: 'isolation.memory'; readonly to: number }
  | { readonly key: 'isolation.cpu'; readonly to: number }
  | { readonly key: 'isolation.fallback'; readonly to: 'none' | 'host' }
  | { readonly key: 'isolation.cache'; readonly to: boolean }
  | { readonly key: 'activity.enabled'; readonly to: boolean }
  | { readonly key: 'activity.arguments'; readonly to: boolean }
  | { readonly key: 'activity.results'; readonly to: boolean }
  | { readonly key: 'activity.days'; readonly to: number }
  | { readonly key: 'activity.megabytes'; readonly to: number };

/** Commands about the settings of the gateway. */
export interface SettingsCommands {
  'settings.get': { args: Record<string, never>; value: SettingsView };
  /** Writes it into the configuration file, where comments stay, and gives all of them. */
  'settings.set': { args: { change: SettingChange }; value: SettingsView };
  /** Adds the server that comes with Gatehouse, or finds it; gives its name. */
  'sample.add': { args: Record<string, never>; value: { readonly server: string } };
}

/** Whether the app starts by itself when its user logs in. */
export interface LoginStartView {
  readonly on: boolean;
  /** Why it cannot be switched; null when it can. */
  readonly unavailable: 'not-installed' | 'secret-on-command-line' | null;
}

/** Commands about the app itself; answered by the desktop only. */
export interface AppCommands {
  'app.loginStart': { args: Record<string, never>; value: LoginStartView };
  'app.setLoginStart': { args: { on: boolean }; value: LoginStartView };
  /** Ends it in good order and starts it again. */
  'app.restart': { args: Record<string, never>; value: null };
  /** Opens a folder of Gatehouse's in the file manager. */
  'app.openFolder': { args: { folder: 'data' | 'logs' }; value: null };
  /** Whether something here shows a tray icon. */
  'app.hasTray': { args: Record<string, never>; value: boolean };
}
