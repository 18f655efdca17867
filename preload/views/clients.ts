/** What commands about clients carry. Types only. */
import type { Problem } from './said.ts';

/**
 * How a client stands. `connected`: a session of it was seen since it was connected; `waiting`: its file says so, but no
 * session was seen; `gone`: it was connected, and its file says so no longer.
 */
export type ClientState = 'connected' | 'waiting' | 'gone' | 'not-connected' | 'not-installed';

/** A ready-made way to connect a client by hand. */
export type SnippetFormat = 'url' | 'json' | 'claude-code';

/** What makes a client notice that its file changed. */
export type ClientReload = 'automatic' | 'restart' | 'new-session' | 'refresh-servers' | 'reload-window';

/** One client as a row. */
export interface ClientView {
  readonly id: string;
  readonly label: string;
  readonly state: ClientState;
  readonly installed: boolean;
  /** Our entry stands in its file; without a look into the file, whether it was put there. */
  readonly present: boolean;
  /** The file that is, or would be, changed. */
  readonly file: string;
  /** All files of it that count, such as those of profiles. */
  readonly files: readonly string[];
  /** The user has named its file. */
  readonly chosen: boolean;
  readonly via: 'http' | 'bridge';
  /** It speaks streamable HTTP with headers well; others are given the bridge only. */
  readonly takesAddress: boolean;
  /** Its entry is there, but is not what connecting would write now: Repair. */
  readonly outdated: boolean;
  /** It has a session open now. */
  readonly here: boolean;
  /** Epoch milliseconds of the last that was heard of it; null when it never came. */
  readonly lastSeen: number | null;
  /** What it calls itself. */
  readonly calls: { readonly name: string | null; readonly version: string | null } | null;
  readonly reload: ClientReload;
  readonly canUndo: boolean;
  /** It has a link by which it adds a server itself. */
  readonly hasLink: boolean;
  /** It can install us as an extension, apart from its file. */
  readonly hasBundle: boolean;
  /** How often its entry had gone from its file and was put back. */
  readonly repaired: number;
  /** Why its file could not be read. */
  readonly problem: Problem | null;
}

/** A change of a client's file. Connecting what is connected repairs it. */
export interface ClientChange {
  readonly action: 'connect' | 'disconnect';
  readonly client: string;
  /** One of its `files`; the usual one when left out. */
  readonly file?: string | undefined;
  /** How it is to reach us; as the table says when left out. */
  readonly via?: 'http' | 'bridge' | undefined;
  /** Entries that are taken out in the same step, since Gatehouse serves them as well; only when connecting. */
  readonly without?: readonly string[] | undefined;
}

/** One line of a difference; values that look like keys are hidden. */
export type ClientDiffLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly line: number; readonly text: string }
  | { readonly kind: 'skipped'; readonly count: number };

/** What a change would do. */
export interface ClientPreview {
  readonly client: string;
  readonly action: ClientChange['action'];
  readonly file: string;
  /** Where the bytes really lie, behind links. */
  readonly realFile: string;
  readonly exists: boolean;
  /** To be given to `clients.apply`, which refuses when the file has changed since. */
  readonly hash: string;
  /** False when the file says all of it already. */
  readonly changes: boolean;
  /** True when the file was made by us, is untouched, and goes again. */
  readonly removesFile: boolean;
  readonly diff: readonly ClientDiffLine[];
  readonly via: 'http' | 'bridge';
  /** The entry holds this client's own token. */
  readonly holdsToken: boolean;
  readonly reload: ClientReload;
  /** A link by which the client adds us itself, without a token. */
  readonly link: string | null;
  /** It runs now and would undo the change: it has to quit first. Null where that cannot be told, or does not matter. */
  readonly running: boolean | null;
}

/** Commands about clients. */
export interface ClientCommands {
  /** `read` looks into the files of clients: only when the user opens their page. */
  'clients.list': { args: { read: boolean }; value: readonly ClientView[] };
  'clients.preview': { args: ClientChange; value: ClientPreview };
  /**
   * With `reopen` the client's program is asked to quit first and is opened afterwards; what it writes as it quits counts
   * as a change. `hash` is that of the preview; refused with `clients.changed_meanwhile` when the file is another by now.
   */
  'clients.apply': {
    args: ClientChange & { hash: string; reopen?: boolean | undefined };
    value: { changed: boolean };
  };
  /** Takes the last change back; `exact` when the file is byte for byte what it was. */
  'clients.undo': { args: { client: string }; value: { file: string; exact: boolean } };
  /** Null goes back to the usual place. */
  'clients.chooseFile': { args: { client: string; file: string | null }; value: null };
  /** Writes the bundle by which a client installs us as an extension, and says where. */
  'clients.bundle': { args: { client: string }; value: { readonly file: string } };
  /** A file with nothing but the entry, for pasting by hand; without a token. */
  'clients.entry': { args: { client: string }; value: string };
}

/** Commands about clients that need a desktop. */
export interface ClientDesktopCommands {
  /** Puts a connection snippet (which may hold the token) on the clipboard without showing it to the page. */
  'client.copySnippet': { args: { format: SnippetFormat }; value: null };
  /** Lets the user find the file of a client; null when they gave up. */
  'client.pickFile': { args: { client: string }; value: string | null };
  /** Opens the file of a client with its program. */
  'client.openFile': { args: { client: string }; value: null };
  /** Makes the bundle of a client and hands it to the program that opens such files. */
  'client.openBundle': { args: { client: string }; value: { readonly file: string } };
  /** Lets the client itself add us, by its own link, which holds no token. */
  'client.openLink': { args: { client: string }; value: null };
}
