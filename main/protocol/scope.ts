/**
 * What part of the house an endpoint shows: everything, one server alone, or a profile (a named choice of servers).
 */

/** A scope; equal scopes have equal keys. */
export type Scope =
  | { readonly kind: 'all'; readonly key: string }
  | { readonly kind: 'server'; readonly key: string; readonly server: string }
  | { readonly kind: 'profile'; readonly key: string; readonly profile: string };

/** All servers side by side. */
export const ALL: Scope = { kind: 'all', key: '*' };

/** One server alone, under its bare names. */
export function serverScope(server: string): Scope {
  return { kind: 'server', key: `=${server}`, server };
}

/** The servers of one profile. */
export function profileScope(profile: string): Scope {
  return { kind: 'profile', key: `@${profile}`, profile };
}
