/**
 * Whose the tasks are that servers run (tasks section, revision 2025-11-25): a task belongs to the client whose call
 * began it and to the server that runs it. Bounded; the oldest are forgotten.
 *
 * Clients of a server's own route see its ids as they are. On merged routes two servers may have given the same id to
 * one client; the second one is then shown under another.
 */
import type { Ask } from '../protocol/call.ts';
import { arraySpans, memberSpans, stringAt } from '../protocol/json.ts';
import type { Peer } from '../protocol/peer.ts';
import { scanMessage } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { splice } from '../protocol/wire.ts';

const KEPT = 10_000;
/** A task with a longer id is not known: so many of them would fill the memory. Characters. */
const LONGEST_ID = 1_024;

/** One task. */
export interface Task {
  /** `caller.id` of its owner. */
  readonly caller: string;
  /** Key of the peer that began it. */
  readonly peer: string;
  readonly server: string;
  /** As the server says it. */
  readonly id: string;
  /** As clients of merged routes know it. */
  readonly shown: string;
}

/** All tasks. */
export interface Tasks {
  /**
   * Notes a new one. If the server gave out this id before, it has begun anew since, and the older task is gone: its
   * owner must not see the new one.
   */
  learn(caller: string, peer: string, server: string, id: string): Task;
  /** By the server's own id; null when it is nobody's. */
  of(server: string, id: string): Task | null;
  /** By the id under which this client knows it. */
  find(caller: string, scope: Scope, id: string): Task | null;
}

export function createTasks(): Tasks {
  // Server names and callers hold no NUL, so that the keys are unambiguous.
  const byServer = new Map<string, Task>();
  const byShown = new Map<string, Task>();
  const forget = (task: Task): void => {
    byServer.delete(`${task.server}\0${task.id}`);
    byShown.delete(`${task.caller}\0${task.shown}`);
  };
  const of = (server: string, id: string): Task | null => byServer.get(`${server}\0${id}`) ?? null;

  return {
    learn(caller, peer, server, id) {
      const before = of(server, id);
      if (before !== null) forget(before);
      let shown = id;
      for (let n = 1; byShown.has(`${caller}\0${shown}`); n++)
        shown = `${server}/${n === 1 ? '' : `${n}/`}${id}`;
      const task: Task = { caller, peer, server, id, shown };
      byServer.set(`${server}\0${id}`, task);
      byShown.set(`${caller}\0${shown}`, task);
      if (byServer.size > KEPT) {
        const [oldest] = byServer.values();
        if (oldest !== undefined) forget(oldest);
      }
      return task;
    },
    of,
    find(caller, scope, id) {
      if (scope.kind !== 'server') return byShown.get(`${caller}\0${id}`) ?? null;
      const task = of(scope.server, id);
      return task?.caller === caller ? task : null;
    },
  };
}

/** The id under which clients of this scope know the task. */
export function shownId(task: Task, scope: Scope): string {
  return scope.kind === 'server' ? task.id : task.shown;
}

/** The id in the answer to a call that may run as a task; null when it does not. */
function startedTask(answer: Buffer, start: number, end: number): string | null {
  const result = start < 0 ? null : memberSpans(answer, start, end);
  const type = result?.get('resultType');
  // The extension of 2026-07-28.
  if (type !== undefined && answer.toString('latin1', type.start, type.end) === '"task"') {
    return taskIdIn(answer, start, end);
  }
  const task = result?.get('task');
  return task === undefined ? null : taskIdIn(answer, task.start, task.end);
}

/** The string `taskId` of the object in `[start, end)`. */
export function taskIdIn(bytes: Buffer, start: number, end: number): string | null {
  const span = start < 0 ? undefined : memberSpans(bytes, start, end)?.get('taskId');
  return span !== undefined && bytes[span.start] === 0x22 ? stringAt(bytes, span.start, span.end) : null;
}

/** The answer to a call that begins a task, or is about one, in the terms of the client that made it. */
export function answerOfTask(
  tasks: Tasks,
  use: Task | 'new',
  who: Asker,
  server: string,
  answer: Buffer,
): Buffer {
  if (use === 'new' && !answer.includes('"task"')) return answer;
  const { resultStart, resultEnd } = scanMessage(answer);
  let task = use;
  if (task === 'new') {
    const id = startedTask(answer, resultStart, resultEnd);
    // The server may as well have answered at once.
    if (id === null || id.length > LONGEST_ID) return answer;
    task = tasks.learn(who.caller.id, who.peer.key, server, id);
  }
  return renameTask(answer, resultStart, resultEnd, task.id, shownId(task, who.scope));
}

/** Whose call it was. */
interface Asker {
  readonly caller: { readonly id: string };
  readonly peer: Peer;
  readonly scope: Scope;
}

/** The items of a `tasks/list` result: raw JSON and id. */
export function listedTasks(bytes: Buffer, start: number, end: number): { json: Buffer; id: string }[] {
  const list = start < 0 ? undefined : memberSpans(bytes, start, end)?.get('tasks');
  const spans = list === undefined ? null : arraySpans(bytes, list.start, list.end);
  const items: { json: Buffer; id: string }[] = [];
  for (const span of spans ?? []) {
    const id = taskIdIn(bytes, span.start, span.end);
    if (id !== null) items.push({ json: bytes.subarray(span.start, span.end), id });
  }
  return items;
}

const RELATED = 'io.modelcontextprotocol/related-task';

/** The task for which a server asks something, by what the question says of itself; null when it is for none we know. */
export function askingTask(tasks: Tasks, server: string, params: Buffer | null): Task | null {
  if (params === null || params.indexOf('related-task', 0, 'latin1') === -1) return null;
  const meta = memberSpans(params, 0, params.length)?.get('_meta');
  const related = meta === undefined ? undefined : memberSpans(params, meta.start, meta.end)?.get(RELATED);
  const id = related === undefined ? null : taskIdIn(params, related.start, related.end);
  return id === null ? null : tasks.of(server, id);
}

/** A question for this task in the terms of a client of this scope. */
export function askFor(task: Task, scope: Scope, ask: Ask): Ask {
  if (ask.params === null) return ask;
  const params = renameTask(ask.params, 0, ask.params.length, task.id, shownId(task, scope));
  return params === ask.params ? ask : { ...ask, params };
}

/**
 * The message with the task's id as the reader knows it, wherever the protocol puts one into the object in
 * `[start, end)`: itself, its `task`, its related-task metadata. The same buffer when both ids are equal.
 */
export function renameTask(bytes: Buffer, start: number, end: number, from: string, to: string): Buffer {
  if (from === to || start < 0) return bytes;
  const text = Buffer.from(JSON.stringify(to));
  const members = memberSpans(bytes, start, end);
  const meta = members?.get('_meta');
  const related = meta === undefined ? undefined : memberSpans(bytes, meta.start, meta.end)?.get(RELATED);
  const edits: { start: number; end: number; text: Buffer }[] = [];
  for (const span of [{ start, end }, members?.get('task'), related]) {
    const id = span === undefined ? undefined : memberSpans(bytes, span.start, span.end)?.get('taskId');
    if (id === undefined || bytes[id.start] !== 0x22 || stringAt(bytes, id.start, id.end) !== from) continue;
    edits.push({ ...id, text });
  }
  return splice(bytes, edits);
}
