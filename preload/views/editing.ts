/** What commands about editing a server carry. Types only. */
import type { Problem } from './said.ts';

/** A server's entry in the configuration file, to be edited. */
export interface ServerEntryView {
  /** Indented JSON. Keys that stand in it in plain text are hidden: `(hidden 1)` stands for the first. */
  readonly text: string;
  /** Of what was read; a change carries it. */
  readonly digest: string;
  /** How many keys are hidden. */
  readonly hidden: number;
  /** Why it cannot be changed from here, such as another program's file; null when it can. */
  readonly locked: Problem | null;
}

/** The commands of this topic. */
export interface EditingCommands {
  'server.entry': { args: { server: string }; value: ServerEntryView };
  /**
   * Writes the entry into the configuration, key by key, so that comments stay; a server that it changes starts anew. With
   * `keepKeys`, keys in plain text go to the secrets. Refused when the file says something else than was read.
   */
  'server.edit': {
    args: { server: string; text: string; digest: string; keepKeys: boolean };
    value: null;
  };
}
