/**
 * What a server says with a 401 or 403 of how to get in: the `Bearer` challenge in `WWW-Authenticate` (RFC 9110 section
 * 11.6.1, RFC 6750 section 3, RFC 9728 section 5.1). Pure. A header may hold several challenges; others are skipped.
 */

/** The parts of a challenge that matter here. */
export interface BearerChallenge {
  readonly resourceMetadata: string | null;
  readonly scope: string | null;
  readonly error: string | null;
  readonly description: string | null;
}

const NONE: BearerChallenge = { resourceMetadata: null, scope: null, error: null, description: null };
/** Longer headers are cut; a challenge of this size is none. */
const MAX_HEADER = 16_384;

/** Reads the first Bearer challenge; all null when there is none. */
export function readChallenge(header: string | null): BearerChallenge {
  if (header === null) return NONE;
  const text = header.slice(0, MAX_HEADER);
  // A token, followed by a space and a parameter or the end, begins a challenge; a parameter has "=" at once.
  const start = /(?:^|,\s*)bearer(?=\s|,|$)/i.exec(text);
  if (start === null) return NONE;
  const params = new Map<string, string>();
  const part = text.slice(start.index + start[0].length);
  const pair = /\s*,?\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;
  for (let match = pair.exec(part); match !== null; match = pair.exec(part)) {
    const name = (match[1] ?? '').toLowerCase();
    const value = match[2] === undefined ? (match[3] ?? '') : match[2].replace(/\\(.)/g, '$1');
    if (!params.has(name)) params.set(name, value);
  }
  const value = (name: string): string | null => params.get(name) ?? null;
  return {
    resourceMetadata: value('resource_metadata'),
    scope: value('scope'),
    error: value('error'),
    description: value('error_description'),
  };
}

/** All scopes of the given lists once each, in the order in which they come; null when there are none. */
export function union(...lists: readonly (string | null | undefined)[]): string | null {
  const all = new Set(lists.flatMap((list) => (list ?? '').split(/\s+/)).filter((scope) => scope !== ''));
  return all.size === 0 ? null : [...all].join(' ');
}

/** True when `wanted` has a scope that `granted` has not. */
export function widens(wanted: string | null, granted: string | null): boolean {
  const has = new Set((granted ?? '').split(/\s+/));
  return (wanted ?? '').split(/\s+/).some((scope) => scope !== '' && !has.has(scope));
}
