/**
 * The arguments of tool calls that modern clients repeat in headers (streamable HTTP section, "Custom Headers from Tool
 * Parameters"). Nothing is read where no tool asks for it.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { decodeHeader, headerText, type ParamHeader, paramHeaders } from '../protocol/headers.ts';
import { stringAt, valueAt } from '../protocol/json.ts';
import { memberOf } from '../protocol/members.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { type EnvelopeRefusal, mismatch, quote } from './envelope.ts';
import type { Route, View } from './ports.ts';

/** Compares the `Mcp-Param-*` headers of a tool call with its arguments; null when all is well. */
export type ParamCheck = (
  headers: IncomingHttpHeaders,
  body: Buffer,
  scan: MessageScan,
  view: View,
) => EnvelopeRefusal | null;

/** Makes a check that remembers what the tools of each view ask for. */
export function createParamCheck(): ParamCheck {
  /** Null for views in which no tool asks for headers. */
  const views = new WeakMap<View, Map<string, readonly ParamHeader[]> | null>();
  return (headers, body, scan, view) => {
    let tools = views.get(view);
    if (tools === undefined) {
      tools = view.lists.tools.includes('"x-mcp-header"') ? new Map() : null;
      views.set(view, tools);
    }
    if (tools === null || scan.nameStart < 0 || body[scan.nameStart] !== 0x22) return null;
    const name = stringAt(body, scan.nameStart, scan.nameEnd);
    const route = view.tool(name);
    if (route === null) return null;
    let wanted = tools.get(name);
    if (wanted === undefined) {
      wanted = wantedOf(view, route);
      tools.set(name, wanted);
    }
    if (wanted.length === 0) return null;
    const span = memberOf(body, scan.paramsStart, scan.paramsEnd, 'arguments');
    const args = span === null ? null : valueAt(span, 0, span.length);
    for (const param of wanted) {
      const problem = paramProblem(headers[param.header.toLowerCase()], args, param);
      if (problem !== null) return mismatch(problem);
    }
    return null;
  };
}

/** A definition that breaks the rules asks for nothing: clients leave such a tool out. */
function wantedOf(view: View, route: Route): readonly ParamHeader[] {
  const found = paramHeaders(view.inputSchemaOf(route));
  return typeof found === 'string' ? [] : found;
}

const DECIMAL = /^-?\d{1,16}(?:\.0{1,16})?$/;

function paramProblem(
  header: string | string[] | undefined,
  args: unknown,
  param: ParamHeader,
): string | null {
  const value = headerText(args, param);
  if (value === null) return null;
  if (header === undefined) return `the ${param.header} header is missing`;
  const said = decodeHeader(String(header));
  if (said === null) return `the ${param.header} header cannot be decoded`;
  const same =
    said === value || (param.type === 'integer' && DECIMAL.test(said) && Number(said) === Number(value));
  return same ? null : `the ${param.header} header says ${quote(said)}, the body ${quote(value)}`;
}
