/**
 * A real MCP client: the official SDK over streamable HTTP.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { RunningApp } from './app.ts';
import { waitFor } from './wait.ts';

/** A connected client. */
export interface TestClient {
  toolNames(): Promise<string[]>;
  call(name: string, args: Record<string, unknown>): Promise<unknown>;
  /** How often the gateway has said that the tools changed. */
  changes(): number;
  close(): Promise<void>;
}

/** Connects to `endpoint` with `token`; rejects when it is refused. */
export async function connectClient(endpoint: string, token: string | null): Promise<TestClient> {
  let changes = 0;
  const client = new Client(
    { name: 'e2e', version: '1.0.0' },
    {
      listChanged: {
        tools: {
          autoRefresh: false,
          debounceMs: 0,
          onChanged: () => {
            changes += 1;
          },
        },
      },
    },
  );
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: { headers } }));
  return {
    async toolNames() {
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await client.listTools(cursor === undefined ? {} : { cursor });
        names.push(...page.tools.map((tool) => tool.name));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return names.sort();
    },
    call: (name, args) => client.callTool({ name, arguments: args }),
    changes: () => changes,
    close: () => client.close(),
  };
}

/** A client of that app, with its token, once each of these tools is listed: servers take a while to start. */
export async function clientOf(running: RunningApp, ...tools: readonly string[]): Promise<TestClient> {
  const { endpoint } = await running.ready();
  const client = await connectClient(endpoint, await tokenFromClipboard(running));
  if (tools.length === 0) return client;
  const all = async (): Promise<boolean> => {
    const names = await client.toolNames();
    return tools.every((tool) => names.includes(tool));
  };
  await waitFor(`the tools ${tools.join(', ')}`, all, 30_000);
  return client;
}

/** The token, the way a user gets it: through the clipboard, by the command behind "Connect a client". */
export async function tokenFromClipboard(running: RunningApp): Promise<string> {
  const result = await running.page.evaluate(
    (name) => window.gatehouse?.invoke(name, { format: 'json' }),
    'client.copySnippet' as const,
  );
  const text = await running.app.evaluate(({ clipboard }) => clipboard.readText());
  if (JSON.stringify(result) !== '{"ok":true,"value":null}') {
    throw new Error(`copying the snippet answered ${JSON.stringify(result)}`);
  }
  const entry = JSON.parse(text) as { mcpServers: { gatehouse: { headers: { Authorization: string } } } };
  return entry.mcpServers.gatehouse.headers.Authorization.replace(/^Bearer /, '');
}
