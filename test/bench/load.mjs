/**
 * The load client: HTTP/1.1 over raw keep-alive sockets, so that it costs little beside what it measures. One request
 * is under way on each socket. Answers are checked for their status and for the id that they must carry.
 */
import { connect } from 'node:net';

/** @typedef {{ url: string, headers: Record<string, string>, body: (id: number) => string }} Target */

/** One socket with one request at a time. */
class Lane {
  constructor(target) {
    const url = new URL(target.url);
    this.target = target;
    this.head =
      `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n` +
      'Accept: application/json, text/event-stream\r\n' +
      Object.entries(target.headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('');
    this.socket = connect(Number(url.port), url.hostname);
    this.socket.setNoDelay(true);
    this.buffer = null;
    this.need = -1;
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => this.fail?.(error));
    this.socket.on('close', () => this.fail?.(new Error('closed')));
  }

  /** Resolves with the body's length; rejects on any fault. */
  call(id) {
    return new Promise((resolve, reject) => {
      this.done = resolve;
      this.fail = reject;
      this.id = id;
      const body = this.target.body(id);
      this.socket.write(`${this.head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  take(chunk) {
    this.buffer = this.buffer === null ? chunk : Buffer.concat([this.buffer, chunk]);
    if (this.need < 0) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = this.buffer.toString('latin1', 0, end);
      if (!head.startsWith('HTTP/1.1 200')) return this.finish(new Error(head.split('\r\n', 1)[0]));
      const length = /content-length: (\d+)/i.exec(head);
      if (length === null) return this.finish(new Error('no content-length'));
      this.bodyAt = end + 4;
      this.need = this.bodyAt + Number(length[1]);
    }
    if (this.buffer.length < this.need) return;
    const checks = this.target.check !== false;
    const good =
      !checks ||
      this.buffer.includes(`"id":${this.id},`, this.bodyAt) ||
      this.buffer.includes(`"id":${this.id}}`, this.bodyAt);
    this.finish(good ? null : new Error('crossed answer'));
  }

  finish(error) {
    const size = this.need - this.bodyAt;
    this.buffer = null;
    this.need = -1;
    if (error === null) this.done(size);
    else this.fail(error);
  }

  close() {
    this.fail = () => undefined;
    this.socket.destroy();
  }
}

let nextId = 1;

/**
 * Keeps `lanes` calls under way for `ms` milliseconds, spread over `targets`.
 * @returns {Promise<{ calls: number, lost: number, seconds: number, latencies: number[] }>} latencies in microseconds
 */
export async function load(targets, lanes, ms) {
  const open = Array.from({ length: lanes }, (_, i) => new Lane(targets[i % targets.length]));
  const latencies = [];
  let calls = 0;
  let lost = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(ms) * 1_000_000n;
  await Promise.all(
    open.map(async (lane) => {
      for (;;) {
        const from = process.hrtime.bigint();
        if (from > end) return;
        try {
          await lane.call(nextId++);
        } catch {
          lost++;
          return;
        }
        calls++;
        latencies.push(Number(process.hrtime.bigint() - from) / 1_000);
      }
    }),
  );
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  for (const lane of open) lane.close();
  return { calls, lost, seconds, latencies };
}

/** Opens an MCP session and returns the headers that its calls need. */
export async function openSession(url, token) {
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
  };
  const initialize = {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(initialize) });
  const session = response.headers.get('mcp-session-id');
  await response.text();
  if (session === null) throw new Error(`no session: ${response.status}`);
  const own = { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), 'Mcp-Session-Id': session };
  await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...own },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
  });
  return own;
}
