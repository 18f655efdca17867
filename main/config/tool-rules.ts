/**
 * What the configuration file may say of tools: which of a server's are offered, how they are called and described, and
 * which of them a profile has. Schemas, types and the rules that a schema cannot say. Pure.
 */
import { z } from 'zod';
import type { ConfigPath } from './error.ts';
import type { ConfigTree } from './tree.ts';

/** What a tool is called and how it is described in place of what its server says; null keeps the server's own. */
export interface ToolOverride {
  /** The server's own name of the tool. */
  readonly tool: string;
  /** 1 to 64 of `A-Z a-z 0-9 _ . -`. */
  readonly name: string | null;
  readonly title: string | null;
  readonly description: string | null;
}

/** Which tools pass: all of them, or those that a pattern of `allow` fits; and of these none that one of `block` fits. */
export interface ToolFilterConfig {
  /** Null allows all, an empty list none. `*` stands for any text, `?` for one character. */
  readonly allow: readonly string[] | null;
  readonly block: readonly string[];
}

/** What the file says of one server's tools. */
export interface ToolRules extends ToolFilterConfig {
  /** At most one for each tool. */
  readonly overrides: readonly ToolOverride[];
}

/** Says nothing. */
export const NO_TOOL_RULES: ToolRules = { allow: null, block: [], overrides: [] };

/** Longest description that may take the place of a server's own. Characters. */
const MAX_DESCRIPTION = 16_384;

const pattern = z.string().min(1).max(256);

const filterShape = (what: string) => ({
  allow: z
    .array(pattern)
    .optional()
    .describe(`Only these ${what}; \`*\` stands for any text, \`?\` for one character. Default: all.`),
  block: z.array(pattern).optional().describe(`None of these ${what}, even when \`allow\` has them.`),
});

const overrideSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .optional()
    .describe('The name that clients see. 1 to 64 of `A-Z a-z 0-9 _ . -`.'),
  title: z.string().max(256).optional().describe('The title that clients see.'),
  description: z.string().max(MAX_DESCRIPTION).optional().describe('The description that clients see.'),
});

/** `tools` of a server in the file. */
export const toolRulesSchema = z
  .strictObject({
    ...filterShape("of the server's tools"),
    overrides: z
      .record(z.string(), overrideSchema)
      .optional()
      .describe(
        "Under a tool's own name: `name`, `title` or `description` for clients to see in place of the server's.",
      ),
  })
  .optional()
  .describe(
    'Which of its tools are offered, and how: `allow` and `block` (lists of names, with `*` and `?`), `overrides` (under the name of a tool: `name`, `title`, `description`).',
  );

/** `tools` of a profile in the file. */
export const profileToolsSchema = z
  .strictObject(filterShape('tools, each as `server/tool`'))
  .optional()
  .describe(
    'Which tools of its servers it has: `allow` and `block`, lists of `server/tool` with `*` and `?`. Default: all.',
  );

/**
 * The checked `tools` of a server.
 *
 * @throws ConfigError `config.invalid_value` when two tools are given one name
 */
export function readToolRules(
  tree: ConfigTree,
  path: ConfigPath,
  rules: z.infer<typeof toolRulesSchema>,
): ToolRules {
  if (rules === undefined) return NO_TOOL_RULES;
  const overrides: ToolOverride[] = [];
  const taken = new Set<string>();
  for (const [tool, { name, title, description }] of Object.entries(rules.overrides ?? {})) {
    if (name !== undefined && taken.has(name)) {
      throw tree.fault(
        [...path, 'overrides', tool, 'name'],
        'config.invalid_value',
        `Two tools of this server are called ${JSON.stringify(name)}.`,
        'Give one of them another name.',
      );
    }
    if (name !== undefined) taken.add(name);
    overrides.push({
      tool,
      name: name ?? null,
      title: title ?? null,
      description: description ?? null,
    });
  }
  return { ...readToolFilter(rules), overrides };
}

/** The checked `allow` and `block`. */
export function readToolFilter(
  filter: { readonly allow?: string[] | undefined; readonly block?: string[] | undefined } | undefined,
): ToolFilterConfig {
  return { allow: filter?.allow ?? null, block: filter?.block ?? [] };
}
