/**
 * What goes beside a sentence of the core so that a screen can say it in another language. The core's English is the record:
 * it stands in logs, in answers to clients and on the command line. Types only.
 */

/** What fills the `{name}`s of a sentence: names, paths, numbers. As public as the sentence itself; never a secret. */
export type SaidValues = Readonly<Record<string, string>>;

/** Which sentence of the core it is, and its values. */
export interface Said {
  /** Stable; a translation is found by it. */
  readonly form: string;
  readonly values: SaidValues;
}

/** What went wrong, in the three parts every Gatehouse error has. `code` is stable; the texts are for people. */
export interface Problem {
  /** Stable machine code, for example `upstream.command_not_found`. Listed in docs/errors.md. */
  readonly code: string;
  /** One plain sentence, in English: what happened. Never holds a secret. Screens show what `words.said` makes of it. */
  readonly message: string;
  /** One plain sentence, in English: what to do about it. */
  readonly remedy: string;
  /** Which sentence it is, where the code has several. */
  readonly form?: string;
  /** What varies in both sentences. */
  readonly values?: SaidValues;
}
