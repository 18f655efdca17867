/**
 * Reading a foreign file key by key, so that nothing it says is lost silently: every key that is asked for is noted as
 * understood unless something else is said of it, and what nobody asked for is noted as dropped at the end. Pure.
 */
import type { ConfigPath } from '../error.ts';
import { pathText } from '../error.ts';
import type { ConfigTree } from '../tree.ts';
import type { ReportLine } from './report.ts';

type Kind = ReportLine['kind'];

/** How a dialect writes references in the texts of a server; gives our own spelling. */
export type References = (text: string, note: (kind: 'changed' | 'dropped', text: string) => void) => string;

/** One object of the file. */
export interface Item {
  readonly path: ConfigPath;
  readonly keys: readonly string[];
  has(key: string): boolean;
  /** Whether a list stands under the key; says nothing of it. */
  isList(key: string): boolean;
  /** The value as it is, noted as understood. */
  raw(key: string): unknown;
  /** Text as it is. */
  text(key: string): string | undefined;
  /** Text that may hold references, in our own spelling of them. */
  reference(key: string): string | undefined;
  flag(key: string): boolean | undefined;
  number(key: string): number | undefined;
  /** A list of texts that may hold references. */
  references(key: string): string[] | undefined;
  /** A list of texts as they are. */
  texts(key: string): string[] | undefined;
  /** An object of texts that may hold references; numbers and switches in it are taken as text. */
  table(key: string): Record<string, string> | undefined;
  /** An object; its keys are to be read one by one. */
  object(key: string): Item | undefined;
  /** The objects of a list; what is no object is noted. */
  objects(key: string): Item[] | undefined;
  /** The objects of a map; what is no object is noted. */
  members(): { readonly name: string; readonly item: Item }[];
  changed(key: string | null, text: string): void;
  /** In force, with a word about how. */
  understood(key: string | null, text?: string): void;
  dropped(key: string | null, text: string): void;
  /** Dropped because it cannot be right. */
  fault(key: string | null, text: string): void;
}

/** A foreign file while it is read. */
export interface Reader {
  readonly tree: ConfigTree;
  readonly root: Item;
  /** References are written in this way from here on. */
  useReferences(references: References): void;
  /** What has been said, in the order of the file, and everything that nobody asked for. */
  report(): ReportLine[];
}

interface Note {
  readonly path: ConfigPath;
  readonly kind: Kind;
  readonly text: string;
  readonly fault: boolean;
}

/** Text without references: what looks like one of ours is meant as it stands. */
export const plainText: References = (text) => text.replaceAll('${', '$${');

