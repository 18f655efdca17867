/**
 * Where a browser may be sent back to: a program on this computer that listens for it (RFC 8252 section 7.3), or one that
 * the system opens by a scheme of its own (section 7.1). Never a web site. Pure.
 *
 * Schemes count when they are a domain backwards, as RFC 8252 wants them, or belong to one of the editors below, which have
 * no other way back. Another program may take such an address for itself, but gains nothing by that: the code in it is worth
 * nothing without the verifier (PKCE), which the client never lets go of. Everything else (`file:`, `ms-msdt:`, `javascript:`)
 * would let a stranger open programs with words of his own.
 */

/** Longest address that is taken. Characters. */
const LONGEST = 2_000;

/** Schemes of well-known clients that are no domain backwards. */
const EDITORS: ReadonlySet<string> = new Set([
  'cursor:',
  'vscode:',
  'vscode-insiders:',
  'vscodium:',
  'windsurf:',
  'devin:',
  'zed:',
  'kiro:',
  'trae:',
  'claude:',
  'codex:',
  'antigravity:',
  'goose:',
  'lmstudio:',
  'raycast:',
  'warp:',
]);

/** What kind of address it is; null when no browser is ever sent there. */
export function redirectKind(text: string): 'loopback' | 'app' | null {
  const url = parsed(text);
  if (url === null) return null;
  if (url.protocol === 'http:') return isLoopbackName(url.hostname) ? 'loopback' : null;
  if (EDITORS.has(url.protocol)) return 'app';
  return /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:$/.test(url.protocol) ? 'app' : null;
}

/** Whether `wanted` is one of the registered ones: letter by letter, but for the port of a loopback address. */
export function isRegistered(wanted: string, registered: readonly string[]): boolean {
  const kind = redirectKind(wanted);
  if (kind === null) return false;
  if (registered.includes(wanted)) return true;
  if (kind !== 'loopback') return false;
  const plain = withoutPort(wanted);
  return registered.some((one) => redirectKind(one) === 'loopback' && withoutPort(one) === plain);
}

/** The address with what the browser brings there. */
export function redirectTo(redirect: string, params: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value !== null) query.set(name, value);
  return `${redirect}${redirect.includes('?') ? '&' : '?'}${query.toString()}`;
}

/** Names of this computer alone. */
export function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

function parsed(text: string): URL | null {
  // Blanks and line ends would be taken out silently by the parser, and none belongs into a header.
  if (text.length > LONGEST || !/^[\x21-\x7e]+$/.test(text) || /["\\<>^`{|}]/.test(text)) return null;
  try {
    const url = new URL(text);
    const plain = url.username === '' && url.password === '' && !text.includes('#');
    return plain ? url : null;
  } catch {
    return null;
  }
}

function withoutPort(text: string): string {
  const url = new URL(text);
  return `${url.hostname}${url.pathname}${url.search}`;
}
