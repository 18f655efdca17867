/**
 * Which resource template a URI belongs to. Only enough of RFC 6570 to route: literal parts must match in order,
 * expressions match anything that is not empty.
 */

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
