/** Forms made from schemas: what they write is what the schema asks for, and no schema breaks them. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addedDraft, draftOf, firstDraft } from '../../../renderer/state/form/drafts.ts';
import { type Field, fieldsOf } from '../../../renderer/state/form/fields.ts';
import { type Draft, UNSET } from '../../../renderer/state/form/filled.ts';
import { jsonFault } from '../../../renderer/state/form/json-text.ts';
import type { Json, Schema } from '../../../renderer/state/form/schema.ts';
import { faultOf, write } from '../../../renderer/state/form/write.ts';

const ajv = addFormats.default(
  new Ajv2020({ strict: false, ownProperties: true, code: { optimize: false } }),
);
const valid = (schema: Schema, json: string): boolean => ajv.compile(schema)(JSON.parse(json)) === true;

// Not `__proto__`: the validator itself stumbles over it; it has a test of its own below.
const names = fc.constantFrom('a', 'b', 'query', 'constructor', 'x y', '☃', '"', '');
const text = fc
  .record({
    minLength: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    maxLength: fc.option(fc.integer({ min: 3, max: 8 }), { nil: undefined }),
  })
  .map((more) => ({ type: 'string', ...more }));
const formatted = fc
  .constantFrom('date', 'time', 'date-time', 'email', 'uri', 'uuid')
  .map((format) => ({ type: 'string', format }));
const number = fc
  .record({
    type: fc.constantFrom('number', 'integer'),
    minimum: fc.option(fc.integer({ min: -50, max: 0 }), { nil: undefined }),
    exclusiveMaximum: fc.option(fc.integer({ min: 5, max: 50 }), { nil: undefined }),
    multipleOf: fc.option(fc.constantFrom(1, 2, 0.5), { nil: undefined }),
  })
  .map((schema) => schema as Schema);
const leaf: fc.Arbitrary<Schema> = fc.oneof(
  ...[text, formatted, number],
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc.constant({ type: ['string', 'null'] }),
  fc.uniqueArray(fc.jsonValue({ maxDepth: 1 }), { minLength: 1, maxLength: 5 }).map((all) => ({ enum: all })),
  fc.jsonValue({ maxDepth: 1 }).map((value) => ({ const: value })),
  fc.constant({ enum: Array.from({ length: 201 }, (_, at) => `value ${at}`) }),
  fc.constant({ $ref: '#/$defs/shared' }),
  fc.constant({ anyOf: [{ type: 'integer' }, { type: 'null' }], default: null }),
);
const object = (inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> =>
  fc
    .record({
      entries: fc.uniqueArray(fc.tuple(names, inner, fc.boolean()), { selector: ([name]) => name }),
      further: fc.option(inner, { nil: undefined }),
    })
    .map(({ entries, further }) => ({
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, schema]) => [name, schema])),
      required: entries.filter(([, , needed]) => needed).map(([name]) => name),
      ...(further === undefined ? { additionalProperties: false } : { additionalProperties: further }),
    }));
const { schema: anySchema } = fc.letrec<{ schema: Schema; node: Schema }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    object(tie('node')),
    fc
      .tuple(tie('node'), fc.integer({ min: 0, max: 2 }), fc.boolean())
      .map(([items, minItems, uniqueItems]) => ({ type: 'array', items, minItems, uniqueItems })),
    fc.tuple(tie('node'), tie('node')).map(([one, two]) => ({ anyOf: [one, two] })),
    object(tie('node')).map((one) => ({ allOf: [one] })),
  ),
  schema: object(tie('node')).map((schema) => ({
    ...schema,
    $defs: { shared: { type: 'string', enum: ['red', 'green'] } },
  })),
}));

const samples: Readonly<Record<string, string>> = {
  date: '2024-02-29',
  time: '10:20:30Z',
  'date-time': '2026-11-28T10:20:30.5+01:00',
  email: 'a@example.org',
  uri: 'https://example.org/a?b=c#d',
  uuid: '123e4567-e89b-12d3-a456-426614174000',
};

/** Fills a field in as a person might, by one number after the other. */
function fill(field: Field, required: boolean, next: () => number): Draft {
  const pick = (count: number): number => Math.min(count - 1, Math.floor(next() * count));
  if (!required && next() < 0.3) return field.kind === 'text' ? { kind: 'text', text: '' } : UNSET;
  switch (field.kind) {
    case 'text':
      if (field.only !== null) return { kind: 'text', text: [...field.only][pick(field.only.size)] ?? '' };
      if (field.format !== 'plain') return { kind: 'text', text: samples[field.format] ?? '' };
      return { kind: 'text', text: ['ab', '😀é', '"\\', ' ', 'three', '\u202e\ud800x'][pick(6)] ?? '' };
    case 'number':
      return { kind: 'text', text: ['0', '-3', '1.5', '4', '1e1', '12345678901234567890'][pick(6)] ?? '' };
    case 'switch':
      return { kind: 'switch', on: next() < 0.5 };
    case 'choice':
      return { kind: 'choice', at: pick(field.options.length) };
    case 'group':
      return {
        kind: 'group',
        members: field.members.map((member) => fill(member.field(), member.required, next)),
        further:
          field.further === null || next() < 0.5
            ? []
            : [{ name: 'further', draft: fill(field.further(), true, next) }],
      };
    case 'list':
      return { kind: 'list', items: Array.from({ length: pick(4) }, () => fill(field.item(), true, next)) };
    case 'variants': {
      const at = pick(field.variants.length);
      const variant = field.variants[at];
      return variant === undefined
        ? UNSET
        : { kind: 'variant', at, draft: fill(variant.field(), true, next) };
    }
    case 'json':
      return { kind: 'json', text: '{"any": [1, null]}' };
  }
}

