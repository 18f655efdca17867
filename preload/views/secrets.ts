/** What screens and the command line show of secrets; never a value. Types only. */
import type { Problem } from './said.ts';

/** A secret, and who uses it. */
export interface SecretView {
  readonly name: string;
  /** Servers whose configuration refers to it. */
  readonly servers: readonly string[];
  /** It is the endpoint's own token, or that refers to it. */
  readonly endpoint: boolean;
}

/** A key that stands in the configuration file in plain text. */
export interface KeyPlaceView {
  /** Such as `mcpServers.github.env.GITHUB_TOKEN`. */
  readonly place: string;
  /** The secret that it became, or may become. */
  readonly secret: string;
}

/** What came of storing one. */
export interface SecretStored {
  /** Where it is, in words. */
  readonly where: string;
  /** Why that is not the keychain, where that is a fault. */
  readonly problem: Problem | null;
  /** Servers that were started anew with it. */
  readonly restarted: readonly string[];
}

/** Commands about secrets. */
export interface SecretCommands {
  'secret.list': { args: Record<string, never>; value: readonly SecretView[] };
  /** Stores it, and starts the servers that use it anew. `replace` wants it to be there already. */
  'secret.set': {
    args: { name: string; value: string; replace?: boolean | undefined };
    value: SecretStored;
  };
  'secret.remove': { args: { name: string }; value: null };
  /** Keys of the configuration file that could be moved to the secrets. */
  'secret.keys': { args: Record<string, never>; value: readonly KeyPlaceView[] };
  /** Moves all secrets into the other kind of store, and says where they are now. */
  'secret.migrate': {
    args: { to: 'keychain' | 'file' };
    value: { readonly moved: number; readonly where: string };
  };
  /** Moves them, and leaves references. */
  'secret.moveKeys': { args: Record<string, never>; value: readonly KeyPlaceView[] };
}
