/**
 * From a tool's JSON schema to the fields of a form. What a form cannot show becomes a field for JSON, with the reason.
 * Deeper fields are worked out only when somebody looks at them, so that neither depth, circles nor breadth of a hostile
 * schema cost anything. Pure.
 */
import { asList, asSchema, type Json, merged, plainSchema, type Schema, without } from './schema.ts';

/** What every field has. Texts are the server's own. */
interface About {
  readonly title: string | null;
  readonly description: string | null;
  /** What the server says it takes when nothing is given; undefined when it says nothing. */
  readonly preset: Json | undefined;
}

/** Forms of text that are known; anything else is `plain`. */
export type TextFormat = 'plain' | 'date' | 'time' | 'date-time' | 'email' | 'uri' | 'uuid';

/** Why a value is given as JSON. */
export type JsonReason = 'deep' | 'large' | 'any' | 'unclear';

export interface TextField extends About {
  readonly kind: 'text';
  readonly format: TextFormat;
  /** Characters. */
  readonly shortest: number;
  readonly longest: number | null;
  /** Shown, never run: a pattern from outside could take for ever. */
  readonly pattern: string | null;
  /** Set where only these are taken, and they are too many for a list to choose from. */
  readonly only: ReadonlySet<string> | null;
}
export interface NumberField extends About {
  readonly kind: 'number';
  readonly whole: boolean;
  readonly least: number | null;
  readonly most: number | null;
  /** The bounds themselves are not taken. */
  readonly above: number | null;
  readonly below: number | null;
  readonly step: number | null;
}
export interface SwitchField extends About {
  readonly kind: 'switch';
}
export interface ChoiceField extends About {
  readonly kind: 'choice';
  readonly options: readonly { readonly label: string; readonly value: Json }[];
}
export interface GroupField extends About {
  readonly kind: 'group';
  /** What is required comes first. */
  readonly members: readonly Member[];
  /** What further values are, where the schema speaks of such; null when there are none. */
  readonly further: (() => Field) | null;
}
export interface ListField extends About {
  readonly kind: 'list';
  readonly item: () => Field;
  readonly fewest: number;
  readonly most: number | null;
  readonly unique: boolean;
}
export interface VariantsField extends About {
  readonly kind: 'variants';
  readonly variants: readonly Variant[];
}
export interface JsonField extends About {
  readonly kind: 'json';
  readonly why: JsonReason;
}

/** One field. */
export type Field =
  | TextField
  | NumberField
  | SwitchField
  | ChoiceField
  | GroupField
  | ListField
  | VariantsField
  | JsonField;

/** A named value of a group. */
export interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly field: () => Field;
}

/** One of several forms that a value may have. */
export interface Variant {
  /** The server's name for it; else what kind of value it is. */
  readonly title: string | null;
  readonly type: string | null;
  readonly field: () => Field;
}

/** Levels below the arguments that are shown as fields. */
export const DEEPEST = 8;
const MOST_MEMBERS = 100;
const MOST_OPTIONS = 200;
/** Values of an `enum` that are looked at at all. */
const MOST_VALUES = 50_000;
const MOST_VARIANTS = 20;
const LONGEST_WORDS = 4_000;
const LONGEST_LABEL = 120;

interface Place {
  readonly root: unknown;
  readonly depth: number;
  /** What may be left out needs no way to say null. */
  readonly required: boolean;
}

/** The fields of a tool's arguments: a group, unless the schema is none that a form can show. */
export function fieldsOf(schema: unknown): Field {
  return fieldOf(schema, { root: schema, depth: 0, required: true });
}

function fieldOf(given: unknown, place: Place): Field {
  const schema = plainSchema(place.root, given);
  if (schema === null) return jsonField(NO_WORDS, given === true ? 'any' : 'unclear');
  const about = aboutOf(schema);
  if (place.depth > DEEPEST) return jsonField(about, 'deep');
  if (schema.const !== undefined) return choice(about, [{ label: null, value: schema.const as Json }]);
  if (Array.isArray(schema.enum)) return enumField(about, schema.enum as readonly Json[], place);
  for (const key of ['oneOf', 'anyOf'] as const) {
    if (Array.isArray(schema[key])) return variantsField(schema, key, about, place);
  }
  return typedField(schema, about, place);
}

