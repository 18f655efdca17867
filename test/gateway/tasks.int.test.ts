/**
 * Tasks of the revision 2025-11-25 with real servers behind one merged endpoint: begun, asked after, answered by their
 * own client, gathered in one list.
 */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type GatewayProcess,
  nodeEntry,
  npmServer,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { rawPost } from '../host/raw-client.ts';

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGateway({
    servers: {
      alpha: nodeEntry(npmServer('everything'), 'stdio'),
      beta: nodeEntry(npmServer('everything'), 'stdio'),
    },
  });
  await untilReady(gateway.base);
});
afterAll(() => gateway.close());

type Json = Record<string, unknown>;
interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: { readonly code: number };
}

/** The messages of an answer, JSON or an event stream. */
function messages(type: string, text: string): Message[] {
  if (!type.startsWith('text/event-stream')) return text === '' ? [] : [JSON.parse(text) as Message];
  return [...text.matchAll(/^data: (.+)$/gm)].map((match) => JSON.parse(match[1] ?? '') as Message);
}

async function open(): Promise<{
  request(method: string, params: object): Promise<Message>;
  /** Sends a request and answers what it is asked before the answer comes. */
  answering(method: string, params: object, answer: (asked: Message) => object): Promise<Message>;
}> {
  const auth = { Authorization: `Bearer ${gateway.token}` };
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: { form: {} } },
    clientInfo: { name: 'tasks', version: '1' },
  };
  const first = await rawPost(
    gateway.url,
    JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
    auth,
  );
  const headers = { ...auth, 'Mcp-Session-Id': first.headers.get('mcp-session-id') ?? '' };
  const post = async (message: object): Promise<Message[]> => {
    const { type, text } = await rawPost(
      gateway.url,
      JSON.stringify({ jsonrpc: '2.0', ...message }),
      headers,
    );
    return messages(type, text);
  };
  await post({ method: 'notifications/initialized' });
  let id = 0;
  return {
    async request(method, asked) {
      const own = ++id;
      const answer = (await post({ id: own, method, params: asked })).find((one) => one.id === own);
      if (answer === undefined) throw new Error(`${method} was not answered`);
      return answer;
    },
    async answering(method, asked, answer) {
      const own = ++id;
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: own, method, params: asked }),
      });
      const type = response.headers.get('content-type') ?? '';
      const decoder = new TextDecoder();
      let text = '';
      let seen = 0;
      if (response.body === null) throw new Error(`${method} was not answered`);
      for await (const chunk of Readable.fromWeb(response.body as ReadableStream<Uint8Array>)) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        if (!type.startsWith('text/event-stream')) continue;
        const whole = messages(type, text.slice(0, text.lastIndexOf('\n\n') + 2));
        for (const one of whole.slice(seen)) {
          if (one.method !== undefined && one.id !== undefined)
            await post({ id: one.id, result: answer(one) });
        }
        seen = whole.length;
      }
      const last = messages(type, text).find((one) => one.id === own);
      if (last === undefined) throw new Error(`${method} was not answered: ${text}`);
      return last;
    },
  };
}

const taskOf = (answer: Message): Json => (answer.result?.task ?? {}) as Json;

it('runs calls as tasks on two servers, asks their own client, and lists both (tasks section)', async () => {
  const client = await open();
  const begin = async (server: string): Promise<string> => {
    const answer = await client.request('tools/call', {
      name: `${server}__simulate-research-query`,
      arguments: { topic: `python of ${server}`, ambiguous: true },
      task: { ttl: 60_000 },
    });
    return String(taskOf(answer).taskId);
  };
  const ids = [await begin('alpha'), await begin('beta')];
  const listed = await client.request('tasks/list', {});
  expect(((listed.result?.tasks ?? []) as Json[]).map((task) => task.taskId).sort()).toEqual([...ids].sort());

  for (const [index, taskId] of ids.entries()) {
    const status = async (): Promise<unknown> =>
      (await client.request('tasks/get', { taskId })).result?.status;
    await until(async () => (await status()) === 'input_required', 'the task asks');
    const asked: Message[] = [];
    const result = await client.answering('tasks/result', { taskId }, (one) => {
      asked.push(one);
      return { action: 'accept', content: { interpretation: 'snake' } };
    });
    expect(asked.map((one) => one.method)).toEqual(['elicitation/create']);
    expect(String(asked[0]?.params?.message)).toContain(`python of ${index === 0 ? 'alpha' : 'beta'}`);
    expect(JSON.stringify(result.result)).toContain('snake');
    expect(await status()).toBe('completed');
  }
});

it('asks each of two clients for its own task, though both wait at one server (related-task metadata)', async () => {
  const topics = ['python', 'java'];
  const asked = await Promise.all(
    topics.map(async (topic) => {
      const client = await open();
      const begun = await client.request('tools/call', {
        name: 'alpha__simulate-research-query',
        arguments: { topic, ambiguous: true },
        task: { ttl: 60_000 },
      });
      const messages: string[] = [];
      // Waits from before the question until the end.
      await client.answering('tasks/result', { taskId: taskOf(begun).taskId }, (one) => {
        messages.push(String(one.params?.message));
        return { action: 'decline' };
      });
      return messages;
    }),
  );
  expect(asked.map((messages) => messages.length)).toEqual([1, 1]);
  for (const [index, topic] of topics.entries()) expect(asked[index]?.[0]).toContain(topic);
});

it('knows no task that was never begun here', async () => {
  const client = await open();
  expect((await client.request('tasks/get', { taskId: 'made-up' })).error?.code).toBe(-32602);
});
