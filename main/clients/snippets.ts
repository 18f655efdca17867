/**
 * Ready-made ways to connect a client by hand. Pure; the text may hold the token, so it goes to the clipboard or to
 * the terminal of its owner and nowhere else.
 */
import type { SnippetFormat } from '../../preload/views/clients.ts';

/** Where and with what to connect. */
export interface SnippetFacts {
  /** The endpoint, for example `http://127.0.0.1:4180/mcp`. */
  readonly url: string;
  /** Null when the endpoint asks for none. */
  readonly token: string | null;
}

/** The snippet in the asked format, without a line break at its end. */
export function snippet(format: SnippetFormat, { url, token }: SnippetFacts): string {
  switch (format) {
    case 'url':
      return url;
    case 'json': {
      const headers = token === null ? {} : { headers: { Authorization: `Bearer ${token}` } };
      return JSON.stringify({ mcpServers: { gatehouse: { type: 'http', url, ...headers } } }, null, 2);
    }
    case 'claude-code': {
      const header = token === null ? '' : ` --header ${shellWord(`Authorization: Bearer ${token}`)}`;
      return `claude mcp add --transport http gatehouse ${shellWord(url)}${header}`;
    }
  }
}

/** One word for a POSIX shell, quoted only where it must be. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
