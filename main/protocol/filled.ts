/** Sentences with values in them. Pure. */

/** What fills the `{name}`s of a sentence. As public as the sentence itself; never a secret. */
export type Values = Readonly<Record<string, string | number>>;

/** Each `{name}` that has a value is replaced by it, once: what a value holds stays as it is. Other braces stay too. */
export function filled(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/** The same values as texts, as they cross to screens. */
export function asTexts(values: Values): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
