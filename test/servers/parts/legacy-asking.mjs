/**
 * What the fixture of 2026-07-28 asks for between the rounds of a call, asked in the manner of 2025: while the call runs.
 * Directly no scenario calls these; through a gateway, clients of 2026 do. Keeps nothing.
 */
import { says, text, texts } from './content.mjs';

const confirmation = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
const sampling = (words) => ({ messages: [{ role: 'user', content: text(words) }], maxTokens: 50 });

/** @param {import('@modelcontextprotocol/sdk/server/index.js').Server} server */
export function patientTools(server) {
  /** The three questions, each belonging to the request that runs. */
  const asks = ({ requestId }) => {
    const related = { relatedRequestId: requestId };
    return {
      user: (message, requestedSchema) => server.elicitInput({ message, requestedSchema }, related),
      model: (words) => server.createMessage(sampling(words), related),
      roots: () => server.listRoots(undefined, related),
    };
  };
  const confirmed = (words) => async (_args, extra) => {
    const { action } = await asks(extra).user('Please confirm', confirmation);
    return says(`${words} (${action})`);
  };
  return [
    {
      name: 'test_input_required_result_elicitation',
      description: 'Asks for a name.',
      async run(_args, extra) {
        const { content } = await asks(extra).user('What is your name?', texts('name'));
        return says(`Hello, ${content?.name}!`);
      },
    },
    {
      name: 'test_input_required_result_sampling',
      description: "Asks the client's model for a capital.",
      async run(_args, extra) {
        const { content } = await asks(extra).model('What is the capital of France?');
        return says(`The model says: ${content.text}`);
      },
    },
    {
      name: 'test_input_required_result_list_roots',
      description: "Asks for the client's roots.",
      async run(_args, extra) {
        const { roots } = await asks(extra).roots();
        return says(`Roots: ${roots.map(({ uri }) => uri).join(', ')}`);
      },
    },
    {
      name: 'test_input_required_result_multiple_inputs',
      description: 'Asks for three things at once.',
      async run(_args, extra) {
        const { user, model, roots } = asks(extra);
        const answers = await Promise.all([
          user('What is your name?', texts('name')),
          model('Generate a greeting'),
          roots(),
        ]);
        return says(
          `${answers[1].content.text} ${answers[0].content?.name}, ${answers[2].roots.length} roots`,
        );
      },
    },
    {
      name: 'test_input_required_result_multi_round',
      description: 'Asks twice, one after the other.',
      async run(_args, extra) {
        const { user } = asks(extra);
        const first = await user('Step 1: What is your name?', texts('name'));
        const second = await user('Step 2: What is your favorite color?', texts('color'));
        return says(`${first.content?.name} likes ${second.content?.color}.`);
      },
    },
    {
      name: 'test_input_required_result_capabilities',
      description: 'Asks for what the client can give.',
      async run(_args, extra) {
        const can = server.getClientCapabilities() ?? {};
        const { user, model } = asks(extra);
        if (can.sampling) await model('Anything?');
        if (can.elicitation) await user('Please confirm', confirmation);
        return says('Answered.');
      },
    },
    { name: 'test_input_required_result_request_state', description: 'Asks.', run: confirmed('state-ok') },
    { name: 'test_input_required_result_tampered_state', description: 'Asks.', run: confirmed('untouched') },
    { name: 'test_streaming_elicitation', description: 'Asks in the middle.', run: confirmed('confirmed') },
    {
      name: 'test_missing_capability',
      description: 'Cannot work without sampling.',
      async run(_args, extra) {
        await asks(extra).model('Anything.');
        return says('It could.');
      },
    },
    {
      name: 'test_logging_tool',
      description: 'Logs while it runs.',
      async run(_args, { log }) {
        await log('Tool execution started');
        return says('Logged.');
      },
    },
  ];
}

/** A prompt that asks before it answers. */
export function patientPrompt(server) {
  return {
    name: 'test_input_required_result_prompt',
    description: 'A prompt that asks the user first.',
    arguments: [],
    async messages(_args, { requestId }) {
      const message = 'What context should the prompt use?';
      const asked = { message, requestedSchema: texts('context') };
      const { content } = await server.elicitInput(asked, { relatedRequestId: requestId });
      return [{ role: 'user', content: text(`In the context: ${content?.context}`) }];
    },
  };
}
