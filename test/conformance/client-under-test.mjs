/**
 * The client that the conformance suite judges: a Gatehouse in front of the suite's server, with a person at a browser
 * who agrees to everything, and an MCP client that lists and calls what there is. The suite gives the server's address
 * as the last argument, and what else the scenario needs in MCP_CONFORMANCE_CONTEXT.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../out/cli.js', import.meta.url));
const url = process.argv.at(-1) ?? '';
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const node = process.env.GATEHOUSE_NODE ?? process.execPath;

/** What the suite's metadata document server takes for ours. */
const clientMetadataUrl = 'https://conformance-test.local/client-metadata.json';

function entry() {
  const machine = (process.env.MCP_CONFORMANCE_SCENARIO ?? '').includes('client-credentials');
  return {
    url,
    oauth: {
      clientMetadataUrl,
      ...(context.client_id === undefined ? {} : { clientId: context.client_id }),
      ...(context.client_secret === undefined ? {} : { clientSecret: context.client_secret }),
      ...(context.private_key_pem === undefined ? {} : { privateKey: context.private_key_pem }),
      ...(context.signing_algorithm === undefined ? {} : { keyAlgorithm: context.signing_algorithm }),
      ...(machine ? { grant: 'client-credentials' } : {}),
    },
  };
}

const dataDir = mkdtempSync(join(tmpdir(), 'gh-cf-'));
writeFileSync(join(dataDir, 'config.json'), JSON.stringify({ mcpServers: { suite: entry() } }));
const gateway = spawn(node, [cli, 'serve', '--data-dir', dataDir, '--listen', '127.0.0.1:0', '--no-auth'], {
  env: { PATH: process.env.PATH, HOME: dataDir, GATEHOUSE_KEYCHAIN: 'off' },
  stdio: ['ignore', 'pipe', 'inherit'],
});

/** @param {string} name @param {object} args */
function command(name, args) {
  return new Promise((resolve, reject) => {
    const socketPath = join(dataDir, 'run', 'gatehouse.sock');
    const ask = request({ socketPath, path: '/_local/command', method: 'POST' }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    });
    ask.on('error', reject);
    ask.end(JSON.stringify({ name, args }));
  });
}

const state = async () => {
  const result = await command('snapshot.get', {});
  return result.value.servers[0];
};

/** A person who signs in whenever a browser opens, or when nothing else can help. */
const person = { busy: true };
const opened = new Set();
async function watch() {
  while (person.busy) {
    const now = await state();
    const wanted = now.signIn?.state === 'waiting' || (now.state === 'signing-in' && opened.size < 4);
    if (wanted) {
      const begun = await command('server.signIn', { server: 'suite' });
      const address = begun.value?.url ?? '';
      if (!begun.ok) process.stderr.write(`${begun.error.code}: ${begun.error.message}\n`);
      if (!begun.ok || address === '') opened.add(opened.size);
      else if (!opened.has(address)) {
        opened.add(address);
        await fetch(address).then((response) => response.text());
      }
    }
    await pause(50);
  }
}

/** @param {string} endpoint */
async function client(endpoint) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
  /** @type {Record<string, string>} */
  let session = {};
  let id = 0;
  const send = async (/** @type {object} */ message) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    const response = await fetch(endpoint, { method: 'POST', headers: { ...headers, ...session }, body });
    const given = response.headers.get('mcp-session-id');
    if (given !== null) session = { 'Mcp-Session-Id': given };
    const text = await response.text();
    const last = text.startsWith('{')
      ? text
      : text
          .split('\n')
          .findLast((line) => line.startsWith('data: {'))
          ?.slice(6);
    return last === undefined ? {} : JSON.parse(last);
  };
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'suite', version: '1' },
  };
  await send({ id: ++id, method: 'initialize', params });
  await send({ method: 'notifications/initialized' });
  const { result } = await send({ id: ++id, method: 'tools/list' });
  for (const { name } of result?.tools ?? []) {
    const answer = await send({ id: ++id, method: 'tools/call', params: { name, arguments: {} } });
    if (answer.error !== undefined) process.stderr.write(`${JSON.stringify(answer.error)}\n`);
  }
}

try {
  const ready = await new Promise((resolve, reject) => {
    gateway.stdout.once('data', (chunk) => resolve(JSON.parse(String(chunk))));
    gateway.once('exit', () => reject(new Error('the gateway ended')));
  });
  const watching = watch();
  for (let waited = 0; waited < 1_200; waited++) {
    const now = await state();
    if (now.state === 'ready' || (now.state !== 'starting' && opened.size >= 3) || now.state === 'failed')
      break;
    await pause(50);
  }
  await client(`${ready.endpoint.replace(/\/mcp$/, '')}/servers/suite/mcp`);
  if (process.env.MCP_CONFORMANCE_SCENARIO === 'auth/authorization-server-migration') {
    await client(`${ready.endpoint.replace(/\/mcp$/, '')}/servers/suite/mcp`);
  }
  person.busy = false;
  await watching;
} finally {
  const gone = new Promise((resolve) => gateway.once('exit', resolve));
  gateway.kill('SIGTERM');
  await gone;
  rmSync(dataDir, { recursive: true, force: true });
}
