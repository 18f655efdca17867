/**
 * A fixture server of both eras over stdio, with the official SDK, written for the older one: its tool `ask` asks the
 * client in the middle of the call. In 2026-07-28 the SDK refuses that, and nobody is asked.
 */
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

serveStdio(
  () => {
    const server = new McpServer({ name: 'asking-mid-call', version: '1' }, { capabilities: { tools: {} } });
    server.registerTool('ask', { description: 'Asks for a name.' }, async () => {
      const { action, content } = await server.server.elicitInput({
        message: 'Who are you?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      });
      return { content: [{ type: 'text', text: `${action} ${content?.name ?? ''}` }] };
    });
    return server;
  },
  { legacy: 'serve' },
);
