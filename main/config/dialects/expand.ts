/**
 * `$VAR` and `${VAR}` as Go's os.Expand and shells read them, and `${VAR:-default}` as Claude Code has it. Pure.
 */
import type { References } from './reader.ts';

type Lookup = (name: string) => string | undefined;

interface Expanded {
  /** With `${env:NAME}` for variables that there are, so that no value gets into a file or a log. */
  readonly reference: string;
  /** With the values themselves, for what can hold no references. */
  readonly literal: string;
  /** Variables that there are not; they become nothing. */
  readonly missing: readonly string[];
  /** A "$" was taken for the beginning of a variable that cannot be one. */
  readonly eaten: boolean;
}

/** Expands as Go does: what is undefined becomes nothing, `$$` and the like are eaten, `$ ` stays. */
export function goExpand(text: string, env: Lookup): Expanded {
  let reference = '';
  let literal = '';
  const missing: string[] = [];
  let eaten = false;
  let rest = text;
  const put = (plain: string): void => {
    reference += plain;
    literal += plain;
  };
  for (let at = rest.indexOf('$'); at >= 0; at = rest.indexOf('$')) {
    put(rest.slice(0, at));
    const match = /^\$(?:\{([^}]*)\}|([A-Za-z_0-9]+)|([*#$@!?-]))/.exec(rest.slice(at));
    if (match === null) {
      // "${" without an end is eaten; a "$" before anything else stands for itself.
      const open = rest.startsWith('${', at);
      if (open) eaten = true;
      else put('$');
      rest = rest.slice(at + (open ? 2 : 1));
      continue;
    }
    const braced = match[1];
    const bare = match[2];
    // Without braces a digit is a name of its own.
    const short = bare !== undefined && /^\d/.test(bare) ? bare.slice(0, 1) : bare;
    const name = braced ?? short ?? '';
    rest = rest.slice(at + (short === undefined ? match[0].length : short.length + 1));
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      eaten = true;
      continue;
    }
    const value = env(name);
    if (value === undefined) missing.push(name);
    else {
      reference += `\${env:${name}}`;
      literal += value;
    }
  }
  // What stands there already as "${" is gone by now, so only our own references hold it.
  put(rest);
  return { reference, literal, missing, eaten };
}

/** References of a dialect that is expanded as Go does. */
export function goReferences(env: Lookup): References {
  return (text, note) => {
    if (!text.includes('$')) return text;
    const { reference, missing, eaten } = goExpand(text, env);
    for (const name of missing)
      note('changed', `The environment variable ${name} is not set and becomes nothing.`);
    if (eaten) note('changed', 'A "$" that begins no variable is eaten, as that program does.');
    else if (missing.length === 0 && reference !== text)
      note('changed', 'The variable is looked up at each start.');
    return reference;
  };
}

/** What stands outside of strings in a JSON text, expanded; strings and comments stay as they are. */
export function expandOutsideStrings(text: string, env: Lookup): string {
  if (!text.includes('$')) return text;
  return text.replace(
    /"(?:[^"\\]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(?:\{[^}\n]*\}|\w+)/g,
    (found) => (found.startsWith('$') ? goExpand(found, env).literal : found),
  );
}

/** Variables of editors, which are no environment variables. */
const EDITORS: ReadonlySet<string> = new Set([
  'userHome',
  'workspaceFolder',
  'workspaceFolderBasename',
  'pathSeparator',
]);

/** References of clients that know `${VAR}` and `${VAR:-default}`; ours pass. */
export function clientReferences(env: Lookup, bare: boolean): References {
  return (text, note) =>
    text.replace(/\$\{([^}]*)\}|\$([A-Za-z_]\w*)|\$\{/g, (found: string, inner?: string, word?: string) => {
      if (word !== undefined) {
        if (!bare) return found;
        if (env(word) !== undefined) return `\${env:${word}}`;
        note('changed', `The environment variable ${word} is not set; the text stays as it is.`);
        return found;
      }
      if (inner === undefined) return '$${';
      if (/^(env|keyring):[^}]+$/.test(inner)) return found;
      const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inner) ?? [];
      if (name === undefined || EDITORS.has(name)) return special(inner, note);
      if (env(name) !== undefined) {
        note('changed', 'The variable is looked up at each start.');
        return `\${env:${name}}`;
      }
      if (fallback !== undefined) {
        note('changed', `The environment variable ${name} is not set, so its default is taken.`);
        return fallback;
      }
      note('changed', `The environment variable ${name} is not set; the server starts once it is.`);
      return `\${env:${name}}`;
    });
}

/** `${input:...}` and the variables of editors. */
function special(inner: string, note: Parameters<References>[1]): string {
  const input = /^input:(.+)$/.exec(inner)?.[1];
  if (input !== undefined) {
    const name = input.replace(/[^A-Za-z0-9_.-]+/g, '-');
    note('changed', `The question becomes a secret: gatehouse secret set ${name}`);
    return `\${keyring:${name}}`;
  }
  if (inner === 'userHome') {
    note('changed', 'The home directory is that of Gatehouse.');
    return '${env:HOME}';
  }
  if (inner === 'pathSeparator' || inner === '/') return '/';
  if (/^workspaceFolder/.test(inner)) {
    note('changed', 'There is no workspace here; the directory of the file is taken.');
    return '.';
  }
  note('changed', 'This is no variable that Gatehouse knows; the text stays as it is.');
  return `$\${${inner}}`;
}
