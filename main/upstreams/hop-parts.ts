/**
 * Small parts of hops: answers rewritten for the client's era, and the headers in which a modern request repeats itself.
 */
import type { Forward } from '../protocol/call.ts';
import { encodeHeader, headerText, type ParamHeader } from '../protocol/headers.ts';
import { stringAt } from '../protocol/json.ts';
import { memberOf } from '../protocol/members.ts';
import { scanMessage } from '../protocol/scan.ts';
import { splice } from '../protocol/wire.ts';
import type { RequestHead } from './link.ts';

/** The id of answers that are made here, and where it stands; whoever receives them puts in his own. */
export const NO_ID = { text: '0', start: 22, end: 23 } as const;

/** The request under the server's own name for the thing, for hops that rewrite more than spans. */
export function underOwnName(request: Forward): Pick<Forward, 'bytes' | 'scan'> {
  if (request.key === null) return request;
  const bytes = splice(request.bytes, [request.key]);
  return { bytes, scan: scanMessage(bytes) };
}

/** The methods whose requests repeat a name (streamable HTTP section, "Standard Request Headers"). */
const NAMED = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Requests about a task repeat its id (tasks extension, `io.modelcontextprotocol/tasks`); other methods repeat nothing. */
function taskOf({ bytes, scan, key, target }: Forward): string | null {
  if (!scan.method.startsWith('tasks/')) return null;
  // The server knows it by another id than the client.
  if (key !== null) return target;
  const id = memberOf(bytes, scan.paramsStart, scan.paramsEnd, 'taskId');
  return id !== null && id[0] === 0x22 ? stringAt(id, 0, id.length) : null;
}

/** What a request repeats in headers. `params` are those of the tool that it calls; its arguments are read only for them. */
export function headOf(request: Forward, params: readonly ParamHeader[] | undefined): RequestHead {
  const { method } = request.scan;
  const name = NAMED.has(method) ? request.target : taskOf(request);
  if (params === undefined || method !== 'tools/call') return { method, name, params: null };
  const { bytes, scan } = request;
  const args = memberOf(bytes, scan.paramsStart, scan.paramsEnd, 'arguments');
  const values: Record<string, string> = {};
  if (args !== null) {
    const parsed = JSON.parse(args.toString('utf8')) as unknown;
    for (const param of params) {
      const text = headerText(parsed, param);
      if (text !== null) values[param.header] = encodeHeader(text);
    }
  }
  return { method, name, params: values };
}
