/**
 * Who is called what in one view. No two things share a name: what comes later in the order of servers gets another one.
 */
import type { Entry, Route } from './entries.ts';
import { exposedName, fitsClients } from './names.ts';

/**
 * How a view names tools and prompts: each with its server's name before it; bare where that is unique, of a length and
 * spelling that every client takes; or always bare, as the view of one server alone.
 */
export type Naming = 'prefixed' | 'bare-where-unique' | 'bare';

/** The names of one kind of thing in one view. */
export interface Names {
  readonly routes: ReadonlyMap<string, Route>;
  /** Each thing with the name that clients see, in order. */
  readonly named: readonly { readonly entry: Entry; readonly exposed: string }[];
}

/** Names what the servers have; `groups` in the order of servers. */
export function nameAll(groups: readonly (readonly Entry[])[], naming: Naming): Names {
  const routes = new Map<string, Route>();
  const given = new Map<Entry, string>();
  const named: { entry: Entry; exposed: string }[] = [];
  const unique = naming === 'bare-where-unique' ? uniqueKeys(groups) : null;

  const prefixed = (entry: Entry): string => {
    let name = entry.exposed;
    for (let attempt = 1; routes.has(name); attempt++) name = exposedName(entry.server, entry.label, attempt);
    routes.set(name, entry.route(name));
    return name;
  };
  const plain = (entry: Entry): string => {
    const { label } = entry;
    // The user has given one tool the name that another one has.
    if (routes.has(label)) return prefixed(entry);
    routes.set(label, entry.route(label));
    return label;
  };

  if (unique === null) {
    const nameOf = naming === 'bare' ? plain : prefixed;
    for (const group of groups) for (const entry of group) named.push({ entry, exposed: nameOf(entry) });
    return { routes, named };
  }
  // Names with a prefix come first: a bare name that spells another's prefixed one is the one that has to give way.
  const isBare = (entry: Entry): boolean => unique.has(entry.label) && fitsClients(entry.label);
  for (const group of groups) {
    for (const entry of group) if (!isBare(entry)) given.set(entry, prefixed(entry));
  }
  for (const group of groups) {
    for (const entry of group) {
      const name = given.get(entry);
      if (name !== undefined) named.push({ entry, exposed: name });
      else named.push({ entry, exposed: plain(entry) });
    }
  }
  return { routes, named };
}

/** The names that only one thing has. */
function uniqueKeys(groups: readonly (readonly Entry[])[]): ReadonlySet<string> {
  const once = new Set<string>();
  const seen = new Set<string>();
  for (const group of groups) {
    for (const { label } of group) {
      if (seen.has(label)) once.delete(label);
      else once.add(label);
      seen.add(label);
    }
  }
  return once;
}