function typedField(schema: Schema, about: About, place: Place): Field {
  const types = typesOf(schema, place.required);
  const type = types[0];
  if (types.length > 1 && types.length <= MOST_VARIANTS) {
    return {
      ...{ kind: 'variants', ...about },
      variants: types.map((one) => ({
        ...{ title: null, type: one },
        field: once(() => fieldOf({ ...schema, type: one }, { ...place, required: true })),
      })),
    };
  }
  switch (type) {
    case 'string':
      return textField(schema, about);
    case 'integer':
    case 'number':
      return {
        ...{ kind: 'number', ...about, whole: type === 'integer' },
        ...{ least: numberIn(schema.minimum), most: numberIn(schema.maximum) },
        ...{ above: numberIn(schema.exclusiveMinimum), below: numberIn(schema.exclusiveMaximum) },
        step: numberIn(schema.multipleOf),
      };
    case 'boolean':
      return { kind: 'switch', ...about };
    case 'null':
      return choice(about, [{ label: null, value: null }]);
    case 'object':
      return groupField(schema, about, place);
    case 'array':
      return listField(schema, about, place);
    default:
      return jsonField(about, type === undefined ? 'any' : 'unclear');
  }
}

function textField(schema: Schema, about: About): TextField {
  const { pattern } = schema;
  return {
    ...{ kind: 'text', ...about, format: formatOf(schema.format), only: null },
    ...{ shortest: countIn(schema.minLength) ?? 0, longest: countIn(schema.maxLength) },
    pattern: typeof pattern === 'string' ? clip(pattern, LONGEST_LABEL) : null,
  };
}

function groupField(schema: Schema, about: About, place: Place): Field {
  const properties = asSchema(schema.properties);
  const entries = properties === null ? [] : Object.entries(properties);
  if (entries.length > MOST_MEMBERS) return jsonField(about, 'large');
  const further = furtherOf(schema, place);
  // An object of which nothing is said can only be written.
  if (entries.length === 0 && further === null && place.depth > 0) return jsonField(about, 'any');
  const needed = new Set(asList(schema.required).slice(0, MOST_VALUES));
  const members = entries.map(([name, given]): Member => {
    const required = needed.has(name);
    return { name, required, field: once(() => fieldOf(given, inside(place, required))) };
  });
  const byNeed = [...members.filter(({ required }) => required), ...members.filter((one) => !one.required)];
  return { kind: 'group', ...about, members: byNeed, further };
}

/** Only where the schema speaks of further values: nearly all allow them, and nearly none mean it. */
function furtherOf(schema: Schema, place: Place): (() => Field) | null {
  const given = schema.additionalProperties;
  const patterns = asSchema(schema.patternProperties);
  if (given === true || (asSchema(given) !== null && patterns === null)) {
    return once(() => fieldOf(given, inside(place, true)));
  }
  return patterns === null ? null : () => jsonField(NO_WORDS, 'any');
}

function listField(schema: Schema, about: About, place: Place): Field {
  const { items } = schema;
  if (schema.prefixItems !== undefined || Array.isArray(items) || items === false) {
    return jsonField(about, 'unclear');
  }
  return {
    ...{ kind: 'list', ...about, unique: schema.uniqueItems === true },
    ...{ fewest: countIn(schema.minItems) ?? 0, most: countIn(schema.maxItems) },
    item: once(() => fieldOf(items ?? true, inside(place, true))),
  };
}

function enumField(about: About, values: readonly Json[], place: Place): Field {
  if (values.length === 0 || values.length > MOST_VALUES) return jsonField(about, 'large');
  // What may be left out needs no way to say nothing.
  const offered = place.required ? values : values.filter((value) => value !== null);
  if (offered.length === 0) return choice(about, [{ label: null, value: null }]);
  if (offered.length <= MOST_OPTIONS)
    return choice(
      about,
      offered.map((value) => ({ label: null, value })),
    );
  const texts = offered.filter((value): value is string => typeof value === 'string');
  if (texts.length < offered.length) return jsonField(about, 'large');
  return { ...textField({}, about), only: new Set(texts) };
}

