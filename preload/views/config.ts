/** How the configuration file stands. Types only. */
import type { Problem } from './said.ts';

/** State of the configuration file. A broken edit keeps the running configuration. */
export interface ConfigView {
  readonly file: string;
  readonly state: 'ok' | 'broken';
  readonly problem: Problem | null;
  /** One-based place of the fault; null when `state` is `ok` or the place is unknown. */
  readonly line: number | null;
  readonly column: number | null;
  /** The program whose file it is; null for a file of Gatehouse's own. */
  readonly dialect: string | null;
  /** Keys of another program's file that are not in force as they were written; `gatehouse config check` names them. */
  readonly notAsWritten: number;
  /** Keys that were changed and count only after a restart, such as `listen`. */
  readonly needsRestart: readonly string[];
  /** Keys that stand in it in plain text and could be moved to the secrets; 0 for another program's file. */
  readonly plainKeys: number;
}
