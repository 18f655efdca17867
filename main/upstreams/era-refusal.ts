/**
 * Whether a server refuses to ask its client for no other reason than the revision that it is spoken to in. In 2026-07-28
 * a server has no requests of its own: it returns `input_required` instead (multi round-trip requests section). Servers of
 * both eras that were written for the older one still try, and what they are built on refuses. Pure.
 */

/** Such errors are short; more of an answer is not looked at. Bytes. */
const MOST = 4_096;
/** What FastMCP for Python and the SDKs for Python and TypeScript say of it, each in its own words. */
const REQUESTS = /server-(?:initiated|to-client) (?:requests|sampling|elicitation|roots)/i;
const NONE = /unavailable|not available|no back-?channel/i;

/**
 * @param answer a failed answer, whole: an error, or a result with `isError`
 * @returns false too for whatever is longer than such errors are
 */
export function refusesToAsk(answer: Buffer): boolean {
  if (answer.length > MOST) return false;
  const text = answer.toString('latin1');
  return REQUESTS.test(text) && NONE.test(text);
}
