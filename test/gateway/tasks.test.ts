/** Tasks of the revision 2025-11-25: each is found by its owner alone, at the server that runs it. */
import { describe, expect, it } from 'vitest';
import { createTasks } from '../../main/gateway/tasks.ts';
import type { AskHandle } from '../../main/protocol/call.ts';
import { ALL, profileScope, serverScope } from '../../main/protocol/scope.ts';
import type { Forwarded } from '../fakes/gateway-ports.ts';
import { type Client, type House, type Json, openHouse, question, type Sent, viewOf } from './clients.ts';

const ONE = serverScope('one');
const STATUS = 'notifications/tasks/status';
const RELATED = 'io.modelcontextprotocol/related-task';

const last = (house: House): Forwarded => {
  const found = house.ports.forwarded.at(-1);
  if (found === undefined) throw new Error('nothing was forwarded');
  return found;
};
/** Begins a task at a server, which gives it this id; the id that the client gets. */
const begin = (house: House, client: Client, tool: string, id: string): unknown => {
  const call = client.request('tools/call', { name: tool, task: { ttl: 60_000 } });
  last(house).result(JSON.stringify({ task: { taskId: id, status: 'working' } }));
  const result = call.answered?.result as { task?: { taskId?: unknown } } | undefined;
  return result?.task?.taskId;
};
/** The params that a server gets. */
const params = ({ request: { bytes, key } }: Forwarded): unknown => {
  const text =
    key === null
      ? bytes.toString()
      : `${bytes.toString('utf8', 0, key.start)}${key.text.toString()}${bytes.toString('utf8', key.end)}`;
  return (JSON.parse(text) as Json).params;
};
const codeOf = (sent: Sent): unknown => (sent.answered?.error as Json | undefined)?.code;
const status = (taskId: string): Buffer =>
  Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: STATUS, params: { taskId, status: 'completed' } }));

it('endless-id: a task whose id would fill the memory is nobody\u2019s; its call is answered all the same', () => {
  const house = openHouse();
  const client = house.open();
  const id = 'x'.repeat(1_025);
  expect(begin(house, client, 'one__echo', id)).toBe(id);
  expect(house.hub.tasks.of('one', id)).toBeNull();
  expect(begin(house, client, 'one__echo', id.slice(1))).toBe(id.slice(1));
  expect(house.hub.tasks.of('one', id.slice(1))?.caller).toBe(client.session.caller.id);
});

