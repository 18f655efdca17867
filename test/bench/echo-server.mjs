/**
 * The benchmark's upstream: a stdio MCP server without any SDK, so that what is measured is the gateway. Tools: `echo`
 * (gives back its text), `big` (a result of `bytes` bytes), and as many `tool_N` as the first argument says.
 */
const count = Number(process.argv[2] ?? 0);
const tools = [
  { name: 'echo', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } },
  { name: 'big', inputSchema: { type: 'object', properties: { bytes: { type: 'integer' } } } },
];
for (let i = tools.length; i < count; i++) {
  tools.push({
    name: `tool_${i}`,
    description: `Tool number ${i}, with a description of a usual length so that lists weigh what they weigh in life.`,
    inputSchema: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'integer' } },
      required: ['a'],
    },
  });
}
let rest = '';
let out = '';

function answer(id, result) {
  if (out === '') setImmediate(flush);
  out += `${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`;
}

function flush() {
  const text = out;
  out = '';
  process.stdout.write(text);
}

process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const { id, method, params } = JSON.parse(line);
    if (method === 'initialize') {
      answer(id, {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'echo', version: '1' },
      });
    } else if (method === 'tools/list') answer(id, { tools });
    else if (method === 'tools/call') {
      const text = params.name === 'big' ? 'x'.repeat(params.arguments.bytes) : params.arguments.text;
      answer(id, { content: [{ type: 'text', text }] });
    } else if (id !== undefined) answer(id, {});
  }
});
process.stdin.on('end', () => process.exit(0));
