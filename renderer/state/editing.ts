/** A server's entry as a form: what it shows of the JSON, and the JSON that a change makes of it. Pure. */

/** A name and its value, such as a variable. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** What the form shows. Everything else of the entry stays as it is. */
export interface EntryForm {
  readonly kind: 'program' | 'remote';
  readonly command: string;
  /** One on each line. */
  readonly args: string;
  readonly cwd: string;
  readonly url: string;
  /** Variables of a program, headers of a remote server. */
  readonly pairs: readonly Pair[];
}

/** The entry in JSON text, or why there is none. */
export type Parsed =
  | { readonly ok: true; readonly entry: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string };

/** The entry that a text is, or why it is none. */
export function parseEntry(text: string): Parsed {
  try {
    const entry: unknown = JSON.parse(text);
    if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) {
      return { ok: true, entry: entry as Readonly<Record<string, unknown>> };
    }
    return { ok: false, message: '{ }' };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Null for an entry that the form cannot show as it is: it is edited as JSON. */
export function formOf(entry: Readonly<Record<string, unknown>>): EntryForm | null {
  const { command, url, cwd, args = [] } = entry;
  const kind = typeof command === 'string' ? 'program' : typeof url === 'string' ? 'remote' : null;
  const pairs = pairsOf(kind === 'program' ? entry.env : entry.headers);
  const lines = Array.isArray(args) && args.every(isLine) ? args.join('\n') : null;
  if (kind === null || pairs === null || lines === null || entry.working_dir !== undefined) return null;
  return {
    kind,
    command: text(command),
    args: lines,
    cwd: text(cwd),
    url: text(url),
    pairs,
  };
}

/** The entry with what the form says. Keys that become empty go, unless they were there and empty before. */
export function withForm(
  entry: Readonly<Record<string, unknown>>,
  form: EntryForm,
): Readonly<Record<string, unknown>> {
  const next: Record<string, unknown> = { ...entry };
  const set = (key: string, value: unknown, empty: boolean): void => {
    if (!empty) next[key] = value;
    else if (JSON.stringify(entry[key]) !== JSON.stringify(value)) delete next[key];
  };
  const pairs = Object.fromEntries(
    form.pairs.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]),
  );
  const none = Object.keys(pairs).length === 0;
  if (form.kind === 'program') {
    const args = form.args === '' ? [] : form.args.split('\n');
    next.command = form.command;
    set('args', args, args.length === 0);
    set('cwd', form.cwd, form.cwd === '');
    set('env', pairs, none);
  } else {
    next.url = form.url;
    set('headers', pairs, none);
  }
  return next;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** An argument with a line end would become two. */
function isLine(value: unknown): value is string {
  return typeof value === 'string' && !/[\r\n]/.test(value);
}

function pairsOf(map: unknown): readonly Pair[] | null {
  if (map === undefined) return [];
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return null;
  const pairs = Object.entries(map).map(([name, value]) => ({ name, value: value as unknown }));
  return pairs.every((pair): pair is Pair => typeof pair.value === 'string') ? pairs : null;
}
