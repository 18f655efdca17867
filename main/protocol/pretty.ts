/** JSON set out in lines without being parsed: numbers, escapes and the order of keys stay as they were written. Pure. */

const OPENS: Readonly<Record<string, string>> = { '{': '}', '[': ']' };
const SPACE = /[ \t\r\n]/;
/** Deeper levels are not set in any further. */
const DEEPEST = 40;

/**
 * @param json one well-formed value
 * @param longest characters of the result; what is longer is cut off
 */
export function prettyJson(json: string, longest: number): string {
  let out = '';
  let depth = 0;
  let at = 0;
  const line = (): string => `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
  while (at < json.length && out.length <= longest) {
    const c = json.charAt(at);
    if (c === '"') {
      const end = endOfString(json, at);
      out += json.slice(at, Math.min(end, at + longest + 1));
      at = end;
      continue;
    }
    at += 1;
    if (SPACE.test(c)) continue;
    const closer = OPENS[c];
    if (closer !== undefined) {
      const next = skipSpace(json, at);
      if (json.charAt(next) === closer) {
        out += c + closer;
        at = next + 1;
        continue;
      }
      depth += 1;
      out += c + line();
    } else if (c === '}' || c === ']') {
      depth -= 1;
      out += line() + c;
    } else if (c === ',') out += c + line();
    else if (c === ':') out += ': ';
    else out += c;
  }
  return out.slice(0, longest);
}

function skipSpace(json: string, from: number): number {
  let at = from;
  while (SPACE.test(json.charAt(at))) at += 1;
  return at;
}

/** Just behind the closing quote. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
