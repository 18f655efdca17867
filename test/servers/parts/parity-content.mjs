/**
 * What the parity fixtures of both eras have in common: their lists, page by page, and what they remember for as long as
 * the process lives.
 */

/** Keys of calls that were cancelled. */
export const cancelled = new Set();
/** Keys of calls that run now. */
export const running = new Set();
/** Tools that were added while running. */
export const added = [];

const schema = { type: 'object' };

const fixed = [
  'echo',
  'slow',
  'was_cancelled',
  'is_running',
  'add_tool',
  'touch',
  'ask_roots',
  'ask_sampling',
  'ask_elicitation',
  'ask_url',
  'log',
  'fail',
].map((name) => ({ name, description: `Fixture ${name}`, inputSchema: schema }));

/** All tools as of now. */
export function tools() {
  return [...fixed, ...added.map((name) => ({ name, inputSchema: schema }))];
}

export const prompts = Array.from({ length: 12 }, (_, i) => ({ name: `prompt_${i}`, title: `Prompt ${i}` }));
export const resources = Array.from({ length: 25 }, (_, i) => ({
  uri: `note://${i}`,
  name: `note ${i}`,
  mimeType: 'text/plain',
}));
export const templates = [{ uriTemplate: 'page://{name}', name: 'page', title: 'A page' }];

/** One page of a list, with the cursor of the next. */
export function page(kind, items, params, size = 5) {
  const from = Number(params?.cursor ?? 0);
  const next = from + size < items.length ? { nextCursor: String(from + size) } : {};
  return { [kind]: items.slice(from, from + size), ...next };
}

export const text = (words) => ({ content: [{ type: 'text', text: words }] });

export const completions = ({ argument }) => {
  const values = ['alpha', 'beta', 'gamma'].filter((word) => word.startsWith(argument.value));
  return { completion: { values, total: values.length, hasMore: false } };
};

export const form = {
  message: 'Which color?',
  requestedSchema: { type: 'object', properties: { color: { type: 'string' } }, required: ['color'] },
};

export const sampling = (words) => ({
  messages: [{ role: 'user', content: { type: 'text', text: words } }],
  maxTokens: 50,
});

/** Runs until it is cancelled or has taken all its steps; says progress at each. */
export async function slow({ key = '', steps = 3, ms = 10 }, signal, progress) {
  running.add(key);
  try {
    for (let step = 1; step <= steps; step++) {
      await new Promise((wake) => setTimeout(wake, ms));
      if (signal.aborted) {
        cancelled.add(key);
        return text('cancelled');
      }
      await progress(step, steps);
    }
    // The SDK's client forgets a progress handler with the answer: what comes in one piece with it would be lost there.
    await new Promise((wake) => setTimeout(wake, ms));
    return text(`done ${key}`);
  } finally {
    running.delete(key);
  }
}