function variantsField(schema: Schema, key: 'oneOf' | 'anyOf', about: About, place: Place): Field {
  const base = without(schema, [key, 'default']);
  const all = asList(schema[key]);
  if (all.length === 0 || all.length > MOST_OPTIONS) return jsonField(about, 'large');
  const read = all.map((variant) => plainSchema(place.root, variant));
  if (read.some((variant) => variant === null)) return jsonField(about, 'unclear');
  const variants = read
    .filter((variant): variant is Schema => variant !== null)
    .filter((variant) => place.required || !isNull(variant));
  const only = variants[0];
  if (only === undefined) return choice(about, [{ label: null, value: null }]);
  // Names for the values of an enumeration.
  if (variants.every((variant) => variant.const !== undefined)) {
    return choice(
      about,
      variants.map(({ title, const: value }) => ({
        label: typeof title === 'string' ? title : null,
        value: value as Json,
      })),
    );
  }
  const here = { ...place, depth: place.depth + 1, required: true };
  if (variants.length === 1) {
    const field = fieldOf(merged(base, only), { ...here, required: place.required });
    return { ...field, ...about, description: about.description ?? field.description };
  }
  if (variants.length > MOST_VARIANTS) return jsonField(about, 'large');
  return {
    ...{ kind: 'variants', ...about },
    variants: variants.map((variant) => ({
      title: wordsOf(variant.title),
      type: typesOf(variant, true)[0] ?? (variant.const === undefined ? null : 'const'),
      // Only its own words: those of the whole stand above already.
      field: once(() => fieldOf(merged(without(base, ['title', 'description']), variant), here)),
    })),
  };
}

function choice(
  about: About,
  options: readonly { readonly label: string | null; readonly value: Json }[],
): ChoiceField {
  return {
    ...{ kind: 'choice', ...about },
    options: options.map(({ label, value }) => ({
      label: clip(label ?? (typeof value === 'string' ? value : JSON.stringify(value)), LONGEST_LABEL),
      value,
    })),
  };
}

function jsonField(about: About, why: JsonReason): JsonField {
  return { kind: 'json', ...about, why };
}

const NO_WORDS: About = { title: null, description: null, preset: undefined };

function aboutOf(schema: Schema): About {
  return {
    title: wordsOf(schema.title),
    description: wordsOf(schema.description),
    preset: schema.default as Json | undefined,
  };
}

const TYPES = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null'];

/** The types that a schema names, or those that its other words speak of. */
function typesOf(schema: Schema, required: boolean): readonly string[] {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) {
    const known = [...new Set(type)].filter((one): one is string => TYPES.includes(one as string));
    const offered = required ? known : known.filter((one) => one !== 'null');
    return offered.length === 0 ? known : offered;
  }
  if (schema.properties !== undefined || asSchema(schema.additionalProperties) !== null) return ['object'];
  if (schema.items !== undefined || schema.prefixItems !== undefined) return ['array'];
  const isText = ['pattern', 'minLength', 'maxLength', 'format'].some((key) => schema[key] !== undefined);
  if (isText) return ['string'];
  return schema.minimum !== undefined || schema.maximum !== undefined ? ['number'] : [];
}

function isNull(schema: Schema): boolean {
  return schema.type === 'null' || schema.const === null;
}

function inside(place: Place, required: boolean): Place {
  return { ...place, depth: place.depth + 1, required };
}

/** Worked out when it is first asked for. */
function once(make: () => Field): () => Field {
  let made: Field | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

const FORMATS: readonly TextFormat[] = ['date', 'time', 'date-time', 'email', 'uri', 'uuid'];

function formatOf(format: unknown): TextFormat {
  return FORMATS.find((one) => one === format) ?? 'plain';
}

function numberIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function countIn(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? value : null;
}

function wordsOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? clip(value, LONGEST_WORDS) : null;
}

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
