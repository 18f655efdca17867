/**
 * What a command of the core is: the schema of its arguments and what it does. A topic's file makes some of them from
 * the few functions it needs; `execute` runs them by name.
 */
import { z } from 'zod';
import type { CoreCommandName, CoreCommands } from '../../preload/contract.ts';
import type { Actor } from '../../preload/views/trust.ts';

/** One command. `run` rejects with a GatehouseError when it cannot do its work; `by` is where it was given, and `within`
 * aborts when the page or session that gave it is gone (null where there is none). */
export interface Command<N extends CoreCommandName> {
  /** Arguments come from a page, so each is checked. */
  readonly schema: z.ZodType<CoreCommands[N]['args']>;
  run(
    args: CoreCommands[N]['args'],
    by: Actor,
    within: AbortSignal | null,
  ): Promise<CoreCommands[N]['value']>;
}

/** The commands of some names; a topic's file gives one of these. */
export type CommandSet<N extends CoreCommandName> = { readonly [K in N]: Command<K> };

/** No arguments. */
export const nothing = z.strictObject({});
/** The name of a server, a client or a profile. */
export const name = z.string().min(1).max(200);
/** The name of a tool, which comes from its server and may be longer and stranger than ours. */
export const toolName = z.string().min(1).max(4_096);
