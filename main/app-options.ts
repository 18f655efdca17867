/** What it takes to open the app, and what is given to the caller. Types only. */
import type { CorePort } from '../preload/contract.ts';
import type { LaunchOptions } from './args.ts';
import type { GatehouseError } from './protocol/error.ts';
import type { CourierCommand } from './secrets/courier.ts';
import type { StartHelper } from './secrets/helper.ts';
import type { SafeStoragePort } from './secrets/secrets.ts';

/** How to open the app. */
export interface AppOptions extends LaunchOptions {
  readonly mode: 'desktop' | 'headless';
  readonly version: string;
  readonly safeStorage: SafeStoragePort | null;
  /** Opens an address in the person's browser; left out where there is none. */
  readonly openBrowser?: (url: string) => Promise<void>;
  /** How the desktop starts the keychain's helper process; without it, this process's own Node. */
  readonly startKeychainHelper?: StartHelper;
  /** How the desktop starts the helper that carries token requests; without it, this process's own Node. */
  readonly courier?: CourierCommand;
  /** Called once, as soon as the endpoint listens. */
  onReady?(info: ReadyInfo): void;
  /** Called with what whoever started it has to know, in plain words; nothing of it may go to a log. */
  onNotice?(text: string): void;
  /** Called when a server that the configuration calls required cannot be reached at the start. */
  onRequiredLost?(error: GatehouseError): void;
  /** Called when no session was open for `exitIdleMs`. */
  onIdle?(): void;
}

/** The facts of the ready line. */
export interface ReadyInfo {
  readonly endpoint: string;
  readonly pid: number;
  readonly version: string;
  /** Where the screens are served over HTTP; missing when they are not. */
  readonly admin?: string;
}

/** The running app. */
export interface App extends CorePort {
  readonly endpointUrl: string;
  close(): Promise<void>;
}
