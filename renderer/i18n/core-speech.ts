/**
 * Says the core's sentences in the language of a window. The core sends English, and beside it what varies, so that a
 * translation is found by a stable key; what has none, or lacks a value, stays as the core said it. Pure.
 */
import type { Problem, Said, SaidValues } from '../../preload/views/said.ts';
import type { CoreTextKey, CoreTexts } from './core-texts.ts';
import type { ProblemKey, Problems } from './problems.ts';

/** A language for the core's sentences; English needs none. */
export interface CoreCatalog {
  readonly texts: CoreTexts;
  readonly problems: Problems;
  /** Keys of problems beneath which the core's own words stand. */
  readonly detailed: ReadonlySet<string>;
}

/** A problem as a person reads it. */
export interface SaidProblem {
  readonly message: string;
  readonly remedy: string;
  /** The core's own words, where the sentence above is a general one; else null. */
  readonly details: string | null;
}

/** See above. @param catalog null in English */
export function sayProblem(catalog: CoreCatalog | null, problem: Problem): SaidProblem {
  const { code, form, message, remedy, values } = problem;
  const plain = { message, remedy, details: null };
  if (catalog === null) return plain;
  for (const key of form === undefined ? [code] : [`${code}/${form}`, code]) {
    if (!isListed(catalog, key)) continue;
    const [translated, advice] = catalog.problems[key];
    const said = fill(translated, values);
    const advised = fill(advice, values);
    if (said === null || advised === null) continue;
    const details = catalog.detailed.has(key) ? `${message} ${remedy}` : null;
    return { message: said, remedy: advised, details };
  }
  return plain;
}

/** @param english what the core said, for whoever speaks English */
export function sayText(catalog: CoreCatalog | null, english: string, said: Said | undefined): string {
  if (catalog === null || said === undefined || !Object.hasOwn(catalog.texts, said.form)) return english;
  return fill(catalog.texts[said.form as CoreTextKey], said.values) ?? english;
}

function isListed(catalog: CoreCatalog, key: string): key is ProblemKey {
  return Object.hasOwn(catalog.problems, key);
}

/** Null when a value is missing. */
function fill(sentence: string, values: SaidValues = {}): string | null {
  let whole = true;
  const text = sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    whole &&= Object.hasOwn(values, name);
    return values[name] ?? '';
  });
  return whole ? text : null;
}