describe('the owner of a task (tasks section)', () => {
  it.each(['tasks/get', 'tasks/result', 'tasks/cancel'])('%s goes to the server that runs it', (method) => {
    const house = openHouse();
    const client = house.open();
    begin(house, client, 'two__echo', 't-1');
    const asked = client.request(method, { taskId: 't-1' });
    expect(last(house)).toMatchObject({ server: 'two', request: { target: 't-1' } });
    expect(params(last(house))).toEqual({ taskId: 't-1' });
    last(house).result('{"taskId":"t-1","status":"working"}');
    expect(asked.answered?.result).toEqual({ taskId: 't-1', status: 'working' });
  });

  it.each(['tasks/get', 'tasks/result', 'tasks/cancel'])('%s is unknown to everybody else', (method) => {
    const house = openHouse();
    const client = house.open({ caller: 'a' });
    begin(house, client, 'two__echo', 't-1');
    const before = house.ports.forwarded.length;
    for (const scope of [ALL, serverScope('two')]) {
      expect(codeOf(house.open({ caller: 'b', scope }).request(method, { taskId: 't-1' }))).toBe(-32602);
    }
    // Its owner sees it only where its server is.
    expect(codeOf(house.open({ caller: 'a', scope: ONE }).request(method, { taskId: 't-1' }))).toBe(-32602);
    for (const bad of [{}, { taskId: 7 }, { taskId: 'x' }, undefined]) {
      expect(codeOf(client.request(method, bad))).toBe(-32602);
    }
    expect(house.ports.forwarded.length).toBe(before);
    // A later session of the same client has it still.
    house.open({ caller: 'a' }).request(method, { taskId: 't-1' });
    expect(house.ports.forwarded.length).toBe(before + 1);
  });

  it('is nobody for what did not become a task', () => {
    const house = openHouse();
    const client = house.open();
    const plain = client.request('tools/call', { name: 'one__echo' });
    last(house).result('{"task":{"taskId":"t-1"}}');
    expect(plain.answered?.result).toEqual({ task: { taskId: 't-1' } });
    client.request('tools/call', { name: 'one__echo', task: {} });
    last(house).result('{"content":[]}');
    client.request('tools/call', { name: 'one__echo', task: {} });
    last(house).error('{"code":1,"message":""}');
    expect(codeOf(client.request('tasks/get', { taskId: 't-1' }))).toBe(-32602);
  });

  it.each<[string, string, object]>([
    ['an argument of that name', '2025-11-25', { arguments: { task: {} } }],
    ['a revision that knows no tasks', '2025-06-18', { task: {} }],
  ])('is nobody for %s', (_what, version, more) => {
    const house = openHouse();
    const client = house.open({ version });
    client.request('tools/call', { name: 'one__echo', ...more });
    last(house).result('{"task":{"taskId":"t-1"}}');
    expect(codeOf(client.request('tasks/get', { taskId: 't-1' }))).toBe(-32602);
  });

  it('does not reach beyond the servers of its route', () => {
    const house = openHouse({
      view: (scope) => (scope.kind === 'profile' ? viewOf(serverScope('one')) : viewOf(scope)),
    });
    begin(house, house.open({ caller: 'a' }), 'two__echo', 't-1');
    const narrow = house.open({ caller: 'a', scope: profileScope('p') });
    expect(codeOf(narrow.request('tasks/get', { taskId: 't-1' }))).toBe(-32602);
  });

  it('changes when its server begins anew and gives the id out again', () => {
    const house = openHouse();
    const [a, b] = [house.open({ caller: 'a' }), house.open({ caller: 'b' })];
    begin(house, a, 'one__echo', 't-1');
    begin(house, b, 'one__echo', 't-1');
    expect(codeOf(a.request('tasks/get', { taskId: 't-1' }))).toBe(-32602);
    expect(b.request('tasks/get', { taskId: 't-1' }).end).toBe('open');
  });

  it('is unknown where no server has tasks, or leaves that to the server of the route', () => {
    const house = openHouse({ view: (scope) => viewOf(scope, { tools: {} }) });
    for (const method of ['tasks/get', 'tasks/list']) {
      expect(codeOf(house.open().request(method, { taskId: 'x' }))).toBe(-32601);
      expect(house.ports.forwarded).toEqual([]);
      house.open({ scope: ONE }).request(method, { taskId: 'x' });
      expect(house.ports.forwarded.splice(0).length).toBe(1);
    }
  });

  it('is remembered for ten thousand tasks', () => {
    const tasks = createTasks();
    for (let n = 0; n <= 10_000; n++) tasks.learn('a', 'p', 'one', `t-${n}`);
    expect(tasks.of('one', 't-0')).toBeNull();
    expect(tasks.find('a', ALL, 't-0')).toBeNull();
    expect(tasks.find('a', ALL, 't-1')).not.toBeNull();
  });
});

describe('equal ids of two servers', () => {
  it('are two tasks for one client', () => {
    const house = openHouse();
    const client = house.open();
    expect(begin(house, client, 'one__echo', '1')).toBe('1');
    const other = begin(house, client, 'two__echo', '1');
    expect(other).not.toBe('1');
    const asked = client.request('tasks/get', { taskId: other, x: 1 });
    expect(last(house).server).toBe('two');
    expect(params(last(house))).toEqual({ taskId: '1', x: 1 });
    last(house).result('{"taskId":"1","status":"working"}');
    expect(asked.answered?.result).toEqual({ taskId: other, status: 'working' });
    client.request('tasks/get', { taskId: '1' });
    expect(last(house).server).toBe('one');
  });

  it('keep the client’s name for it in the result too, and what only looks like it', () => {
    const house = openHouse();
    const client = house.open();
    begin(house, client, 'one__echo', '1');
    const other = begin(house, client, 'two__echo', '1');
    const asked = client.request('tasks/result', { taskId: other });
    const content = { structuredContent: { taskId: '1' } };
    last(house).result(JSON.stringify({ ...content, _meta: { [RELATED]: { taskId: '1' } } }));
    expect(asked.answered?.result).toEqual({ ...content, _meta: { [RELATED]: { taskId: other } } });
  });

  it('are left as they are on the route of one server', () => {
    const house = openHouse();
    const client = house.open({ caller: 'a' });
    begin(house, client, 'one__echo', '1');
    begin(house, client, 'two__echo', '1');
    const own = house.open({ caller: 'a', scope: serverScope('two') });
    own.request('tasks/get', { taskId: '1' });
    expect(last(house)).toMatchObject({ server: 'two', request: { key: null } });
  });
});

