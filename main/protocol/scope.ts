/**
 * What part of the house an endpoint shows: everything, one server alone, or a profile (a named choice of servers).
 */

/** A scope; equal scopes have equal keys. `client` is who looks at it, where that is known: some may see less of it. */
export type Scope =
  | { readonly kind: 'all'; readonly key: string; readonly client?: string }
  | { readonly kind: 'server'; readonly key: string; readonly server: string; readonly client?: string }
  | { readonly kind: 'profile'; readonly key: string; readonly profile: string; readonly client?: string };

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

/** The scope as this client sees it. */
export function scopeOf(scope: Scope, client: string): Scope {
  return { ...scope, client };
}
