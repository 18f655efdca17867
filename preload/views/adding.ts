/** What commands about adding servers carry. Types only; nothing here holds a secret. */

/** A piece of the line that would run. */
export interface LinePiece {
  /** `hidden` stands for a key and has no text; `origin` is the package, image or host. */
  readonly kind: 'plain' | 'origin' | 'hidden';
  readonly text: string;
}

/** Where its program comes from. */
export interface ProposedOrigin {
  readonly kind: 'npm' | 'pypi' | 'image' | 'file' | 'program' | 'address';
  readonly what: string;
  /** The version that is asked for; null for whatever is newest, and where there is none. */
  readonly version: string | null;
}

/** A variable, header, argument or address that holds something of the user's own. */
export interface ProposedValue {
  /** Where it stands, such as `env.GITHUB_TOKEN`; unique within the server. */
  readonly place: string;
  readonly name: string;
  readonly kind: 'variable' | 'header' | 'argument' | 'address';
  /** It holds a likely key, or is meant for one. */
  readonly key: boolean;
  /** `missing`: a placeholder such as `<your key>`, nothing, or a variable that this computer does not have. */
  readonly state: 'given' | 'missing';
}

/** Something to know before the first start. `what` is the word it is about. */
export interface ProposedCheck {
  readonly id:
    | 'same'
    | 'pinned'
    | 'unpinned'
    | 'no-tls'
    | 'own-network'
    | 'uses-secret'
    | 'uses-variable'
    | 'shell'
    | 'no-program'
    | 'placeholder'
    | 'missing'
    | 'container-flags'
    | 'report';
  readonly tone: 'ok' | 'warn';
  readonly what: string;
}

/** One server, as it would be added. */
export interface ProposedServer {
  /** Free in the configuration. */
  readonly name: string;
  readonly origin: ProposedOrigin;
  readonly line: readonly LinePiece[];
  /** False for an address. */
  readonly local: boolean;
  /** What it would be allowed in a container; null where there cannot be one, with the reason in `notContained`. */
  readonly contained: {
    readonly image: string;
    readonly files: string;
    readonly network: string;
    readonly limits: string;
  } | null;
  readonly notContained: string | null;
  /** Where it runs unless somebody says otherwise. */
  readonly place: 'container' | 'host' | 'remote';
  /** Folders and files of this computer that its arguments name; a container sees none of them by itself. */
  readonly paths: readonly string[];
  readonly values: readonly ProposedValue[];
  readonly checks: readonly ProposedCheck[];
}

/** What was understood of a text. */
export interface PasteView {
  readonly kind: 'command' | 'address' | 'link' | 'settings';
  /** At least one. */
  readonly servers: readonly ProposedServer[];
  /** Changes with the text and with what stands in the configuration; `adding.add` refuses another. */
  readonly digest: string;
}

/** What the user decided about one of them. */
export interface AddingChoice {
  readonly text: string;
  readonly digest: string;
  /** Which of `servers`. */
  readonly index: number;
  readonly name: string;
  /** Ignored for an address. */
  readonly place: 'container' | 'host';
  /** Which of its `paths` a container may see. */
  readonly mounts: readonly { readonly path: string; readonly write: boolean }[];
  /** What the user typed, by `place`. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys go to the secrets, and the file refers to them. */
  readonly keepKeys: boolean;
}

/** Commands about adding servers. */
export interface AddingCommands {
  /** Reads what was pasted; nothing is started, fetched or written. */
  'adding.read': { args: { text: string }; value: PasteView };
  /** Writes it into the configuration, held back until the user has seen what it offers. */
  'adding.add': { args: AddingChoice; value: { server: string } };
}