describe('tasks/list', () => {
  const task = (id: string): Json => ({ taskId: id, status: 'working' });
  const cursorOf = (one: Forwarded | undefined): unknown =>
    (one && (params(one) as Json | undefined))?.cursor;

  it('gathers all pages of all servers, and shows a client its own tasks only', () => {
    const house = openHouse();
    const [a, b] = [house.open({ caller: 'a' }), house.open({ caller: 'b' })];
    for (const [client, tool, id] of [
      [a, 'one__echo', 'x'],
      [b, 'one__echo', 'y'],
      [a, 'one__echo', 'z'],
      [a, 'two__echo', 'x'],
    ] as const) {
      begin(house, client, tool, id);
    }
    house.ports.forwarded.splice(0);
    const asked = a.request('tasks/list', {}, 'L');
    const [one, two] = house.ports.forwarded.splice(0);
    expect([one?.server, two?.server, cursorOf(one)]).toEqual(['one', 'two', undefined]);
    one?.result(JSON.stringify({ tasks: [task('x'), task('y')], nextCursor: 'more' }));
    two?.result(JSON.stringify({ tasks: [task('x'), task('foreign')] }));
    expect(asked.end).toBe('open');
    const [next] = house.ports.forwarded;
    expect([next?.server, cursorOf(next)]).toEqual(['one', 'more']);
    next?.result(JSON.stringify({ tasks: [task('z')] }));
    expect(asked.answered).toEqual({
      jsonrpc: '2.0',
      id: 'L',
      result: { tasks: [task('x'), task('z'), task('two/x')] },
    });
  });

  it('does without a server that fails, and ends where a cursor stands still', () => {
    const house = openHouse();
    const client = house.open();
    begin(house, client, 'two__echo', 'x');
    house.ports.forwarded.splice(0);
    const asked = client.request('tasks/list');
    house.ports.forwarded[0]?.error('{"code":1,"message":""}');
    for (let n = 1; n <= 2; n++) house.ports.forwarded[n]?.result('{"tasks":[],"nextCursor":"c"}');
    expect(asked.answered?.result).toEqual({ tasks: [] });
  });

  it('passes the error of the server on its own route', () => {
    const house = openHouse();
    const asked = house.open({ scope: ONE }).request('tasks/list', {}, 'L');
    last(house).error('{"code":1,"message":"m"}');
    expect(asked.answered).toEqual({ jsonrpc: '2.0', id: 'L', error: { code: 1, message: 'm' } });
  });

  it('stops when nobody waits for it', () => {
    const house = openHouse();
    const asked = house.open().request('tasks/list');
    asked.waiting?.abandon();
    expect(house.ports.forwarded.map((one) => one.cancelled !== null)).toEqual([true, true]);
    house.ports.forwarded[0]?.result('{"tasks":[]}');
    expect(asked.end).toBe('nothing');
  });
});

