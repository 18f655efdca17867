/**
 * Sessions over the HTTP transports of 2025: streamable HTTP with resumable streams, and HTTP+SSE of 2024-11-05. A session
 * ends with its DELETE, or for HTTP+SSE with its stream.
 */
import { randomUUID } from 'node:crypto';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { memoryEvents } from './event-store.mjs';
import { refuse } from './listen.mjs';

/** Milliseconds after which a client that was cut off should come back. */
const retryMs = 100;

/**
 * @param {() => import('@modelcontextprotocol/sdk/server/index.js').Server} buildServer for each session
 */
export function streamableSessions(buildServer) {
  /** @type {Map<string, StreamableHTTPServerTransport>} */
  const sessions = new Map();

  /** What asks without a session is an `initialize`; the transport refuses all else. */
  const open = async () => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      eventStore: memoryEvents(),
      retryInterval: retryMs,
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
      },
      onsessionclosed: (id) => {
        sessions.delete(id);
      },
    });
    await buildServer().connect(transport);
    return transport;
  };

  return {
    /**
     * @param {import('node:http').IncomingMessage} req
     * @param {import('node:http').ServerResponse} res
     * @param {unknown} [body] parsed already
     */
    async handle(req, res, body) {
      const id = req.headers['mcp-session-id'];
      if (id !== undefined && !sessions.has(String(id))) return refuse(res, 404, 'Session not found');
      const transport = id === undefined ? await open() : sessions.get(String(id));
      return transport?.handleRequest(req, res, body);
    },
  };
}

/**
 * @param {() => import('@modelcontextprotocol/sdk/server/index.js').Server} buildServer for each session
 */
export function sseSessions(buildServer) {
  /** @type {Map<string, SSEServerTransport>} */
  const sessions = new Map();
  return {
    /** GET /sse opens a session and its stream. */
    async stream(_req, res) {
      const transport = new SSEServerTransport('/messages', res);
      sessions.set(transport.sessionId, transport);
      res.on('close', () => sessions.delete(transport.sessionId));
      await buildServer().connect(transport);
    },
    /** POST /messages?sessionId=... is one message. */
    async message(req, res) {
      const id = new URL(req.url ?? '/', 'http://localhost').searchParams.get('sessionId') ?? '';
      const transport = sessions.get(id);
      return transport === undefined
        ? refuse(res, 404, 'Session not found')
        : transport.handlePostMessage(req, res);
    },
  };
}
