/**
 * The server of 2026-07-28, made anew for each request over HTTP and for each connection over stdio. It keeps nothing:
 * what must outlive a request travels with the client.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  acceptedContent,
  fromJsonSchema,
  inputRequired,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import {
  completions,
  contentsOf,
  fixedTools,
  noArguments,
  prompts,
  resources,
  rich2020Schema,
  says,
  template,
  text,
  texts,
} from './content.mjs';
import { serveTasks, tasksExtension, taskTools } from './modern-tasks.mjs';
import { askingTools, state } from './modern-tools.mjs';

const shortMs = 50;
const fresh = { ttlMs: 1_000, cacheScope: 'public' };
const schemas = new Map();

/** Compiling a schema takes longer than a request. */
function compiled(name, schema) {
  if (!schemas.has(name)) schemas.set(name, fromJsonSchema(schema));
  return schemas.get(name);
}

/**
 * @typedef {object} Changes tells everyone who listens
 * @property {() => unknown} tools that the list of tools has changed
 * @property {() => unknown} prompts that the list of prompts has changed
 */

/**
 * @param {Changes} [changes] undefined: only the connection of this server hears of changes
 * @returns {McpServer} not connected yet
 */
export function modernServer(changes) {
  const server = new McpServer(
    { name: 'conformance-modern', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
        extensions: { [tasksExtension]: {} },
      },
      cacheHints: {
        'tools/list': fresh,
        'prompts/list': fresh,
        'resources/list': fresh,
        'resources/templates/list': fresh,
        'resources/read': fresh,
      },
      requestState: { verify: state.verify },
    },
  );
  const tell = changes ?? {
    tools: () => server.server.sendToolListChanged(),
    prompts: () => server.server.sendPromptListChanged(),
  };
  const fixed = fixedTools.map(({ result, ...tool }) => ({ ...tool, run: () => result }));
  const tools = new Map(
    [...fixed, ...livelyTools(tell), ...askingTools, ...taskTools].map((tool) => [tool.name, tool]),
  );
  for (const { name, description, inputSchema = noArguments, run } of tools.values()) {
    server.registerTool(name, { description, inputSchema: compiled(name, inputSchema) }, run);
  }
  // The SDK's own would turn every error into a result.
  server.server.setRequestHandler('tools/call', ({ params }, ctx) => {
    const tool = tools.get(params.name);
    if (tool === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${params.name} not found`);
    return tool.run(params.arguments ?? {}, ctx);
  });
  serveTasks(server.server);
  for (const { uri, name, description, mimeType } of resources) {
    server.registerResource(name, uri, { description, mimeType }, () => contentsOf(uri));
  }
  const { name, uriTemplate, description, mimeType } = template;
  const pattern = new ResourceTemplate(uriTemplate, { list: undefined });
  server.registerResource(name, pattern, { description, mimeType }, (uri) => contentsOf(uri.href));
  for (const prompt of prompts) registerPrompt(server, prompt);
  registerAskingPrompt(server);
  server.server.setRequestHandler('completion/complete', ({ params }) => completions(params.argument.value));
  return server;
}

/** @param {McpServer} server */
function registerPrompt(server, { name, description, arguments: args, messages }) {
  if (args.length === 0) {
    server.registerPrompt(name, { description }, () => ({ messages: messages({}) }));
    return;
  }
  const argsSchema = compiled(`prompt ${name}`, texts(...args.map((arg) => arg.name)));
  server.registerPrompt(name, { description, argsSchema }, (values) => ({ messages: messages(values) }));
}

/** @param {McpServer} server */
function registerAskingPrompt(server) {
  const description = 'A prompt that asks the user first.';
  server.registerPrompt('test_input_required_result_prompt', { description }, (ctx) => {
    const context = acceptedContent(ctx.mcpReq.inputResponses, 'user_context')?.context;
    if (context !== undefined)
      return { messages: [{ role: 'user', content: text(`In the context: ${context}`) }] };
    const requestedSchema = texts('context');
    const message = 'What context should the prompt use?';
    return inputRequired({
      inputRequests: { user_context: inputRequired.elicit({ message, requestedSchema }) },
    });
  });
}

/**
 * Tools that notify while they run, and one whose argument is mirrored into a header.
 * @param {Changes} tell
 */
function livelyTools(tell) {
  const logging = async (_args, ctx) => {
    for (const words of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await ctx.mcpReq.log('info', words);
      await pause(shortMs);
    }
    return says('Logged three times, if that was wanted.');
  };
  return [
    { name: 'test_tool_with_logging', description: 'Logs three times while it runs.', run: logging },
    { name: 'test_logging_tool', description: 'Logs only if the request wants it.', run: logging },
    {
      name: 'test_tool_with_progress',
      description: 'Reports progress three times while it runs.',
      async run(_args, ctx) {
        const progressToken = ctx.mcpReq._meta?.progressToken;
        for (const progress of [0, 50, 100]) {
          if (progress > 0) await pause(shortMs);
          if (progressToken === undefined) continue;
          const params = { progressToken, progress, total: 100, message: `${progress} of 100` };
          await ctx.mcpReq.notify({ method: 'notifications/progress', params });
        }
        return says(`Reported to ${String(progressToken)}.`);
      },
    },
    {
      name: 'json_schema_2020_12_tool',
      description: 'Tool with JSON Schema 2020-12 features',
      inputSchema: rich2020Schema,
      run: (args) => says(JSON.stringify(args)),
    },
    {
      name: 'test_x_mcp_header',
      description: 'Has an argument that is repeated in a header.',
      inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } },
      run: ({ region }) => says(`Region: ${region}`),
    },
    {
      name: 'test_trigger_tool_change',
      description: 'Says that the list of tools has changed.',
      async run() {
        await tell.tools();
        return says('Said.');
      },
    },
    {
      name: 'test_trigger_prompt_change',
      description: 'Says that the list of prompts has changed.',
      async run() {
        await tell.prompts();
        return says('Said.');
      },
    },
  ];
}
