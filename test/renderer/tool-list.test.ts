/** The tools of a server: asked for when they change, switched at once. */
import { expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import {
  countTools,
  noTools,
  openToolList,
  type ToolList,
  type ToolListState,
} from '../../renderer/state/tool-list.ts';
import { type HandTransport, handTransport, ok, problem, refused, tool } from './fakes.ts';

interface Opened {
  readonly transport: HandTransport;
  readonly list: ToolList;
  state(): ToolListState;
}

function open(): Opened {
  const transport = handTransport();
  let state = noTools;
  const list = openToolList(createApi(transport), 'srv', (next) => {
    state = next;
  });
  return { transport, list, state: () => state };
}

const answered = (...tools: ReturnType<typeof tool>[]) => ({ ok: true, value: tools }) as const;

test('asks once per revision', async () => {
  const { transport, list, state } = open();
  list.sync(4);
  list.sync(4);
  expect(transport.questions).toHaveLength(1);
  await transport.last('server.tools').answer(answered(tool('a')));
  expect(state().tools).toEqual([tool('a')]);
  list.sync(5);
  expect(transport.questions).toHaveLength(2);
});

test('an older answer does not overwrite a newer one', async () => {
  const { transport, list, state } = open();
  list.sync(1);
  const old = transport.last('server.tools');
  list.sync(2);
  await transport.last('server.tools').answer(answered(tool('new')));
  await old.answer(answered(tool('old')));
  expect(state().tools?.map(({ name }) => name)).toEqual(['new']);
});

test('tools that did not change keep their objects', async () => {
  const { transport, list, state } = open();
  list.sync(1);
  await transport.last('server.tools').answer(answered(tool('a'), tool('b')));
  const before = state().tools;
  list.sync(2);
  await transport.last('server.tools').answer(answered(tool('a'), tool('b', { enabled: false })));
  expect(state().tools?.[0]).toBe(before?.[0]);
  expect(state().tools?.[1]).not.toBe(before?.[1]);
});

test('a failed question keeps the tools that are there', async () => {
  const { transport, list, state } = open();
  list.sync(1);
  await transport.last('server.tools').answer(answered(tool('a')));
  list.sync(2);
  await transport.last('server.tools').answer(refused);
  expect(state()).toMatchObject({ tools: [tool('a')], problem });
  void list.reload();
  await transport.last('server.tools').answer(answered(tool('b')));
  expect(state()).toMatchObject({ tools: [tool('b')], problem: null });
});

test('a switch counts at once, survives until the list comes, and says its server and tool', async () => {
  const { transport, list, state } = open();
  list.sync(1);
  await transport.last('server.tools').answer(answered(tool('a'), tool('b')));
  expect(countTools(state())).toEqual({ on: 2, off: 0, tokens: 200 });
  void list.setEnabled('a', false);
  expect(countTools(state())).toEqual({ on: 1, off: 1, tokens: 100 });
  expect(transport.last('tool.setEnabled').args).toEqual({ server: 'srv', tool: 'a', enabled: false });
  await transport.last('tool.setEnabled').answer(ok);
  expect(countTools(state()).on).toBe(1);
  list.sync(2);
  await transport.last('server.tools').answer(answered(tool('a', { enabled: false }), tool('b')));
  expect(state().switches.pending.size).toBe(0);
  expect(countTools(state()).on).toBe(1);
});

test('a refused switch goes back, with the reason until that has been seen', async () => {
  const { transport, list, state } = open();
  list.sync(1);
  await transport.last('server.tools').answer(answered(tool('a')));
  const done = list.setEnabled('a', false);
  await transport.last('tool.setEnabled').answer(refused);
  await expect(done).resolves.toEqual(problem);
  expect(countTools(state()).on).toBe(1);
  expect(state().switches.failed.get('a')).toEqual(problem);
  list.forget('a');
  expect(state().switches.failed.size).toBe(0);
});

test('after closing, answers fall', async () => {
  const { transport, list, state } = open();
  list.sync(1);
  list.close();
  await transport.last('server.tools').answer(answered(tool('a')));
  expect(state().tools).toBeNull();
});
