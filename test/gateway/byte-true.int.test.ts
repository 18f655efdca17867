/** What passes the gateway is what was said: compared byte by byte with a server that is asked directly. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type GatewayProcess,
  nodeEntry,
  rawServer,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { type RawClient, rawClient } from '../host/raw-client.ts';

let gateway: GatewayProcess;
let client: RawClient;

beforeAll(async () => {
  gateway = await startGateway({
    servers: {
      raw: nodeEntry(rawServer, '--pages', '4', '--tools', '5'),
      other: nodeEntry(rawServer, '--name', 'o'),
    },
  });
  await untilReady(gateway.base);
  client = await rawClient(gateway.url, gateway.token);
});
afterAll(() => gateway.close());

const received = (answer: string): string =>
  (JSON.parse(answer) as { result: { content: [{ text: string }] } }).result.content[0].text;

describe('requests', () => {
  it('tools/call: arguments reach the server as the client wrote them: big integers, key order, escapes', async () => {
    const args =
      '{"z":12345678901234567890,"a":{"id":9, "n":-0,"e":1.50e+3},"t":"\\u00e4\\ud800 \\/ä","a2":[ 1 ,2]}';
    const line = received(await client.call(1, 'raw__received', args));
    expect(line).toContain(`"arguments":${args}`);
    expect(line).toContain('"name":"received"');
  });

  it('tools/call: a pretty-printed body becomes one line and keeps its meaning', async () => {
    const body =
      '{\n "jsonrpc": "2.0",\r\n "id": 5,\n "method": "tools/call",\n "params": {\n  "name": "raw__received",\n  "arguments": {"a": "b"}\n }\n}';
    const answer = await client.post(body);
    expect(JSON.parse(received(answer.text))).toMatchObject({
      params: { name: 'received', arguments: { a: 'b' } },
    });
  });

  it('tools/call: of repeated keys the server sees only the one that was admitted', async () => {
    const body =
      '{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"other__received","arguments":{},"name":"raw__received"}}';
    const line = received((await client.post(body)).text);
    expect(line.match(/"name"/g)).toHaveLength(1);
  });

  it('unknown members of params and of the message reach the server', async () => {
    const body =
      '{"x-trace":"abc","jsonrpc":"2.0","id":7,"method":"tools/call","params":{"future":{"a":[1]},"name":"raw__received"}}';
    const line = received((await client.post(body)).text);
    expect(line).toContain('"x-trace":"abc"');
    expect(line).toContain('"future":{"a":[1]}');
  });
});

describe('answers', () => {
  it('tools/call: the result comes back as the server wrote it, but for the id', async () => {
    expect(await client.call('mine', 'raw__strange')).toBe(
      '{"result":{"structuredContent":[1,{"id":7}],"content":[{"type":"hologram","n":12345678901234567890,"t":"\\"id\\":3"}], "_meta":{"k":1e400},"zzz":null},"id":"mine","jsonrpc":"2.0"}',
    );
  });

  it('errors keep code, message and data', async () => {
    expect(await client.call(8, 'raw__refuse')).toBe(
      '{"jsonrpc":"2.0","id":8,"error":{"code":-32042,"message":"URL needed: \\u00e4","data":{"elicitations":[{"n":9007199254740993}]}}}',
    );
  });

  it.each(['"abc"', '"12"', '7', '-3', '9007199254740993', '"\\u00e4\\n"', '"a\\"id\\":5"', '1.5'])(
    'the id %s comes back as it was sent',
    async (id) => {
      const answer = await client.post(
        `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"raw__pid","arguments":{}}}`,
      );
      expect(answer.text).toContain(`"id":${id}`);
      expect(answer.status).toBe(200);
    },
  );

  it('tools/list: every page of every server, each tool as its server wrote it, but for the name', async () => {
    const answer = await client.post('{"jsonrpc":"2.0","id":9,"method":"tools/list"}');
    const { tools } = (JSON.parse(answer.text) as { result: { tools: { name: string }[] } }).result;
    expect(tools.filter((tool) => tool.name.startsWith('raw__'))).toHaveLength(15);
    expect(tools.filter((tool) => tool.name.startsWith('other__'))).toHaveLength(10);
    expect(answer.text).toContain(
      '{"x-own":{"n":9007199254740993},"name":"raw__pid","inputSchema":{"type":"object"}}',
    );
  });
});

describe('progress and cancellation', () => {
  it('basic/utilities/progress: notifications come before the answer, with the token of the client', async () => {
    const text = await client.call(20, 'raw__slow', '{"ms":100}', '{"progressToken":"tok-ä"}');
    const events = text.split('\n\n').flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? []);
    expect(events.length).toBeGreaterThan(2);
    expect(events[0]).toBe(
      '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1,"x":1e400,"progressToken":"tok-ä"}}',
    );
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({
      id: 20,
      result: { content: [{ type: 'text' }] },
    });
  });

  it('equal progress tokens and ids of two clients do not meet', async () => {
    const second = await rawClient(gateway.url, gateway.token);
    const [one, two] = await Promise.all([
      client.call(30, 'raw__slow', '{"ms":150}', '{"progressToken":1}'),
      second.call(30, 'raw__slow', '{"ms":40}', '{"progressToken":1}'),
    ]);
    const steps = (text: string): number => text.match(/notifications\/progress/g)?.length ?? 0;
    expect(steps(one)).toBeGreaterThan(steps(two));
    await second.end();
  });

  it('basic/utilities/cancellation: the notification reaches the server under the id that it knows', async () => {
    const before = JSON.parse(received(await client.call(40, 'raw__cancelled'))) as number[];
    const call = client.post(
      '{"jsonrpc":"2.0","id":"c1","method":"tools/call","params":{"name":"raw__slow","arguments":{"ms":20000}}}',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.post('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c1"}}');
    expect((await call).text).toBe('');
    const after = JSON.parse(received(await client.call(41, 'raw__cancelled'))) as number[];
    expect(after).toHaveLength(before.length + 1);
    expect(typeof after.at(-1)).toBe('number');
  });

  it('a client that hangs up cancels its call', async () => {
    const before = JSON.parse(received(await client.call(50, 'raw__cancelled'))) as number[];
    const abort = new AbortController();
    const call = client.post(
      '{"jsonrpc":"2.0","id":51,"method":"tools/call","params":{"name":"raw__slow","arguments":{"ms":20000}}}',
      { signal: abort.signal },
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    abort.abort();
    await expect(call).rejects.toThrow();
    await until(async () => {
      const after = JSON.parse(received(await client.call(52, 'raw__cancelled'))) as number[];
      return after.length === before.length + 1;
    }, 'the server hears of it');
  });
});
