/**
 * What is known of one client: the shape of a row of the table. Data only.
 *
 * Paths are templates with forward slashes. `{home}` is the user's home, `{config}` is `$XDG_CONFIG_HOME` or `~/.config`,
 * `{support}` is `~/Library/Application Support`, `{appdata}` and `{local}` are the two application folders of Windows; a
 * `*` stands for any part of one name.
 */

/** The three layouts that clients know; every other Unix counts as Linux. */
export type Layout = 'darwin' | 'win32' | 'linux';

/** A path of each layout; `all` where they agree. Earlier ones are preferred when they exist. */
export type Places = { readonly all: readonly string[] } | { readonly [L in Layout]: readonly string[] };

/** How the entry of a client is written. */
export type ShapeName =
  | 'plain'
  | 'typed'
  | 'copilot'
  | 'server-url'
  | 'gemini'
  | 'cline'
  | 'opencode'
  | 'goose'
  | 'codex'
  | 'continue';

/** What makes a client notice its changed file. */
export type ReloadHint = 'automatic' | 'restart' | 'new-session' | 'refresh-servers' | 'reload-window';

/** Links by which a client offers to add a server itself. */
export type LinkKind = 'cursor' | 'vscode' | 'vscode-insiders' | 'lmstudio' | 'goose';

/** One client. */
export interface ClientSpec {
  /** Stands in command lines and in files: lower case letters, digits and dashes. */
  readonly id: string;
  readonly label: string;
  readonly files: Places;
  /** Further files that count besides, such as those of profiles. */
  readonly also?: Places;
  /** Variables that move the file, the strongest first; `{value}` is the variable's. */
  readonly env?: readonly { readonly name: string; readonly file: string }[];
  /** A file whose one line names the folder that counts. */
  readonly pointer?: { readonly file: string; readonly path: string };
  readonly format: 'json' | 'toml' | 'yaml';
  readonly root: string;
  readonly list?: true;
  readonly shape: ShapeName;
  /** `http` where the client speaks streamable HTTP with headers well, else `bridge`. */
  readonly via: 'http' | 'bridge';
  readonly reload: ReloadHint;
  readonly link?: LinkKind;
  /**
   * The name of its program, where it writes its file while it runs and must quit first: the app's on macOS, the image's on
   * Windows, the command's on Linux.
   */
  readonly program?: Readonly<Record<Layout, string>>;
  /** It installs `.mcpb` bundles as extensions, apart from its file. */
  readonly bundles?: true;
  /** Signs that it is installed; its file alone is none. */
  readonly apps: Partial<Readonly<Record<Layout, readonly string[]>>>;
  readonly commands: readonly string[];
  /** Folders that only the client itself makes; used when neither an app nor a command is found. */
  readonly folders?: Places;
}
