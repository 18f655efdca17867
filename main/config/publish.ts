/**
 * What people and editors read about the file, made from the schema itself so that it cannot fall behind: the JSON
 * schema, the reference page, and the file that a first start writes. Pure.
 */
import { z } from 'zod';
import { fileSchema } from './schema.ts';

/** The part of a JSON schema that the page shows. */
interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: SchemaNode | boolean;
}

/** The JSON schema (draft 2020-12) of the file, for editors. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(fileSchema, { io: 'input' });
  return {
    $schema,
    $comment: 'Made from main/config/schema.ts by `gatehouse config schema`. Do not edit.',
    title: 'Gatehouse configuration',
    ...rest,
  };
}

/** The schema as text, short lists on one line, with a line feed at the end. */
export function configSchemaText(): string {
  const spread = JSON.stringify(configJsonSchema(), null, 2);
  const folded = spread.replace(/\[\s+((?:"[^"]*"(?:,\s+)?)+)\s+\]/g, (_whole, items: string) => {
    return `[${items.trim().replace(/,\s+/g, ', ')}]`;
  });
  return `${folded}\n`;
}

/** The reference page `docs/configuration.md`. */
export function configDocs(): string {
  const top = configJsonSchema() as SchemaNode;
  const servers = top.properties?.mcpServers?.anyOf ?? [];
  const list = servers.find((form) => form.type === 'array');
  const toolsNode = list?.items?.properties?.tools;
  return `# Configuration

<!-- Made from main/config/schema.ts; a test compares the two. Do not edit. -->

Gatehouse reads \`config.json\` in its data directory. The file is JSON; comments and trailing commas are allowed.
Save it and the change is in force at once. If an edit is broken, Gatehouse keeps running with the last good one and names
the file, line and key. Unknown keys are refused, so a typing mistake never passes for a setting.

\`\`\`jsonc
{
  "mcpServers": {
    // a program on this computer
    "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/ada/notes"] },
    // a remote server; the key lives in the keychain: gatehouse secret set example
    "example": { "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer \${keyring:example}" } }
  }
}
\`\`\`

## References

Wherever a server's \`command\`, \`args\`, \`env\`, \`cwd\`, \`url\`, \`headers\` or \`authTokens\` hold text, and in \`auth.token\`, two
references may stand in it. They are resolved when they are needed and never written back.

| written | becomes |
|---|---|
| \`\${env:NAME}\` | the environment variable \`NAME\` of Gatehouse |
| \`\${keyring:name}\` | the secret \`name\`, kept by \`gatehouse secret set name\` |
| \`$\${\` | the two characters \`\${\` themselves |

## The file

${table(top.properties ?? {})}

### \`auth\`

${table(top.properties?.auth?.properties ?? {})}

### \`admin\`

${table(top.properties?.admin?.properties ?? {})}

### \`terminal\`

${table(top.properties?.terminal?.properties ?? {})}

### \`limits\`

${table(top.properties?.limits?.properties ?? {})}

### \`activity\`

${table(top.properties?.activity?.properties ?? {})}

### \`approval\`

${table(top.properties?.approval?.properties ?? {})}

### A profile

${table(profileProperties(top))}

### \`isolation\`

The same keys stand in the \`isolation\` of a server, except the last three.

${table(top.properties?.isolation?.properties ?? {})}

### A server

In the map form the name is the key; in the list form it is \`name\`. Names are unique, upper and lower case counting as equal.

${table(list?.items?.properties ?? {})}

### \`tools\` of a server

${table(toolsNode?.properties ?? {})}

### One of its \`overrides\`

${table(objectIn(toolsNode?.properties?.overrides)?.properties ?? {})}

## For editors

\`gatehouse config schema\` prints the JSON schema; \`gatehouse config check FILE\` checks a file without starting anything.
Files of other programs are read as they are: [dialects.md](dialects.md).
`;
}

/** The name under which the JSON schema lies beside the file, for editors. */
export const SCHEMA_NAME = 'config.schema.json';

/** What a first start writes: an empty list of servers, and how to fill it. */
export function defaultConfigText(): string {
  return `{
  "$schema": "./${SCHEMA_NAME}",
  // Gatehouse: every MCP server behind one local door.
  // Saved changes are in force at once. All keys: docs/configuration.md, or \`gatehouse config schema\`.
  // Keep keys out of this file: \`gatehouse secret set NAME\`, then write \${keyring:NAME} here.
  "mcpServers": {
    // "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/path/to/folder"] },
    // "example": { "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer \${keyring:NAME}" } }
  }
}
`;
}

function profileProperties(top: SchemaNode): Readonly<Record<string, SchemaNode>> {
  return objectIn(top.properties?.profiles)?.properties ?? {};
}

/** What each member of a map is. */
function objectIn(map: SchemaNode | undefined): SchemaNode | null {
  return typeof map?.additionalProperties === 'object' ? map.additionalProperties : null;
}

function table(properties: Readonly<Record<string, SchemaNode>>): string {
  const rows = Object.entries(properties).map(([key, node]) => {
    return `| \`${key}\` | ${kindOf(node)} | ${(node.description ?? '').replaceAll('|', '\\|')} |`;
  });
  return ['| key | value | meaning |', '|---|---|---|', ...rows].join('\n');
}

function kindOf(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (node.anyOf !== undefined) return node.anyOf.map(kindOf).join(' or ');
  switch (node.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'whole number';
    case 'array':
      return node.items?.type === 'string' ? 'list of text' : 'list of objects';
    case 'object':
      return typeof node.additionalProperties === 'object' && node.additionalProperties.type === 'string'
        ? 'object of text'
        : 'object';
    default:
      return 'any';
  }
}
