/**
 * A server that tells everything that it knows: it writes its arguments and environment to its error output, gives them back
 * as results and errors, and dies when it is told to, with them on its lips.
 */
import { createInterface } from 'node:readline';

const known = () =>
  [
    process.argv.slice(2).join(' '),
    ...Object.entries(process.env).map(([name, value]) => `${name}=${value}`),
  ].join('\n');
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

process.stderr.write(`starting with ${known()}\n`);
for (const value of Object.values(process.env)) process.stderr.write(`bare: ${value}\n`);

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === 'initialize') {
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'leaky', version: '1' },
    };
    return send({ id, result });
  }
  if (method === 'tools/list') {
    const tools = ['echo', 'tell', 'fail', 'die'].map((name) => ({ name, inputSchema: { type: 'object' } }));
    return send({ id, result: { tools } });
  }
  if (method !== 'tools/call') return send({ id, error: { code: -32601, message: 'Method not found' } });
  const text = JSON.stringify(params.arguments);
  process.stderr.write(`called with ${text}\n`);
  switch (params.name) {
    case 'tell':
      return send({ id, result: { content: [{ type: 'text', text: known() }] } });
    case 'fail':
      return send({ id, error: { code: -32000, message: `could not: ${known()} ${text}` } });
    case 'die':
      process.stderr.write(`dying with ${known()} ${text}\n`);
      return process.exit(3);
    default:
      return send({ id, result: { content: [{ type: 'text', text }] } });
  }
});
