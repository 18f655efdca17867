/**
 * One session of the server of 2025: tools that log, report progress, sample, elicit and are cut off. Built on the SDK's
 * lower layer, so that what is listed is what is written here. Ends with its transport.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import {
  completions,
  contentsOf,
  elicitations,
  fixedTools,
  noArguments,
  passing,
  prompts,
  resources,
  rich2020Schema,
  says,
  template,
  texts,
} from './content.mjs';
import { patientPrompt, patientTools } from './legacy-asking.mjs';

const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const shortMs = 50;

/** @returns {Server} not connected yet */
export function legacyServer() {
  const server = new Server(
    { name: 'conformance-legacy', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
      },
    },
  );
  let level = 'debug';
  const watched = new Set();
  const here = { tool: false, prompt: false };
  const fixed = [...fixedTools, passing.tool].map(({ result, ...tool }) => ({ ...tool, run: () => result }));
  const tools = new Map(
    [...fixed, ...livelyTools(server, here), ...patientTools(server)].map((tool) => [tool.name, tool]),
  );
  const listedTools = () => [...tools.values()].filter(({ name }) => here.tool || name !== passing.tool.name);
  const always = [...prompts, patientPrompt(server)];
  const listedPrompts = () => (here.prompt ? [...always, passing.prompt] : always);
  const log = (extra, data) =>
    levels.indexOf('info') >= levels.indexOf(level)
      ? extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } })
      : undefined;

  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    level = params.level;
    return {};
  });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: listedTools().map(({ name, description, inputSchema = noArguments }) => ({
      name,
      description,
      inputSchema,
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => {
    const tool = tools.get(params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
    return tool.run(
      params.arguments ?? {},
      { ...extra, log: (data) => log(extra, data) },
      params._meta ?? {},
    );
  });
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: resources.map(({ read: _read, ...resource }) => resource),
  }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [template] }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    const contents = contentsOf(uri);
    if (contents === undefined) throw new McpError(ErrorCode.InvalidParams, 'Resource not found', { uri });
    return contents;
  });
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    watched.add(uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    watched.delete(uri);
    return {};
  });
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: listedPrompts().map(({ messages: _messages, ...prompt }) => prompt),
  }));
  server.setRequestHandler(GetPromptRequestSchema, async ({ params }, extra) => {
    const prompt = listedPrompts().find(({ name }) => name === params.name);
    if (prompt === undefined) throw new McpError(ErrorCode.InvalidParams, `Unknown prompt: ${params.name}`);
    return { messages: await prompt.messages(params.arguments ?? {}, extra) };
  });
  server.setRequestHandler(CompleteRequestSchema, ({ params }) => completions(params.argument.value));
  return server;
}

/**
 * Tools that talk with the client while they run.
 * @param {Server} server
 * @param {{ tool: boolean, prompt: boolean }} here what comes and goes
 */
function livelyTools(server, here) {
  return [
    {
      name: 'test_tool_with_logging',
      description: 'Logs three times while it runs.',
      async run(_args, { log }) {
        await log('Tool execution started');
        await pause(shortMs);
        await log('Tool processing data');
        await pause(shortMs);
        await log('Tool execution completed');
        return says('Logged three times.');
      },
    },
    {
      name: 'test_tool_with_progress',
      description: 'Reports progress three times while it runs.',
      async run(_args, { sendNotification }, { progressToken }) {
        for (const progress of [0, 50, 100]) {
          if (progress > 0) await pause(shortMs);
          if (progressToken === undefined) continue;
          const params = { progressToken, progress, total: 100, message: `${progress} of 100` };
          await sendNotification({ method: 'notifications/progress', params });
        }
        return says(`Reported to ${String(progressToken)}.`);
      },
    },
    {
      name: 'test_sampling',
      description: "Asks the client's model.",
      inputSchema: texts('prompt'),
      async run({ prompt }, { requestId }) {
        const messages = [{ role: 'user', content: { type: 'text', text: prompt } }];
        const answer = await server.createMessage(
          { messages, maxTokens: 100 },
          { relatedRequestId: requestId },
        );
        return says(`LLM response: ${answer.content.text ?? JSON.stringify(answer.content)}`);
      },
    },
    {
      name: 'test_elicitation',
      description: 'Asks the user.',
      inputSchema: texts('message'),
      run: ({ message }, extra) => elicit(server, extra, message, elicitations.plain, 'User response: '),
    },
    {
      name: 'test_elicitation_sep1034_defaults',
      description: 'Asks the user, with an answer proposed for everything.',
      run: (_args, extra) =>
        elicit(server, extra, 'Check these.', elicitations.defaults, 'Elicitation completed: '),
    },
    {
      name: 'test_elicitation_sep1330_enums',
      description: 'Asks the user to choose, in every way there is.',
      run: (_args, extra) => elicit(server, extra, 'Choose.', elicitations.enums, 'Elicitation completed: '),
    },
    {
      name: 'test_reconnection',
      description: 'Closes its own stream before it answers.',
      async run(_args, { closeSSEStream }) {
        closeSSEStream?.();
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
      name: 'test_trigger_tool_change',
      description: 'Changes the list of tools.',
      async run() {
        here.tool = !here.tool;
        await server.sendToolListChanged();
        return says('Changed.');
      },
    },
    {
      name: 'test_trigger_prompt_change',
      description: 'Changes the list of prompts.',
      async run() {
        here.prompt = !here.prompt;
        await server.sendPromptListChanged();
        return says('Changed.');
      },
    },
  ];
}

async function elicit(server, { requestId }, message, requestedSchema, prefix) {
  const { action, content } = await server.elicitInput(
    { message, requestedSchema },
    { relatedRequestId: requestId },
  );
  return says(`${prefix}action=${action}, content=${JSON.stringify(content ?? {})}`);
}
