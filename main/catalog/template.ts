/**
 * Which resource template a URI belongs to. Only enough of RFC 6570 to route: literal parts must match in order,
 * expressions match anything.
 */

/** The literal text before the first expression. */
export function literalPrefix(template: string): string {
  return template.split(/\{[^{}]*\}/, 1)[0] ?? '';
}

/** A matcher for the template; a template without literals matches nothing, since it would match everything. */
export function templateMatcher(template: string): (uri: string) => boolean {
  const parts = template.split(/\{[^{}]*\}/);
  if (parts.every((part) => part === '')) return () => false;
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1);
  return (uri) => {
    if (parts.length === 1) return uri === template;
    if (!uri.startsWith(first) || !uri.endsWith(last) || uri.length < first.length + last.length)
      return false;
    let at = first.length;
    const end = uri.length - last.length;
    for (const part of middle) {
      const next = uri.indexOf(part, at);
      if (next === -1 || next + part.length > end) return false;
      at = next + part.length;
    }
    return true;
  };
}

/** Templates of several servers, found by URI without trying each. */
export interface TemplateTable {
  /**
   * Adds one server's templates in their order. A template that some URI could share with one of an earlier server is
   * not added, nor one without a literal beginning, nor one past the bound. Returns those that were.
   */
  add(server: string, templates: readonly string[]): ReadonlySet<string>;
  /** The server that owns the template which this URI belongs to. */
  ownerOf(uri: string): string | null;
}

/** Templates of one server that a URI is tried against; a hostile server could list any number under one beginning. */
const MAX_PER_SERVER = 256;

interface Bucket {
  readonly server: string;
  readonly matchers: ((uri: string) => boolean)[];
}

/**
 * An empty table. All templates under beginnings that one URI can have are of one server: so no URI has two owners, and
 * their order does not matter.
 */
export function createTemplateTable(): TemplateTable {
  const buckets = new Map<string, Bucket>();
  /** Each length of a beginning once, ascending. */
  let lengths: readonly number[] = [];
  /** The beginnings of all servers that are in, sorted. */
  let sorted: readonly string[] = [];

  /** True when a beginning in the table begins with this one, or this one with it. */
  const overlaps = (beginning: string): boolean => {
    for (const length of lengths) {
      if (length > beginning.length) break;
      if (buckets.has(beginning.slice(0, length))) return true;
    }
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? '') < beginning) low = middle + 1;
      else high = middle;
    }
    return sorted[low]?.startsWith(beginning) === true;
  };

  return {
    add(server, templates) {
      const added = new Set<string>();
      const own = new Map<string, Bucket>();
      for (const template of templates) {
        const beginning = literalPrefix(template);
        if (added.size >= MAX_PER_SERVER || added.has(template)) continue;
        if (beginning === '' || overlaps(beginning)) continue;
        added.add(template);
        const bucket = own.get(beginning) ?? { server, matchers: [] };
        bucket.matchers.push(templateMatcher(template));
        own.set(beginning, bucket);
      }
      for (const [beginning, bucket] of own) buckets.set(beginning, bucket);
      if (own.size > 0) {
        sorted = [...buckets.keys()].sort();
        lengths = [...new Set(sorted.map((beginning) => beginning.length))].sort((a, b) => a - b);
      }
      return added;
    },
    ownerOf(uri) {
      for (const length of lengths) {
        if (length > uri.length) break;
        const bucket = buckets.get(uri.slice(0, length));
        if (bucket?.matchers.some((matches) => matches(uri))) return bucket.server;
      }
      return null;
    },
  };
}
