/**
 * A fixture server of 2026-07-28 for the MCP conformance suite. `[PORT]` (0 or nothing: a free one) serves streamable HTTP
 * at /mcp, `--stdio` stdin and stdout. `--era modern` (what it does unasked) refuses clients of 2025, `--era dual` serves
 * them too: over HTTP with sessions, over stdio by translating. Over HTTP the first line of stdout says where it listens;
 * it ends with SIGTERM, or over stdio with the end of input.
 */
import { parseArgs } from 'node:util';
import { toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { streamableSessions } from './parts/legacy-http.mjs';
import { legacyServer } from './parts/legacy-server.mjs';
import { listen, refuse } from './parts/listen.mjs';
import { modernServer } from './parts/modern-server.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { stdio: { type: 'boolean' }, era: { type: 'string', default: 'modern' } },
});
if (!['modern', 'dual'].includes(values.era)) throw new Error('--era is modern or dual');
const dual = values.era === 'dual';

if (values.stdio) serveStdio(() => modernServer(), { legacy: dual ? 'serve' : 'reject' });
else await serveHttp(Number(positionals[0] ?? 0));

/** @param {number} port */
async function serveHttp(port) {
  // A server lives as long as its request: it reaches those who listen through the handler only.
  const handler = createMcpHandler(
    () => modernServer({ tools: handler.notify.toolsChanged, prompts: handler.notify.promptsChanged }),
    { legacy: 'reject' },
  );
  const modern = toNodeHandler(handler);
  const legacy = streamableSessions(legacyServer);
  await listen(port, '/mcp', async (req, res, path) => {
    if (path !== '/mcp') return refuse(res, 404, 'Not here');
    if (!dual) return modern(req, res);
    // The body can be read only once.
    const body = req.method === 'POST' ? await bodyOf(req) : undefined;
    const request = await toWebRequest(req, body ?? {});
    return (await isLegacyRequest(request, body)) ? legacy.handle(req, res, body) : modern(req, res, body);
  });
}

/** @param {import('node:http').IncomingMessage} req */
async function bodyOf(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
