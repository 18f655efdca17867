/**
 * From what is filled in to the JSON of the arguments, or what is wrong with it. Numbers go as they were typed, so that
 * none loses digits. Patterns of the server are not run: a hostile one could take for ever; the server checks them. Pure.
 */
import type { Field, GroupField, ListField, NumberField, TextField, TextFormat } from './fields.ts';
import type { Draft } from './filled.ts';
import { jsonFault } from './json-text.ts';

/** What is wrong with one field. */
export type Fault =
  | { readonly kind: 'needed' | 'not-a-number' | 'not-whole' | 'not-one-of' | 'not-unique' }
  | { readonly kind: 'too-short' | 'too-long' | 'too-few' | 'too-many'; readonly count: number }
  | {
      readonly kind: 'too-small' | 'too-large' | 'not-above' | 'not-below' | 'not-a-step';
      readonly bound: number;
    }
  | { readonly kind: 'format'; readonly format: TextFormat }
  | { readonly kind: 'json'; readonly line: number; readonly column: number }
  | { readonly kind: 'name-missing' | 'name-taken' };

/** The JSON of a value; null when it is left out. */
export type Written =
  | { readonly ok: true; readonly json: string | null }
  /** How many fields are wrong; each says itself what it is, by `faultOf`. */
  | { readonly ok: false; readonly faults: number };

const LEFT_OUT: Written = { ok: true, json: null };

/** The JSON of what is filled in for a field. */
export function write(field: Field, draft: Draft, required: boolean): Written {
  if (faultOf(field, draft, required) !== null) return { ok: false, faults: 1 };
  switch (draft.kind) {
    case 'unset':
      return LEFT_OUT;
    case 'text':
      if (draft.text === '') return LEFT_OUT;
      return given(field.kind === 'number' ? draft.text.trim() : JSON.stringify(draft.text));
    case 'switch':
      return given(String(draft.on));
    case 'choice': {
      const option = field.kind === 'choice' ? field.options[draft.at] : undefined;
      return option === undefined ? LEFT_OUT : given(JSON.stringify(option.value));
    }
    case 'json':
      return draft.text.trim() === '' ? LEFT_OUT : given(draft.text);
    case 'variant': {
      const variant = field.kind === 'variants' ? field.variants[draft.at] : undefined;
      return variant === undefined ? LEFT_OUT : write(variant.field(), draft.draft, true);
    }
    case 'list': {
      if (field.kind !== 'list') return LEFT_OUT;
      const items = draft.items.map((item) => write(field.item(), item, true));
      return together(items, (texts) => `[${texts.map(({ json }) => json).join(',')}]`);
    }
    case 'group':
      return field.kind === 'group' ? writeGroup(field, draft) : LEFT_OUT;
  }
}

function writeGroup(field: GroupField, draft: Extract<Draft, { kind: 'group' }>): Written {
  const names: string[] = [];
  const values: Written[] = [];
  for (const [at, member] of field.members.entries()) {
    names.push(member.name);
    values.push(write(member.field(), draft.members[at] ?? { kind: 'unset' }, member.required));
  }
  for (const [at, { name, draft: value }] of draft.further.entries()) {
    names.push(name);
    const wrong = furtherFault(field, draft, at) !== null || field.further === null;
    values.push(wrong ? { ok: false, faults: 1 } : write(field.further(), value, true));
  }
  return together(values, (texts) => {
    const pairs = texts.map(({ at, json }) => `${JSON.stringify(names[at] ?? '')}:${json}`);
    return `{${pairs.join(',')}}`;
  });
}

/** What is wrong with a field itself, not with what lies in it. */
export function faultOf(field: Field, draft: Draft, required: boolean): Fault | null {
  if (required && isEmpty(draft)) return { kind: 'needed' };
  switch (draft.kind) {
    case 'text':
      if (draft.text === '') return null;
      if (field.kind === 'number') return numberFault(field, draft.text.trim());
      return field.kind === 'text' ? textFault(field, draft.text) : null;
    case 'json': {
      const place = draft.text.trim() === '' ? null : jsonFault(draft.text);
      return place === null ? null : { kind: 'json', ...place };
    }
    case 'list':
      return field.kind === 'list' ? listFault(field, draft.items) : null;
    default:
      return null;
  }
}