/** Whether something in it was given as JSON: that the form does not look at. */
function holdsJson(draft: Draft): boolean {
  switch (draft.kind) {
    case 'json':
      return true;
    case 'group':
      return draft.members.some(holdsJson) || draft.further.some((one) => holdsJson(one.draft));
    case 'list':
      return draft.items.some(holdsJson);
    case 'variant':
      return holdsJson(draft.draft);
    default:
      return false;
  }
}

describe('what a form writes', () => {
  test('is what the schema asks for', () => {
    let sound = 0;
    const property = fc.property(
      anySchema,
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      (schema, numbers) => {
        const field = fieldsOf(schema);
        const draft = fill(field, true, () => numbers.next().value);
        const written = write(field, draft, true);
        // A hand that fills in nonsense is told so.
        if (!written.ok || written.json === null || holdsJson(draft)) return;
        sound += 1;
        expect(valid(schema, written.json), written.json).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 60 });
    expect(sound).toBeGreaterThan(5);
  });

  test('is the value that was filled in', () => {
    let sound = 0;
    const property = fc.property(
      anySchema,
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      (schema, numbers) => {
        const field = fieldsOf(schema);
        const written = write(
          field,
          fill(field, true, () => numbers.next().value),
          true,
        );
        if (!written.ok || written.json === null) return;
        const value = JSON.parse(written.json) as Json;
        const draft = draftOf(field, value);
        if (draft === null) return;
        const again = write(field, draft, true);
        expect(again.ok).toBe(true);
        if (again.ok) expect(JSON.parse(again.json ?? 'null')).toEqual(value);
        sound += 1;
      },
    );
    fc.assert(property, { numRuns: 50 });
    expect(sound).toBeGreaterThan(5);
  });

  test('keeps every digit', () => {
    const field = fieldsOf({ type: 'object', properties: { id: { type: 'integer' } } });
    const members = [{ kind: 'text', text: ' 12345678901234567890 ' }] as const;
    expect(write(field, { kind: 'group', members, further: [] }, true)).toEqual({
      ok: true,
      json: '{"id":12345678901234567890}',
    });
  });

  test('has what is required with its default, and leaves out what is not', () => {
    const field = fieldsOf({
      properties: {
        page: { type: 'integer', default: 7 },
        where: { type: 'string', default: 'here' },
        how: { enum: ['fast', 'slow'], default: 'slow' },
        kind: { const: 'order' },
      },
      required: ['where', 'how', 'kind'],
    });
    const written = write(field, firstDraft(field, true), true);
    expect(written).toEqual({ ok: true, json: '{"where":"here","how":"slow","kind":"order"}' });
    // Required first.
    expect(field.kind === 'group' && field.members.map(({ name }) => name)).toEqual([
      'where',
      'how',
      'kind',
      'page',
    ]);
  });
});

