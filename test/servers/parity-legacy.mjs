/**
 * A server of 2025-11-25 for the parity tests: everything that the conformance suite does not look at. `--http` serves
 * streamable HTTP, `--sse` HTTP+SSE, else stdio.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  RootsListChangedNotificationSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { sseSessions, streamableSessions } from './parts/legacy-http.mjs';
import { listen, refuse } from './parts/listen.mjs';
import * as content from './parts/parity-content.mjs';

/** Servers of all sessions, for what concerns everybody. */
const servers = new Set();
let rootsChanged = 0;
const LEVELS = ['debug', 'info', 'warning', 'error'];

function build() {
  const server = new Server(
    { name: 'parity-legacy', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
      },
      instructions: 'Parity fixture',
    },
  );
  const subscribed = new Set();
  servers.add(server);
  server.onclose = () => servers.delete(server);
  server.touched = (uri) => subscribed.has(uri) && server.sendResourceUpdated({ uri });

  server.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
    content.page('tools', content.tools(), params),
  );
  server.setRequestHandler(ListPromptsRequestSchema, ({ params }) =>
    content.page('prompts', content.prompts, params),
  );
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) =>
    content.page('resources', content.resources, params),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, ({ params }) =>
    content.page('resourceTemplates', content.templates, params),
  );
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: params.name } }],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => ({
    contents: [{ uri: params.uri, text: `text of ${params.uri}` }],
  }));
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
  server.level = 'debug';
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    server.level = params.level;
    return {};
  });
  server.setRequestHandler(CompleteRequestSchema, ({ params }) => content.completions(params));
  server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
    rootsChanged++;
  });
  server.setRequestHandler(CallToolRequestSchema, (request, extra) => call(server, request.params, extra));
  return server;
}

async function call(server, { name, arguments: args = {}, _meta }, extra) {
  const related = { relatedRequestId: extra.requestId };
  switch (name) {
    case 'echo':
      return content.text(JSON.stringify(args));
    case 'slow':
      return content.slow(args, extra.signal, async (progress, total) => {
        if (_meta?.progressToken === undefined) return;
        const params = { progressToken: _meta.progressToken, progress, total };
        await extra.sendNotification({ method: 'notifications/progress', params });
      });
    case 'was_cancelled':
      return content.text(String(content.cancelled.has(args.key)));
    case 'is_running':
      return content.text(String(content.running.has(args.key)));
    case 'add_tool':
      content.added.push(args.name);
      for (const one of servers) await one.sendToolListChanged();
      return content.text('added');
    case 'touch':
      for (const one of servers) await one.touched(args.uri);
      return content.text('touched');
    case 'ask_roots': {
      const { roots } = await server.listRoots({}, related);
      return content.text(JSON.stringify({ roots, rootsChanged }));
    }
    case 'ask_sampling': {
      const answer = await server.createMessage(content.sampling(args.text), related);
      return content.text(JSON.stringify(answer.content));
    }
    case 'ask_elicitation': {
      const { action, content: given } = await server.elicitInput(content.form, related);
      return content.text(JSON.stringify({ action, content: given }));
    }
    case 'ask_url': {
      const params = { mode: 'url', message: 'Sign in', url: 'https://example.com/in', elicitationId: 'e1' };
      const { action } = await server.elicitInput(params, related);
      return content.text(JSON.stringify({ action }));
    }
    case 'log':
      for (const level of LEVELS.slice(LEVELS.indexOf(server.level))) {
        await extra.sendNotification({
          method: 'notifications/message',
          params: { level, logger: 'parity', data: { level, text: args.text } },
        });
      }
      return content.text('logged');
    case 'fail':
      throw new McpError(args.code, 'It failed', { why: 'parity', n: 1 });
    default:
      return content.added.includes(name)
        ? content.text(name)
        : { ...content.text(`Unknown tool ${name}`), isError: true };
  }
}

if (process.argv.includes('--http')) {
  const { handle } = streamableSessions(build);
  await listen(0, '/mcp', (req, res, path) =>
    path === '/mcp' ? handle(req, res) : refuse(res, 404, 'Not here'),
  );
} else if (process.argv.includes('--sse')) {
  const { stream, message } = sseSessions(build);
  await listen(0, '/sse', (req, res, path) => {
    if (req.method === 'GET' && path === '/sse') return stream(req, res);
    if (req.method === 'POST' && path === '/messages') return message(req, res);
    return refuse(res, path === '/sse' ? 405 : 404, 'Not here');
  });
} else {
  process.stdin.on('end', () => process.exit(0));
  await build().connect(new StdioServerTransport());
}
