/**
 * The tools of the fixture of 2026-07-28 that need something from the client: they answer `input_required` and are called
 * again with what they asked for. State between the rounds travels with the client, signed. Nothing is kept here.
 */
import { randomBytes } from 'node:crypto';
import {
  acceptedContent,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { elicitations, says, text, texts } from './content.mjs';

/** Signs and checks what a client carries from round to round. The key lives as long as the process. */
export const state = createRequestStateCodec({ key: randomBytes(32), ttlSeconds: 600 });

/** @param {Record<string, object>} properties */
const form = (properties) => ({ type: 'object', properties, required: Object.keys(properties) });
const oneText = (name) => form({ [name]: { type: 'string' } });
const confirmation = { message: 'Please confirm', requestedSchema: form({ ok: { type: 'boolean' } }) };

const ask = (message, requestedSchema) => inputRequired.elicit({ message, requestedSchema });
const sample = (words, maxTokens) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(words) }], maxTokens });
/** What the user filled in under a key, undefined if nothing usable is there. */
const filled = (ctx, key, field) => acceptedContent(ctx.mcpReq.inputResponses, key)?.[field];
const sampled = (ctx, key) => {
  const view = inputResponse(ctx.mcpReq.inputResponses, key);
  return view.kind === 'sampling' ? view.result.content : undefined;
};

/** A tool that asks the user one thing and says what came back, as those of 2025 do. */
const asking = (name, description, requestedSchema, prefix, inputSchema) => ({
  name,
  description,
  ...(inputSchema === undefined ? {} : { inputSchema }),
  run({ message = 'Please answer' }, ctx) {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'answer');
    if (view.kind !== 'elicit')
      return inputRequired({ inputRequests: { answer: ask(message, requestedSchema) } });
    return says(`${prefix}action=${view.action}, content=${JSON.stringify(view.content ?? {})}`);
  },
});

export const askingTools = [
  asking('test_elicitation', 'Asks the user.', elicitations.plain, 'User response: ', texts('message')),
  asking(
    'test_elicitation_sep1034_defaults',
    'Asks the user, with an answer proposed for everything.',
    elicitations.defaults,
    'Elicitation completed: ',
  ),
  asking(
    'test_elicitation_sep1330_enums',
    'Asks the user to choose, in every way there is.',
    elicitations.enums,
    'Elicitation completed: ',
  ),
  {
    name: 'test_sampling',
    description: "Asks the client's model.",
    inputSchema: texts('prompt'),
    run({ prompt }, ctx) {
      const answer = sampled(ctx, 'sampling');
      if (answer === undefined) return inputRequired({ inputRequests: { sampling: sample(prompt, 100) } });
      return says(`LLM response: ${answer.text ?? JSON.stringify(answer)}`);
    },
  },
  {
    name: 'test_missing_capability',
    description: 'Cannot work without sampling.',
    run: () => inputRequired({ inputRequests: { sampling: sample('Anything.', 10) } }),
  },
  {
    name: 'test_streaming_elicitation',
    description: 'Asks in the middle of an answer.',
    run: () => inputRequired({ inputRequests: { confirm: inputRequired.elicit(confirmation) } }),
  },
  {
    name: 'test_input_required_result_elicitation',
    description: 'Asks for a name.',
    run(_args, ctx) {
      const name = filled(ctx, 'user_name', 'name');
      if (typeof name === 'string') return says(`Hello, ${name}!`);
      return inputRequired({ inputRequests: { user_name: ask('What is your name?', oneText('name')) } });
    },
  },
  {
    name: 'test_input_required_result_sampling',
    description: "Asks the client's model for a capital.",
    run(_args, ctx) {
      const answer = sampled(ctx, 'capital_question');
      if (answer !== undefined) return says(`The model says: ${answer.text}`);
      return inputRequired({
        inputRequests: { capital_question: sample('What is the capital of France?', 100) },
      });
    },
  },
  {
    name: 'test_input_required_result_list_roots',
    description: "Asks for the client's roots.",
    run(_args, ctx) {
      const view = inputResponse(ctx.mcpReq.inputResponses, 'client_roots');
      if (view.kind === 'roots') return says(`Roots: ${view.roots.map(({ uri }) => uri).join(', ')}`);
      return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    },
  },
  {
    name: 'test_input_required_result_request_state',
    description: 'Asks, and wants its state back.',
    run: (_args, ctx) => confirmed(ctx, 'request_state', () => says('state-ok')),
  },
  {
    name: 'test_input_required_result_tampered_state',
    description: 'Asks, and notices when its state was changed.',
    run: (_args, ctx) => confirmed(ctx, 'tampered_state', () => says('untouched')),
  },
  {
    name: 'test_input_required_result_multiple_inputs',
    description: 'Asks for three things at once.',
    async run(_args, ctx) {
      const name = filled(ctx, 'user_name', 'name');
      const greeting = sampled(ctx, 'greeting');
      const roots = inputResponse(ctx.mcpReq.inputResponses, 'client_roots');
      if (
        name !== undefined &&
        greeting !== undefined &&
        roots.kind === 'roots' &&
        stateFor(ctx, 'multiple')
      ) {
        return says(`${greeting.text} ${name}, ${roots.roots.length} roots`);
      }
      return inputRequired({
        inputRequests: {
          user_name: ask('What is your name?', oneText('name')),
          greeting: sample('Generate a greeting', 50),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await state.mint({ of: 'multiple' }, ctx),
      });
    },
  },
  {
    name: 'test_input_required_result_multi_round',
    description: 'Asks twice, one after the other.',
    async run(_args, ctx) {
      const round = stateFor(ctx, 'rounds');
      const color = filled(ctx, 'step2', 'color');
      if (round?.name !== undefined && color !== undefined) return says(`${round.name} likes ${color}.`);
      const name = filled(ctx, 'step1', 'name');
      const [key, question, field] =
        round === undefined || name === undefined
          ? ['step1', 'Step 1: What is your name?', 'name']
          : ['step2', 'Step 2: What is your favorite color?', 'color'];
      return inputRequired({
        inputRequests: { [key]: ask(question, oneText(field)) },
        requestState: await state.mint({ of: 'rounds', ...(key === 'step2' ? { name } : {}) }, ctx),
      });
    },
  },
  {
    name: 'test_input_required_result_capabilities',
    description: 'Asks for what the client can give.',
    run(_args, ctx) {
      const can = ctx.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? {};
      const answered = Object.keys(ctx.mcpReq.inputResponses ?? {});
      const inputRequests = {
        ...(can.sampling ? { question: sample('Anything?', 50) } : {}),
        ...(can.elicitation ? { confirm: inputRequired.elicit(confirmation) } : {}),
        ...(can.roots ? { roots: inputRequired.listRoots() } : {}),
      };
      const left = Object.entries(inputRequests).filter(([key]) => !answered.includes(key));
      if (left.length > 0) return inputRequired({ inputRequests: Object.fromEntries(left) });
      return says(`Answered: ${answered.join(', ')}`);
    },
  },
];

/** The state that came back, when it belongs to this tool. */
function stateFor(ctx, of) {
  const carried = ctx.mcpReq.requestState();
  return carried?.of === of ? carried : undefined;
}

/** One confirmation with state. */
async function confirmed(ctx, of, done) {
  if (filled(ctx, 'confirm', 'ok') !== undefined && stateFor(ctx, of) !== undefined) return done();
  return inputRequired({
    inputRequests: { confirm: inputRequired.elicit(confirmation) },
    requestState: await state.mint({ of }, ctx),
  });
}
