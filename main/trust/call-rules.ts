/**
 * Before which calls a person is asked: what the configuration says and what was chosen for single tools, made into maps
 * when either changes, so that a call costs one look-up. Pure.
 */

/** Whether to ask before calls of a tool. */
export type AskRule = 'never' | 'ask';

/** One rule of the configuration; the first that fits counts. `*` stands for any text, `?` for one character. */
export interface ConfiguredRule {
  readonly server: string;
  readonly tool: string;
  /** Null is every client. */
  readonly client: string | null;
  readonly rule: AskRule;
}

/** What was chosen for one tool, for one client or for all (null). Stands above the configuration. */
export interface ToolChoice {
  readonly server: string;
  readonly tool: string;
  readonly client: string | null;
  readonly rule: AskRule;
}

/** Everything that decides. */
export interface RuleSources {
  /** For tools that say of themselves that they delete or overwrite. */
  readonly destructive: AskRule;
  readonly rules: readonly ConfiguredRule[];
  readonly choices: readonly ToolChoice[];
}

/** A tool that is listed now. */
export interface RuledTool {
  readonly server: string;
  readonly tool: string;
  /** `destructiveHint: true`, and not `readOnlyHint: true`. */
  readonly destructive: boolean;
}

/** The rules, made ready. */
export interface CallRules {
  /**
   * True when a person is to be asked before this client calls this tool. Look-ups only, unless the tool is not listed:
   * rules by name count for it as well, and it is taken for one that destroys, since it says nothing of itself.
   */
  asks(server: string, tool: string, client: string): boolean;
}

/** Characters of a name that no server lists. */
const LONGEST_NAME = 4_096;

/** Asks before nothing. */
export const NO_CALL_RULES: CallRules = { asks: () => false };

/** What stands for one tool: first for single clients, then for all others. */
interface Entry {
  readonly clients: readonly { readonly client: string; readonly asks: boolean }[];
  readonly others: boolean;
}

/** Makes the rules ready for the tools that are listed now. */
export function compileRules(sources: RuleSources, tools: readonly RuledTool[]): CallRules {
  const { destructive: others, rules, choices } = sources;
  if (others === 'never' && [...rules, ...choices].every(({ rule }) => rule === 'never'))
    return NO_CALL_RULES;
  const byServer = new Map<string, Map<string, Entry>>();
  for (const { server, tool, destructive } of tools) {
    let named = byServer.get(server);
    if (named === undefined) {
      named = new Map();
      byServer.set(server, named);
    }
    // Of two with one name the first is the one that is called.
    if (!named.has(tool)) named.set(tool, entryOf(sources, server, tool, destructive));
  }
  return {
    asks(server, tool, client) {
      const known = byServer.get(server)?.get(tool);
      // No tool is called so, and to compare it with patterns would take long.
      if (known === undefined && tool.length > LONGEST_NAME) return true;
      const entry = known ?? entryOf(sources, server, tool, true);
      for (const one of entry.clients) if (fits(one.client, client)) return one.asks;
      return entry.others;
    },
  };
}

function entryOf(sources: RuleSources, server: string, tool: string, destructive: boolean): Entry {
  const clients: { client: string; asks: boolean }[] = [];
  const chosen = sources.choices.filter((choice) => choice.server === server && choice.tool === tool);
  for (const { client, rule } of chosen) if (client !== null) clients.push({ client, asks: rule === 'ask' });
  const forAll = chosen.find(({ client }) => client === null);
  if (forAll !== undefined) return { clients, others: forAll.rule === 'ask' };
  for (const rule of sources.rules) {
    if (!fits(rule.server, server) || !fits(rule.tool, tool)) continue;
    if (rule.client === null || rule.client === '*') return { clients, others: rule.rule === 'ask' };
    clients.push({ client: rule.client, asks: rule.rule === 'ask' });
  }
  return { clients, others: destructive && sources.destructive === 'ask' };
}

/** Whether a pattern with `*` and `?` fits the whole text. Linear in the product of both lengths at worst. */
export function fits(pattern: string, text: string): boolean {
  let at = 0;
  let here = 0;
  let star = -1;
  let from = 0;
  while (here < text.length) {
    if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[here]) && pattern[at] !== '*') {
      at += 1;
      here += 1;
    } else if (pattern[at] === '*') {
      star = at;
      from = here;
      at += 1;
    } else if (star >= 0) {
      at = star + 1;
      from += 1;
      here = from;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
