/**
 * URIs that say whose they are. A URI has no room for a server's name, so it stays as it is wherever it can; where it
 * would lead to another server, clients see it behind an address of ours: `gatehouse://SERVER/` and the whole URI.
 * Hosts of MCP Apps accept nothing but `ui://` for the page of a tool, so such a URI keeps its scheme:
 * `ui://gatehouse/SERVER/` and what followed `ui://`. Reading takes both forms for every URI.
 */

const OURS = 'gatehouse://';
const UI = 'ui://';
const OURS_UI = 'ui://gatehouse/';

/** Schemes and hosts are read without regard to case by many clients. */
const ADDRESSED = /^(?:gatehouse:\/\/|ui:\/\/gatehouse\/)/i;

/** A server and its own URI. */
export interface Addressed {
  readonly server: string;
  readonly uri: string;
}

/** The form that leads to `server` in any view that has it. Works for URI templates too. */
export function addressedUri(server: string, uri: string): string {
  const name = encodeURIComponent(server);
  return uri.startsWith(UI) ? `${OURS_UI}${name}/${uri.slice(UI.length)}` : `${OURS}${name}/${uri}`;
}

/** True for everything that looks like an address of ours, so that a server's own must be addressed to be told apart. */
export function looksAddressed(uri: string): boolean {
  return ADDRESSED.test(uri);
}

/** The server and its own URI behind an address of ours; null for every other URI. */
export function readAddressed(uri: string): Addressed | null {
  if (uri.startsWith(OURS)) return split(uri, OURS.length, '');
  return uri.startsWith(OURS_UI) ? split(uri, OURS_UI.length, UI) : null;
}

function split(uri: string, from: number, scheme: string): Addressed | null {
  const slash = uri.indexOf('/', from);
  if (slash === -1) return null;
  const name = uri.slice(from, slash);
  try {
    return {
      server: name.includes('%') ? decodeURIComponent(name) : name,
      uri: scheme + uri.slice(slash + 1),
    };
  } catch {
    return null;
  }
}
