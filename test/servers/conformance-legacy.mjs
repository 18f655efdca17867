/**
 * A fixture server of 2025-11-25 with sessions, for the MCP conformance suite. `[PORT]` (0 or nothing: a free one) serves
 * streamable HTTP at /mcp, `[PORT] --sse` HTTP+SSE at /sse, `--stdio` stdin and stdout. Over HTTP the first line of stdout
 * says where it listens; it ends with SIGTERM, or over stdio with the end of input.
 */
import { parseArgs } from 'node:util';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { sseSessions, streamableSessions } from './parts/legacy-http.mjs';
import { legacyServer } from './parts/legacy-server.mjs';
import { listen, refuse } from './parts/listen.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { stdio: { type: 'boolean' }, sse: { type: 'boolean' } },
});
const port = Number(positionals[0] ?? 0);

if (values.stdio) {
  process.stdin.on('end', () => process.exit(0));
  await legacyServer().connect(new StdioServerTransport());
} else if (values.sse) {
  const { stream, message } = sseSessions(legacyServer);
  await listen(port, '/sse', (req, res, path) => {
    if (req.method === 'GET' && path === '/sse') return stream(req, res);
    if (req.method === 'POST' && path === '/messages') return message(req, res);
    // A client that tries the newer transport first learns here that this is the old one.
    return refuse(res, path === '/sse' ? 405 : 404, 'Not here');
  });
} else {
  const { handle } = streamableSessions(legacyServer);
  await listen(port, '/mcp', (req, res, path) =>
    path === '/mcp' ? handle(req, res) : refuse(res, 404, 'Not here'),
  );
}