/** What is wrong with the name of a further value. */
export function furtherFault(
  field: GroupField,
  { further }: Extract<Draft, { kind: 'group' }>,
  at: number,
): Fault | null {
  const name = further[at]?.name ?? '';
  if (name === '') return { kind: 'name-missing' };
  const taken =
    field.members.some((member) => member.name === name) ||
    further.findIndex((other) => other.name === name) !== at;
  return taken ? { kind: 'name-taken' } : null;
}

function isEmpty(draft: Draft): boolean {
  switch (draft.kind) {
    case 'unset':
      return true;
    case 'text':
      return draft.text === '';
    case 'json':
      return draft.text.trim() === '';
    default:
      return false;
  }
}

function textFault(field: TextField, text: string): Fault | null {
  if (field.only !== null && !field.only.has(text)) return { kind: 'not-one-of' };
  // Characters as JSON Schema counts them, which are not units of UTF-16.
  const length = [...text].length;
  if (length < field.shortest) return { kind: 'too-short', count: field.shortest };
  if (field.longest !== null && length > field.longest) return { kind: 'too-long', count: field.longest };
  const { format } = field;
  return looksLike(format, text) ? null : { kind: 'format', format };
}

/** Simple enough to be fast with any text. */
function looksLike(format: TextFormat, text: string): boolean {
  switch (format) {
    case 'plain':
      return true;
    case 'date':
      return isDate(text);
    case 'time':
      return isTime(text);
    case 'date-time': {
      const split = text.search(/[Tt ]/);
      return split > 0 && isDate(text.slice(0, split)) && isTime(text.slice(split + 1));
    }
    case 'email':
      return /^[^@\s]+@[^@\s]+$/.test(text);
    case 'uri':
      return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\\^`{|}]*$/.test(text) && !/%(?![0-9A-Fa-f]{2})/.test(text);
    case 'uuid':
      return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
  }
}

/** RFC 3339 full-date: a day that there is. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return false;
  const days = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
}

/** RFC 3339 full-time. */
function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.test(text);
}

function numberFault(field: NumberField, text: string): Fault | null {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return { kind: 'not-a-number' };
  const value = Number(text);
  if (!Number.isFinite(value)) return { kind: 'not-a-number' };
  if (field.whole && !Number.isInteger(value)) return { kind: 'not-whole' };
  if (field.least !== null && value < field.least) return { kind: 'too-small', bound: field.least };
  if (field.most !== null && value > field.most) return { kind: 'too-large', bound: field.most };
  if (field.above !== null && value <= field.above) return { kind: 'not-above', bound: field.above };
  if (field.below !== null && value >= field.below) return { kind: 'not-below', bound: field.below };
  if (field.step !== null && field.step > 0) {
    const steps = value / field.step;
    if (Math.abs(steps - Math.round(steps)) > 1e-9 * Math.max(1, Math.abs(steps))) {
      return { kind: 'not-a-step', bound: field.step };
    }
  }
  return null;
}

function listFault(field: ListField, items: readonly Draft[]): Fault | null {
  if (items.length < field.fewest) return { kind: 'too-few', count: field.fewest };
  if (field.most !== null && items.length > field.most) return { kind: 'too-many', count: field.most };
  if (!field.unique) return null;
  const texts = items.map((item) => {
    const written = write(field.item(), item, true);
    return written.ok && written.json !== null ? sameText(written.json) : null;
  });
  const known = texts.filter((text) => text !== null);
  return new Set(known).size < known.length ? { kind: 'not-unique' } : null;
}

/** One text for values that JSON Schema takes for the same. */
function sameText(json: string): string {
  return JSON.stringify(inOrder(JSON.parse(json)));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return entries.map(([key, member]) => [key, inOrder(member)]);
}

function given(json: string): Written {
  return { ok: true, json };
}

/** All of them, those left out aside; wrong as soon as one is. */
function together(
  parts: readonly Written[],
  make: (texts: readonly { readonly at: number; readonly json: string }[]) => string,
): Written {
  let faults = 0;
  const texts: { at: number; json: string }[] = [];
  for (const [at, part] of parts.entries()) {
    if (!part.ok) faults += part.faults;
    else if (part.json !== null) texts.push({ at, json: part.json });
  }
  return faults > 0 ? { ok: false, faults } : given(make(texts));
}
