/**
 * The bridge: a stdio client on one side, the running app's private socket on the other. Messages pass as bytes.
 * Ends when its input ends.
 */
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { privateSocket } from '../listeners.ts';
import { GatehouseError } from '../protocol/error.ts';
import { scanMessage } from '../protocol/scan.ts';
import { sseDecoder } from '../protocol/sse.ts';
import { errorAnswer, singleLine } from '../protocol/wire.ts';
import { lineSplitter } from '../upstreams/lines.ts';

const NEWLINE = Buffer.from('\n');

/** Where the bridge stands. */
export interface BridgeOptions {
  readonly dataDir: string;
  readonly input: Readable;
  readonly output: Writable;
}

/** Carries messages until the input ends and every answer has left. */
export async function openBridge(options: BridgeOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const socketPath = privateSocket(options.dataDir);
  const underWay = new Set<Promise<void>>();
  let sessionId: string | null = null;
  /** Everything after `initialize` waits for its answer, which names the session. */
  let opening: Promise<void> = Promise.resolve();
  let stream: IncomingMessage | null = null;

  const write = (message: Buffer): void => {
    if (message.length > 0) options.output.write(Buffer.concat([singleLine(message), NEWLINE]));
  };
  const send = (
    method: string,
    body: Buffer | null,
    then: (response: IncomingMessage) => void,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers: OutgoingHttpHeaders = { Accept: 'application/json, text/event-stream' };
      if (body !== null)
        Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': body.length });
      if (sessionId !== null) headers['Mcp-Session-Id'] = sessionId;
      const out = request({ agent, socketPath, path: '/mcp', method, headers }, (response) => {
        response.on('close', () => resolve());
        then(response);
      });
      out.on('error', reject);
      out.end(body);
    });
  const receive = (response: IncomingMessage): void => {
    const id = response.headers['mcp-session-id'];
    if (typeof id === 'string') sessionId = id;
    if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
      const decode = sseDecoder(
        (event) => write(event.data),
        () => response.destroy(),
      );
      response.on('data', decode);
      return;
    }
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => write(Buffer.concat(chunks)));
  };
  const listen = (): void => {
    if (stream !== null) return;
    send('GET', null, (response) => {
      stream = response;
      receive(response);
    }).catch(() => undefined);
  };
  const carry = async (line: Buffer): Promise<void> => {
    const scan = scanMessage(line);
    const isInitialize = scan.kind === 'request' && scan.method === 'initialize';
    const posted = opening.then(() => send('POST', line, receive));
    if (isInitialize) opening = posted.catch(() => undefined);
    try {
      await posted;
      if (scan.method === 'notifications/initialized') listen();
    } catch (cause) {
      if (scan.kind !== 'request') return;
      write(errorAnswer(line.toString('utf8', scan.idStart, scan.idEnd), lost(cause)));
    }
  };

  await new Promise<void>((resolve) => {
    const split = lineSplitter((line) => {
      // The stream's buffer is ours to keep; each line is sent before the next chunk is read.
      const done = carry(line).finally(() => underWay.delete(done));
      underWay.add(done);
    }, resolve);
    options.input.on('data', split);
    options.input.on('end', resolve).on('close', resolve).on('error', resolve);
    options.output.on('error', resolve);
  });
  await Promise.allSettled(underWay);
  // Typed by the callback above, which the compiler does not follow.
  (stream as IncomingMessage | null)?.destroy();
  if (sessionId !== null) await send('DELETE', null, (response) => response.resume()).catch(() => undefined);
  agent.destroy();
}

function lost(cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'bridge.lost',
    message: 'Gatehouse does not answer any more.',
    remedy: 'Start it again, then reconnect this client.',
    cause,
  });
}
