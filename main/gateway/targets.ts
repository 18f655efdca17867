/**
 * Where a request leads: the server, that server's own name for the thing, and what to write in place of the client's.
 * Pure look-ups.
 */
import type { GatehouseError } from '../protocol/error.ts';
import { memberSpans, type Span, stringAt } from '../protocol/json.ts';
import type { Peer } from '../protocol/peer.ts';
import type { MessageScan } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import type { Edit } from '../protocol/wire.ts';
import type { GatewayPorts, Refusal, Route, View } from './ports.ts';
import { invalidParams, methodNotFound, unknownTarget } from './refusals.ts';
import type { CallRooms } from './rooms.ts';
import type { CallSession } from './running.ts';
import { type Task, taskIdIn } from './tasks.ts';

/** Where one request leads. */
export interface Target {
  readonly route: Route;
  /** What replaces the client's name for it; null keeps the bytes. */
  readonly key: Edit | null;
  /** The task it is about, `new` for a call that is to begin one. */
  readonly task: Task | 'new' | null;
  /** Why it must not be reached; null when it may. */
  readonly refused: GatehouseError | null;
}

/**
 * The target of a request, or why there is none. On a server's own route whatever the server has not listed, and every
 * method that we do not know, goes to that server as it is, so that its own answer or error comes back.
 */
export function targetOf(
  { ports, hub }: CallRooms,
  session: CallSession,
  message: Buffer,
  scan: MessageScan,
): Target | GatehouseError {
  const { scope, peer } = session;
  switch (scan.method) {
    case 'tools/call':
    case 'prompts/get':
    case 'resources/read': {
      const isUri = scan.method === 'resources/read';
      const start = isUri ? scan.uriStart : scan.nameStart;
      const end = isUri ? scan.uriEnd : scan.nameEnd;
      if (start < 0 || message[start] !== 0x22) {
        return invalidParams(`"${scan.method}" needs a name or a URI in params.`);
      }
      const name = stringAt(message, start, end);
      const view = ports.view(scope, peer);
      const route =
        scan.method === 'tools/call' ? view.tool(name) : isUri ? view.resource(name) : view.prompt(name);
      const task = scan.method === 'tools/call' && beginsTask(view, peer, message, scan) ? 'new' : null;
      if (route !== null) return target(route, start, end, task);
      if (!isUri) {
        const refusal = ports.refusal(scope, peer, scan.method, name);
        if (refusal !== null) return refusedTarget(refusal);
      }
      // A view that knows no way to a tool means it: a switched-off one must not be reached by another spelling.
      const passes = scope.kind === 'server' && isUri;
      return passes ? bare(scope.server, name) : unknownTarget(scan.method, name);
    }
    case 'completion/complete':
      return completionTarget(ports, session, message, scan);
    case 'tasks/get':
    case 'tasks/result':
    case 'tasks/update':
    case 'tasks/cancel': {
      const view = ports.view(scope, peer);
      const id = taskIdIn(message, scan.paramsStart, scan.paramsEnd);
      // The extension's tasks are found by their ids alone; on its own route the server looks itself.
      if (peer.era === 'modern' && scope.kind === 'server') return bare(scope.server, id ?? '');
      if (!knowsTasks(view, peer, scan.method)) return unknownMethod(scope, scan);
      const task = id === null ? null : hub.tasks.find(session.caller.id, scope, id);
      if (task === null || view.capabilitiesOf(task.server) === null) {
        return invalidParams('Task not found: it does not exist, or is not of this client.');
      }
      return taskTarget(task, scope, message, scan);
    }
    default:
      return unknownMethod(scope, scan);
  }
}

/**
 * True for what only requests are called, in any spelling that a lax server might take for it. A server that looks at the
 * method and never for an id would carry out such a notification, past every switch.
 */
export function isCalledAsRequest(method: string): boolean {
  return REQUEST.test(method);
}

const REQUEST =
  /^\s*(?:(?:initialize|ping)\s*$|(?:tools|prompts|resources|completion|logging|tasks|server|subscriptions)\/)/i;
