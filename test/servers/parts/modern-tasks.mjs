/**
 * Tools of the fixture of 2026-07-28 that go on after they have answered (extension `io.modelcontextprotocol/tasks`).
 * Clients that have not declared the extension get plain answers. Tasks live as long as the process, at most `kept` of
 * them; their timers keep nothing alive.
 */
import { randomUUID } from 'node:crypto';
import {
  fromJsonSchema,
  inputRequired,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { says, texts } from './content.mjs';

export const tasksExtension = 'io.modelcontextprotocol/tasks';
const kept = 1_000;
const ttlMs = 300_000;
const pollIntervalMs = 100;
const jobMs = 300;
const anyParams = fromJsonSchema({
  type: 'object',
  properties: { taskId: { type: 'string' } },
  required: ['taskId'],
});

/** @type {Map<string, object>} */
const tasks = new Map();

const declared = (ctx) =>
  ctx.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities']?.extensions?.[tasksExtension] !==
  undefined;
const missing = () =>
  new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [tasksExtension]: {} } },
  });

/** A new task, and the result that says so. */
function begin(facts = {}) {
  const now = new Date().toISOString();
  const task = {
    taskId: randomUUID(),
    status: 'working',
    createdAt: now,
    lastUpdatedAt: now,
    ttlMs,
    pollIntervalMs,
  };
  Object.assign(task, facts);
  tasks.set(task.taskId, task);
  if (tasks.size > kept) tasks.delete(tasks.keys().next().value);
  return task;
}
const created = ({ taskId, status, createdAt, lastUpdatedAt }) => ({
  resultType: 'task',
  taskId,
  status,
  createdAt,
  lastUpdatedAt,
  ttlMs,
  pollIntervalMs,
});
/** Changes a task that has not ended. */
function settle(task, facts) {
  if (['completed', 'failed', 'cancelled'].includes(task.status)) return;
  Object.assign(task, facts, { lastUpdatedAt: new Date().toISOString() });
}
const later = (ms, work) => setTimeout(work, ms).unref();

/** A task that ends by itself. */
function job(ms, end) {
  const task = begin();
  later(ms, () => settle(task, end));
  return created(task);
}

/** A task that waits for the answers to all its questions. */
function waiting(questions, answered) {
  const inputRequests = Object.fromEntries(
    Object.keys(questions).map((key) => [key, question(questions[key])]),
  );
  return created(begin({ status: 'input_required', inputRequests, answers: {}, answered }));
}
const question = (message) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { confirm: { type: 'boolean' } }, required: ['confirm'] },
  });

export const taskTools = [
  {
    name: 'greet',
    description: 'Greets at once.',
    inputSchema: texts('name'),
    run: ({ name }) => says(`Hello, ${name}!`),
  },
  {
    name: 'slow_compute',
    description: 'Takes as many seconds as it is told.',
    inputSchema: {
      type: 'object',
      properties: { seconds: { type: 'number' }, label: { type: 'string' } },
      required: ['seconds'],
    },
    async run({ seconds, label = '' }, ctx) {
      const result = says(`${label} took ${seconds} s`);
      if (declared(ctx)) return job(seconds * 1_000, { status: 'completed', result });
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      return result;
    },
  },
  {
    name: 'failing_job',
    description: 'A task that ends with an error of the tool.',
    run(_args, ctx) {
      if (!declared(ctx)) throw missing();
      return job(jobMs, { status: 'completed', result: { isError: true, ...says('It did not work.') } });
    },
  },
  {
    name: 'protocol_error_job',
    description: 'A task that breaks.',
    run(_args, ctx) {
      if (!declared(ctx)) throw missing();
      return job(jobMs, { status: 'failed', error: { code: -32603, message: 'It broke.' } });
    },
  },
  {
    name: 'confirm_delete',
    description: 'A task that asks before it goes on.',
    inputSchema: texts('filename'),
    run({ filename }, ctx) {
      if (!declared(ctx)) throw missing();
      return waiting({ confirm: `Delete ${filename}?` }, () => says(`Deleted ${filename}.`));
    },
  },
  {
    name: 'multi_input',
    description: 'A task that asks two things at once.',
    run(_args, ctx) {
      if (!declared(ctx)) throw missing();
      return waiting({ first: 'The first?', second: 'The second?' }, (answers) =>
        says(JSON.stringify(answers)),
      );
    },
  },
  {
    name: 'test_tool_with_task',
    description: 'Asks first, and then becomes a task.',
    run(_args, ctx) {
      if (!declared(ctx)) throw missing();
      const name = ctx.mcpReq.inputResponses?.user_name?.content?.name;
      if (name !== undefined) return job(jobMs, { status: 'completed', result: says(`Hello, ${name}!`) });
      const requestedSchema = texts('name');
      const message = 'What is your name?';
      return inputRequired({
        inputRequests: { user_name: inputRequired.elicit({ message, requestedSchema }) },
      });
    },
  },
];

/**
 * The methods of the extension.
 * @param {import('@modelcontextprotocol/server').Server} server
 */
export function serveTasks(server) {
  /** The task that a request names, if its client may ask at all. */
  const named = ({ taskId }, ctx) => {
    if (!declared(ctx)) throw missing();
    const task = tasks.get(taskId);
    if (task === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown task', { taskId });
    return task;
  };
  const schemas = { params: anyParams };
  server.setRequestHandler('tasks/get', schemas, (params, ctx) => {
    const { answers: _answers, answered: _answered, ...task } = named(params, ctx);
    return task;
  });
  server.setRequestHandler('tasks/cancel', schemas, (params, ctx) => {
    settle(named(params, ctx), { status: 'cancelled', inputRequests: undefined });
    return {};
  });
  server.setRequestHandler('tasks/update', schemas, (params, ctx) => {
    const task = named(params, ctx);
    const responses = Object.entries(ctx.mcpReq.inputResponses ?? params.inputResponses ?? {});
    const known = responses.filter(([key]) => Object.hasOwn(task.inputRequests ?? {}, key));
    const inputRequests = { ...task.inputRequests };
    for (const [key, response] of known) {
      task.answers[key] = response;
      delete inputRequests[key];
    }
    if (Object.keys(inputRequests).length > 0) settle(task, { inputRequests });
    else if (known.length > 0) {
      settle(task, { status: 'completed', inputRequests: undefined, result: task.answered(task.answers) });
    }
    return {};
  });
}
