/**
 * The server of 2026-07-28, made anew for each request over HTTP and for each connection over stdio. What must outlive a
 * request travels with the client; only what is listed at the moment is the same for all.
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
  passing,
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
/** Whether what comes and goes is here. */
const here = { tool: false, prompt: false };

/** Compiling a schema takes longer than a request. */
function compiled(name, schema) {
  if (!schemas.has(name)) schemas.set(name, fromJsonSchema(schema));
  return schemas.get(name);
}

/**
 * @typedef {object} Changes
 * @property {() => void} tools the list of tools
 * @property {() => void} prompts the list of prompts
 */

/**
 * @param {Changes} [changes] called after each change; without it only the connection of this server hears of it
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
  const passingTool = server.registerTool(
    passing.tool.name,
    { description: passing.tool.description },
    () => passing.tool.result,
  );
  const passingPrompt = registerPrompt(server, passing.prompt);
  if (!here.tool) passingTool.disable();
  if (!here.prompt) passingPrompt.disable();
  const change = {
    tools() {
      here.tool = !here.tool;
      // Where this server has a connection of its own, this tells it too.
      passingTool.update({ enabled: here.tool });
      changes?.tools();
    },
    prompts() {
      here.prompt = !here.prompt;
      passingPrompt.update({ enabled: here.prompt });
      changes?.prompts();
    },
  };
  const fixed = [...fixedTools, passing.tool].map(({ result, ...tool }) => ({ ...tool, run: () => result }));
  const tools = new Map(
    [...fixed, ...livelyTools(change), ...askingTools, ...taskTools].map((tool) => [tool.name, tool]),
  );
  for (const { name, description, inputSchema = noArguments, run } of tools.values()) {
    if (name === passing.tool.name) continue;
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
  if (args.length === 0)
    return server.registerPrompt(name, { description }, () => ({ messages: messages({}) }));
  const argsSchema = compiled(`prompt ${name}`, texts(...args.map((arg) => arg.name)));
  return server.registerPrompt(name, { description, argsSchema }, (values) => ({
    messages: messages(values),
  }));
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
 * @param {Changes} change
 */
function livelyTools(change) {
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
      name: 'test_reconnection',
      description: 'Answers late. There is no stream to close here.',
      async run() {
        await pause(2 * shortMs);
        return says('Answered after the stream was closed.');
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
      description: 'Changes the list of tools.',
      run() {
        change.tools();
        return says('Changed.');
      },
    },
    {
      name: 'test_trigger_prompt_change',
      description: 'Changes the list of prompts.',
      run() {
        change.prompts();
        return says('Changed.');
      },
    },
  ];
}
