// The smallest MCP server over stdio that takes its time to end: after its input has ended it needs 700 ms more, as one
// does that saves its work. An app that does not wait for it leaves it behind.
import { createInterface } from 'node:readline';

const results = {
  initialize: (params) => ({
    protocolVersion: params.protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'slow-server', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: [] }),
  ping: () => ({}),
};

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = results[method];
  if (id !== undefined) {
    const body = result ? { result: result(params) } : { error: { code: -32601, message: 'no such method' } };
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`);
  }
});
lines.on('close', () => setTimeout(() => process.exit(0), 700));
