/**
 * Error -32042 of revision 2025-11-25 ("URL elicitation required": the client is to send its user to pages and then to
 * call again) in the terms of the modern revisions, which must not use it (overview section, "Error Codes").
 */
import { arraySpans, memberSpans } from './json.ts';
import { memberOf, rawJson, setMembers } from './members.ts';
import { MODERN_ERRORS } from './modern.ts';

/** More pages than that are no sensible question. */
const MOST = 100;
const EMPTY = Buffer.alloc(0);

/**
 * What a modern client with these capabilities gets instead of the error object `error`, raw JSON: a result that asks it
 * for the pages and makes it call again, or an error that says what it would need. Null for any other error.
 */
export function modernPages(
  error: Buffer,
  capabilities: Readonly<Record<string, unknown>>,
): { readonly result: Buffer } | { readonly error: Buffer } | null {
  const members = error.includes('-32042') ? memberSpans(error, 0, error.length) : null;
  const code = members?.get('code');
  const data = members?.get('data');
  if (code === undefined || data === undefined) return null;
  if (error.toString('latin1', code.start, code.end) !== '-32042') return null;
  const pages = memberOf(error, data.start, data.end, 'elicitations');
  const spans = pages === null ? null : arraySpans(pages, 0, pages.length);
  if (pages === null || spans === null || spans.length === 0 || spans.length > MOST) return null;
  if (!asksForPages(capabilities)) {
    return {
      error: rawJson({
        code: MODERN_ERRORS.missingClientCapability,
        message: 'The server needs the user to open a page, which this client cannot ask for.',
        data: { requiredCapabilities: { elicitation: { url: {} } } },
      }),
    };
  }
  const requests = Object.fromEntries(
    spans.map(({ start, end }, index): [string, Buffer] => [
      `page-${index + 1}`,
      setMembers(EMPTY, 0, 0, {
        method: rawJson('elicitation/create'),
        params: pages.subarray(start, end),
      }),
    ]),
  );
  // Without a state: the server knows by itself, when it is called again, whether the user has been there.
  return {
    result: setMembers(EMPTY, 0, 0, {
      resultType: rawJson('input_required'),
      inputRequests: setMembers(EMPTY, 0, 0, requests),
    }),
  };
}

function asksForPages({ elicitation }: Readonly<Record<string, unknown>>): boolean {
  if (typeof elicitation !== 'object' || elicitation === null) return false;
  const { url } = elicitation as Readonly<Record<string, unknown>>;
  return typeof url === 'object' && url !== null;
}