/** Begins to read the tree, whose value is an object. */
export function createReader(tree: ConfigTree): Reader {
  const notes = new Map<string, Note>();
  /** The paths of everything that has a note somewhere below it. */
  const aboveNotes = new Set<string>();
  let references: References = plainText;

  const note = (path: ConfigPath, kind: Kind, text: string, fault = false): void => {
    const key = JSON.stringify(path);
    const before = notes.get(key);
    // What was said last counts, but a mere "understood" does not take back what was said before.
    if (before !== undefined && kind === 'understood' && text === '') return;
    const both =
      before === undefined || before.text === '' || before.text === text ? text : `${before.text} ${text}`;
    notes.set(key, { path, kind, text: both, fault: fault || before?.fault === true });
    for (let length = path.length - 1; length > 0; length--) {
      const above = JSON.stringify(path.slice(0, length));
      if (aboveNotes.has(above)) break;
      aboveNotes.add(above);
    }
  };

  const itemAt = (path: ConfigPath, value: Readonly<Record<string, unknown>>): Item => {
    const at = (key: string | null): ConfigPath => (key === null ? path : [...path, key]);
    const wrong = (key: string, wanted: string): undefined => {
      note(at(key), 'dropped', `This must be ${wanted}.`, true);
    };
    const get = (key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);
    const given = (key: string): unknown => {
      const found = get(key);
      if (Object.hasOwn(value, key)) note(at(key), 'understood', found === null ? 'Nothing is set.' : '');
      return found ?? undefined;
    };
    const refer = (here: ConfigPath, text: string): string =>
      references(text, (kind, words) => note(here, kind, words));
    const list = (key: string): string[] | undefined => {
      const found = given(key);
      if (found === undefined) return undefined;
      if (!Array.isArray(found)) return wrong(key, 'a list of text');
      const texts: string[] = [];
      for (const [index, one] of found.entries()) {
        if (typeof one === 'string') texts.push(one);
        else if (typeof one === 'number' || typeof one === 'boolean') {
          note([...at(key), index], 'changed', 'This is taken as text.');
          texts.push(String(one));
        } else return wrong(key, 'a list of text');
      }
      return texts;
    };
    const item: Item = {
      path,
      keys: Object.keys(value),
      has: (key) => Object.hasOwn(value, key),
      isList: (key) => Array.isArray(get(key)),
      raw: given,
      text(key) {
        const found = given(key);
        if (found === undefined || typeof found === 'string') return found;
        return wrong(key, 'text');
      },
      reference(key) {
        const found = item.text(key);
        return found === undefined ? undefined : refer(at(key), found);
      },
      flag(key) {
        const found = given(key);
        if (found === undefined || typeof found === 'boolean') return found;
        if (found === 'true' || found === 'false') {
          note(at(key), 'changed', 'The text is taken as true or false.');
          return found === 'true';
        }
        return wrong(key, 'true or false') as undefined;
      },
      number(key) {
        const found = given(key);
        if (found === undefined || typeof found === 'number') return found;
        return wrong(key, 'a number') as undefined;
      },
      texts: list,
      references: (key) => list(key)?.map((text, index) => refer([...at(key), index], text)),
      table(key) {
        const found = given(key);
        if (found === undefined) return undefined;
        if (!isObject(found)) return wrong(key, 'an object of text');
        const table: [string, string][] = [];
        for (const [name, one] of Object.entries(found)) {
          const here = [...at(key), name];
          if (typeof one === 'string') table.push([name, refer(here, one)]);
          else if (typeof one === 'number' || typeof one === 'boolean') {
            note(here, 'changed', 'This is taken as text.');
            table.push([name, String(one)]);
          } else if (one === null) note(here, 'dropped', 'Nothing is set.');
          else note(here, 'dropped', 'This must be text.', true);
        }
        return Object.fromEntries(table);
      },
      object(key) {
        const found = get(key);
        if (found === undefined || found === null) {
          given(key);
          return undefined;
        }
        return isObject(found) ? itemAt(at(key), found) : wrong(key, 'an object');
      },
      objects(key) {
        const found = get(key);
        if (found === undefined || found === null) {
          given(key);
          return undefined;
        }
        if (!Array.isArray(found)) return wrong(key, 'a list');
        return found.flatMap((one, index) => {
          const here = [...at(key), index];
          if (isObject(one)) return [itemAt(here, one)];
          note(here, 'dropped', 'This must be an object.', true);
          return [];
        });
      },
      members() {
        return Object.entries(value).flatMap(([name, one]) => {
          if (isObject(one)) return [{ name, item: itemAt([...path, name], one) }];
          note([...path, name], 'dropped', 'This must be an object.', true);
          return [];
        });
      },
      changed: (key, text) => note(at(key), 'changed', text),
      understood: (key, text = '') => note(at(key), 'understood', text),
      dropped: (key, text) => note(at(key), 'dropped', text),
      fault: (key, text) => note(at(key), 'dropped', text, true),
    };
    return item;
  };

  /** Leaves that are covered by no note of themselves or of what they are in. */
  const unnoted = (path: ConfigPath, value: unknown): void => {
    if (path.length > 0 && notes.has(JSON.stringify(path))) return;
    const children: [string | number, unknown][] = Array.isArray(value)
      ? value.map((one, index) => [index, one])
      : isObject(value)
        ? Object.entries(value)
        : [];
    if (path.length > 0 && (children.length === 0 || !aboveNotes.has(JSON.stringify(path)))) {
      note(path, 'dropped', 'Gatehouse does not know this key here.');
      return;
    }
    for (const [key, child] of children) unnoted([...path, key], child);
  };
  const root = isObject(tree.value) ? tree.value : {};
  return {
    tree,
    root: itemAt([], root),
    useReferences(next) {
      references = next;
    },
    report() {
      unnoted([], root);
      return [...notes.values()]
        .map((one) => ({ ...one, offset: tree.offsetOf(one.path) }))
        .sort((a, b) => a.offset - b.offset || a.path.length - b.path.length)
        .map(({ path, kind, text, fault }) => {
          const { line, column } = tree.placeOfKey(path);
          return { kind, fault, line, column, key: shownKey(path), text };
        });
    },
  };
}

/** A path for people. A name of a server with a path in it may hold a token there, which is not shown. */
export function shownKey(path: ConfigPath): string {
  return pathText(path.map((step) => (typeof step === 'string' ? step.replace(/\/.*$/s, '/…') : step)));
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
