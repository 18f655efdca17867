/**
 * One shape over the official clients of both eras, so that one test body runs with either.
 */
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { oneAtATime } from '../host/one-at-a-time.ts';

/** What a client answers when it is asked. */
export interface Answers {
  readonly roots?: readonly string[];
  /** The model's words, from the words it was given. */
  readonly sample?: (text: string) => string;
  readonly elicit?: (message: string) => {
    action: 'accept' | 'decline' | 'cancel';
    content?: Record<string, string>;
  };
}

/** What a client has heard. */
export interface Heard {
  readonly logs: { level: string; text: string }[];
  readonly updated: string[];
  toolChanges: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (step: number) => void;
}

/** A client of either era. */
export interface ParityClient {
  readonly heard: Heard;
  tools(): Promise<string[]>;
  prompts(): Promise<string[]>;
  resources(): Promise<string[]>;
  templates(): Promise<string[]>;
  /** The text of the first content block. */
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<string>;
  read(uri: string): Promise<string>;
  prompt(name: string): Promise<string>;
  complete(prompt: string, value: string): Promise<readonly string[]>;
  subscribe(uri: string): Promise<void>;
  unsubscribe(uri: string): Promise<void>;
  /** From now on log messages from this level on. */
  setLevel(level: 'debug' | 'warning' | 'error'): Promise<void>;
  /** Hears of changed lists from now on. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

interface Address {
  readonly url: string;
  readonly token: string | null;
  readonly sse?: boolean;
}

const first = (result: unknown): string =>
  (result as { content: readonly { text?: string }[] }).content[0]?.text ?? '';

const textOf = (block: unknown): string => (block as { text: string }).text;

const capabilities = (answers: Answers): object => ({
  ...(answers.roots === undefined ? {} : { roots: { listChanged: true } }),
  ...(answers.sample === undefined ? {} : { sampling: {} }),
  ...(answers.elicit === undefined ? {} : { elicitation: { form: {}, url: {} } }),
});

const headers = (token: string | null): { headers: Record<string, string> } => ({
  headers: token === null ? {} : { Authorization: `Bearer ${token}` },
});

const rootsResult = (roots: readonly string[]): { roots: { uri: string; name: string }[] } => ({
  roots: roots.map((uri) => ({ uri, name: uri })),
});

const sampled = (answers: Answers, params: unknown): object => {
  const { messages } = params as { messages: readonly { content: { text?: string } }[] };
  const text = answers.sample?.(messages[0]?.content.text ?? '') ?? '';
  return { role: 'assistant', model: 'parity', content: { type: 'text', text } };
};

async function pages(
  ask: (cursor: string | undefined) => Promise<{ names: string[]; next?: string | undefined }>,
): Promise<string[]> {
  const all: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    all.push(...page.names);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}

/** A client of the revisions with sessions. */
export async function legacyClient(at: Address, answers: Answers = {}): Promise<ParityClient> {
  const client = new LegacyClient({ name: 'parity', version: '1' }, { capabilities: capabilities(answers) });
  const heard: Heard = { logs: [], updated: [], toolChanges: 0 };
  if (answers.roots !== undefined) {
    const { roots } = answers;
    client.setRequestHandler(ListRootsRequestSchema, () => rootsResult(roots));
  }
  if (answers.sample !== undefined) {
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => sampled(answers, params) as never);
  }
  if (answers.elicit !== undefined) {
    const { elicit } = answers;
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => elicit(params.message));
  }
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    heard.logs.push(params.data as { level: string; text: string });
  });
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    heard.updated.push(params.uri);
  });
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    heard.toolChanges++;
  });
  const init = { requestInit: headers(at.token) };
  const url = new URL(at.url);
  const transport = at.sse === true ? new SSEClientTransport(url, init) : new LegacyHttp(url, init);
  await client.connect(transport as Parameters<LegacyClient['connect']>[0]);
  oneAtATime(transport);
  return {
    heard,
    tools: () =>
      pages(async (cursor) => {
        const { tools, nextCursor } = await client.listTools({ cursor });
        return { names: tools.map((tool) => tool.name), next: nextCursor };
      }),
    prompts: () =>
      pages(async (cursor) => {
        const { prompts, nextCursor } = await client.listPrompts({ cursor });
        return { names: prompts.map((prompt) => prompt.name), next: nextCursor };
      }),
    resources: () =>
      pages(async (cursor) => {
        const { resources, nextCursor } = await client.listResources({ cursor });
        return { names: resources.map((resource) => resource.uri), next: nextCursor };
      }),
    templates: () =>
      pages(async (cursor) => {
        const { resourceTemplates, nextCursor } = await client.listResourceTemplates({ cursor });
        return { names: resourceTemplates.map((template) => template.uriTemplate), next: nextCursor };
      }),
    call: async (name, args = {}, { signal, progress } = {}) =>
      first(
        await client.callTool({ name, arguments: args }, undefined, {
          ...(signal === undefined ? {} : { signal }),
          ...(progress === undefined ? {} : { onprogress: (step) => progress(step.progress) }),
        }),
      ),
    read: async (uri) => {
      const { contents } = await client.readResource({ uri });
      return (contents[0] as { text: string }).text;
    },
    prompt: async (name) => textOf((await client.getPrompt({ name })).messages[0]?.content),
    complete: async (name, value) => {
      const ref = { type: 'ref/prompt' as const, name };
      return (await client.complete({ ref, argument: { name: 'a', value } })).completion.values;
    },
    subscribe: async (uri) => void (await client.subscribeResource({ uri })),
    unsubscribe: async (uri) => void (await client.unsubscribeResource({ uri })),
    setLevel: async (level) => void (await client.setLoggingLevel(level)),
    listen: async () => undefined,
    close: async () => {
      await (transport as LegacyHttp).terminateSession?.().catch(() => undefined);
      await client.close();
    },
  };
}

