/**
 * What somebody has filled in so far, beside the fields it belongs to: how it begins, and how a value that is there
 * already (a default, JSON by hand) is filled in. Every change makes a new draft. Pure.
 */
import type { Field, GroupField } from './fields.ts';
import { type Draft, type Further, UNSET } from './filled.ts';
import type { Json } from './schema.ts';
import { write } from './write.ts';

/** Fields that are opened from the start; a schema can require more than anybody can fill in. */
const MOST_OPEN = 200;
const MOST_FIRST_ITEMS = 5;
/** Items of a value that become fields. */
const MOST_ITEMS = 200;

/** How a field begins: with the server's default where it is required, empty or left out otherwise. */
export function firstDraft(field: Field, required: boolean): Draft {
  return begin(field, required, { left: MOST_OPEN });
}

/** How it is when somebody adds a field that may be left out. */
export function addedDraft(field: Field): Draft {
  return begin(field, true, { left: MOST_OPEN });
}

function begin(field: Field, required: boolean, open: { left: number }): Draft {
  open.left -= 1;
  if (field.kind === 'text' || field.kind === 'number') {
    const preset = required ? draftOf(field, field.preset) : null;
    return preset ?? { kind: 'text', text: '' };
  }
  if (!required || open.left < 0) return UNSET;
  const preset = draftOf(field, field.preset);
  if (preset !== null) return preset;
  switch (field.kind) {
    case 'switch':
      return { kind: 'switch', on: false };
    case 'choice':
      return field.options.length === 1 ? { kind: 'choice', at: 0 } : UNSET;
    case 'group':
      return {
        ...{ kind: 'group', further: [] },
        members: field.members.map((member) => begin(member.field(), member.required, open)),
      };
    case 'list': {
      const count = Math.min(field.fewest, MOST_FIRST_ITEMS);
      return { kind: 'list', items: Array.from({ length: count }, () => begin(field.item(), true, open)) };
    }
    case 'variants': {
      const first = field.variants[0];
      return first === undefined
        ? UNSET
        : { kind: 'variant', at: 0, draft: begin(first.field(), true, open) };
    }
    case 'json':
      return { kind: 'json', text: '' };
  }
}

/** The draft that stands for a value; null when the fields cannot express it, or it is undefined. */
export function draftOf(field: Field, value: Json | undefined): Draft | null {
  if (value === undefined) return null;
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' && value !== '' ? { kind: 'text', text: value } : null;
    case 'number':
      return typeof value === 'number' ? { kind: 'text', text: String(value) } : null;
    case 'switch':
      return typeof value === 'boolean' ? { kind: 'switch', on: value } : null;
    case 'choice': {
      const wanted = JSON.stringify(value);
      const at = field.options.findIndex((option) => JSON.stringify(option.value) === wanted);
      return at < 0 ? null : { kind: 'choice', at };
    }
    case 'group':
      return groupDraft(field, value);
    case 'list': {
      if (!Array.isArray(value) || value.length > MOST_ITEMS) return null;
      const items = value.map((item: Json) => draftOf(field.item(), item));
      return items.some((item) => item === null)
        ? null
        : { kind: 'list', items: items.filter((item) => item !== null) };
    }
    case 'variants': {
      let near: Draft | null = null;
      for (const [at, variant] of field.variants.entries()) {
        const draft = draftOf(variant.field(), value);
        if (draft === null) continue;
        if (write(variant.field(), draft, true).ok) return { kind: 'variant', at, draft };
        near ??= { kind: 'variant', at, draft };
      }
      return near;
    }
    case 'json':
      return { kind: 'json', text: JSON.stringify(value, null, 2) };
  }
}

function groupDraft(field: GroupField, value: Json): Draft | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const left = new Map(Object.entries(value));
  const members: Draft[] = [];
  for (const member of field.members) {
    const given = left.get(member.name);
    left.delete(member.name);
    const one = member.field();
    const draft = given === undefined ? begin(one, false, { left: 0 }) : draftOf(one, given);
    if (draft === null) return null;
    members.push(draft);
  }
  if (left.size > MOST_ITEMS || (left.size > 0 && field.further === null)) return null;
  const further: Further[] = [];
  for (const [name, given] of left) {
    const draft = field.further === null ? null : draftOf(field.further(), given);
    if (draft === null) return null;
    further.push({ name, draft });
  }
  return { kind: 'group', members, further };
}
