/**
 * Where a request leads: the server, that server's own name for the thing, and what to write in place of the client's.
 * Pure look-ups.
 */
import type { GatehouseError } from '../protocol/error.ts';
import { memberSpans, type Span, stringAt } from '../protocol/json.ts';
import type { MessageScan } from '../protocol/scan.ts';
import type { Edit } from '../protocol/wire.ts';
import type { CallSession } from './call.ts';
import type { GatewayPorts, Route, View } from './ports.ts';
import { invalidParams, methodNotFound, unknownTarget } from './refusals.ts';

/** Where one request leads. */
export interface Target {
  readonly route: Route;
  /** What replaces the client's name for it; null keeps the bytes. */
  readonly key: Edit | null;
}

/**
 * The target of a request, or why there is none. On a server's own route whatever the server has not listed, and every
 * method that we do not know, goes to that server as it is, so that its own answer or error comes back.
 */
export function targetOf(
  ports: GatewayPorts,
  session: CallSession,
  message: Buffer,
  scan: MessageScan,
): Target | GatehouseError {
  const { scope } = session;
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
      const view = ports.view(scope, session.peer);
      const route =
        scan.method === 'tools/call' ? view.tool(name) : isUri ? view.resource(name) : view.prompt(name);
      if (route !== null) return target(route, start, end);
      return scope.kind === 'server' ? bare(scope.server, name) : unknownTarget(scan.method, name);
    }
    case 'completion/complete':
      return completionTarget(ports.view(scope, session.peer), session, message, scan);
    default:
      return scope.kind === 'server' ? bare(scope.server, '') : methodNotFound(scan.method);
  }
}

/** By the prompt's name or the resource template's text (completion section, "Reference Types"). */
function completionTarget(
  view: View,
  { scope }: CallSession,
  message: Buffer,
  scan: MessageScan,
): Target | GatehouseError {
  const params = scan.paramsStart < 0 ? null : memberSpans(message, scan.paramsStart, scan.paramsEnd);
  const span = params?.get('ref');
  const ref = span === undefined ? null : memberSpans(message, span.start, span.end);
  const type = textAt(message, ref?.get('type'));
  const key = ref?.get(type === 'ref/prompt' ? 'name' : 'uri');
  const text = textAt(message, key);
  if (key !== undefined && text !== null) {
    const route = type === 'ref/prompt' ? view.prompt(text) : (view.template(text) ?? view.resource(text));
    if (route !== null) return target(route, key.start, key.end);
  }
  if (scope.kind === 'server') return bare(scope.server, text ?? '');
  return invalidParams(
    text === null
      ? 'A completion needs a prompt or a resource in "ref".'
      : `Unknown reference: ${text.slice(0, 200)}`,
  );
}

function target(route: Route, start: number, end: number): Target {
  return { route, key: route.key === null ? null : { start, end, text: route.key } };
}

function bare(server: string, name: string): Target {
  return { route: { server, name, key: null }, key: null };
}

function textAt(message: Buffer, span: Span | undefined): string | null {
  return span !== undefined && message[span.start] === 0x22 ? stringAt(message, span.start, span.end) : null;
}
