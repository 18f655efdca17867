/**
 * A server of 2026-07-28 for the parity tests, with the same things as the one of 2025. `--http` serves streamable HTTP,
 * else stdio. Clients of 2025 are refused.
 */
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  acceptedContent,
  createMcpHandler,
  inputRequired,
  inputResponse,
  ProtocolError,
  Server,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { listen, refuse } from './parts/listen.mjs';
import * as content from './parts/parity-content.mjs';

const fresh = { ttlMs: 0, cacheScope: 'private' };

function build(tell) {
  const server = new Server(
    { name: 'parity-modern', version: '1.0.0' },
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
  const say = tell ?? {
    toolsChanged: () => server.sendToolListChanged(),
    resourceUpdated: (uri) => server.sendResourceUpdated({ uri }),
  };
  const list = (kind, items) => (request) => ({ ...content.page(kind, items(), request.params), ...fresh });
  server.setRequestHandler('tools/list', list('tools', content.tools));
  server.setRequestHandler(
    'prompts/list',
    list('prompts', () => content.prompts),
  );
  server.setRequestHandler(
    'resources/list',
    list('resources', () => content.resources),
  );
  server.setRequestHandler(
    'resources/templates/list',
    list('resourceTemplates', () => content.templates),
  );
  server.setRequestHandler('prompts/get', ({ params }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: params.name } }],
  }));
  server.setRequestHandler('resources/read', ({ params }) => ({
    contents: [{ uri: params.uri, text: `text of ${params.uri}` }],
    ...fresh,
  }));
  server.setRequestHandler('completion/complete', ({ params }) => content.completions(params));
  server.setRequestHandler('tools/call', (request, ctx) => call(say, request.params, ctx));
  return server;
}

async function call(say, { name, arguments: args = {} }, ctx) {
  const { mcpReq } = ctx;
  const answered = (key) => inputResponse(mcpReq.inputResponses, key);
  const need = (request) => inputRequired({ inputRequests: { it: request }, requestState: 'state "\\ä' });
  switch (name) {
    case 'echo':
      return content.text(JSON.stringify(args));
    case 'slow':
      return content.slow(args, mcpReq.signal, async (progress, total) => {
        const progressToken = mcpReq._meta?.progressToken;
        if (progressToken === undefined) return;
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total } });
      });
    case 'was_cancelled':
      return content.text(String(content.cancelled.has(args.key)));
    case 'is_running':
      return content.text(String(content.running.has(args.key)));
    case 'add_tool':
      content.added.push(args.name);
      await say.toolsChanged();
      return content.text('added');
    case 'touch':
      await say.resourceUpdated(args.uri);
      return content.text('touched');
    case 'ask_roots': {
      const view = answered('it');
      if (view.kind !== 'roots') return need(inputRequired.listRoots());
      return content.text(JSON.stringify({ roots: view.roots }));
    }
    case 'ask_sampling': {
      const view = answered('it');
      if (view.kind !== 'sampling') return need(inputRequired.createMessage(content.sampling(args.text)));
      return content.text(JSON.stringify(view.result.content));
    }
    case 'ask_elicitation': {
      const view = answered('it');
      if (view.kind !== 'elicit') return need(inputRequired.elicit(content.form));
      return content.text(
        JSON.stringify({ action: view.action, content: acceptedContent(mcpReq.inputResponses, 'it') }),
      );
    }
    case 'ask_url': {
      const view = answered('it');
      if (view.kind !== 'elicit')
        return need(inputRequired.elicitUrl({ message: 'Sign in', url: 'https://example.com/in' }));
      return content.text(JSON.stringify({ action: view.action }));
    }
    case 'log':
      for (const level of ['debug', 'info', 'warning', 'error'])
        await mcpReq.log(level, { level, text: args.text }, 'parity');
      return content.text('logged');
    case 'fail':
      throw new ProtocolError(args.code, 'It failed', { why: 'parity', n: 1 });
    default:
      return content.added.includes(name)
        ? content.text(name)
        : { ...content.text(`Unknown tool ${name}`), isError: true };
  }
}

if (process.argv.includes('--http')) {
  const handler = createMcpHandler(() => build(handler.notify), { legacy: 'reject' });
  const node = toNodeHandler(handler);
  await listen(0, '/mcp', (req, res, path) =>
    path === '/mcp' ? node(req, res) : refuse(res, 404, 'Not here'),
  );
} else serveStdio(() => build(null), { legacy: 'reject' });
