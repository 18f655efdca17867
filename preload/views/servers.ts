/** What commands about one server and its tools carry. Types only. */

import type { AskRuleView } from './calls.ts';
import type { ItemFindingsView } from './trust.ts';

/** What a tool's annotations claim, as one word. `unknown` means that the server does not say. */
export type ToolEffect = 'reads' | 'changes' | 'deletes' | 'unknown';

/** One tool of one server, for the server page. */
export interface ToolView {
  readonly name: string;
  readonly title: string | null;
  readonly description: string;
  /** The name under which clients see it on the merged endpoint. */
  readonly exposedName: string;
  readonly enabled: boolean;
  /** Whether clients get it as its server has it now. */
  readonly approval: 'approved' | 'pending' | 'changed' | 'blocked';
  /** False when a filter of its server keeps it from everybody. */
  readonly offered: boolean;
  readonly effect: ToolEffect;
  /** True when its annotations say that it reaches beyond this computer. */
  readonly openWorld: boolean;
  /** Estimated cost in tokens of listing it once (bytes of its definition / 4). */
  readonly tokens: number;
  /** Whether a person is asked before a client without a rule of its own calls it. */
  readonly asks: boolean;
  /** What was chosen for it and all clients; null leaves it to the configuration. */
  readonly askRule: AskRuleView;
}

/** Commands for one server and its tools. */
export interface ServerCommands {
  'server.setEnabled': { args: { server: string; enabled: boolean }; value: null };
  /** Takes it out of the configuration; its approvals and sign-in are kept. */
  'server.remove': { args: { server: string }; value: null };
  /** Puts back what was removed since the start. */
  'server.restore': { args: { server: string }; value: null };
  'server.restart': { args: { server: string }; value: null };
  'server.tools': { args: { server: string }; value: readonly ToolView[] };
  /** The last lines (at most 1,000) of the server's own log, oldest first. */
  'server.log': { args: { server: string; lines: number }; value: readonly string[] };
  'tool.setEnabled': { args: { server: string; tool: string; enabled: boolean }; value: null };
  /** What the scanner has to say of what a server lists. The first time for many tools it may take seconds. */
  'server.findings': { args: { server: string }; value: readonly ItemFindingsView[] };
}
