/** What the configuration file says of calls that wait for a person: schema, types and reading. Pure. */
import { z } from 'zod';

/** Whether a person is asked before a call. */
export type AskConfig = 'never' | 'ask';

/** One rule; the first that fits counts. */
export interface ApprovalRuleConfig {
  /** Patterns with `*` and `?`. */
  readonly server: string;
  readonly tool: string;
  /** The id of a client, a pattern too; null is every client. */
  readonly client: string | null;
  readonly rule: AskConfig;
}

/** `approval` of the file. */
export interface ApprovalConfig {
  /** For tools that say of themselves that they delete or overwrite. */
  readonly destructive: AskConfig;
  /** Milliseconds until a call that nobody decided is refused. */
  readonly timeoutMs: number;
  readonly rules: readonly ApprovalRuleConfig[];
}

const DEFAULT_TIMEOUT_SECONDS = 120;

const pattern = z.string().min(1).max(256);
const ask = z.enum(['never', 'ask']);

/** `approval` in the file. */
export const approvalSchema = z
  .strictObject({
    destructive: ask
      .optional()
      .describe(
        'What happens before calls of tools that say of themselves that they delete or overwrite: `ask` lets them wait for you, `never` does not. Default `never`.',
      ),
    timeoutSeconds: z
      .int()
      .min(5)
      .max(3_600)
      .optional()
      .describe(
        `Seconds after which a call that nobody decided is refused. Default ${DEFAULT_TIMEOUT_SECONDS}.`,
      ),
    rules: z
      .array(z.strictObject({ server: pattern, tool: pattern, client: pattern.optional(), rule: ask }))
      .max(1_000)
      .optional()
      .describe(
        'Rules for single tools: `server`, `tool` and, if wanted, `client`, each with `*` and `?`, and `rule`, `ask` or `never`. The first that fits counts.',
      ),
  })
  .optional()
  .describe('Before which calls a person is asked.');

/** The checked `approval`. */
export function readApproval(approval: z.infer<typeof approvalSchema>): ApprovalConfig {
  return {
    destructive: approval?.destructive ?? 'never',
    timeoutMs: (approval?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000,
    rules: (approval?.rules ?? []).map(({ server, tool, client, rule }) => ({
      server,
      tool,
      client: client ?? null,
      rule,
    })),
  };
}
