/** What commands about bringing servers in carry. Types only. */
import type { Problem } from './said.ts';

/** One place where a server stands. */
export interface ImportSource {
  /** The client's id, or the path of a file that was named. */
  readonly source: string;
  /** The client's name, or the same path. */
  readonly label: string;
  readonly file: string;
  /** What it is called there. */
  readonly name: string;
}

/** A server that could be brought in. Its arguments are not shown: they may hold keys. */
export interface ImportableView {
  /** Fit for our configuration, and free there. */
  readonly name: string;
  /** Bound to what was shown: given back with `import.apply`. */
  readonly digest: string;
  readonly from: readonly ImportSource[];
  readonly kind: 'program' | 'address';
  /** The command, or the host. */
  readonly what: string;
  /** What holds likely keys: names of variables and headers, else places such as `args[1]`. */
  readonly keys: readonly string[];
  /** False when it is switched off in all of these places; it stays so. */
  readonly enabled: boolean;
}

/** What there is to bring in. */
export interface ImportView {
  readonly servers: readonly ImportableView[];
  /** Files that could not be read; nothing of them is in the list. */
  readonly problems: readonly {
    readonly label: string;
    readonly file: string;
    readonly problem: Problem;
  }[];
}

/** Entries of one client's file that Gatehouse now serves as well. */
export interface Replaceable {
  readonly client: string;
  readonly label: string;
  readonly file: string;
  readonly names: readonly string[];
}

/** Commands about bringing servers in. */
export interface ImportCommands {
  /** Reads the files of all clients, and further ones: only when the user asks for it. */
  'import.find': { args: { files: readonly string[] }; value: ImportView };
  /**
   * Brings servers in, each waiting for approval. Refused with `clients.changed_meanwhile`, and nothing is written, when one of
   * them is another than was shown. Likely keys go to the secrets unless `keepKeys`.
   */
  'import.apply': {
    args: {
      files: readonly string[];
      servers: readonly { readonly name: string; readonly digest: string }[];
      keepKeys: boolean;
    };
    value: { readonly imported: number; readonly replaceable: readonly Replaceable[] };
  };
}
