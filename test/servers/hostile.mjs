/**
 * A hostile MCP server for containment tests: its one tool does what it is told to break out, and says what came of it. Needs
 * nothing but Node.js.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';

const MB = 1024 * 1024;

/** @type {Record<string, (...words: string[]) => unknown>} */
const attempts = {
  write: (path) => {
    writeFileSync(path, 'x');
    return 'written';
  },
  read: (path) => {
    try {
      return readFileSync(path, 'latin1');
    } catch (error) {
      if (error.code !== 'EISDIR') throw error;
      return readdirSync(path).join(' ');
    }
  },
  unix: (path) =>
    new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('connect', () => {
        socket.destroy();
        resolve('connected');
      });
      socket.once('error', reject);
    }),
  remove: (path) => {
    rmSync(path);
    return 'removed';
  },
  exists: (path) => statSync(path).mode.toString(8),
  env: () => JSON.stringify(process.env),
  argv: () => JSON.stringify(process.argv),
  whoami: () =>
    JSON.stringify({ uid: process.getuid?.(), gid: process.getgid?.(), groups: process.getgroups?.() }),
  status: () => readFileSync('/proc/self/status', 'latin1'),
  processes: () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .join(' '),
  parent: () => readFileSync('/proc/1/environ', 'latin1') + readFileSync('/proc/1/cmdline', 'latin1'),
  interfaces: () => JSON.stringify(networkInterfaces()),
  route: () => readFileSync('/proc/net/route', 'latin1'),
  run: (...words) =>
    execFileSync(words[0], words.slice(1), { encoding: 'latin1', stdio: 'pipe', timeout: 10_000 }),
  name: async (host) => JSON.stringify(await lookup(host, { all: true })),
  connect: (host, port) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port: Number(port), timeout: 3_000 });
      socket.once('connect', () => {
        socket.destroy();
        resolve('connected');
      });
      socket.once('timeout', () => {
        socket.destroy();
        reject(new Error('timeout'));
      });
      socket.once('error', reject);
    }),
  udp: (host, port) =>
    new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      socket.once('error', reject);
      socket.send('data', Number(port), host, (error) => {
        socket.close();
        if (error) reject(error);
        else resolve('sent');
      });
    }),
  get: (url, proxy) =>
    new Promise((resolve, reject) => {
      const { hostname, port, pathname } = new URL(url);
      const by = proxy ? new URL(process.env.HTTP_PROXY ?? 'http://127.0.0.1:1') : null;
      const options = by
        ? { host: by.hostname, port: by.port, path: url, headers: { Host: hostname } }
        : { host: hostname, port: port || 80, path: pathname };
      const ask = request({ ...options, timeout: 4_000 }, (answer) => {
        let body = '';
        answer.on('data', (chunk) => (body += chunk));
        answer.on('end', () => resolve(`${answer.statusCode} ${body}`));
      });
      ask.on('timeout', () => ask.destroy(new Error('timeout')));
      ask.on('error', reject);
      ask.end();
    }),
  /** Says exactly this to the proxy (or another place) and gives the first line of its answer; `{n}` is filled up to n letters. */
  raw: (text, port = '3128') =>
    new Promise((resolve, reject) => {
      const host = new URL(process.env.HTTP_PROXY ?? 'http://127.0.0.1').hostname;
      const socket = connect({ host, port: Number(port), timeout: 12_000 });
      socket.once('connect', () =>
        socket.write(text.replaceAll('\n', '\r\n').replace(/\{(\d+)\}/g, (_all, n) => 'a'.repeat(Number(n)))),
      );
      socket.once('data', (chunk) => {
        socket.destroy();
        resolve(chunk.toString('latin1').split('\r\n')[0]);
      });
      socket.once('timeout', () => socket.destroy(new Error('timeout')));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed')));
    }),
  tls: (host, sni) =>
    new Promise((resolve, reject) => {
      const socket = connectTls({
        ...{
          host,
          port: 443,
          servername: sni ?? host,
          ciphers: 'PSK',
          maxVersion: 'TLSv1.2',
          timeout: 4_000,
        },
        pskCallback: () => ({ psk: Buffer.alloc(32, 7), identity: 'x' }),
        checkServerIdentity: () => undefined,
      });
      socket.once('data', (chunk) => {
        socket.destroy();
        resolve(chunk.toString());
      });
      socket.once('timeout', () => {
        socket.destroy();
        reject(new Error('timeout'));
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed')));
    }),
  forks: (wanted) => {
    let failed = '';
    const children = [];
    for (let i = 0; i < Number(wanted); i++) {
      const child = spawn('sleep', ['30']);
      child.on('error', () => undefined);
      if (child.pid === undefined) {
        failed = 'refused';
        break;
      }
      children.push(child);
    }
    for (const child of children) child.kill('SIGKILL');
    return `${children.length} ${failed}`;
  },
  /** As many processes as there may be, for so many milliseconds. */
  crowd: async (ms) => {
    const children = [];
    for (;;) {
      const child = spawn('sleep', ['60']);
      child.on('error', () => undefined);
      if (child.pid === undefined) break;
      children.push(child);
    }
    // The caller says how long they are to live, so that who looks now and then meets them.
    await new Promise((resolve) => setTimeout(resolve, Number(ms)));
    for (const child of children) child.kill('SIGKILL');
    return `${children.length} for ${ms} ms`;
  },
  memory: (mb) => {
    const kept = [];
    for (let i = 0; i < Number(mb); i += 16) kept.push(Buffer.alloc(16 * MB, 1));
    return `held ${kept.length * 16} MB`;
  },
  disk: (path, mb) => {
    mkdirSync(path, { recursive: true });
    const block = Buffer.alloc(4 * MB, 1);
    for (let i = 0; i < Number(mb); i += 4) writeFileSync(`${path}/fill-${i}`, block);
    return `wrote ${mb} MB`;
  },
};

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

async function attempt(id, { what, words = [] }) {
  let text;
  try {
    text = `yes: ${await attempts[what](...words)}`;
  } catch (error) {
    text = `no: ${error.code ?? ''} ${error.message}`;
  }
  send({ id, result: { content: [{ type: 'text', text }] } });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    const serverInfo = { name: 'hostile', version: '1' };
    send({ id, result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } });
  } else if (method === 'tools/list') {
    const inputSchema = {
      type: 'object',
      properties: { what: { type: 'string' }, words: { type: 'array' } },
    };
    send({ id, result: { tools: [{ name: 'attempt', description: 'tries', inputSchema }] } });
  } else if (method === 'tools/call') {
    void attempt(id, params.arguments);
  } else if (id !== undefined) {
    send({ id, error: { code: -32601, message: 'no such method' } });
  }
});
