/**
 * Fetches what real servers list and writes it as the benign part of the scanner's corpus: `node test/trust/corpus/collect.mjs [WORD...]`.
 * Each line names package and version. Run by hand when servers are added or renewed; the tests read the written file only.
 * The servers are installed into a temporary folder without install scripts, started once with no real credentials,
 * asked for their lists, and ended.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Package and version, arguments, and what it insists on in its environment. */
const SERVERS = [
  ['@modelcontextprotocol/server-everything@2026.8.31', ['stdio']],
  ['@modelcontextprotocol/server-filesystem@2026.8.31', ['.']],
  ['@modelcontextprotocol/server-memory@2026.8.31', []],
  ['@modelcontextprotocol/server-sequential-thinking', []],
  ['@modelcontextprotocol/server-github', []],
  ['@playwright/mcp', []],
  ['chrome-devtools-mcp', []],
  ['@upstash/context7-mcp', []],
  ['@wonderwhy-er/desktop-commander', []],
  ['@notionhq/notion-mcp-server', [], { NOTION_TOKEN: 'none' }],
  ['mcp-server-kubernetes', []],
  ['firecrawl-mcp', [], { FIRECRAWL_API_KEY: 'none' }],
  ['@supabase/mcp-server-supabase', ['--access-token', 'none']],
  ['tavily-mcp', [], { TAVILY_API_KEY: 'none' }],
  ['@modelcontextprotocol/server-gitlab', [], { GITLAB_PERSONAL_ACCESS_TOKEN: 'none' }],
  ['@modelcontextprotocol/server-slack', [], { SLACK_BOT_TOKEN: 'xoxb-none', SLACK_TEAM_ID: 'T0' }],
  ['@modelcontextprotocol/server-google-maps', [], { GOOGLE_MAPS_API_KEY: 'none' }],
  ['@modelcontextprotocol/server-brave-search', [], { BRAVE_API_KEY: 'none' }],
  ['@modelcontextprotocol/server-puppeteer', []],
  ['exa-mcp-server', [], { EXA_API_KEY: 'none' }],
  ['figma-developer-mcp', ['--stdio', '--figma-api-key=none']],
  ['mongodb-mcp-server', []],
  ['@sentry/mcp-server', ['--access-token=none']],
  ['n8n-mcp', []],
  ['@hubspot/mcp-server', [], { PRIVATE_APP_ACCESS_TOKEN: 'none' }],
  ['@browsermcp/mcp', []],
  ['@antv/mcp-server-chart', []],
  ['@cyanheads/git-mcp-server', []],
  ['@mapbox/mcp-server', [], { MAPBOX_ACCESS_TOKEN: 'pk.e30.none' }],
  ['@kazuph/mcp-taskmanager', []],
];

const only = process.argv.slice(2);
const out = fileURLToPath(new URL('benign-real.jsonl', import.meta.url));
const lines = [];
for (const [spec, args, env = {}] of SERVERS) {
  if (only.length > 0 && !only.some((word) => spec.includes(word))) continue;
  const root = mkdtempSync(join(tmpdir(), 'gatehouse-corpus-'));
  try {
    const { provenance, items } = await listsOf(root, spec, args, env);
    for (const item of items) lines.push(JSON.stringify({ provenance, ...item }));
    console.error(`${provenance}: ${items.length}`);
  } catch (error) {
    console.error(`${spec}: ${error instanceof Error ? error.message : error}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
// Words on the command line choose servers; what is there of the others stays.
const rest = only.length === 0 || !existsSync(out) ? [] : readFileSync(out, 'utf8').trimEnd().split('\n');
const kept = rest.filter((line) => !only.some((word) => JSON.parse(line).provenance.includes(word)));
writeFileSync(out, `${[...kept, ...lines].join('\n')}\n`);

async function listsOf(root, spec, args, env) {
  const name = spec.replace(/(?<=.)@[^/]*$/, '');
  const installed = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', root, spec],
    {
      encoding: 'utf8',
    },
  );
  if (installed.status !== 0) throw new Error(installed.stderr.slice(0, 500));
  const home = join(root, 'node_modules', name);
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const bins = typeof manifest.bin === 'string' ? [manifest.bin] : Object.values(manifest.bin);
  const child = spawn(process.execPath, [join(home, bins[0]), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  try {
    const ask = exchange(child);
    const { result } = await ask('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'corpus', version: '1' },
    });
    child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    const items = [];
    if (typeof result.instructions === 'string')
      items.push({ kind: 'instructions', definition: result.instructions });
    for (const [kind, method, member] of [
      ['tool', 'tools/list', 'tools'],
      ['prompt', 'prompts/list', 'prompts'],
      ['template', 'resources/templates/list', 'resourceTemplates'],
    ]) {
      const answer = await ask(method, {});
      for (const definition of answer.result?.[member] ?? []) items.push({ kind, definition });
    }
    return { provenance: `${name}@${manifest.version}`, items };
  } finally {
    clearTimeout(limit);
    child.kill('SIGKILL');
  }
}

function exchange(child) {
  let id = 0;
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      const message = JSON.parse(line);
      waiting.get(message.id)?.resolve(message);
    } catch {
      // Not every server keeps its output clean.
    }
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('it ended'));
  });
  return (method, params) =>
    new Promise((resolve, reject) => {
      id += 1;
      waiting.set(id, { resolve, reject });
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
}