describe('what cannot be right', () => {
  const fault = (schema: Schema, typed: string) =>
    faultOf(fieldsOf(schema), { kind: 'text', text: typed }, true);

  test.each([
    [{ type: 'string' }, '', { kind: 'needed' }],
    [{ type: 'string', minLength: 2 }, '😀', { kind: 'too-short', count: 2 }],
    [{ type: 'string', maxLength: 1 }, 'ab', { kind: 'too-long', count: 1 }],
    [{ type: 'string', format: 'date' }, '2025-02-29', { kind: 'format', format: 'date' }],
    [{ type: 'number' }, '1,5', { kind: 'not-a-number' }],
    [{ type: 'number' }, '0x10', { kind: 'not-a-number' }],
    [{ type: 'number' }, '1e999', { kind: 'not-a-number' }],
    [{ type: 'integer' }, '1.5', { kind: 'not-whole' }],
    [{ type: 'integer', minimum: 3 }, '2', { kind: 'too-small', bound: 3 }],
    [{ type: 'integer', exclusiveMaximum: 3 }, '3', { kind: 'not-below', bound: 3 }],
    [{ type: 'number', multipleOf: 0.1 }, '0.35', { kind: 'not-a-step', bound: 0.1 }],
  ] as const)('%j of "%s"', (schema, typed, expected) => {
    expect(fault(schema, typed)).toEqual(expected);
  });

  test('JSON says where it is wrong', () => {
    expect(jsonFault('{"a": 1}')).toBeNull();
    expect(jsonFault('{\n  "a": 1,\n  b: 2\n}')).toEqual({ line: 3, column: 3 });
    expect(jsonFault('{"a": 1')).toEqual({ line: 1, column: 8 });
    expect(jsonFault('[1, // no\n 2]')?.line).toBe(1);
    expect(jsonFault('['.repeat(200_000))).not.toBeNull();
  });

  test('the same value twice in a list without repeats, however it is written', () => {
    const field = fieldsOf({
      type: 'array',
      items: { type: 'object', additionalProperties: true },
      uniqueItems: true,
    });
    const item = (json: string): Draft =>
      draftOf((field as { item: () => Field }).item(), JSON.parse(json)) ?? UNSET;
    const draft: Draft = { kind: 'list', items: [item('{"a":1,"b":2}'), item('{"b":2,"a":1.0}')] };
    expect(faultOf(field, draft, true)).toEqual({ kind: 'not-unique' });
  });
});

describe('what a hostile server may send', () => {
  const quick = (schema: unknown): Field => {
    const began = performance.now();
    const field = fieldsOf(schema);
    const draft = firstDraft(field, true);
    write(field, draft, true);
    addedDraft(field);
    expect(performance.now() - began).toBeLessThan(2_000);
    return field;
  };
  const required = (schema: unknown): Schema => ({ properties: { a: schema }, required: ['a'] });

  test('anything at all', () => {
    const keys = fc.constantFrom(
      ...['type', 'properties', 'required', 'items', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref'],
      ...['default', 'additionalProperties', 'minItems', 'minLength', 'title', 'format', 'minimum'],
    );
    const junk = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.constantFrom('object', 'array', '#', '#/properties/a', 'string'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(junk.value, (schema) => void quick(schema)),
      { numRuns: 200 },
    );
  });

  test('circles', () => {
    expect(quick({ $ref: '#' }).kind).toBe('json');
    expect(
      quick({ $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }).kind,
    ).toBe('json');
    expect(quick({ allOf: [{ $ref: '#' }] }).kind).toBe('json');
    const tree = quick({ ...required({ $ref: '#' }), type: 'object' });
    let at: Field = tree;
    let depth = 0;
    while (at.kind === 'group' && at.members[0] !== undefined) {
      at = at.members[0].field();
      depth += 1;
    }
    expect(at).toMatchObject({ kind: 'json', why: 'deep' });
    expect(depth).toBe(9);
    // Each of ten requires ten of the same: a thousand million fields, if they were all made.
    const many = Array.from({ length: 10 }, (_, index) => `m${index}`);
    quick({
      type: 'object',
      properties: Object.fromEntries(many.map((name) => [name, { $ref: '#' }])),
      required: many,
    });
  });

  test('depth and breadth', () => {
    let deep: Schema = { type: 'string' };
    for (let level = 0; level < 5_000; level += 1) deep = required(deep);
    quick(deep);
    let nested: Schema = { type: 'string' };
    for (let level = 0; level < 5_000; level += 1) nested = { allOf: [nested] };
    expect(quick(nested).kind).toBe('json');
    quick({ enum: Array.from({ length: 100_000 }, (_, at) => `v${at}`) });
    expect(quick({ enum: Array.from({ length: 10_000 }, (_, at) => `v${at}`) })).toMatchObject({
      kind: 'text',
    });
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`p${at}`, {}]));
    expect(quick({ properties: wide })).toMatchObject({ kind: 'json', why: 'large' });
    quick({ anyOf: Array.from({ length: 100_000 }, () => ({})) });
  });

  test('long words and references to elsewhere', () => {
    const field = quick(required({ type: 'string', title: 't'.repeat(1e6), description: 'd'.repeat(1e6) }));
    const inner = field.kind === 'group' ? field.members[0]?.field() : undefined;
    expect(inner?.description?.length).toBe(4_000);
    expect(quick({ $ref: 'https://example.org/schema.json' })).toMatchObject({
      kind: 'json',
      why: 'unclear',
    });
    expect(quick({ $ref: '#/__proto__' }).kind).toBe('json');
  });

  test('a member called __proto__ is a member', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}',
    );
    const field = quick(schema);
    const draft: Draft = { kind: 'group', members: [{ kind: 'text', text: 'x' }], further: [] };
    expect(write(field, draft, true)).toEqual({ ok: true, json: '{"__proto__":"x"}' });
  });
});
