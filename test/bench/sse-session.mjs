/**
 * A session of the old HTTP+SSE transport (revision 2024-11-05), which some peers speak only: requests go out by POST
 * and are answered 202; their results come on one shared stream.
 */
import { connect } from 'node:net';
import { HttpLane } from './http-lane.mjs';

const EVENT_END = Buffer.from('\n\n');
const ID_KEY = '"id":';

/**
 * Opens the stream; resolves when the server has said where to send requests.
 * @param {string} url of the stream
 */
export async function openSseSession(url) {
  const stream = new EventStream(url);
  const endpoint = new URL(await stream.endpoint, url).href;
  return new SseSession(stream, endpoint);
}

class SseSession {
  constructor(stream, endpoint) {
    this.stream = stream;
    this.endpoint = endpoint;
  }

  /** A socket for requests of this session, with one under way. */
  lane() {
    const post = new HttpLane(this.endpoint, {});
    return {
      send: async (body, id) => {
        const event = this.stream.wait(id);
        await post.send(body);
        return { bytes: await event, bodyAt: 0, head: '' };
      },
      close: () => post.close(),
    };
  }

  /** Hangs up. */
  close() {
    this.stream.close();
  }
}

/** Reads the stream: takes the frames of chunked coding out, cuts events, hands each to who waits for its id. */
class EventStream {
  constructor(url) {
    const { pathname, search, host, port, hostname } = new URL(url);
    this.waiting = new Map();
    this.raw = null;
    this.inHead = true;
    this.left = 0;
    this.pieces = [];
    this.endpoint = new Promise((resolve, reject) => {
      this.onEndpoint = resolve;
      this.onBroken = reject;
    });
    this.socket = connect(Number(port), hostname);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => this.broken(error));
    this.socket.on('close', () => this.broken(new Error('the stream was closed')));
    this.socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\n\r\n`,
    );
  }

  wait(id) {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  take(chunk) {
    let bytes = this.raw === null ? chunk : Buffer.concat([this.raw, chunk]);
    this.raw = null;
    if (this.inHead) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) {
        this.raw = bytes;
        return;
      }
      if (bytes.toString('latin1', 9, 12) !== '200')
        return this.broken(new Error(bytes.toString('latin1', 0, end)));
      this.inHead = false;
      bytes = bytes.subarray(end + 4);
    }
    for (let at = 0; at < bytes.length; ) {
      if (this.left > 0) {
        const piece = bytes.subarray(at, at + this.left);
        at += piece.length;
        this.left -= piece.length;
        this.add(piece);
        continue;
      }
      // The size of the next chunk stands on a line of its own, after the line break of the one before.
      const from = bytes[at] === 0x0d ? at + 2 : at;
      const line = bytes.indexOf('\r\n', from);
      if (line === -1) {
        this.raw = bytes.subarray(at);
        return;
      }
      this.left = Number.parseInt(bytes.toString('latin1', from, line), 16);
      at = line + 2;
      if (this.left === 0) return this.broken(new Error('the stream has ended'));
    }
  }

  add(piece) {
    this.pieces.push(piece);
    if (piece.indexOf(EVENT_END) === -1 && piece[0] !== 0x0a) return;
    let text = this.pieces.length === 1 ? piece : Buffer.concat(this.pieces);
    for (let end = text.indexOf(EVENT_END); end !== -1; end = text.indexOf(EVENT_END)) {
      this.event(text.subarray(0, end));
      text = text.subarray(end + 2);
    }
    this.pieces = text.length === 0 ? [] : [text];
  }

  event(bytes) {
    const at = bytes.lastIndexOf(ID_KEY);
    if (at === -1) {
      const endpoint = /^event: endpoint\r?\ndata: (.*)$/.exec(bytes.toString('latin1', 0, 500));
      if (endpoint !== null) this.onEndpoint(endpoint[1].trim());
      return;
    }
    const id = Number.parseInt(bytes.toString('latin1', at + ID_KEY.length, at + ID_KEY.length + 16), 10);
    this.waiting.get(id)?.resolve(bytes);
    this.waiting.delete(id);
  }

  broken(error) {
    this.onBroken(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  close() {
    this.socket.removeAllListeners('close');
    this.socket.on('error', () => undefined);
    this.socket.destroy();
  }
}
