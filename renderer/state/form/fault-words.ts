/** What is wrong with a field, and of which kind it is, in words. Pure. */
import type { Words } from '../../i18n/words.ts';
import type { JsonReason, TextFormat, Variant } from './fields.ts';
import type { Fault } from './write.ts';

/** One of each form of text. */
export const FORMAT_SAMPLES: Readonly<Record<Exclude<TextFormat, 'plain'>, string>> = {
  date: '2026-11-28',
  time: '14:05:00Z',
  'date-time': '2026-11-28T14:05:00Z',
  email: 'name@example.org',
  uri: 'https://example.org/',
  uuid: '123e4567-e89b-12d3-a456-426614174000',
};

/** One sentence, with the bound that was passed. */
export function faultWords({ t, number }: Words, fault: Fault): string {
  switch (fault.kind) {
    case 'too-short':
    case 'too-long':
    case 'too-few':
    case 'too-many':
      return t(`fault.${fault.kind}`, { count: fault.count });
    case 'too-small':
    case 'too-large':
    case 'not-above':
    case 'not-below':
    case 'not-a-step':
      return t(`fault.${fault.kind}`, { bound: number(fault.bound) });
    case 'format': {
      const { format } = fault;
      return t('fault.format', { format, sample: format === 'plain' ? '' : FORMAT_SAMPLES[format] });
    }
    case 'json':
      return t('fault.json', { line: fault.line, column: fault.column });
    default:
      return t(`fault.${fault.kind}`);
  }
}

/** Why a value is given as JSON. */
export function jsonReasonWords({ t }: Words, why: JsonReason): string {
  return t(`form.${why}`);
}

/** The name of one of several forms of a value; `at` from 0. */
export function variantWords({ t }: Words, { title, type }: Variant, at: number): string {
  if (title !== null) return title;
  switch (type) {
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
    case 'array':
    case 'null':
    case 'const':
      return t(`form.type.${type}`);
    default:
      return t('form.choice', { number: at + 1 });
  }
}
