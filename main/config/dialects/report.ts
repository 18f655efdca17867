/**
 * The report about a foreign file: what became of each of its keys. Types only.
 */

/** What became of one key of a foreign file. */
export interface ReportLine {
  /** `understood`: in force as it is; `changed`: in force in another way; `dropped`: not in force. */
  readonly kind: 'understood' | 'changed' | 'dropped';
  /** True when the file says something that cannot be right, so that a server is missing or weaker than meant. */
  readonly fault: boolean;
  /** One-based. */
  readonly line: number;
  readonly column: number;
  /** The key, for example `mcpServers.github.command`; empty for the file as a whole. */
  readonly key: string;
  /** Why and how, one plain sentence without values; empty where the key says it all. */
  readonly text: string;
}
