/**
 * What every dialect is made of. A dialect is how another program writes its servers down; its reader makes a draft of
 * our own configuration from it and says of each key whether it is in force, changed or dropped. Types only.
 */
import type { ServerEntry } from '../schema.ts';
import type { ConfigTree } from '../tree.ts';
import type { Reader } from './reader.ts';

/** The dialects, by a name that is stable. */
export type DialectId =
  | 'mcpproxy-go'
  | 'tbxark'
  | 'ptbsare'
  | 'sparfenyuk'
  | 'clients'
  | 'vscode'
  | 'zed'
  | 'opencode'
  | 'codex'
  | 'goose'
  | 'mcp-router'
  | 'docker';

/** How a file is written. */
export type Format = 'json' | 'yaml' | 'toml';

/** One server in our own words, before it is checked. */
export interface DraftServer {
  readonly name: string;
  /** Where it stands in the foreign file. */
  readonly path: readonly (string | number)[];
  readonly entry: DraftEntry;
}

/** The keys of a server; what is in `isolation` is checked with the rest. */
export type DraftEntry = Omit<ServerEntry, 'isolation'> & {
  readonly isolation?: Readonly<Record<string, unknown>>;
};

/** A configuration in our own words, before it is checked. */
export interface Draft {
  readonly listen?: string | undefined;
  readonly auth?:
    | {
        readonly token?: string | undefined;
        readonly tokens?: readonly string[] | undefined;
        readonly required?: boolean | undefined;
        readonly inQuery?: boolean | undefined;
        readonly inPath?: boolean | undefined;
      }
    | undefined;
  readonly trustedHosts?: readonly string[] | undefined;
  readonly basePath?: string | undefined;
  readonly profiles?:
    | Readonly<Record<string, { readonly servers: readonly string[]; readonly prefix?: boolean }>>
    | undefined;
  /** In our own words, which are mcpproxy's. */
  readonly docker_isolation?: Readonly<Record<string, unknown>> | undefined;
  readonly servers: readonly DraftServer[];
}

/** What a reader may look at beside the file. */
export interface Surroundings {
  /** An environment variable of this process. */
  env(name: string): string | undefined;
  /** The text of a file of this name beside the one that is read; null when there is none. */
  beside(name: string): string | null;
  /** For files that are not JSON; null where none were loaded, and then such a file must not come. */
  readonly parsers: Parsers | null;
}

/** What reads formats that our own files never have; loaded only for a file that needs them. */
export interface Parsers {
  /** @throws ConfigError */
  parseYamlTree(text: string, file: string): ConfigTree;
  /** @throws ConfigError */
  parseTomlTree(text: string, file: string): ConfigTree;
}

/** One dialect. */
export interface Dialect {
  readonly id: DialectId;
  /** For people, such as `TBXark mcp-proxy`. */
  readonly title: string;
  /** Files of this name beside the file that belong to it. */
  readonly companions?: readonly string[];
  /** Whether this is such a file, from its shape alone. */
  recognizes(root: Readonly<Record<string, unknown>>, format: Format): boolean;
  /**
   * The draft. What the reader does not mention is reported as unknown.
   *
   * @throws ConfigError where the program itself refuses the file
   */
  read(reader: Reader, surroundings: Surroundings): Draft;
}
