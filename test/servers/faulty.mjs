/**
 * A fixture server that does one thing wrong, and everything else right: plain JSON-RPC over stdio, no SDK.
 * `--fault NAME` chooses the fault (parts/faults-*.mjs), `--good` none; every other argument is ignored, so that a test
 * can mark its processes. Tools: `fault` does the wrong thing where a call is to do it, `ok` answers, `pid` tells the
 * process id, `seen` how often which method came. Ends with its input.
 */
import { parseArgs } from 'node:util';
import { callFaults } from './parts/faults-calls.mjs';
import { listFaults } from './parts/faults-lists.mjs';
import { processFaults } from './parts/faults-process.mjs';
import { stormFaults } from './parts/faults-storms.mjs';

const { values } = parseArgs({
  options: { fault: { type: 'string' }, good: { type: 'boolean', default: false } },
  strict: false,
});
const faults = { ...processFaults, ...callFaults, ...listFaults, ...stormFaults };

/** How often each method has come. */
const seen = {};

/** What the faults change. */
const server = {
  seen,
  capabilities: { tools: { listChanged: true } },
  serverInfo: { name: values.fault ?? 'good', version: '1' },
  /** Bytes as they are. */
  write: (bytes) => process.stdout.write(bytes),
  /** One message. */
  say: (message) => server.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
  answer: (id, result) => server.say({ jsonrpc: '2.0', id, result }),
  text: (id, text) => server.answer(id, { content: [{ type: 'text', text }] }),
  tools: () => ['fault', 'ok', 'pid', 'seen'].map((name) => ({ name, inputSchema: { type: 'object' } })),
  initialize: (id, { protocolVersion }) =>
    server.answer(id, {
      protocolVersion,
      capabilities: server.capabilities,
      serverInfo: server.serverInfo,
    }),
  list: (id, _params) => server.answer(id, { tools: server.tools() }),
  fault: (id, _params) => server.text(id, 'nothing is wrong'),
  call(id, params) {
    switch (params.name) {
      case 'fault':
        return server.fault(id, params);
      case 'pid':
        return server.text(id, String(process.pid));
      case 'seen':
        return server.text(id, JSON.stringify(seen));
      default:
        return server.text(id, `ok ${params.name}`);
    }
  },
  other(id, method, _params) {
    if (id !== undefined)
      server.say({ jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method}` } });
  },
  receive({ id, method, params }) {
    switch (method) {
      case 'initialize':
        return server.initialize(id, params);
      case 'tools/list':
        return server.list(id, params);
      case 'tools/call':
        return server.call(id, params);
      case undefined:
        return;
      default:
        return server.other(id, method, params);
    }
  },
  ended: () => process.exit(0),
};

function begin() {
  if (!values.good) {
    const fault = faults[values.fault];
    if (fault === undefined) throw new Error(`no such fault: ${values.fault}`);
    fault(server);
  }
  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      const method = message.method ?? 'answer';
      seen[method] = (seen[method] ?? 0) + 1;
      server.receive(message);
    }
  });
  process.stdin.on('end', () => server.ended());
}

begin();
