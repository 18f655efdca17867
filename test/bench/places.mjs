/** Where the benchmark finds things, and the servers behind everything that it measures. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a run leaves behind. */
export const resultsFile = join(root, 'dist', 'bench.json');

const here = (name) => join(root, 'test', 'bench', name);

/** Programs of the benchmark. */
export const programs = {
  collect: here('collect.mjs'),
  echo: here('echo-server.mjs'),
  echoHttp: here('echo-http.mjs'),
  floors: here('floors.mjs'),
};

/**
 * The configuration of `count` stdio servers with so many tools each, as every MCP client writes it.
 * @returns {Record<string, { command: string, args: string[] }>}
 */
export function stdioServers(count, toolsEach) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `s${i}`,
      { command: process.execPath, args: [programs.echo, String(toolsEach)] },
    ]),
  );
}

/** What a gateway calls a tool of one of these servers; mcp-hub and we spell it alike. */
export function toolOf(server, tool = 'echo') {
  return `s${server}__${tool}`;
}