/** What is admitted by name, in another spelling than its own. */
const MISSPELLED = /^\s*(?:tools\/call|prompts\/get|resources\/read|completion\/complete)\s*$/i;

function unknownMethod(scope: Scope, { method }: MessageScan): Target | GatehouseError {
  if (MISSPELLED.test(method)) return methodNotFound(method);
  return scope.kind === 'server' ? bare(scope.server, '') : methodNotFound(method);
}

function knowsTasks({ capabilities }: View, { era }: Peer, method: string): boolean {
  if (era === 'legacy') return method !== 'tasks/update' && capabilities.tasks !== undefined;
  return method !== 'tasks/result' && hasTasks(capabilities);
}

/** True for capabilities, of either side, with the tasks extension of 2026-07-28. */
function hasTasks({ extensions }: Readonly<Record<string, unknown>>): boolean {
  return typeof extensions === 'object' && extensions !== null && Object.hasOwn(extensions, TASKS_EXTENSION);
}

const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** Only 2025-11-25 knows calls that run as tasks, and only some servers offer them: nobody else pays for the search. */
function beginsTask(view: View, peer: Peer, message: Buffer, scan: MessageScan): boolean {
  // With the extension servers decide by themselves what becomes a task.
  if (peer.era === 'modern') return hasTasks(peer.capabilities) && hasTasks(view.capabilities);
  if (view.capabilities.tasks === undefined || peer.revision !== '2025-11-25') return false;
  if (message.indexOf('"task"', scan.paramsStart, 'latin1') === -1) return false;
  return memberSpans(message, scan.paramsStart, scan.paramsEnd)?.has('task') === true;
}

function taskTarget(task: Task, scope: Scope, message: Buffer, scan: MessageScan): Target {
  const route = { server: task.server, name: task.id, key: null };
  const span = memberSpans(message, scan.paramsStart, scan.paramsEnd)?.get('taskId');
  const same = span === undefined || scope.kind === 'server' || task.id === task.shown;
  const key = same ? null : { ...span, text: Buffer.from(JSON.stringify(task.id)) };
  return { route, key, task, refused: null };
}

/** By the prompt's name or the resource template's text (completion section, "Reference Types"). */
function completionTarget(
  ports: GatewayPorts,
  { scope, peer }: CallSession,
  message: Buffer,
  scan: MessageScan,
): Target | GatehouseError {
  const view = ports.view(scope, peer);
  const params = scan.paramsStart < 0 ? null : memberSpans(message, scan.paramsStart, scan.paramsEnd);
  const span = params?.get('ref');
  const ref = span === undefined ? null : memberSpans(message, span.start, span.end);
  const type = textAt(message, ref?.get('type'));
  const key = ref?.get(type === 'ref/prompt' ? 'name' : 'uri');
  const text = textAt(message, key);
  if (key !== undefined && text !== null) {
    const route = type === 'ref/prompt' ? view.prompt(text) : (view.template(text) ?? view.resource(text));
    if (route !== null) return target(route, key.start, key.end);
    const refusal = type === 'ref/prompt' ? ports.refusal(scope, peer, 'prompts/get', text) : null;
    if (refusal !== null) return refusedTarget(refusal);
  }
  if (scope.kind === 'server') return bare(scope.server, text ?? '');
  return invalidParams(
    text === null
      ? 'A completion needs a prompt or a resource in "ref".'
      : `Unknown reference: ${text.slice(0, 200)}`,
  );
}

function target(route: Route, start: number, end: number, task: 'new' | null = null): Target {
  const key = route.key === null ? null : { start, end, text: route.key };
  return { route, key, task, refused: null };
}

function bare(server: string, name: string): Target {
  return { route: { server, name, key: null }, key: null, task: null, refused: null };
}

function refusedTarget({ server, name, error }: Refusal): Target {
  return { route: { server, name, key: null }, key: null, task: null, refused: error };
}

function textAt(message: Buffer, span: Span | undefined): string | null {
  return span !== undefined && message[span.start] === 0x22 ? stringAt(message, span.start, span.end) : null;
}
