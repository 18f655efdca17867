/**
 * One raw keep-alive socket with one HTTP request under way: it costs little beside what it measures. Understands what
 * servers answer with: a length, or chunks (plain or as an event stream).
 */
import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

/** A socket to one server. */
export class HttpLane {
  /**
   * @param {string} url
   * @param {Record<string, string>} headers sent with every request
   */
  constructor(url, headers) {
    const { pathname, search, host, port, hostname } = new URL(url);
    this.head =
      `POST ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
      'Accept: application/json, text/event-stream\r\n' +
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('');
    this.chunks = [];
    this.size = 0;
    this.bodyAt = -1;
    this.need = -1;
    this.socket = connect(Number(port), hostname);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => this.fail?.(error));
    this.socket.on('close', () => this.fail?.(new Error('closed')));
  }

  /**
   * Sends one body. Resolves with the whole answer: its bytes, where its body begins, its head as text.
   * Rejects on any status that is not 2xx and when the socket breaks.
   * @param {string} body
   * @returns {Promise<{ bytes: Buffer, bodyAt: number, head: string }>}
   */
  send(body) {
    return new Promise((resolve, reject) => {
      this.done = resolve;
      this.fail = reject;
      this.socket.write(`${this.head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  take(chunk) {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.bodyAt < 0 && !this.readHead()) return;
    if (this.need >= 0 ? this.size < this.need : !this.lastChunkIsHere()) return;
    const bytes = this.joined();
    const { bodyAt, headText } = this;
    this.chunks = [];
    this.size = 0;
    this.bodyAt = -1;
    if (headText.startsWith('HTTP/1.1 2')) this.done({ bytes, bodyAt, head: headText });
    else
      this.fail(
        new Error(`${headText.split('\r\n', 1)[0]}: ${bytes.toString('utf8', bodyAt, bodyAt + 300)}`),
      );
  }

  readHead() {
    const bytes = this.joined();
    const end = bytes.indexOf(HEAD_END);
    if (end === -1) return false;
    this.bodyAt = end + 4;
    this.headText = bytes.toString('latin1', 0, end);
    const length = /content-length: (\d+)/i.exec(this.headText);
    this.need = length === null ? -1 : this.bodyAt + Number(length[1]);
    return true;
  }

  /** Only the last bytes are looked at: no JSON text holds this sequence. */
  lastChunkIsHere() {
    const last = this.chunks.at(-1);
    const tail = last.length >= LAST_CHUNK.length ? last : this.joined();
    return tail.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
  }

  joined() {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0];
  }

  close() {
    this.fail = () => undefined;
    this.socket.destroy();
  }
}

/** The answer's body with the frames of its chunks taken out. */
export function plainBody({ bytes, bodyAt, head }) {
  if (!/transfer-encoding: chunked/i.test(head)) return bytes.subarray(bodyAt);
  const pieces = [];
  for (let at = bodyAt; at < bytes.length; ) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (!(size > 0)) break;
    pieces.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return Buffer.concat(pieces);
}