describe('a question for a task (tasks section, "Related Task Metadata")', () => {
  const about = (taskId: string): object => ({ message: '?', _meta: { [RELATED]: { taskId } } });
  const CAN = { capabilities: { elicitation: {} } };

  it('reaches the session that began it, not the one whose call was just under way', () => {
    const house = openHouse();
    const [owner, other] = [house.open(CAN), house.open(CAN)];
    begin(house, owner, 'one__echo', 't');
    const call = other.request('tools/call', { name: 'one__echo' });
    const asked = last(house).ask('elicitation/create', about('t'));
    expect([call.stream, other.pushed]).toEqual([[], []]);
    expect(owner.pushed).toMatchObject([{ method: 'elicitation/create', params: about('t') }]);
    owner.reply(owner.pushed[0]?.id, { result: { action: 'accept' } });
    expect(asked.result).toBe('{"action":"accept"}');
  });

  it('finds its owner in a later session, and nobody else in his place', () => {
    const house = openHouse();
    const gone = house.open({ ...CAN, caller: 'a' });
    begin(house, gone, 'one__echo', 't');
    gone.session.close();
    house.open({ ...CAN, caller: 'b' });
    expect(house.hub.ask('one', null, question('elicitation/create', about('t')))).toBeNull();
    const back = house.open({ ...CAN, caller: 'a' });
    expect(house.hub.ask('one', null, question('elicitation/create', about('t')))).not.toBeNull();
    expect(back.pushed.length).toBe(1);
  });

  it('is no riddle when no call is under way and many clients are there', () => {
    const house = openHouse();
    const [owner, other] = [house.open(CAN), house.open(CAN)];
    begin(house, owner, 'one__echo', 't');
    expect(house.hub.ask('one', null, question('elicitation/create', about('t')))).not.toBeNull();
    expect(house.hub.ask('one', null, question('elicitation/create', about('foreign')))).toBeNull();
    expect([owner.pushed.length, other.pushed.length]).toEqual([1, 0]);
  });

  it('comes on the stream of the call that waits for the result', () => {
    const house = openHouse();
    const client = house.open(CAN);
    begin(house, client, 'one__echo', 't');
    const waiting = client.request('tasks/result', { taskId: 't' });
    const newest = client.request('tools/call', { name: 'one__echo' });
    expect(last(house).ask('elicitation/create', about('t')).handle).not.toBeNull();
    expect([waiting.stream.length, newest.stream.length, client.pushed.length]).toEqual([1, 0, 0]);
  });

  it('is refused when calls of several clients were under way, and the task is nobody’s', () => {
    const house = openHouse();
    const client = house.open(CAN);
    begin(house, client, 'one__echo', 't');
    const unclear = (id: string): AskHandle | null =>
      house.hub.ask('one', null, { ...question('elicitation/create', about(id)), unclear: true });
    expect(unclear('foreign')).toBeNull();
    expect(unclear('t')).not.toBeNull();
  });

  it('names the task as its client knows it', () => {
    const house = openHouse();
    const client = house.open(CAN);
    begin(house, client, 'one__echo', '1');
    const shown = begin(house, client, 'two__echo', '1');
    house.hub.ask('two', null, question('elicitation/create', about('1')));
    expect(client.pushed).toMatchObject([{ params: about(String(shown)) }]);
  });
});

describe('the status of a task', () => {
  it('is told to the session that began it, and to nobody else', () => {
    const house = openHouse();
    const [a, again, b] = ['a', 'a', 'b'].map((caller) => house.open({ caller }));
    if (a === undefined || again === undefined || b === undefined) throw new Error('three clients');
    begin(house, a, 'one__echo', 't');
    house.hub.notification('one', null, STATUS, status('t'));
    house.hub.notification('two', null, STATUS, status('t'));
    house.hub.notification('one', null, STATUS, status('foreign'));
    expect([a, again, b].map((client) => client.pushed.length)).toEqual([1, 0, 0]);
    a.session.close();
    house.hub.notification('one', null, STATUS, status('t'));
    // The client has come back in another session.
    expect([a, again, b].map((client) => client.pushed.length)).toEqual([1, 1, 0]);
  });

  it('names the task as its client knows it', () => {
    const house = openHouse();
    const client = house.open();
    begin(house, client, 'one__echo', '1');
    const other = begin(house, client, 'two__echo', '1');
    house.hub.notification('two', null, STATUS, status('1'));
    expect(client.pushed).toMatchObject([{ params: { taskId: other, status: 'completed' } }]);
  });
});
