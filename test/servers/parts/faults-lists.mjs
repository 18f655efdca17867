/**
 * Faults in lists: without end, too long, of odd things. Each takes the healthy server of ../faulty.mjs and changes it.
 */
const schema = { type: 'object' };

export const listFaults = {
  /** Every page has another one behind it. */
  'endless-pages': (server) => {
    server.list = (id, params) => {
      const page = Number(params?.cursor ?? 0);
      const tools = page === 0 ? server.tools() : [{ name: `page_${page}`, inputSchema: schema }];
      server.answer(id, { tools, nextCursor: String(page + 1) });
    };
  },
  /** As before, and takes its time for each page. */
  'slow-pages': (server) => {
    server.list = (id, params) => {
      const page = Number(params?.cursor ?? 0);
      setTimeout(() => server.answer(id, { tools: [], nextCursor: String(page + 1) }), 500);
    };
  },
  'repeats-cursor': (server) => {
    server.list = (id) => server.answer(id, { tools: server.tools(), nextCursor: 'again' });
  },
  'duplicate-tools': (server) => {
    server.list = (id) => {
      const double = (description) => ({ name: 'double', description, inputSchema: schema });
      server.answer(id, { tools: [double('one'), ...server.tools(), double('two')] });
    };
  },
  'huge-list': (server) => {
    server.list = (id) => {
      const many = Array.from({ length: 20_000 }, (_, i) => ({ name: `tool_${i}`, inputSchema: schema }));
      server.answer(id, { tools: [...server.tools(), ...many] });
    };
  },
  /** As many tools on one page as fit into a line of some megabytes. */
  'huge-page': (server) => {
    server.list = (id) => {
      const many = Array.from({ length: 500_000 }, (_, i) => `{"name":"t${i}"}`);
      server.say(`{"jsonrpc":"2.0","id":${id},"result":{"tools":[${many.join(',')}]}}`);
    };
  },
  'not-a-list': (server) => {
    server.list = (id) => server.answer(id, { tools: { ok: schema } });
  },
  'deep-list': (server) => {
    server.list = (id) =>
      server.say(
        `{"jsonrpc":"2.0","id":${id},"result":{"tools":[{"name":"deep","inputSchema":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]}}`,
      );
  },
  /** Tools that no client should see, and members of types that no client expects. */
  'odd-tools': (server) => {
    server.list = (id) => {
      const odd = [
        null,
        7,
        'text',
        [],
        {},
        { name: null },
        { name: 5, inputSchema: schema },
        { name: '', inputSchema: schema },
        { name: 'no_schema' },
        { name: 'text_schema', inputSchema: 'object' },
        { name: 'array_schema', inputSchema: [] },
        { name: 'null_schema', inputSchema: null },
        { name: 'string_type', inputSchema: { type: 'string' } },
        { name: 'odd_description', description: { en: 'x' }, inputSchema: schema },
        { name: 'odd_title', title: 5, inputSchema: schema },
        { name: 'odd_annotations', annotations: 'none', inputSchema: schema },
        { name: 'odd_output', outputSchema: 7, inputSchema: schema },
        { name: 'odd_meta', _meta: [], inputSchema: schema },
        { name: 'a/b c\n\u202e"\\', inputSchema: schema },
        { name: '__proto__', inputSchema: schema },
        { name: 'x'.repeat(100_000), inputSchema: schema },
      ];
      server.answer(id, { tools: [...odd, ...server.tools()] });
    };
  },
};
