/** How to connect a client to this app by hand: the snippet with the token, once that is known. */
import type { Result } from '../preload/contract.ts';
import type { SnippetFormat } from '../preload/views/clients.ts';
import { snippet } from './clients/snippets.ts';
import { problemOf } from './protocol/error.ts';

/** The snippet, which may hold the token; waits until the token is known. Never rejects. */
export async function snippetOf(
  format: SnippetFormat,
  url: string,
  identity: Promise<{ readonly token: string | null }>,
): Promise<Result<string>> {
  try {
    const { token } = await identity;
    return { ok: true, value: snippet(format, { url, token }) };
  } catch (error) {
    return { ok: false, error: problemOf(error) };
  }
}
