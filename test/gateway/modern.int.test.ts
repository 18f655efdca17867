/**
 * Clients of the revision 2026-07-28 before a server with sessions that shows its bytes, through a real gateway. Each
 * test names the section of the specification; what needs a whole client of either era stands in test/parity.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { META } from '../../main/protocol/modern.ts';
import {
  autoEntry,
  type GatewayProcess,
  rawServer,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { type RawAnswer, rawPost } from '../host/raw-client.ts';

const VERSION = '2026-07-28';
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGateway({ servers: { raw: autoEntry(rawServer), other: autoEntry(rawServer) } });
  await untilReady(gateway.base);
});
afterAll(() => gateway.close());

const meta = (more: object = {}): object => ({
  [META.version]: VERSION,
  [META.clientInfo]: { name: 'raw', version: '1' },
  [META.clientCapabilities]: {},
  ...more,
});
/** Posts a tool call written by hand. */
const call = (
  tool: string,
  args: string,
  own: object = meta(),
  url = gateway.url,
  signal?: AbortSignal,
): Promise<RawAnswer> =>
  rawPost(
    url,
    `{"jsonrpc":"2.0","id":"x1","method":"tools/call","params":{"name":"${tool}","arguments":${args},"_meta":${JSON.stringify(own)}}}`,
    {
      Authorization: `Bearer ${gateway.token}`,
      'MCP-Protocol-Version': VERSION,
      'Mcp-Method': 'tools/call',
      'Mcp-Name': tool,
    },
    signal,
  );
const modernClient = async (capabilities: object = {}, url = gateway.url): Promise<Client> => {
  const client = new Client(
    { name: 'm', version: '1' },
    { versionNegotiation: { mode: { pin: VERSION } }, capabilities },
  );
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { Authorization: `Bearer ${gateway.token}` } },
    }),
  );
  return client;
};
const textOf = (result: unknown): string =>
  (result as { content: { text: string }[] }).content[0]?.text ?? '';

describe('a call of a stateless client to a server with sessions', () => {
  it('reaches it without what that server was told in initialize (overview section, "_meta")', async () => {
    const { text } = await call(
      'raw__received',
      '{"n":12345678901234567890, "o" : 1e400}',
      meta({ 'x/own': 1 }),
    );
    const { result } = JSON.parse(text) as { result: { content: { text: string }[] } };
    const received = textOf(result);
    expect(received).toContain('"arguments":{"n":12345678901234567890, "o" : 1e400}');
    expect(received).toContain('"name":"received"');
    expect(received).not.toContain('io.modelcontextprotocol/');
    expect(received).toContain('"_meta":{"x/own":1}');
  });

  it('is answered with the server\u2019s own bytes, and what every result must have (overview section, "ResultType")', async () => {
    const { text, status, type } = await call('raw__strange', '{}');
    expect({ status, type }).toEqual({ status: 200, type: 'application/json' });
    expect(text).toContain('"n":12345678901234567890');
    expect(text).toContain('"t":"\\"id\\":3"');
    expect(text).toContain('"k":1e400');
    expect(text).toContain('"zzz":null');
    expect(text).toContain('"resultType":"complete"');
    expect(text).toContain('"id":"x1"');
    expect(text).toContain(`"${META.serverInfo}":{"name":"raw","version":"1.2.3"}`);
  });

  it('never gets a code that this revision forbids (overview section, "Error Codes")', async () => {
    const refused = await call('raw__refuse', '{}');
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({
      error: { code: -32021, data: { requiredCapabilities: { elicitation: { url: {} } } } },
    });
    const able = meta({ [META.clientCapabilities]: { elicitation: { url: {} } } });
    const asked = JSON.parse((await call('raw__refuse', '{}', able)).text) as { result: object };
    expect(asked.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { 'page-1': { method: 'elicitation/create' } },
    });
  });

  it('is cancelled at the server when the client hangs up (streamable HTTP section, "Cancellation")', async () => {
    const cancelled = async (): Promise<string> =>
      textOf((JSON.parse((await call('raw__cancelled', '{}')).text) as { result: unknown }).result);
    const before = await cancelled();
    const stop = new AbortController();
    const slow = call('raw__slow', '{"ms":600000}', meta({ progressToken: 1 }), gateway.url, stop.signal);
    slow.catch(() => undefined);
    // Its server has it when another call, sent later on the same pipe, is answered.
    await call('raw__pid', '{}');
    stop.abort();
    await until(async () => (await cancelled()) !== before, 'the server hears of it');
  });
});

describe('the official client', () => {
  it('calls many tools at once, each with its own progress (progress section)', async () => {
    const client = await modernClient();
    const steps: number[][] = Array.from({ length: 8 }, () => []);
    const results = await Promise.all(
      steps.map((list, n) =>
        client.callTool(
          { name: n % 2 === 0 ? 'raw__slow' : 'other__slow', arguments: { ms: 100 } },
          { onprogress: ({ progress }) => list.push(progress) },
        ),
      ),
    );
    for (const result of results) expect(textOf(result)).toContain('slow done');
    for (const list of steps) expect(list).toEqual(list.map((_, index) => index + 1));
    expect(steps.every((list) => list.length > 0)).toBe(true);
    await client.close();
  });

  it('listens, and hears when a list that it sees has changed (subscriptions section)', async () => {
    const own = `${gateway.base}/servers/raw/mcp`;
    const [merged, alone, elsewhere] = [
      await modernClient(),
      await modernClient({}, own),
      await modernClient({}, `${gateway.base}/servers/other/mcp`),
    ];
    const heard = [0, 0, 0];
    const streams = [];
    for (const [index, client] of [merged, alone, elsewhere].entries()) {
      client.setNotificationHandler('notifications/tools/list_changed', () => {
        heard[index] = (heard[index] ?? 0) + 1;
      });
      const stream = await client.listen({ toolsListChanged: true, promptsListChanged: true });
      expect(stream.honoredFilter).toEqual({ toolsListChanged: true });
      streams.push(stream);
    }
    const before = (await alone.listTools()).tools.length;
    await alone.callTool({ name: 'grow', arguments: {} });
    await until(() => (heard[0] ?? 0) > 0 && (heard[1] ?? 0) > 0, 'both hear of it');
    expect((await alone.listTools()).tools.length).toBe(before + 1);
    expect(heard[2]).toBe(0);
    for (const stream of streams) await stream.close();
    for (const client of [merged, alone, elsewhere]) await client.close();
  });

  it('sees a server\u2019s own route as that server (discovery section)', async () => {
    const client = await modernClient({}, `${gateway.base}/servers/raw/mcp`);
    expect(client.getServerVersion()).toEqual({ name: 'raw', version: '1.2.3' });
    expect(client.getInstructions()).toBe('I am raw.');
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('pid');
    await client.close();
  });
});