/** A client of the stateless revision. */
export async function modernClient(at: Address, answers: Answers = {}): Promise<ParityClient> {
  const client = new ModernClient(
    { name: 'parity', version: '1' },
    { capabilities: capabilities(answers), versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const heard: Heard = { logs: [], updated: [], toolChanges: 0 };
  const uris = new Set<string>();
  let level: string | null = null;
  let subscription: { close(): Promise<void> } | null = null;
  if (answers.roots !== undefined) {
    const { roots } = answers;
    client.setRequestHandler('roots/list', () => rootsResult(roots));
  }
  if (answers.sample !== undefined) {
    client.setRequestHandler('sampling/createMessage', ({ params }) => sampled(answers, params) as never);
  }
  if (answers.elicit !== undefined) {
    const { elicit } = answers;
    client.setRequestHandler('elicitation/create', ({ params }) => elicit(params.message));
  }
  client.setNotificationHandler('notifications/message', ({ params }) => {
    heard.logs.push(params.data as { level: string; text: string });
  });
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.updated.push(params.uri);
  });
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    heard.toolChanges++;
  });
  const transport = new ModernHttp(new URL(at.url), { requestInit: headers(at.token) });
  await client.connect(transport);
  oneAtATime(transport);
  const listen = async (): Promise<void> => {
    const before = subscription;
    subscription = await client.listen({ toolsListChanged: true, resourceSubscriptions: [...uris] });
    await before?.close();
  };
  const meta = (): object => (level === null ? {} : { _meta: { 'io.modelcontextprotocol/logLevel': level } });
  const keys = (list: readonly object[], key: string): string[] =>
    list.map((item) => String((item as Record<string, unknown>)[key]));
  return {
    heard,
    tools: async () => keys((await client.listTools()).tools, 'name'),
    prompts: async () => keys((await client.listPrompts()).prompts, 'name'),
    resources: async () => keys((await client.listResources()).resources, 'uri'),
    templates: async () => keys((await client.listResourceTemplates()).resourceTemplates, 'uriTemplate'),
    call: async (name, args = {}, { signal, progress } = {}) =>
      first(
        await client.callTool(
          { name, arguments: args, ...meta() } as Parameters<ModernClient['callTool']>[0],
          {
            ...(signal === undefined ? {} : { signal }),
            ...(progress === undefined ? {} : { onprogress: (step) => progress(step.progress) }),
          },
        ),
      ),
    read: async (uri) => ((await client.readResource({ uri })).contents[0] as { text: string }).text,
    prompt: async (name) => textOf((await client.getPrompt({ name })).messages[0]?.content),
    complete: async (name, value) => {
      const ref = { type: 'ref/prompt' as const, name };
      return (await client.complete({ ref, argument: { name: 'a', value } })).completion.values;
    },
    subscribe: async (uri) => {
      uris.add(uri);
      await listen();
    },
    unsubscribe: async (uri) => {
      uris.delete(uri);
      await listen();
    },
    setLevel: async (next) => {
      level = next;
    },
    listen,
    close: async () => {
      await subscription?.close();
      await client.close();
    },
  };
}
