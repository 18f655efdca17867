import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpLane } from './http-lane.mjs';
import { load } from './load.mjs';
import { callerWith, sseCaller } from './sessions.mjs';

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function serve(listener: RequestListener): Promise<string> {
  const opened = createServer(listener);
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}/mcp`;
}

interface Call {
  readonly id: number;
  readonly params: { readonly arguments: { readonly text: string } };
}

/** Reads a body and hands on the call in it. */
function reading(then: (call: Call, response: Parameters<RequestListener>[1]) => void): RequestListener {
  return (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => then(JSON.parse(body) as Call, response));
  };
}

const answerOf = (id: number, text: string): string =>
  JSON.stringify({ result: { content: [{ type: 'text', text }] }, jsonrpc: '2.0', id });

const echo = (url: string) => callerWith(() => new HttpLane(url, {})).tool('echo');

describe('the load client', () => {
  it('takes an answer in one piece and one as an event stream in pieces', async () => {
    let turn = 0;
    const url = await serve(
      reading(({ id, params }, response) => {
        const answer = answerOf(id, params.arguments.text);
        turn += 1;
        if (turn % 2 === 0) return void response.end(answer);
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write('event: message\n');
        response.end(`data: ${answer}\n\n`);
      }),
    );
    // Long enough for both kinds, however busy the computer is.
    const result = await load([echo(url)], 2, 1_000);
    expect(result.faults).toEqual([]);
    expect(result.calls).toBeGreaterThan(2);
  });

  it("notices another call's text under the right id, and another id", async () => {
    const url = await serve(reading(({ id }, response) => void response.end(answerOf(id, 'hello 0'))));
    expect(await load([echo(url)], 3, 50)).toMatchObject({ calls: 0, lost: 3 });
    server?.close();
    const other = await serve(
      reading(({ id, params }, response) => void response.end(answerOf(id + 1, params.arguments.text))),
    );
    expect(await load([echo(other)], 3, 50)).toMatchObject({ calls: 0, lost: 3 });
  });

  it('gives each call of an HTTP+SSE session its own event, whatever the order and the pieces', async () => {
    const waiting: string[] = [];
    let stream: Parameters<RequestListener>[1] | null = null;
    const post = reading(({ id, params }, response) => {
      response.writeHead(202).end('Accepted');
      const text = params.arguments?.text;
      waiting.push(`event: message\ndata: ${answerOf(id, text)}\n\n`);
      if (text === undefined || waiting.length === 2) {
        for (const event of waiting.splice(0).reverse()) {
          stream?.write(event.slice(0, -9));
          stream?.write(event.slice(-9));
        }
      }
    });
    const url = await serve((request, response) => {
      if (request.method !== 'GET') return post(request, response);
      stream = response;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('event: endpoint\ndata: /messages?sessionId=1\n\n');
    });
    const caller = await sseCaller(url);
    const asked = await Promise.all(
      [11, 12].map((id) =>
        caller.ask(JSON.stringify({ id, params: { arguments: { text: `text ${id}` } } }), id),
      ),
    );
    expect(asked[0]).toContain('text 11');
    expect(asked[1]).toContain('text 12');
  });
});
