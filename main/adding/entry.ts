/**
 * The entry that is written for a server as its user decided: with what he typed, where it runs, and what of this computer
 * it may see. Always held back. Pure.
 */
import type { AddingChoice } from '../../preload/views/adding.ts';
import { isPlaceholder } from '../config/keys.ts';

type Entry = Readonly<Record<string, unknown>>;

/** See above; keys are still in it. */
export function entryOf(
  offered: Entry,
  { place, mounts, values }: Pick<AddingChoice, 'place' | 'mounts' | 'values'>,
): Entry {
  const entry: Record<string, unknown> = { ...offered, quarantined: true };
  for (const group of ['env', 'headers'] as const) {
    const texts = entry[group];
    if (typeof texts !== 'object' || texts === null) continue;
    entry[group] = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => {
        const place = `${group}.${name}`;
        const typed = Object.hasOwn(values, place) ? values[place] : undefined;
        return [name, typed === undefined || typed === '' ? text : typedInto(String(text), typed)];
      }),
    );
  }
  if (typeof entry.command !== 'string') return entry;
  const own = typeof entry.isolation === 'object' && entry.isolation !== null ? entry.isolation : {};
  const seen = mounts.map(({ path, write }) => (write ? { source: path, write } : path));
  entry.isolation =
    place === 'host'
      ? { mode: 'host' }
      : { ...own, mode: 'container', ...(seen.length === 0 ? {} : { mounts: seen }) };
  return entry;
}

/** What is typed is meant as it stands; the scheme of a header stays in front of it. */
function typedInto(text: string, typed: string): string {
  const [scheme = ''] = /^\s*(?:Bearer|Basic|Token|ApiKey)\s+(?=\S)/i.exec(text) ?? [];
  const literal = typed.replaceAll('${', () => '$${');
  return isPlaceholder(text.slice(scheme.length)) && !/^(?:Bearer|Basic|Token|ApiKey)\s/i.test(typed)
    ? scheme + literal
    : literal;
}
